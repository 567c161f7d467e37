import { MenuItem, Tooltip } from '@fluentui/react-components';
import type { User } from '../../../contract/users.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { commandIcons } from './command-icons.tsx';
import { type CommandContext, type UserCommand, userCommands, whyNot } from './user-commands.ts';

interface Props {
  readonly users: readonly User[];
  readonly context: CommandContext;
  readonly onCommand: (command: UserCommand, users: readonly User[]) => void;
}

/** The verbs as items of an Actions menu. A verb that is off stays and says why. */
export function UserCommandItems({ users, context, onCommand }: Props) {
  const texts = useTexts();
  return userCommands.map((command) => {
    const why = whyNot(command, users, context, texts);
    const item = (
      <MenuItem
        key={command}
        icon={commandIcons[command]}
        disabled={Boolean(why)}
        onClick={() => onCommand(command, users)}
      >
        {texts.users.commands[command]}
      </MenuItem>
    );
    if (!why) return item;
    return (
      <Tooltip key={command} content={why} relationship="description" positioning="before" withArrow>
        {item}
      </Tooltip>
    );
  });
}
