import type { EwsCockpit } from '../../../contract/ews-migrations.ts';
import type { AppId, TenantId } from '../../../domain/ids.ts';
import type { Admin } from '../../auth/admin.ts';
import type { ExchangeExecutor } from '../../exchange/executor.ts';
import type { Route } from '../../http/route.ts';
import { createEwsCockpit, type EwsCockpitStore } from './ews-cockpit.store.ts';
import { createEwsGateway } from './ews-gateway.ts';
import { createEwsReadingStore } from './ews-readings.store.ts';
import { createEwsScripts } from './ews-scripts.ts';
import type { MigrationWorkDependencies } from './migration-work.store.ts';
import { createMigrationStore, type MigrationStore } from './migrations.store.ts';
import { type EwsMigrationRouteDependencies, ewsMigrationRoutes } from './routes.ts';

interface Dependencies
  extends Omit<MigrationWorkDependencies, 'readings'>,
    Pick<EwsMigrationRouteDependencies, 'organizations'> {
  readonly appId: AppId;
  readonly exchangeEnvironment: string;
  readonly gatewayMode: EwsCockpit['gateway'];
  readonly executorFor: (admin: Admin) => ExchangeExecutor;
  readonly executorAsApplication: (tenantId: TenantId) => ExchangeExecutor;
  readonly delegatedScope: string;
}

/** Puts the way off Exchange Web Services together. */
export function createEwsMigrations(dependencies: Dependencies): {
  readonly routes: Route[];
  readonly migrations: MigrationStore;
  readonly cockpit: EwsCockpitStore;
} {
  const { gatewayMode: mode, organizations, blockingExcess, appId } = dependencies;
  const readings = createEwsReadingStore(dependencies);
  const migrations = createMigrationStore({ ...dependencies, readings });
  const cockpit = createEwsCockpit({ ...dependencies, gateway: mode, readings });
  return {
    migrations,
    cockpit,
    routes: ewsMigrationRoutes({
      migrations,
      readings,
      cockpit,
      scripts: createEwsScripts(dependencies),
      gateway: createEwsGateway({ ...dependencies, mode }),
      appId,
      organizations,
      blockingExcess,
    }),
  };
}
