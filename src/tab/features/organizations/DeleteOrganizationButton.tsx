import { Button, Tooltip, useRestoreFocusTarget } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useDeleteOrganization } from './use-organizations.ts';

interface Props {
  readonly organization: Organization;
  readonly onDeleted: () => void;
}

export function DeleteOrganizationButton({ organization, onDeleted }: Props) {
  const { organizations } = useTexts();
  const toast = useToast();
  const remove = useDeleteOrganization(organization.id);
  const [isAsking, setAsking] = useState(false);
  const focusTarget = useRestoreFocusTarget();
  const why = organization.isDefault
    ? organizations.cannotDeleteDefault
    : organization.userCount > 0
      ? organizations.cannotDeleteUsers
      : undefined;

  const button = (
    <Button {...focusTarget} icon={<DeleteRegular />} disabledFocusable={Boolean(why)} onClick={() => setAsking(true)}>
      {organizations.delete}
    </Button>
  );
  return (
    <>
      {why ? (
        <Tooltip content={why} relationship="description" withArrow>
          {button}
        </Tooltip>
      ) : (
        button
      )}
      <ConfirmDialog
        open={isAsking}
        title={organizations.deleteTitle(organization.name)}
        text={organizations.deleteText}
        action={organizations.delete}
        isPending={remove.isPending}
        error={remove.error}
        onCancel={() => setAsking(false)}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              toast(organizations.deleted(organization.name));
              onDeleted();
            },
          })
        }
      />
    </>
  );
}
