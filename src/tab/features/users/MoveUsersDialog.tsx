import { Dropdown, Field, Option } from '@fluentui/react-components';
import { useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import type { User } from '../../../contract/users.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useMoveUsers } from './use-users.ts';

interface Props {
  readonly users: readonly User[];
  readonly organizations: readonly Organization[];
  readonly onClose: () => void;
  readonly onMoved: () => void;
}

export function MoveUsersDialog({ users, organizations, onClose, onMoved }: Props) {
  const { users: words } = useTexts();
  const toast = useToast();
  const move = useMoveUsers();
  const origins = new Set(users.map((user) => user.organizationId));
  const targets = organizations.filter(({ id }) => origins.size > 1 || !origins.has(id));
  const [chosen, setChosen] = useState<Organization | undefined>(targets.length === 1 ? targets[0] : undefined);

  const confirm = () => {
    if (!chosen) return;
    move.mutate(
      { organizationId: chosen.id, userIds: users.map(({ id }) => id) },
      {
        onSuccess: ({ moved }) => {
          toast(words.done.moved(moved, chosen.name));
          onMoved();
        },
      },
    );
  };
  return (
    <ConfirmDialog
      open
      title={words.moveTitle(users.length)}
      text={words.moveText}
      action={words.move}
      isPending={move.isPending}
      isIncomplete={!chosen}
      error={move.error}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <Field label={words.moveTo}>
        <Dropdown
          value={chosen?.name ?? ''}
          selectedOptions={chosen ? [chosen.id] : []}
          onOptionSelect={(_, { optionValue }) => setChosen(targets.find(({ id }) => id === optionValue))}
        >
          {targets.map(({ id, name }) => (
            <Option key={id} value={id}>
              {name}
            </Option>
          ))}
        </Dropdown>
      </Field>
    </ConfirmDialog>
  );
}
