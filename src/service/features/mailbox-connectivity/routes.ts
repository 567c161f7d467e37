import {
  cancelConnectivityCheck,
  getConnectivityCheck,
  listConnectivityChecks,
  startConnectivityCheck,
} from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { ConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { AppError } from '../../app-error.ts';
import { route } from '../../http/route.ts';
import type { CheckStore } from './checks.store.ts';

interface Dependencies {
  readonly checks: CheckStore;
  /** Permissions because of which the operator lets no check run. */
  readonly blockingExcess: (tenantId: TenantId, id: OrganizationId) => Promise<readonly string[]>;
  readonly organizations: {
    find(
      tenantId: TenantId,
      id: OrganizationId,
    ): Promise<{ id: OrganizationId; name: string; connection_type: ConnectionType } | undefined>;
  };
}

export function mailboxConnectivityRoutes({ checks, blockingExcess, organizations }: Dependencies) {
  async function existing(tenantId: TenantId, id: CheckId) {
    const check = await checks.find(tenantId, id);
    if (!check) throw new AppError('check.not_found');
    return check;
  }

  return [
    route(startConnectivityCheck, async ({ admin, params, body: { userIds, changeConnection } }) => {
      // The tenant comes from the verified token: an id in the URL must not reach another tenant's organization.
      const organization = await organizations.find(admin.tenantId, params.organizationId);
      if (!organization) throw new AppError('organization.not_found');
      if (organization.connection_type !== 'graph_app_only') throw new AppError('organization.not_graph');
      const excess = await blockingExcess(admin.tenantId, organization.id);
      if (excess.length > 0) throw new AppError('check.blocked_by_excess', { details: { permissions: excess } });
      return checks.start(admin, organization, { userIds, changeConnection });
    }),

    route(listConnectivityChecks, async ({ admin, query }) => ({ checks: await checks.list(admin.tenantId, query) })),

    route(getConnectivityCheck, ({ admin, params }) => existing(admin.tenantId, params.checkId)),

    route(cancelConnectivityCheck, async ({ admin, params }) => {
      await existing(admin.tenantId, params.checkId);
      await checks.cancel(admin, params.checkId);
      return existing(admin.tenantId, params.checkId);
    }),
  ];
}
