import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover, makeStyles } from '@fluentui/react-components';
import { BuildingRegular } from '@fluentui/react-icons/svg/building';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { PlugDisconnectedRegular } from '@fluentui/react-icons/svg/plug-disconnected';
import type { Organization } from '../../../../contract/organizations.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { WhyOff } from '../../../ui/WhyOff.tsx';
import { organizationCommandIcons } from './organization-command-icons.tsx';
import { type OrganizationCommand, organizationCommands, whyNotOrganizations } from './organization-commands.ts';

interface Props {
  /** The row's organization and its button; undefined while no menu is open. */
  readonly opened: { readonly organization: Organization; readonly target: HTMLElement } | undefined;
  readonly isRunning: boolean;
  readonly onOpen: (organization: Organization, page: 'organizations' | 'users' | 'connectivity') => void;
  readonly onCommand: (command: OrganizationCommand, organization: Organization) => void;
  readonly onClose: () => void;
}

const useStyles = makeStyles({
  // Taken out of the flow, so that opening a row's menu moves nothing.
  anchor: { position: 'fixed' },
});

/** What can be done with one organization: the ways to its pages, and the commands that the bar has for several. */
export function OrganizationMenu({ opened, isRunning, onOpen, onCommand, onClose }: Props) {
  const styles = useStyles();
  const { organizations: words } = useTexts();
  return (
    <Menu
      open={opened !== undefined}
      positioning={{ target: opened?.target ?? null, position: 'below', align: 'end' }}
      onOpenChange={(_, data) => {
        if (data.open) return;
        opened?.target.focus();
        onClose();
      }}
    >
      <MenuPopover className={styles.anchor}>
        {opened && (
          <MenuList>
            <MenuItem icon={<BuildingRegular />} onClick={() => onOpen(opened.organization, 'organizations')}>
              {words.open}
            </MenuItem>
            <MenuItem icon={<PeopleRegular />} onClick={() => onOpen(opened.organization, 'users')}>
              {words.openUsers}
            </MenuItem>
            <MenuItem icon={<PlugDisconnectedRegular />} onClick={() => onOpen(opened.organization, 'connectivity')}>
              {words.openConnectivity}
            </MenuItem>
            <MenuDivider />
            {organizationCommands.map((command) => {
              const why = isRunning
                ? words.whyNot.running
                : whyNotOrganizations(command, [opened.organization], words.whyNotThis);
              return (
                <WhyOff key={command} reason={why} positioning="before">
                  <MenuItem
                    icon={organizationCommandIcons[command]}
                    disabled={Boolean(why)}
                    onClick={() => onCommand(command, opened.organization)}
                  >
                    {words.commands[command]}
                  </MenuItem>
                </WhyOff>
              );
            })}
          </MenuList>
        )}
      </MenuPopover>
    </Menu>
  );
}
