import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { World } from '../world.ts';
import { answerBatch } from './batch.ts';
import { readCaller, type VerifiedTokens } from './caller.ts';
import { errorAnswer, makeGraph } from './graph.ts';
import { badRequest, GraphError } from './graph-error.ts';
import type { GraphAnswer, GraphRequest } from './operation.ts';
import { readTarget } from './request-target.ts';
import { Throttling } from './throttling.ts';

/** Headers that a browser may read. */
const exposedHeaders = [
  'ETag',
  'Location',
  'Preference-Applied',
  'Content-Range',
  'request-id',
  'client-request-id',
  'Retry-After',
  'WWW-Authenticate',
  'x-ms-resource-unit',
  'x-ms-throttle-limit-percentage',
].join(', ');

export const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': exposedHeaders,
};

/** Microsoft Graph over HTTP: `/v1.0/…`; `/beta` is none of the product's business. */
export function graphRoutes(world: World): Hono {
  const throttling = new Throttling(world);
  const graph = makeGraph(world, throttling);
  const verified: VerifiedTokens = new Map();
  const routes = new Hono();

  routes.options('/v1.0/*', (context) =>
    context.body(null, 204, {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, PATCH, PUT, DELETE, OPTIONS',
      'access-control-allow-headers': context.req.header('access-control-request-headers') ?? '',
      'access-control-max-age': '600',
    }),
  );

  routes.all('/v1.0/*', async (context) => {
    const requestId = randomUUID();
    const clientRequestId = context.req.header('client-request-id') ?? requestId;
    try {
      const request = await readRequest(context);
      if (request.target.path !== '/v1.0/$batch') return write(world, await graph(request));
      if (request.method !== 'POST') throw badRequest('A batch is sent by POST.');
      const { tenant, appId } = readCaller(world, request.headers.authorization, verified);
      throttling.enterBatch(tenant, appId);
      const answer = await answerBatch(world, graph, request);
      const headers = { 'request-id': requestId, 'client-request-id': clientRequestId };
      logBatch(world, request, answer.status);
      return write(world, { ...answer, headers });
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      const answer = errorAnswer(error, world.clock.now(), requestId, clientRequestId);
      const headers = { 'request-id': requestId, 'client-request-id': clientRequestId, ...answer.headers };
      return write(world, { ...answer, headers });
    }
  });
  return routes;
}

async function readRequest(context: Context): Promise<GraphRequest> {
  const { pathname, search } = new URL(context.req.url);
  const headers = Object.fromEntries(context.req.raw.headers);
  const text = context.req.method === 'GET' ? '' : await context.req.text();
  let body: unknown;
  try {
    if (text) body = JSON.parse(text);
  } catch {
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
  return {
    method: context.req.method,
    target: readTarget(decodeDollar(pathname) + search),
    headers,
    ...(body !== undefined && { body }),
    inBatch: false,
  };
}

/** `%24batch` and `$batch` are the same path. */
const decodeDollar = (pathname: string) => pathname.replaceAll('%24', '$');

function logBatch(world: World, request: GraphRequest, status: number): void {
  const { method, target } = request;
  world.requests.add({
    service: 'graph',
    method,
    path: target.path,
    query: {},
    status,
    inBatch: false,
    at: world.clock.now(),
  });
}

function write(world: World, answer: GraphAnswer): Response {
  const { status, text, body } = answer;
  const headers: Record<string, string> = {
    'cache-control': 'no-cache',
    date: world.clock.now().toUTCString(),
    ...corsHeaders,
    ...answer.headers,
  };
  if (status === 401) {
    headers['www-authenticate'] ??=
      `Bearer realm="", authorization_uri="${world.origins.authority}/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`;
  }
  if (text !== undefined) {
    headers['content-type'] = 'text/plain';
    return new Response(text, { status, headers });
  }
  if (body === undefined) return new Response(null, { status, headers });
  headers['odata-version'] = '4.0';
  headers['content-type'] =
    'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';
  return new Response(JSON.stringify(body), { status, headers });
}
