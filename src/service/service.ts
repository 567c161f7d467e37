import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import type { TabConfiguration } from '../contract/tab-configuration.ts';
import { createSigningKeys } from './auth/signing-keys.ts';
import { createAuthenticate } from './auth/verify-token.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { type Database, type DatabaseSource, openDatabase } from './db/database.ts';
import type { SyncSweeper } from './features/mailbox-sync/sync-sweeper.ts';
import { createFeatures } from './features.ts';
import type { PacerOptions } from './graph/pacer.ts';
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
  const queue = createQueue({ database, logger, works: roles.includes('worker') });
  const features = await createFeatures({
    config,
    db: database.db,
    queue,
    fetch,
    clock,
    logger,
    metrics,
    version,
    pace: given.pace ?? {},
    syncSweepSeconds: given.syncSweepSeconds ?? 15,
  });

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
    routes: isWeb ? features.routes : [],
    mount(mounted) {
      if (isWeb) features.mountConsentStart(mounted, limits.anonymous);
    },
    tab: isWeb
      ? {
          directory: given.tabDirectory ?? fileURLToPath(new URL('../../dist/tab', import.meta.url)),
          cloud,
          configuration: tabConfiguration(config),
        }
      : undefined,
    authenticate: createAuthenticate({ keys, rules: { tenantIds, application }, clock, metrics }),
    prepareTenant: ({ tenantId }) => features.prepareTenant(tenantId),
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

  const { syncs, lookForDrift, applyRules } = features;
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
