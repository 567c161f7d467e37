import { Readable } from 'node:stream';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import type { Endpoint } from '../../contract/endpoint.ts';
import { AppError } from '../app-error.ts';
import type { Admin } from '../auth/admin.ts';
import type { Authenticate } from '../auth/verify-token.ts';
import { eventStreamResponse } from './event-stream.ts';
import { type FileAnswer, fileResponse } from './file-answer.ts';
import { problemResponse } from './problem.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Route } from './route.ts';

export interface AppEnvironment {
  Variables: { requestId: string; routePath: string; tenantId: string };
}

export interface ApiDependencies {
  readonly authenticate: Authenticate;
  /** Called with each verified admin before the handler: the tenant's default organization exists afterwards. */
  readonly prepareTenant: (admin: Admin) => Promise<void>;
  readonly limits: { readonly client: RateLimit; readonly admin: RateLimit; readonly anonymous: RateLimit };
  readonly trustProxy: boolean;
  /** Checks answers against the contract; a mismatch is a bug and answers 500. */
  readonly validatesAnswers: boolean;
  /** Fires when the process stops: streams end then. */
  readonly stopping: AbortSignal;
}

const bodyLimitBytes = 1024 * 1024;

function limitBody(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: (context) =>
      problemResponse(context, new AppError('request.too_large', { details: { limitBytes: maxSize } })),
  });
}

/** Mounts the routes of the contract; other methods on their paths answer 405. */
export function mountApi(app: Hono<AppEnvironment>, routes: readonly Route[], dependencies: ApiDependencies): void {
  app.use('/api/*', async (context, next) => {
    context.header('cache-control', 'no-store');
    const seconds = dependencies.limits.client.refusedFor(clientAddress(context, dependencies.trustProxy));
    if (seconds !== undefined) throw new AppError('request.too_many', { retryAfterSeconds: seconds });
    await next();
  });
  for (const { endpoint, handle } of routes) {
    app.on(endpoint.method, endpoint.path, limitBody(endpoint.bodyLimitBytes ?? bodyLimitBytes), async (context) => {
      context.set('routePath', endpoint.path);
      const admin = await admit(context, endpoint, dependencies);
      const params = parse(endpoint.params, context.req.param(), 'params');
      const query = parse(endpoint.query, singleValues(new URL(context.req.url).searchParams), 'query');
      const body = endpoint.body ? parse(endpoint.body, await readJson(context), 'body') : undefined;
      if (endpoint.streams) {
        const reader = new AbortController();
        const source = await handle({ params, query, body, admin, signal: reader.signal });
        return eventStreamResponse(checked(endpoint, source as AsyncIterable<unknown>, dependencies), {
          signal: dependencies.stopping,
          stop: () => reader.abort(),
        });
      }
      const upload = endpoint.upload ? fileOf(context, endpoint.upload) : undefined;
      const answer = await handle({ params, query, body, admin, ...(upload ? { upload } : {}) });
      if (endpoint.download) return fileResponse(endpoint.download, answer as FileAnswer);
      if (!endpoint.response) return context.body(null, 204);
      if (dependencies.validatesAnswers) endpoint.response.parse(answer);
      return context.json(answer as object, endpoint.status ?? 200);
    });
  }

  const methodsOf = Map.groupBy(routes, ({ endpoint }) => endpoint.path);
  for (const [path, ofPath] of methodsOf) {
    const allow = ofPath.map(({ endpoint }) => endpoint.method).join(', ');
    app.all(path, (context) => {
      context.header('allow', allow);
      const response = problemResponse(context, new AppError('request.method_not_allowed', { details: { allow } }));
      response.headers.set('allow', allow);
      return response;
    });
  }
}

async function* checked(
  endpoint: Endpoint,
  source: AsyncIterable<unknown>,
  { validatesAnswers }: ApiDependencies,
): AsyncGenerator<unknown> {
  for await (const answer of source) {
    if (validatesAnswers) endpoint.response?.parse(answer);
    yield answer;
  }
}

async function admit(context: Context<AppEnvironment>, endpoint: Endpoint, dependencies: ApiDependencies) {
  const { authenticate, prepareTenant, limits, trustProxy } = dependencies;
  if (endpoint.access === 'anonymous') {
    const seconds = limits.anonymous.refusedFor(`${endpoint.path} ${clientAddress(context, trustProxy)}`);
    if (seconds !== undefined) throw new AppError('request.too_many', { retryAfterSeconds: seconds });
    return undefined;
  }
  const admin = await authenticate(context.req.header('authorization'));
  context.set('tenantId', admin.tenantId);
  const seconds = limits.admin.refusedFor(`${admin.tenantId} ${admin.userId}`);
  if (seconds !== undefined) throw new AppError('request.too_many', { retryAfterSeconds: seconds });
  await prepareTenant(admin);
  return admin;
}

/** The peer, or what a trusted proxy says about it: the last address, because the ones before are the client's word. */
export function clientAddress(context: Context, trustProxy: boolean): string {
  const forwarded = trustProxy ? context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  if (forwarded) return forwarded.slice(0, 64);
  try {
    return getConnInfo(context).remote.address ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

function requireContentType(context: Context, wanted: string): void {
  const contentType = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (contentType !== wanted) throw new AppError('request.wrong_content_type', { details: { wanted } });
}

/** The body as it arrives; nothing of it is read before the handler asks. */
function fileOf(context: Context, type: string): AsyncIterable<Uint8Array> {
  requireContentType(context, type);
  return context.req.raw.body ?? Readable.from([]);
}

/** Bytes that are no UTF-8 would be stored as other ones than were sent. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

async function readJson(context: Context): Promise<unknown> {
  requireContentType(context, 'application/json');
  const bytes = await context.req.arrayBuffer();
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new AppError('request.malformed');
  }
}

/** A parameter given twice means different things to different readers: it is refused. */
function singleValues(query: URLSearchParams): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of query) {
    if (name in values)
      throw new AppError('request.invalid', {
        details: { in: 'query', issues: [`${name.slice(0, 50)}: given twice`] },
      });
    values[name] = value;
  }
  return { ...values };
}

function parse(schema: z.ZodType | undefined, input: unknown, place: 'params' | 'query' | 'body'): unknown {
  if (!schema) return undefined;
  if (!isStorable(input)) {
    throw new AppError('request.invalid', {
      details: { in: place, issues: ['a text holds a NUL or half a character'] },
    });
  }
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 20).map((issue) => `${issue.path.join('.') || place}: ${issue.message}`);
  throw new AppError('request.invalid', { details: { in: place, issues: issues.map((one) => one.slice(0, 200)) } });
}

/** PostgreSQL stores neither NUL nor lone surrogates. */
function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (value === null || typeof value !== 'object') return true;
  if (depth > 10) return false;
  return Object.values(value).every((one) => isStorable(one, depth + 1));
}
