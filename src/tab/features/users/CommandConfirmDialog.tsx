import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';

/** Commands after which something is gone. */
export const confirmedCommands = ['remove', 'forceRemove', 'reset', 'reinitialize'] as const;
export type ConfirmedCommand = (typeof confirmedCommands)[number];

interface Props {
  readonly command: ConfirmedCommand;
  readonly count: number;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before a command after which something is gone, and says what. */
export function CommandConfirmDialog({ command, count, isPending, error, onConfirm, onClose }: Props) {
  const { users: words } = useTexts();
  const { title, text } = words.confirm[command];
  return (
    <ConfirmDialog
      open
      title={title(count)}
      text={text}
      action={words.commands[command]}
      isPending={isPending}
      error={error}
      onConfirm={onConfirm}
      onCancel={onClose}
    />
  );
}
