import { MenuItem } from '@fluentui/react-components';
import { useTexts } from '../../texts/texts-context.tsx';
import { WhyOff } from '../../ui/WhyOff.tsx';
import { commandIcons } from './command-icons.tsx';
import { type CommandContext, type UserCommand, type UserSelection, userCommands, whyNot } from './user-commands.ts';

interface Props {
  readonly selection: UserSelection;
  readonly context: CommandContext;
  readonly onCommand: (command: UserCommand, selection: UserSelection) => void;
}

/** The verbs as items of an Actions menu. A verb that is off stays and says why. */
export function UserCommandItems({ selection, context, onCommand }: Props) {
  const texts = useTexts();
  return userCommands.map((command) => {
    const why = whyNot(command, selection, context, texts);
    return (
      <WhyOff key={command} reason={why} positioning="before">
        <MenuItem icon={commandIcons[command]} disabled={Boolean(why)} onClick={() => onCommand(command, selection)}>
          {texts.users.commands[command]}
        </MenuItem>
      </WhyOff>
    );
  });
}
