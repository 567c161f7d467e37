import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { SavedNumberField } from '../../ui/SavedNumberField.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useUpdateOrganization } from './use-organizations.ts';

/** How often the mailboxes of an organization are read. */
export function SyncIntervalField({ organization }: { organization: Organization }) {
  const { organizations, sync: words } = useTexts();
  const toast = useToast();
  const update = useUpdateOrganization(organization.id);
  return (
    <>
      {update.error && <ErrorBar error={update.error} />}
      <SavedNumberField
        label={words.interval}
        hint={words.intervalHint}
        invalid={words.intervalInvalid}
        value={organization.syncIntervalMinutes}
        min={5}
        max={1440}
        isSaving={update.isPending}
        onSave={(minutes) => {
          if (minutes === null) return;
          update.mutate(
            { syncIntervalMinutes: minutes },
            { onSuccess: ({ name }) => toast(organizations.saved(name)) },
          );
        }}
      />
    </>
  );
}
