import { isTierZero } from '../../../domain/consent/permission-set.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { ChecksBlockedBy } from '../../config.ts';
import type { ConsentStore } from './consents.store.ts';

/** Excess permissions, as last verified, because of which the operator lets no check run. */
export function createBlockingExcess(consents: Pick<ConsentStore, 'get'>, blockedBy: ChecksBlockedBy) {
  return async (tenantId: TenantId, id: OrganizationId): Promise<readonly string[]> => {
    if (blockedBy === 'nothing') return [];
    const { permissions } = await consents.get(tenantId, id);
    return permissions
      .filter(({ state }) => state === 'excess')
      .map(({ permission }) => permission)
      .filter((permission) => blockedBy === 'any' || isTierZero(permission));
  };
}
