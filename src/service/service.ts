import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import type { TabConfiguration } from '../contract/tab-configuration.ts';
import type { OrganizationId, TenantId } from '../domain/ids.ts';
import { ownRegistration, type RegistrationName } from '../domain/registration.ts';
import { createRecordActivity } from './audit.ts';
import { createSigningKeys } from './auth/signing-keys.ts';
import { createAuthenticate } from './auth/verify-token.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { type Database, type DatabaseSource, openDatabase } from './db/database.ts';
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
import { gatherFacts } from './features/consent/gather-facts.ts';
import { consentRoutes } from './features/consent/routes.ts';
import { mountConsentStart } from './features/consent/start-page.ts';
import { verifyAgain } from './features/consent/verify-again.job.ts';
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
import { createApp } from './http/app.ts';
import { createRateLimit } from './http/rate-limit.ts';
import { type ListeningServer, listen } from './http/server.ts';
import { createLogger, type Logger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createBoundedFetch, createDispatcher } from './outbound/bounded-fetch.ts';
import { createQueue, type Queue } from './queue/queue.ts';

/** What a process or a test may bring; everything has a default for production. */
export interface ServiceDependencies {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** PEM of an authority to trust beside the usual ones. A process uses `NODE_EXTRA_CA_CERTS` instead. */
  readonly trustedCa?: string;
  /** Instead of the configured database: another one, or one that is open already and stays the caller's to close. */
  readonly database?: DatabaseSource | Database;
  readonly tabDirectory?: string;
  /** Requests per second and at once: of one address, of one admin, and of anonymous endpoints per address. */
  readonly rateLimits?: Partial<typeof defaultRateLimits>;
  /** How fast a tenant is asked to begin with, and at most. */
  readonly pace?: PacerOptions;
  /** How often mailboxes that are due are looked for; 0 for only when `syncs.sweep` is called. */
  readonly syncSweepSeconds?: number;
  /** Called once when the database hangs or its thread dies: the process should end. */
  readonly onFault?: (error: Error) => void;
}

export interface Service {
  readonly app: Hono<AppEnvironment>;
  readonly queue: Queue;
  readonly database: Database;
  readonly syncs: Pick<SyncSweeper, 'sweep'>;
  /** Listens and works, as the roles say. @throws PortInUse */
  start(): Promise<{ readonly port: number | undefined }>;
  /** Looks for changes that were not made here, in every tenant where it is time; a timer of each worker calls it. */
  lookForDrift(): Promise<void>;
  /** Applies the rules of every tenant where it is time; a timer of each worker calls it. */
  applyRules(): Promise<void>;
  /** Stops accepting, hands jobs back, closes the database. */
  stop(): Promise<void>;
}

const defaultRateLimits = {
  client: { perSecond: 100, burst: 400 },
  admin: { perSecond: 50, burst: 200 },
  anonymous: { perSecond: 1, burst: 20 },
};

export const version: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/**
 * Puts the service together: every dependency is passed from here.
 * @throws DirectoryInUse, NewerSchema, ChangedStep, DatabaseUnavailable
 */
export async function createService(config: Config, given: ServiceDependencies = {}): Promise<Service> {
  const { cloud, application, tenantIds, http, roles } = config;
  const clock = given.clock ?? systemClock;
  const logger = given.logger ?? createLogger(config.logLevel);
  const metrics = createMetrics();
  const dispatcher = createDispatcher(given.trustedCa);
  const fetch = createBoundedFetch(dispatcher);

  const source = given.database ?? config.database;
  const isBorrowed = 'db' in source;
  const database = isBorrowed
    ? source
    : await openDatabase(source, {
        onFault(error) {
          logger.error({ err: error }, 'database fault');
          given.onFault?.(error);
        },
      });
  const { db } = database;
  const queue = createQueue({ database, logger, works: roles.includes('worker') });
  const recordActivity = createRecordActivity(clock);

  const entra = { fetch, cloud, clock, metrics, logger };
  const applications = createApplications(config, entra);
  const graph = createGraphClient({ fetch, graphEndpoint: cloud.graphEndpoint, version, metrics });
  const paces = createTenantPaces(createTenantRates(db), clock, {
    ceiling: config.graphRequestsPerSecond,
    ...given.pace,
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
  const sessions = createSyncSessionStore({ db, clock, queue, recordActivity });
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
  async function verifyConsents(
    tenantId: TenantId,
    registration: RegistrationName,
    signal?: AbortSignal,
  ): Promise<void> {
    for (const { id, name, capabilities, connectionType, ...using } of await organizations.list(tenantId)) {
      if (connectionType !== 'graph_app_only' || (using.registration ?? ownRegistration) !== registration) continue;
      const organization = { tenantId, id, name, capabilities, registration };
      await consents.save(organization, await gatherFacts({ ...asking, consents }, organization, signal));
    }
  }
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
  const syncs = createSyncSweeper({ sessions, tenantIds, logger, everySeconds: given.syncSweepSeconds ?? 15 });

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
  const isWeb = roles.includes('web');
  const keys = createSigningKeys({ fetch, authorityHost: cloud.authorityHost, tenantIds, clock, logger });
  const rates = { ...defaultRateLimits, ...given.rateLimits };
  const limits = {
    client: createRateLimit(rates.client, clock),
    admin: createRateLimit(rates.admin, clock),
    anonymous: createRateLimit(rates.anonymous, clock),
  };
  const stopping = new AbortController();

  const app = createApp({
    routes: isWeb
      ? [
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
        ]
      : [],
    mount(mounted) {
      if (!isWeb) return;
      mountConsentStart(mounted, {
        attempts,
        limit: limits.anonymous,
        trustProxy: http.trustProxy,
        authorityHost: cloud.authorityHost,
        graphEndpoint: cloud.graphEndpoint,
        applications,
        publicUrl: http.publicUrl,
      });
    },
    tab: isWeb
      ? {
          directory: given.tabDirectory ?? fileURLToPath(new URL('../../dist/tab', import.meta.url)),
          cloud,
          configuration: tabConfiguration(config),
        }
      : undefined,
    authenticate: createAuthenticate({ keys, rules: { tenantIds, application }, clock, metrics }),
    prepareTenant: ({ tenantId }) => organizations.ensureDefault(tenantId),
    limits,
    stopping: stopping.signal,
    trustProxy: http.trustProxy,
    validatesAnswers: !config.isProduction,
    version,
    // Browsers apply it to every port of a host, so a developer's machine must not get it.
    isHttps: http.publicUrl.startsWith('https://') && new URL(http.publicUrl).hostname !== 'localhost',
    logger,
    metrics,
    async notReady() {
      const parts = {
        stopping: stopping.signal.aborted,
        database: !(await database.isReady()),
        queue: !queue.isReady(),
        entra: isWeb && !keys.areKnown(),
      };
      // Asking again here makes the service ready as soon as Entra answers, without waiting for a token.
      if (parts.entra) for (const tenantId of tenantIds) void keys.warm(tenantId);
      return Object.entries(parts)
        .filter(([, isMissing]) => isMissing)
        .map(([part]) => part);
    },
    async refreshMetrics() {
      if (queue.isReady()) metrics.queueDepth.set(await queue.depth());
    },
  });

  const lookForDrift = () => looks.enqueueDue(tenantIds);
  const applyRules = () => assignmentRules.applyDue(tenantIds);
  let lookTimer: NodeJS.Timeout | undefined;
  let server: ListeningServer | undefined;
  return {
    app,
    queue,
    database,
    syncs,
    async start() {
      // The port first: a second start must not touch the queue.
      server = await listen(app, http);
      await queue.start();
      if (roles.includes('worker')) syncs.start();
      for (const tenantId of tenantIds) void keys.warm(tenantId);
      if (roles.includes('worker') && config.recheckMinutes > 0) {
        const look = () => {
          void lookForDrift().catch((error: unknown) => logger.error({ err: error }, 'looking for drift failed'));
          void applyRules().catch((error: unknown) => logger.error({ err: error }, 'starting rules failed'));
        };
        look();
        lookTimer = setInterval(look, 60_000).unref();
      }
      return { port: server.port };
    },
    lookForDrift,
    applyRules,
    async stop() {
      stopping.abort();
      clearInterval(lookTimer);
      await server?.close(3_000);
      await syncs.stop();
      await queue.stop(8_000);
      if (!isBorrowed) await database.close();
      await dispatcher.close();
    },
  };
}

function tabConfiguration({ cloud, application, tenantIds }: Config): TabConfiguration {
  const [onlyTenant, ...others] = tenantIds;
  return {
    clientId: application.clientId,
    authority: `${cloud.authorityHost}/${others.length === 0 ? onlyTenant : 'organizations'}`,
    apiScope: `${application.appIdUri}/${application.apiScope}`,
    graphEndpoint: cloud.graphEndpoint,
    teamsOrigins: cloud.teamsOrigins,
    ...(cloud.label ? { cloudLabel: cloud.label } : {}),
  };
}
