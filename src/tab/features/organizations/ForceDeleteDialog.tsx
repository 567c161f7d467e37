import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useForceDeleteOrganization } from './use-organizations.ts';

interface Props {
  readonly organization: Organization;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Says what goes, and asks for the organization's name: the wrong one could not be brought back. */
export function ForceDeleteDialog({ organization, onClose, onDeleted }: Props) {
  const { organizations: words } = useTexts();
  const remove = useForceDeleteOrganization(organization.id);
  const [typed, setTyped] = useState('');
  const { name, userCount, initializedCount } = organization;
  return (
    <ConfirmDialog
      open
      title={words.forceDeleteTitle(name)}
      text={words.forceDeleteText}
      action={words.forceDelete}
      isPending={remove.isPending}
      isIncomplete={typed.trim() !== name}
      error={remove.error}
      onCancel={onClose}
      onConfirm={() => {
        if (typed.trim() === name) remove.mutate({ name }, { onSuccess: onDeleted });
      }}
    >
      <ul>
        {words.forceDeleteGoes(userCount, initializedCount).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>{words.forceDeleteStays}</p>
      <Field label={words.typeName(name)}>
        <Input value={typed} maxLength={120} spellCheck={false} onChange={(_, { value }) => setTyped(value)} />
      </Field>
    </ConfirmDialog>
  );
}
