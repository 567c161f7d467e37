import type { PermissionGrant } from '../../../domain/consent/consent-state.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { ConsentingOrganization, ConsentStore } from './consents.store.ts';
import { type FactsDependencies, gatherFacts } from './gather-facts.ts';

/** What an organization's features have, for those who use them; nothing for a consent that was never verified. */
export type CurrentGrants = (
  organization: ConsentingOrganization,
  signal: AbortSignal,
) => Promise<readonly PermissionGrant[]>;

/**
 * Reads what was verified. Where a feature was found missing, Microsoft is asked again first: a feature comes back as
 * soon as it is granted, without a click.
 */
export function createCurrentGrants(
  dependencies: FactsDependencies & { readonly consents: ConsentStore },
): CurrentGrants {
  const { consents } = dependencies;
  return async (organization, signal) => {
    const stored = await grantsOf(consents, organization.tenantId, organization.id);
    if (!stored.some(({ state }) => state === 'missing')) return stored;
    await consents.save(organization, await gatherFacts(dependencies, organization, signal));
    return grantsOf(consents, organization.tenantId, organization.id);
  };
}

async function grantsOf(consents: ConsentStore, tenantId: TenantId, id: OrganizationId): Promise<PermissionGrant[]> {
  const { permissions } = await consents.get(tenantId, id);
  return permissions.map(({ permission, capability, state }) => ({
    permission,
    state,
    ...(capability ? { capability: capability satisfies Capability } : {}),
  }));
}
