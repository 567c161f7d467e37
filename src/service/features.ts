import type { Hono } from 'hono';
import type { OrganizationId, TenantId } from '../domain/ids.ts';
import type { RegistrationName } from '../domain/registration.ts';
import { createRecordActivity } from './audit.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Db } from './db/schema.ts';
import { createTenantRates } from './db/tenant-rates.ts';
import { createApplications } from './entra/applications.ts';
import { createDelegatedTokens } from './entra/delegated-tokens.ts';
import { createGatewayExecutor } from './exchange/gateway.ts';
import { applicationAccess, delegatedAccess, type GatewayAccess, manageExchangeScope } from './exchange/tokens.ts';
import { createActivityStore } from './features/activity/activity.store.ts';
import { activityRoutes } from './features/activity/routes.ts';
import { createAssignmentRules } from './features/assignment-rules/feature.ts';
import { createBlockingExcess } from './features/consent/blocking-excess.ts';
import { createConsentAttemptStore } from './features/consent/consent-attempts.store.ts';
import { createConsentStore } from './features/consent/consents.store.ts';
import { consentRoutes } from './features/consent/routes.ts';
import { mountConsentStart } from './features/consent/start-page.ts';
import { verifyAgain } from './features/consent/verify-again.job.ts';
import { createVerifyConsents } from './features/consent/verify-consents.ts';
import { advanceMigration } from './features/ews-migrations/advance-migration.job.ts';
import { createEwsMigrations } from './features/ews-migrations/feature.ts';
import { enqueueAdvance } from './features/ews-migrations/migration-requests.store.ts';
import { isRingToHold } from './features/ews-migrations/migration-work.store.ts';
import { askRescheduled } from './features/mailbox-connectivity/ask-rescheduled.job.ts';
import { createCheckBatch } from './features/mailbox-connectivity/check-batch.ts';
import { checkFewMailboxes, checkMailboxes } from './features/mailbox-connectivity/check-mailboxes.job.ts';
import { createCheckStore } from './features/mailbox-connectivity/checks.store.ts';
import { mailboxConnectivityRoutes } from './features/mailbox-connectivity/routes.ts';
import { createMailboxScope } from './features/mailbox-scope/feature.ts';
import { findDrift } from './features/mailbox-scope/find-drift.job.ts';
import { proveScope } from './features/mailbox-scope/prove-scope.job.ts';
import { mailboxSyncRoutes } from './features/mailbox-sync/routes.ts';
import { createSyncBatches } from './features/mailbox-sync/sync-batches.ts';
import { createSyncSessionStore } from './features/mailbox-sync/sync-sessions.store.ts';
import { createSyncSweeper, type SyncSweeper } from './features/mailbox-sync/sync-sweeper.ts';
import { synchronizeDue } from './features/mailbox-sync/synchronize-due.job.ts';
import { synchronizeMailbox } from './features/mailbox-sync/synchronize-mailbox.job.ts';
import { createOrganizationStore } from './features/organizations/organizations.store.ts';
import { reconcileRegistrations } from './features/organizations/reconcile-registrations.ts';
import { organizationRoutes } from './features/organizations/routes.ts';
import { createOverviewStore } from './features/overview/overview.store.ts';
import { overviewRoutes } from './features/overview/routes.ts';
import { provision, provisionFew } from './features/provisioning/provision.job.ts';
import { createProvisioningRows } from './features/provisioning/provisioning-rows.store.ts';
import { createProvisioningRuns } from './features/provisioning/provisioning-runs.store.ts';
import { createProvisionings } from './features/provisioning/provisionings.store.ts';
import { provisioningRoutes } from './features/provisioning/routes.ts';
import { reportRoutes } from './features/reports/routes.ts';
import { createRequestRateStore } from './features/request-rate/request-rate.store.ts';
import { requestRateRoutes } from './features/request-rate/routes.ts';
import { savedViewRoutes } from './features/saved-views/routes.ts';
import { createSavedViews } from './features/saved-views/saved-views.store.ts';
import { sessionRoutes } from './features/session/routes.ts';
import { carryOutCommand } from './features/user-commands/carry-out.job.ts';
import { createCommandStore } from './features/user-commands/commands.store.ts';
import { userCommandRoutes } from './features/user-commands/routes.ts';
import { userRoutes } from './features/users/routes.ts';
import { userBatches } from './features/users/user-batches.ts';
import { insertUsers } from './features/users/user-changes.store.ts';
import { createUserStore } from './features/users/users.store.ts';
import { createGraphClient } from './graph/client.ts';
import type { PacerOptions } from './graph/pacer.ts';
import { createTenantPaces } from './graph/tenant-pace.ts';
import type { AppEnvironment } from './http/api.ts';
import type { RateLimit } from './http/rate-limit.ts';
import type { Route } from './http/route.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { BoundedFetch } from './outbound/bounded-fetch.ts';
import type { Queue } from './queue/queue.ts';

/** What all features stand on. */
export interface Foundation {
  readonly config: Config;
  readonly db: Db;
  readonly queue: Queue;
  readonly fetch: BoundedFetch;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly version: string;
  /** How fast a tenant is asked to begin with, and at most. */
  readonly pace: PacerOptions;
  /** How often mailboxes that are due are looked for; 0 for only when `syncs.sweep` is called. */
  readonly syncSweepSeconds: number;
}

/** What the service serves, and what its timers call. */
export interface Features {
  readonly routes: readonly Route[];
  /** The first page of the consent popup; anonymous, and limited per address. */
  mountConsentStart(app: Hono<AppEnvironment>, limit: RateLimit): void;
  readonly syncs: SyncSweeper;
  /** Makes what a tenant has from the beginning; does nothing when it is there. */
  prepareTenant(tenantId: TenantId): Promise<void>;
  /** Looks for changes that were not made here, in every tenant where it is time. */
  lookForDrift(): Promise<void>;
  /** Applies the rules of every tenant where it is time. */
  applyRules(): Promise<void>;
}

/** Puts the features together: their stores, their jobs in the queue, their routes. */
export async function createFeatures(foundation: Foundation): Promise<Features> {
  const { config, db, queue, fetch, clock, logger, metrics, version, pace, syncSweepSeconds } = foundation;
  const { cloud, application, tenantIds, http } = config;
  const recordActivity = createRecordActivity(clock);

  const entra = { fetch, cloud, clock, metrics, logger };
  const applications = createApplications(config, entra);
  const graph = createGraphClient({ fetch, graphEndpoint: cloud.graphEndpoint, version, metrics });
  const paces = createTenantPaces(createTenantRates(db), clock, {
    ceiling: config.graphRequestsPerSecond,
    ...pace,
  });

  const consents = createConsentStore({ db, clock, queue, recordActivity });
  const organizations = createOrganizationStore({
    db,
    clock,
    recordActivity,
    onNeedsChanged: consents.judgeAnew,
    onApplicationChanged: consents.forget,
    applications,
  });
  await reconcileRegistrations({
    db,
    clock,
    recordActivity,
    applications,
    tenantIds,
    onApplicationChanged: consents.forget,
  });
  const users = createUserStore({ db, clock, recordActivity });
  const attempts = createConsentAttemptStore({ db, clock, recordActivity });
  const checks = createCheckStore({
    db,
    clock,
    queue,
    recordActivity,
    exchangeBoundMinutes: config.exchangeBoundMinutes,
    isRingToHold,
    async onRingCheckEnded(tx, { tenant_id, migration_id }) {
      if (migration_id !== null) await enqueueAdvance(tx, queue, { tenant_id, id: migration_id });
    },
  });
  const { exchangeBoundMinutes } = config;
  const sessions = createSyncSessionStore({ db, clock, queue, recordActivity, exchangeBoundMinutes });
  const asking = { applications, graph, clock };
  queue.register(verifyAgain, { consents, ...asking }, { concurrency: 4 });
  const probing = { graph, applications, paces, clock, metrics };
  queue.register(
    checkMailboxes,
    { checks, logger, ...probing },
    { concurrency: config.runsAtOnce, oneAtATimePerKey: true },
  );
  // Workers of their own: however many long runs there are, a small one begins at once.
  queue.register(checkFewMailboxes, { checks, logger, ...probing }, { concurrency: 2 });
  const provisioning = {
    db,
    runs: createProvisioningRuns({ db, clock, recordActivity, insertUsers }),
    ...probing,
  };
  queue.register(provision, provisioning, { concurrency: 2, oneAtATimePerKey: true });
  queue.register(provisionFew, provisioning, { concurrency: 2, oneAtATimePerKey: true });
  const scoping = { db, clock, queue, recordActivity, exchangeBoundMinutes: config.exchangeBoundMinutes };
  const verifyConsents = createVerifyConsents({ organizations, consents, ...asking });
  const delegatedTokens = createDelegatedTokens({ ...entra, application });
  const mailboxScope = createMailboxScope({
    ...scoping,
    ...asking,
    fetch,
    cloud,
    mode: config.exchangeGateway,
    delegatedTokens,
    verifyConsents,
    recheckMinutes: config.recheckMinutes,
  });
  const { looks, proveAs } = mailboxScope;
  queue.register(proveScope, { proveAs, logger, ...probing }, { concurrency: 2 });
  queue.register(
    findDrift,
    {
      looks,
      lookAs(tenantId: TenantId, registration: RegistrationName) {
        const scope = mailboxScope.of(tenantId, registration);
        if (!scope) return undefined;
        const { appId, tokens } = scope.application;
        return {
          ...scope,
          appId,
          tokens,
          graph,
          clock,
          verifyAgain: (tenant: TenantId, signal: AbortSignal) => verifyConsents(tenant, registration, signal),
        };
      },
    },
    { concurrency: 1 },
  );
  const assignmentRules = createAssignmentRules({
    ...scoping,
    applications,
    graph,
    logger,
    organizations,
    insertUsers,
    onNeedsChanged: consents.judgeAnew,
    everyMinutes: config.recheckMinutes,
  });
  const blockingExcess = createBlockingExcess(consents, config.checksBlockedBy);
  const executor = (access: GatewayAccess) =>
    createGatewayExecutor({ fetch, clock, exchangeEndpoint: cloud.exchangeEndpoint, access });
  const ewsMigrations = createEwsMigrations({
    ...scoping,
    appId: application.clientId,
    checks,
    organizations,
    blockingExcess,
    exchangeEnvironment: cloud.exchangeEnvironment,
    gatewayMode: config.exchangeGateway,
    executorFor: (admin) => executor(delegatedAccess(delegatedTokens, cloud, admin)),
    executorAsApplication: (tenantId) => executor(applicationAccess(applications.own.exchangeTokens, tenantId)),
    delegatedScope: manageExchangeScope(cloud),
  });
  queue.register(
    advanceMigration,
    { migrations: ewsMigrations.migrations },
    { concurrency: 2, oneAtATimePerKey: true },
  );
  const synchronizing = { sessions, logger, ...probing };
  queue.register(synchronizeMailbox, synchronizing, { concurrency: 4 });
  queue.register(synchronizeDue, synchronizing, { concurrency: 4 });
  const syncs = createSyncSweeper({ sessions, tenantIds, logger, everySeconds: syncSweepSeconds });

  const commands = createCommandStore(
    { db, clock, queue, recordActivity },
    { check: createCheckBatch(checks), ...createSyncBatches(queue), ...userBatches },
  );
  async function blockedOrganizations(tenantId: TenantId): Promise<ReadonlySet<OrganizationId>> {
    const ids = (await organizations.list(tenantId)).map(({ id }) => id);
    const excess = await Promise.all(ids.map((id) => blockingExcess(tenantId, id)));
    return new Set(ids.filter((_, index) => (excess[index]?.length ?? 0) > 0));
  }
  queue.register(askRescheduled, { checks, logger, blockedOrganizations }, { concurrency: 1 });
  queue.register(
    carryOutCommand,
    { commands, clock, logger, blockedOrganizations },
    { concurrency: 2, oneAtATimePerKey: true },
  );
  return {
    routes: [
      ...sessionRoutes({ clientId: application.clientId, version }),
      ...overviewRoutes({ overview: createOverviewStore(db) }),
      ...organizationRoutes({ organizations, applications }),
      ...assignmentRules.routes,
      ...userRoutes({ users, organizations, clock }),
      ...provisioningRoutes({
        provisionings: createProvisionings({ db, clock, queue, limitBytes: config.importLimitBytes }),
        rows: createProvisioningRows(db),
        clock,
        organizations,
      }),
      ...savedViewRoutes({ views: createSavedViews({ db, clock }) }),
      ...userCommandRoutes({ commands, organizations }),
      ...consentRoutes({ consents, attempts, organizations, logger, ...asking }),
      ...mailboxConnectivityRoutes({ checks, clock, blockingExcess, organizations }),
      ...reportRoutes({
        db,
        clock,
        recordActivity,
        version,
        checks,
        consents,
        latestProof: (tenantId, registration) => proveAs(registration).proofs.latest(tenantId),
        organizations,
        migrations: ewsMigrations.migrations,
        cockpit: ewsMigrations.cockpit,
      }),
      ...requestRateRoutes({
        rates: createRequestRateStore({ db, recordActivity, operatorCeiling: config.graphRequestsPerSecond }),
      }),
      ...mailboxScope.routes,
      ...ewsMigrations.routes,
      ...mailboxSyncRoutes({ sessions }),
      ...activityRoutes({ activities: createActivityStore(db) }),
    ],
    mountConsentStart(app, limit) {
      mountConsentStart(app, {
        attempts,
        limit,
        trustProxy: http.trustProxy,
        authorityHost: cloud.authorityHost,
        graphEndpoint: cloud.graphEndpoint,
        applications,
        publicUrl: http.publicUrl,
      });
    },
    syncs,
    prepareTenant: (tenantId) => organizations.ensureDefault(tenantId),
    lookForDrift: () => looks.enqueueDue(tenantIds),
    applyRules: () => assignmentRules.applyDue(tenantIds),
  };
}
