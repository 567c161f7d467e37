import { Dialog, DialogSurface, makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import { AddUsersWizard } from './AddUsersWizard.tsx';

interface Props {
  readonly open: boolean;
  readonly organization: Organization | undefined;
  /** Others to choose from; without them the organization is given. */
  readonly organizations?: readonly Organization[];
  /** To where consent is granted and mailboxes are checked. */
  readonly connectivityLinkOf: (id: OrganizationId) => ReactNode;
  readonly onClose: () => void;
}

const useStyles = makeStyles({ surface: { maxWidth: 'min(760px, 96vw)' } });

/** Brings people into an organization: a source, the pre-flight, the word to add, and what became of each. */
export function AddUsersDialog({ open, ...wizard }: Props) {
  const styles = useStyles();
  return (
    <Dialog open={open} onOpenChange={(_, data) => data.open || wizard.onClose()}>
      <DialogSurface className={styles.surface}>
        <AddUsersWizard {...wizard} />
      </DialogSurface>
    </Dialog>
  );
}
