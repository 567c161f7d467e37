import { Dropdown, Field, Option, Text } from '@fluentui/react-components';
import { useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { countOf, type UserSelection } from './user-commands.ts';

interface Props {
  readonly selection: UserSelection;
  readonly organizations: readonly Organization[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onMove: (to: Organization) => void;
  readonly onClose: () => void;
}

export function MoveUsersDialog({ selection, organizations, isPending, error, onMove, onClose }: Props) {
  const { users: words } = useTexts();
  const origins = new Set(
    selection.matching
      ? [selection.matching.filter.organizationId]
      : selection.users.map((user) => user.organizationId),
  );
  const targets = organizations.filter(({ id }) => origins.size > 1 || !origins.has(id));
  const [chosen, setChosen] = useState<Organization | undefined>(targets.length === 1 ? targets[0] : undefined);
  const isOtherApplication =
    chosen !== undefined &&
    organizations.some(
      ({ id, registration }) => (origins.has(id) || origins.has(undefined)) && registration !== chosen.registration,
    );
  return (
    <ConfirmDialog
      open
      title={words.moveTitle(countOf(selection))}
      text={words.moveText}
      action={words.move}
      isPending={isPending}
      isIncomplete={!chosen}
      error={error}
      onConfirm={() => chosen && onMove(chosen)}
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
      {isOtherApplication && <Text>{words.moveToOtherApplication}</Text>}
    </ConfirmDialog>
  );
}
