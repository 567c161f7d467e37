import { DialogBody, DialogTitle } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import type { OrganizationId, ProvisioningId, UserId } from '../../../domain/ids.ts';
import type { Person } from '../../graph/directory.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ProvisioningSteps } from './ProvisioningSteps.tsx';
import { SourceStep } from './SourceStep.tsx';
import { useProvisioning } from './use-provisioning.ts';

interface Props {
  readonly organization: Organization | undefined;
  readonly organizations?: readonly Organization[] | undefined;
  readonly connectivityLinkOf: (id: OrganizationId) => ReactNode;
  readonly onClose: () => void;
}

export type Chosen = ReadonlyMap<UserId, Person>;

/** First the source; from then on the service holds the provisioning, and every step shows what it says. */
export function AddUsersWizard({ organization, organizations, connectivityLinkOf, onClose }: Props) {
  const { addUsers: words } = useTexts();
  // Who is added to be checked belongs where checks are possible.
  const onGraph = organizations?.find(({ connectionType }) => connectionType === 'graph_app_only');
  const [target, setTarget] = useState(organization ?? onGraph ?? organizations?.[0]);
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const [id, setId] = useState<ProvisioningId>();
  const { data: provisioning, error } = useProvisioning(id);

  return (
    <DialogBody>
      <DialogTitle>{words.title(provisioning?.organizationName ?? target?.name ?? '')}</DialogTitle>
      {provisioning ? (
        <ProvisioningSteps
          provisioning={provisioning}
          followError={error}
          connectivityLink={connectivityLinkOf(provisioning.organizationId)}
          onBack={() => setId(undefined)}
          onClose={onClose}
        />
      ) : (
        <SourceStep
          target={target}
          targets={organization ? undefined : organizations}
          chosen={chosen}
          onTarget={setTarget}
          onChoose={setChosen}
          onStarted={setId}
          onClose={onClose}
        />
      )}
    </DialogBody>
  );
}
