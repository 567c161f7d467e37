import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { useTexts } from '../../texts/texts-context.tsx';
import { CommandButton } from '../../ui/CommandButton.tsx';
import { commandIcons } from './command-icons.tsx';
import {
  type CommandContext,
  countOf,
  type UserCommand,
  type UserSelection,
  userCommands,
  whyNot,
} from './user-commands.ts';

interface Props {
  readonly selection: UserSelection;
  readonly context: CommandContext;
  /** How many the filter matches in all. */
  readonly matching: number;
  readonly onCommand: (command: UserCommand, selection: UserSelection) => void;
  readonly onSelectAllMatching: () => void;
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

/** With a selection: how many, all of them, and the same verbs as in a row's menu. */
export function UserCommandBar(props: Props) {
  const { selection, context, matching, onCommand, onSelectAllMatching, onClear } = props;
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.users;
  const count = countOf(selection);
  return (
    <div className={styles.root} role="toolbar" aria-label={words.actions}>
      <Text weight="semibold" className={styles.count} role="status">
        {words.selected(count)}
      </Text>
      {selection.matching ? (
        <Text size={200}>{texts.userCommands.selectedAll}</Text>
      ) : (
        count < matching && (
          <Button appearance="transparent" size="small" onClick={onSelectAllMatching}>
            {words.selectAllMatching(matching)}
          </Button>
        )
      )}
      {userCommands.map((command) => {
        const why = whyNot(command, selection, context, texts);
        return (
          <CommandButton
            key={command}
            icon={commandIcons[command]}
            reason={why}
            onClick={() => onCommand(command, selection)}
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
