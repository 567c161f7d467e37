import type { Organization } from '../../../contract/organizations.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { ownRegistration, type RegistrationName } from '../../../domain/registration.ts';
import type { ConsentStore } from './consents.store.ts';
import { type FactsDependencies, gatherFacts } from './gather-facts.ts';

interface Dependencies extends Pick<FactsDependencies, 'applications' | 'graph' | 'clock'> {
  readonly organizations: { list(tenantId: TenantId): Promise<readonly Organization[]> };
  readonly consents: ConsentStore;
}

/** Asks Microsoft anew what an application holds, for every organization that it serves in a tenant. */
export function createVerifyConsents({ organizations, consents, ...asking }: Dependencies) {
  return async (tenantId: TenantId, registration: RegistrationName, signal?: AbortSignal): Promise<void> => {
    for (const { id, name, capabilities, connectionType, ...using } of await organizations.list(tenantId)) {
      if (connectionType !== 'graph_app_only' || (using.registration ?? ownRegistration) !== registration) continue;
      const organization = { tenantId, id, name, capabilities, registration };
      await consents.save(organization, await gatherFacts({ ...asking, consents }, organization, signal));
    }
  };
}
