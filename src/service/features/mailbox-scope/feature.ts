import type { TenantId } from '../../../domain/ids.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Cloud } from '../../cloud.ts';
import type { Config } from '../../config.ts';
import { createGatewayExecutor } from '../../exchange/gateway.ts';
import { applicationAccess, delegatedAccess, type GatewayAccess, manageExchangeScope } from '../../exchange/tokens.ts';
import type { Route } from '../../http/route.ts';
import type { BoundedFetch } from '../../outbound/bounded-fetch.ts';
import { createScopeGateway } from './gateway-runs.ts';
import { createIntentStore } from './intents.store.ts';
import { createLimitPlanner } from './limit-planner.ts';
import { describeMailboxAccess } from './mailbox-paths.ts';
import { createReadingStore } from './readings.store.ts';
import { mailboxScopeRoutes } from './routes.ts';
import { createScopeChangeStore } from './scope-changes.store.ts';
import { createScopeScripts } from './scope-scripts.ts';
import { createScopes, type ScopesDependencies } from './scopes.ts';

interface Dependencies
  extends Omit<ScopesDependencies, 'readings' | 'changes' | 'intents' | 'gateway' | 'graphEndpoint'> {
  readonly fetch: BoundedFetch;
  readonly cloud: Cloud;
  readonly mode: Config['exchangeGateway'];
}

/** Puts the limit of the application together. */
export function createMailboxScope(dependencies: Dependencies): {
  readonly routes: Route[];
  /** Reads what Exchange enforces as the application, where the operator chose that. */
  readonly readEnforced: (tenantId: TenantId) => Promise<void>;
} {
  const { appId, cloud, fetch, clock, mode, delegatedTokens, exchangeTokens } = dependencies;
  const readings = createReadingStore(dependencies);
  const changes = createScopeChangeStore(dependencies);
  const intents = createIntentStore(dependencies);
  const surveying = { ...dependencies, graphEndpoint: cloud.graphEndpoint, readings };
  const scopes = createScopes({ ...surveying, changes, intents, gateway: mode });
  const executor = (access: GatewayAccess) =>
    createGatewayExecutor({ fetch, clock, exchangeEndpoint: cloud.exchangeEndpoint, access });
  const gateway = createScopeGateway({
    appId,
    mode,
    executorFor: (admin: Admin) => executor(delegatedAccess(delegatedTokens, cloud, admin)),
    executorAsApplication: (tenantId) => executor(applicationAccess(exchangeTokens, tenantId)),
    delegatedScope: manageExchangeScope(cloud),
  });
  return {
    routes: mailboxScopeRoutes({
      scopes,
      changes,
      gateway,
      planner: createLimitPlanner(surveying),
      scripts: createScopeScripts({ appId, exchangeEnvironment: cloud.exchangeEnvironment }),
      accessOf: (tenantId, userId) => describeMailboxAccess({ ...dependencies, readings }, tenantId, userId),
    }),
    async readEnforced(tenantId) {
      const configuration = await gateway.readAsApplication(tenantId);
      if (configuration) await scopes.takeReading(tenantId, configuration, 'gateway');
    },
  };
}
