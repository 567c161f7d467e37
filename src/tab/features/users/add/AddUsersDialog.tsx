import { Dialog, DialogSurface } from '@fluentui/react-components';
import type { Organization } from '../../../../contract/organizations.ts';
import { AddUsersForm } from './AddUsersForm.tsx';

interface Props {
  readonly open: boolean;
  readonly organization: Organization | undefined;
  /** Others to choose from; without them the organization is given. */
  readonly organizations?: readonly Organization[];
  readonly onClose: () => void;
}

/** Brings people of the directory into an organization. */
export function AddUsersDialog({ open, organization, organizations, onClose }: Props) {
  return (
    <Dialog open={open} onOpenChange={(_, data) => data.open || onClose()}>
      <DialogSurface>
        <AddUsersForm organization={organization} organizations={organizations} onClose={onClose} />
      </DialogSurface>
    </Dialog>
  );
}
