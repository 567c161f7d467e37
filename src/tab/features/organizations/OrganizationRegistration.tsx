import { useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useToast } from '../../ui/toast.tsx';
import { NotConfiguredBar } from './ApplicationLine.tsx';
import { RegistrationField } from './RegistrationField.tsx';
import { useUpdateOrganization } from './use-organizations.ts';

/** The application of an organization on Microsoft Graph, and what another one means for it. */
export function OrganizationRegistration({ organization }: { organization: Organization }) {
  const { organizations: words } = useTexts();
  const toast = useToast();
  const update = useUpdateOrganization(organization.id);
  const [wanted, setWanted] = useState<Organization['registration']>();
  const forget = () => {
    update.reset();
    setWanted(undefined);
  };
  return (
    <>
      <NotConfiguredBar organization={organization} />
      <RegistrationField value={organization.registration} disabled={update.isPending} onChange={setWanted} />
      <ConfirmDialog
        open={wanted !== undefined}
        title={words.changeRegistrationTitle(organization.name)}
        text={words.changeRegistrationText}
        action={words.changeRegistration}
        isPending={update.isPending}
        error={update.error}
        onCancel={forget}
        onConfirm={() =>
          update.mutate(
            { registration: wanted ?? null },
            {
              onSuccess: ({ name }) => {
                forget();
                toast(words.saved(name), { body: words.registrationChangedBody });
              },
            },
          )
        }
      >
        <ul>
          {words.changeRegistrationPoints(organization.userCount).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </ConfirmDialog>
    </>
  );
}
