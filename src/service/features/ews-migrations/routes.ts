import {
  bringEwsResult,
  getEwsCockpit,
  getEwsListScript,
  getEwsMigration,
  getEwsReadingScript,
  listEwsMigrants,
  listEwsMigrations,
  readEwsAccess,
  startEwsMigration,
  steerEwsMigration,
  steerEwsRing,
} from '../../../contract/ews-migrations.ts';
import type { AppId, EwsMigrationId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { ConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { AppError } from '../../app-error.ts';
import { route } from '../../http/route.ts';
import type { EwsCockpitStore } from './ews-cockpit.store.ts';
import type { EwsGateway } from './ews-gateway.ts';
import type { EwsReadingStore } from './ews-readings.store.ts';
import type { EwsScripts } from './ews-scripts.ts';
import type { MigrationStore } from './migrations.store.ts';

interface Organization {
  readonly id: OrganizationId;
  readonly name: string;
  readonly connection_type: ConnectionType;
}

export interface EwsMigrationRouteDependencies {
  readonly migrations: MigrationStore;
  readonly cockpit: EwsCockpitStore;
  readonly readings: EwsReadingStore;
  readonly scripts: EwsScripts;
  readonly gateway: EwsGateway;
  readonly appId: AppId;
  readonly organizations: { find(tenantId: TenantId, id: OrganizationId): Promise<Organization | undefined> };
  /** Permissions because of which the operator lets no check run. */
  readonly blockingExcess: (tenantId: TenantId, id: OrganizationId) => Promise<readonly string[]>;
}

export function ewsMigrationRoutes(dependencies: EwsMigrationRouteDependencies) {
  const { migrations, cockpit, readings, scripts, gateway, appId, organizations, blockingExcess } = dependencies;

  async function existing(tenantId: TenantId, id: EwsMigrationId) {
    const migration = await migrations.find(tenantId, id);
    if (!migration) throw new AppError('migration.not_found');
    return migration;
  }

  async function refuseExcess(tenantId: TenantId, id: OrganizationId): Promise<void> {
    const permissions = await blockingExcess(tenantId, id);
    if (permissions.length > 0) throw new AppError('check.blocked_by_excess', { details: { permissions } });
  }

  return [
    route(getEwsCockpit, ({ admin }) => cockpit.view(admin.tenantId)),

    route(readEwsAccess, async ({ admin }) => {
      await readings.save(admin, 'gateway', await gateway.read(admin));
      return cockpit.view(admin.tenantId);
    }),

    route(getEwsReadingScript, async ({ admin }) => scripts.ofReading(admin.tenantId)),

    route(getEwsListScript, async ({ admin, query }) => {
      const isNeeded = query.change === 'remove' && (await cockpit.countOnEws(admin.tenantId)) > 0;
      if (isNeeded) throw new AppError('migration.ews_still_needed');
      const appId = query.appId ?? (await cockpit.ewsAppOf(admin.tenantId));
      return scripts.ofListChange(admin.tenantId, appId, query.change);
    }),

    route(bringEwsResult, async ({ admin, body }) => {
      await readings.save(admin, 'script', scripts.readResult(admin.tenantId, body.text));
      return cockpit.view(admin.tenantId);
    }),

    route(startEwsMigration, async ({ admin, params, body: { ewsAppId = appId, ...wanted } }) => {
      const organization = await organizations.find(admin.tenantId, params.organizationId);
      if (!organization) throw new AppError('organization.not_found');
      if (organization.connection_type !== 'graph_app_only') throw new AppError('organization.not_graph');
      await refuseExcess(admin.tenantId, organization.id);
      return existing(admin.tenantId, await migrations.start(admin, organization, { ...wanted, ewsAppId }));
    }),

    route(listEwsMigrations, async ({ admin, query }) => ({
      migrations: await migrations.list(admin.tenantId, query.limit),
    })),

    route(getEwsMigration, ({ admin, params }) => existing(admin.tenantId, params.migrationId)),

    route(listEwsMigrants, async ({ admin, params, query }) => {
      await existing(admin.tenantId, params.migrationId);
      return migrations.users(admin.tenantId, params.migrationId, query);
    }),

    route(steerEwsMigration, async ({ admin, params, body }) => {
      await migrations.steer(admin, params.migrationId, body.wish);
      return existing(admin.tenantId, params.migrationId);
    }),

    route(steerEwsRing, async ({ admin, params, body }) => {
      const migration = await existing(admin.tenantId, params.migrationId);
      if (body.wish === 'again') await refuseExcess(admin.tenantId, migration.organizationId);
      await migrations.steerRing(admin, migration.id, params.ring, body.wish);
      return existing(admin.tenantId, migration.id);
    }),
  ];
}
