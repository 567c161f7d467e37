import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  OverlayDrawer,
  tokens,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { ReactNode } from 'react';
import type { UserCommandResult, UserCommandRun } from '../../../contract/user-commands.ts';
import type { CommandRunId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { CommandRunView } from './CommandRunView.tsx';
import { useCommandRun } from './use-command-runs.ts';

interface Props {
  readonly runId: CommandRunId;
  /** The way to a user of the results. */
  readonly userLinkOf: (result: UserCommandResult) => ReactNode;
  /** The words for whom the run is. */
  readonly filterWordsOf: (filter: NonNullable<UserCommandRun['filter']>) => string;
  readonly onClose: () => void;
}

const useStyles = makeStyles({
  drawer: { width: '640px', maxWidth: '100vw' },
  title: { overflowWrap: 'anywhere' },
  body: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    alignContent: 'start',
    gap: tokens.spacingVerticalL,
    paddingBlock: `${tokens.spacingVerticalS} ${tokens.spacingVerticalXXL}`,
  },
});

/** A command over users, over the page it was started from or told on. */
export function CommandRunDrawer({ runId, userLinkOf, filterWordsOf, onClose }: Props) {
  const styles = useStyles();
  const { common, users, userCommands: words } = useTexts();
  const query = useCommandRun(runId);
  return (
    <OverlayDrawer className={styles.drawer} open position="end" onOpenChange={(_, data) => data.open || onClose()}>
      <DrawerHeader>
        <DrawerHeaderTitle
          action={<Button appearance="subtle" icon={<DismissRegular />} aria-label={common.close} onClick={onClose} />}
        >
          <span className={styles.title}>{query.data ? users.commands[query.data.command] : words.title}</span>
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        <div className={styles.body}>
          <QueryView query={query}>
            {(run) => <CommandRunView run={run} userLinkOf={userLinkOf} filterWordsOf={filterWordsOf} />}
          </QueryView>
        </div>
      </DrawerBody>
    </OverlayDrawer>
  );
}
