import { Button, useRestoreFocusTarget } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useToast } from '../../ui/toast.tsx';
import { WhyOff } from '../../ui/WhyOff.tsx';
import { ForceDeleteDialog } from './ForceDeleteDialog.tsx';
import { useDeleteOrganization } from './use-organizations.ts';

interface Props {
  readonly organization: Organization;
  readonly onDeleted: () => void;
}

/** Deletes an organization, or says why not; where initialized mailboxes stand in the way, it can be forced. */
export function DeleteOrganizationButton({ organization, onDeleted }: Props) {
  const { organizations } = useTexts();
  const toast = useToast();
  const remove = useDeleteOrganization(organization.id);
  const [asking, setAsking] = useState<'delete' | 'force'>();
  const focusTarget = useRestoreFocusTarget();
  const { isDefault, name, userCount, initializedCount } = organization;
  const why = isDefault
    ? organizations.cannotDeleteDefault
    : initializedCount > 0
      ? organizations.cannotDeleteInitialized(initializedCount)
      : undefined;

  const done = () => {
    toast(organizations.deleted(name));
    onDeleted();
  };
  return (
    <>
      <WhyOff reason={why}>
        <Button
          {...focusTarget}
          icon={<DeleteRegular />}
          disabledFocusable={Boolean(why)}
          onClick={() => setAsking('delete')}
        >
          {organizations.delete}
        </Button>
      </WhyOff>
      {!isDefault && initializedCount > 0 && (
        <Button {...focusTarget} onClick={() => setAsking('force')}>
          {organizations.forceDelete}
        </Button>
      )}
      <ConfirmDialog
        open={asking === 'delete'}
        title={organizations.deleteTitle(name)}
        text={userCount > 0 ? organizations.deleteUsersText(userCount) : organizations.deleteText}
        action={organizations.delete}
        isPending={remove.isPending}
        error={remove.error}
        onCancel={() => setAsking(undefined)}
        onConfirm={() =>
          // Who is said to go may go: without users, those who came meanwhile keep the organization.
          remove.mutate({ users: userCount > 0 ? 'not_initialized' : 'none' }, { onSuccess: done })
        }
      />
      {asking === 'force' && (
        <ForceDeleteDialog organization={organization} onClose={() => setAsking(undefined)} onDeleted={done} />
      )}
    </>
  );
}
