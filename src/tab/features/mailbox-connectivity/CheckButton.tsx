import {
  Button,
  Menu,
  type MenuButtonProps,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  SplitButton,
  Tooltip,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';

interface Props {
  readonly organization: Organization;
  readonly appearance: 'primary' | 'secondary';
  /** A check of everybody is under way, or about to be. */
  readonly isRunning: boolean;
  /** Whether the directory can be asked who is in a group. */
  readonly isDirectoryOffered: boolean;
  readonly onEverybody: () => void;
  readonly onGroup: () => void;
}

/** The check of everybody, and in its menu the check of a group. */
export function CheckButton({ organization, appearance, isRunning, isDirectoryOffered, onEverybody, onGroup }: Props) {
  const { check: words } = useTexts();
  const focusTarget = useRestoreFocusTarget();
  if (organization.userCount === 0) {
    return (
      <Tooltip content={words.nobody} relationship="description" withArrow>
        <Button appearance={appearance} disabledFocusable>
          {words.button}
        </Button>
      </Tooltip>
    );
  }
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        {(trigger: MenuButtonProps) => (
          <SplitButton
            appearance={appearance}
            primaryActionButton={{ disabledFocusable: isRunning, onClick: () => isRunning || onEverybody() }}
            menuButton={{ ...trigger, ...focusTarget, 'aria-label': words.otherChecks }}
          >
            {words.button}
          </SplitButton>
        )}
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem icon={<PeopleRegular />} disabled={isRunning} onClick={onEverybody}>
            {words.everybody(organization.name)}
          </MenuItem>
          <MenuItem
            icon={<PeopleTeamRegular />}
            disabled={!isDirectoryOffered}
            subText={isDirectoryOffered ? undefined : words.noDirectory}
            onClick={onGroup}
          >
            {words.ofGroup}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
