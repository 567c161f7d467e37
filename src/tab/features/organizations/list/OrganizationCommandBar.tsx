import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { Organization } from '../../../../contract/organizations.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { CommandButton } from '../../../ui/CommandButton.tsx';
import { organizationCommandIcons } from './organization-command-icons.tsx';
import { type OrganizationCommand, organizationCommands, whyNotOrganizations } from './organization-commands.ts';

interface Props {
  readonly organizations: readonly Organization[];
  readonly isRunning: boolean;
  readonly onCommand: (command: OrganizationCommand) => void;
  readonly onClear: () => void;
}

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorBrandBackground2,
    minHeight: '40px',
    boxSizing: 'border-box',
  },
  count: { marginInlineEnd: tokens.spacingHorizontalS },
  end: { marginInlineStart: 'auto' },
});

/** With a selection: how many, and what can be done to all of them. */
export function OrganizationCommandBar({ organizations, isRunning, onCommand, onClear }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.organizations;
  return (
    <div className={styles.root} role="toolbar" aria-label={words.actions}>
      <Text weight="semibold" className={styles.count} role="status">
        {words.selected(organizations.length)}
      </Text>
      {organizationCommands.map((command) => {
        const why = isRunning ? words.whyNot.running : whyNotOrganizations(command, organizations, words.whyNot);
        return (
          <CommandButton
            key={command}
            icon={organizationCommandIcons[command]}
            reason={why}
            onClick={() => onCommand(command)}
          >
            {words.commands[command]}
          </CommandButton>
        );
      })}
      <Button
        className={styles.end}
        appearance="subtle"
        size="small"
        icon={<DismissRegular />}
        aria-label={words.clearSelection}
        title={words.clearSelection}
        onClick={onClear}
      />
    </div>
  );
}
