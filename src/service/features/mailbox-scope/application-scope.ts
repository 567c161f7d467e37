import type { MailboxAccess } from '../../../contract/mailbox-scope.ts';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import { ownRegistration } from '../../../domain/registration.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Cloud } from '../../cloud.ts';
import type { Config } from '../../config.ts';
import type { AppTokens } from '../../entra/app-tokens.ts';
import type { Application } from '../../entra/applications.ts';
import { createGatewayExecutor } from '../../exchange/gateway.ts';
import { applicationAccess, delegatedAccess, type GatewayAccess, manageExchangeScope } from '../../exchange/tokens.ts';
import type { BoundedFetch } from '../../outbound/bounded-fetch.ts';
import { createDirectoryStore, type DirectoryStore } from './directory.store.ts';
import { createDriftStore, type DriftStore } from './drifts.store.ts';
import { createScopeGateway, type ScopeGateway } from './gateway-runs.ts';
import { createIntentStore } from './intents.store.ts';
import { createLimitPlanner, type LimitPlanner } from './limit-planner.ts';
import { describeMailboxAccess } from './mailbox-paths.ts';
import type { ProofRequestDependencies } from './proof-requests.store.ts';
import { createProofStore, type ProofStore } from './proofs.store.ts';
import { createReadingStore } from './readings.store.ts';
import { createScopeChangeStore, type ScopeChangeStore } from './scope-changes.store.ts';
import { createScopeScripts, type ScopeScripts } from './scope-scripts.ts';
import { createScopes, type Scopes, type ScopesDependencies } from './scopes.ts';

export interface ApplicationScopeDependencies
  extends Omit<
      ScopesDependencies,
      | 'appId'
      | 'registration'
      | 'tokens'
      | 'exchangeTokens'
      | 'readings'
      | 'changes'
      | 'intents'
      | 'proofs'
      | 'drifts'
      | 'directory'
      | 'gateway'
      | 'graphEndpoint'
    >,
    Omit<ProofRequestDependencies, 'registration'> {
  readonly fetch: BoundedFetch;
  readonly cloud: Cloud;
  readonly mode: Config['exchangeGateway'];
  /** Of the service's own application: it alone may carry out plans by itself, for every application. */
  readonly ownExchangeTokens: AppTokens;
}

/** The limit of one application: what is known and intended, how it changes, and its proofs. */
export interface ApplicationScope {
  readonly scopes: Scopes;
  readonly changes: ScopeChangeStore;
  readonly planner: LimitPlanner;
  readonly scripts: ScopeScripts;
  readonly gateway: ScopeGateway;
  readonly proofs: ProofStore;
  readonly drifts: DriftStore;
  readonly directory: DirectoryStore;
  readonly accessOf: (tenantId: TenantId, userId: UserId) => Promise<MailboxAccess>;
  /** Reads what Exchange enforces as the service's own application, where the operator chose that. */
  readonly readEnforced: (tenantId: TenantId) => Promise<void>;
}

export function createApplicationScope(
  { registration, appId, tokens, exchangeTokens }: Application,
  given: ApplicationScopeDependencies,
): ApplicationScope {
  const { cloud, fetch, clock, mode, delegatedTokens, ownExchangeTokens } = given;
  const dependencies = {
    ...given,
    registration,
    appId,
    tokens,
    exchangeTokens,
    recordActivity: namingApplication(given.recordActivity, registration),
  };
  const readings = createReadingStore(dependencies);
  const changes = createScopeChangeStore(dependencies);
  const intents = createIntentStore(dependencies);
  const proofs = createProofStore(dependencies);
  const drifts = createDriftStore(dependencies);
  const directory = createDirectoryStore(dependencies);
  const surveying = { ...dependencies, graphEndpoint: cloud.graphEndpoint, readings, directory };
  const scopes = createScopes({ ...surveying, changes, intents, proofs, drifts, gateway: mode });
  const executor = (access: GatewayAccess) =>
    createGatewayExecutor({ fetch, clock, exchangeEndpoint: cloud.exchangeEndpoint, access });
  const gateway = createScopeGateway({
    appId,
    registration,
    mode,
    executorFor: (admin: Admin) => executor(delegatedAccess(delegatedTokens, cloud, admin)),
    executorAsApplication: (tenantId) => executor(applicationAccess(ownExchangeTokens, tenantId)),
    delegatedScope: manageExchangeScope(cloud),
  });
  return {
    scopes,
    changes,
    gateway,
    proofs,
    drifts,
    directory,
    planner: createLimitPlanner(surveying),
    scripts: createScopeScripts({ appId, registration, exchangeEnvironment: cloud.exchangeEnvironment }),
    accessOf: (tenantId, userId) => describeMailboxAccess({ ...dependencies, readings }, tenantId, userId),
    async readEnforced(tenantId) {
      const configuration = await gateway.readAsApplication(tenantId);
      if (configuration) await scopes.takeReading(tenantId, configuration, 'gateway');
    },
  };
}

/** Audit rows of another application than the service's own one name it. */
function namingApplication(record: RecordActivity, registration: Application['registration']): RecordActivity {
  if (registration === ownRegistration) return record;
  return (tx, activity) => record(tx, { ...activity, details: { ...activity.details, registration } });
}
