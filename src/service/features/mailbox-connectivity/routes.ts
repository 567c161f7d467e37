import {
  cancelConnectivityCheck,
  compareConnectivityCheck,
  getConnectivityCheck,
  listConnectivityChecks,
  pauseConnectivityCheck,
  resumeConnectivityCheck,
  retryConnectivityCheck,
  startConnectivityCheck,
  startTenantCheck,
  watchConnectivityCheck,
} from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { ConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { AppError } from '../../app-error.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { route, streamRoute } from '../../http/route.ts';
import type { CheckStore } from './checks.store.ts';
import { watchCheck } from './watch-check.ts';

interface Organization {
  readonly id: OrganizationId;
  readonly name: string;
  readonly connection_type: ConnectionType;
}

interface Dependencies {
  readonly checks: CheckStore;
  readonly clock: Clock;
  /** Permissions because of which the operator lets no check run. */
  readonly blockingExcess: (tenantId: TenantId, id: OrganizationId) => Promise<readonly string[]>;
  readonly organizations: {
    find(tenantId: TenantId, id: OrganizationId): Promise<Organization | undefined>;
    list(tenantId: TenantId): Promise<readonly { id: OrganizationId; connectionType: ConnectionType }[]>;
  };
}

export function mailboxConnectivityRoutes({ checks, clock, blockingExcess, organizations }: Dependencies) {
  async function existing(tenantId: TenantId, id: CheckId) {
    const check = await checks.find(tenantId, id);
    if (!check) throw new AppError('check.not_found');
    return check;
  }

  async function steer(admin: Admin, id: CheckId, wish: 'pause' | 'resume' | 'cancel') {
    await checks.steer(admin, id, wish);
    return existing(admin.tenantId, id);
  }

  /** @param id undefined for all organizations of the tenant */
  async function refuseExcess(tenantId: TenantId, id: OrganizationId | null): Promise<void> {
    const onGraph = (await organizations.list(tenantId)).filter((one) => one.connectionType === 'graph_app_only');
    const ids = id ? [id] : onGraph.map((one) => one.id);
    const excess = (await Promise.all(ids.map((one) => blockingExcess(tenantId, one)))).flat();
    if (excess.length === 0) return;
    throw new AppError('check.blocked_by_excess', { details: { permissions: [...new Set(excess)] } });
  }

  return [
    route(startConnectivityCheck, async ({ admin, params, body }) => {
      // The tenant comes from the verified token: an id in the URL must not reach another tenant's organization.
      const organization = await organizations.find(admin.tenantId, params.organizationId);
      if (!organization) throw new AppError('organization.not_found');
      if (organization.connection_type !== 'graph_app_only') throw new AppError('organization.not_graph');
      await refuseExcess(admin.tenantId, organization.id);
      return checks.start(admin, organization, body);
    }),

    route(startTenantCheck, async ({ admin, body }) => {
      await refuseExcess(admin.tenantId, null);
      return checks.startForTenant(admin, body);
    }),

    route(listConnectivityChecks, async ({ admin, query }) => ({ checks: await checks.list(admin.tenantId, query) })),

    route(getConnectivityCheck, ({ admin, params }) => existing(admin.tenantId, params.checkId)),

    streamRoute(watchConnectivityCheck, async ({ admin, params, signal }) => {
      const { id } = await existing(admin.tenantId, params.checkId);
      return watchCheck({ checks, clock }, { tenantId: admin.tenantId, id, signal });
    }),

    route(compareConnectivityCheck, ({ admin, params }) => checks.compare(admin.tenantId, params.checkId)),

    route(pauseConnectivityCheck, ({ admin, params }) => steer(admin, params.checkId, 'pause')),

    route(resumeConnectivityCheck, ({ admin, params }) => steer(admin, params.checkId, 'resume')),

    route(cancelConnectivityCheck, ({ admin, params }) => steer(admin, params.checkId, 'cancel')),

    route(retryConnectivityCheck, async ({ admin, params }) => {
      const before = await existing(admin.tenantId, params.checkId);
      await refuseExcess(admin.tenantId, before.organizationId);
      return checks.retry(admin, before.id);
    }),
  ];
}
