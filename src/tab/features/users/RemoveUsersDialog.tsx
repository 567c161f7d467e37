import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useState } from 'react';
import type { User } from '../../../contract/users.ts';
import type { UserId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useRemoveUsers } from './use-users.ts';

interface Props {
  readonly users: readonly User[];
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

/** Removes users; those with an initialized mailbox only after being asked a second time. */
export function RemoveUsersDialog({ users, onClose, onRemoved }: Props) {
  const { users: words } = useTexts();
  const toast = useToast();
  const remove = useRemoveUsers();
  const [kept, setKept] = useState<readonly UserId[]>([]);
  const userIds = kept.length > 0 ? [...kept] : users.map(({ id }) => id);

  const confirm = () =>
    remove.mutate(
      { userIds, force: kept.length > 0 },
      {
        onSuccess: ({ removed, keptInitialized }) => {
          if (removed > 0) toast(words.done.removed(removed));
          if (keptInitialized.length > 0) setKept(keptInitialized);
          else onRemoved();
        },
      },
    );
  return (
    <ConfirmDialog
      open
      title={words.removeTitle(userIds.length)}
      text={words.removeText}
      action={kept.length > 0 ? words.removeAnyway : words.remove}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onCancel={kept.length > 0 && kept.length < users.length ? onRemoved : onClose}
    >
      {kept.length > 0 && (
        <MessageBar intent="warning">
          <MessageBarBody>{words.removeKept(kept.length)}</MessageBarBody>
        </MessageBar>
      )}
    </ConfirmDialog>
  );
}
