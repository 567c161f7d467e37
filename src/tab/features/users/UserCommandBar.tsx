import { Button, makeStyles, Text, Tooltip, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { User } from '../../../contract/users.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { commandIcons } from './command-icons.tsx';
import { type CommandContext, commandLimit, type UserCommand, userCommands, whyNot } from './user-commands.ts';

interface Props {
  readonly users: readonly User[];
  readonly context: CommandContext;
  /** How many the filter matches in all. */
  readonly matching: number;
  readonly isSelecting: boolean;
  readonly onCommand: (command: UserCommand, users: readonly User[]) => void;
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
  const { users, context, matching, isSelecting, onCommand, onSelectAllMatching, onClear } = props;
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.users;
  const reachable = Math.min(matching, commandLimit);
  return (
    <div className={styles.root} role="toolbar" aria-label={words.actions}>
      <Text weight="semibold" className={styles.count} role="status">
        {words.selected(users.length)}
      </Text>
      {users.length < reachable && (
        <Button appearance="transparent" size="small" disabledFocusable={isSelecting} onClick={onSelectAllMatching}>
          {words.selectAllMatching(reachable)}
        </Button>
      )}
      {userCommands.map((command) => {
        const why = whyNot(command, users, context, texts);
        const button = (
          <Button
            key={command}
            appearance="subtle"
            size="small"
            icon={commandIcons[command]}
            disabledFocusable={Boolean(why)}
            onClick={() => onCommand(command, users)}
          >
            {words.commands[command]}
          </Button>
        );
        return why ? (
          <Tooltip key={command} content={why} relationship="description" withArrow>
            {button}
          </Tooltip>
        ) : (
          button
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
