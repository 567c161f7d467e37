import { Hono } from 'hono';
import { api } from '../../contract/api.ts';
import type { TabConfiguration } from '../../contract/tab-configuration.ts';
import { AppError } from '../app-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type ApiDependencies, type AppEnvironment, mountApi } from './api.ts';
import { dataPolicy } from './content-security-policy.ts';
import { openApiDocument } from './openapi.ts';
import { problemResponse, toAppError } from './problem.ts';
import type { Route } from './route.ts';
import { mountTabPages } from './tab-pages.ts';

export interface AppDependencies extends ApiDependencies {
  /** Of the contract; absent in a process that only works. */
  readonly routes: readonly Route[];
  /** Adds what is neither an endpoint of the contract nor a page of the tab. */
  readonly mount?: (app: Hono<AppEnvironment>) => void;
  readonly tab:
    | { readonly directory: string; readonly cloud: Cloud; readonly configuration: TabConfiguration }
    | undefined;
  readonly version: string;
  readonly isHttps: boolean;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Which parts are not ready; empty when the service can work. */
  readonly notReady: () => Promise<string[]>;
  readonly refreshMetrics: () => Promise<void>;
}

/** The whole HTTP surface of the service. */
export function createApp(dependencies: AppDependencies): Hono<AppEnvironment> {
  const { logger, metrics, version, isHttps, notReady } = dependencies;
  const app = new Hono<AppEnvironment>();

  app.use(async (context, next) => {
    const startedAt = performance.now();
    context.set('requestId', crypto.randomUUID());
    await next();
    const { headers, status } = context.res;
    headers.set('x-request-id', context.get('requestId'));
    headers.set('x-content-type-options', 'nosniff');
    headers.set('referrer-policy', 'no-referrer');
    if (isHttps) headers.set('strict-transport-security', 'max-age=31536000');
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', dataPolicy);
    const seconds = (performance.now() - startedAt) / 1000;
    const route = context.get('routePath') ?? 'other';
    metrics.requests.observe({ method: context.req.method, route, status: `${Math.floor(status / 100)}xx` }, seconds);
    if (!context.req.path.startsWith('/api/')) return;
    logger.info(
      {
        method: context.req.method,
        route,
        status,
        ms: Math.round(seconds * 1000),
        requestId: context.get('requestId'),
        tenantId: context.get('tenantId'),
      },
      'request',
    );
  });

  app.onError((error, context) => {
    const known = toAppError(error);
    if (known.code === 'internal' || known.code === 'service.unavailable') {
      logger.error(
        { err: known.cause ?? known, requestId: context.get('requestId'), path: context.req.path },
        'request failed',
      );
    }
    return problemResponse(context, known);
  });
  app.notFound((context) => problemResponse(context, new AppError('route.not_found')));

  app.get('/healthz', (context) => context.json({ status: 'alive' }));
  app.get('/readyz', async (context) => {
    const parts = await notReady();
    context.header('cache-control', 'no-store');
    return parts.length === 0
      ? context.json({ status: 'ready' })
      : context.json({ status: 'not_ready', parts }, 503, { 'retry-after': '5' });
  });
  app.get('/metrics', async (context) => {
    await dependencies.refreshMetrics();
    return context.text(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType });
  });

  if (dependencies.routes.length > 0) {
    const document = openApiDocument(api, version);
    app.get('/api/openapi.json', (context) => context.json(document));
    mountApi(app, dependencies.routes, dependencies);
  }
  dependencies.mount?.(app);
  if (dependencies.tab) mountTabPages(app, dependencies.tab);
  return app;
}
