import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  Menu,
  MenuButton,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  OverlayDrawer,
  tokens,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { SettingsRegular } from '@fluentui/react-icons/svg/settings';
import type { ReactNode } from 'react';
import type { UserId } from '../../../../domain/ids.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { QueryView } from '../../../ui/QueryView.tsx';
import { UserCommandItems } from '../UserCommandItems.tsx';
import { useUser } from '../use-users.ts';
import type { CommandContext, UserCommand, UserSelection } from '../user-commands.ts';
import { UserDetails, type UserLinks } from './UserDetails.tsx';

interface Props {
  readonly userId: UserId | undefined;
  readonly context: CommandContext;
  readonly onCommand: (command: UserCommand, selection: UserSelection) => void;
  readonly links: UserLinks;
  /** Shares a link to exactly this user. */
  readonly shareButton: ReactNode;
  readonly onClose: () => void;
}

const useStyles = makeStyles({
  drawer: { width: '560px', maxWidth: '100vw' },
  actions: { display: 'flex', gap: tokens.spacingHorizontalXS },
  title: { overflowWrap: 'anywhere' },
});

/** One user over the list, which keeps its place behind it. */
export function UserDrawer({ userId, context, onCommand, links, shareButton, onClose }: Props) {
  const styles = useStyles();
  const { common, users: words } = useTexts();
  const query = useUser(userId);
  const user = query.data;
  return (
    <OverlayDrawer
      className={styles.drawer}
      open={userId !== undefined}
      position="end"
      onOpenChange={(_, data) => data.open || onClose()}
    >
      <DrawerHeader>
        <DrawerHeaderTitle
          action={
            <div className={styles.actions}>
              {user && (
                <Menu positioning="below-end">
                  <MenuTrigger disableButtonEnhancement>
                    <MenuButton appearance="subtle" icon={<SettingsRegular />}>
                      {words.actions}
                    </MenuButton>
                  </MenuTrigger>
                  <MenuPopover>
                    <MenuList>
                      <UserCommandItems selection={{ users: [user] }} context={context} onCommand={onCommand} />
                    </MenuList>
                  </MenuPopover>
                </Menu>
              )}
              {shareButton}
              <Button appearance="subtle" icon={<DismissRegular />} aria-label={common.close} onClick={onClose} />
            </div>
          }
        >
          <span className={styles.title}>{user?.displayName ?? words.title}</span>
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        <QueryView query={query}>{(details) => <UserDetails user={details} links={links} />}</QueryView>
      </DrawerBody>
    </OverlayDrawer>
  );
}
