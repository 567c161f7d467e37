import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../world.ts';
import { type Caller, readCaller, type VerifiedTokens } from './caller.ts';
import { GraphError, NotSimulated, resourceNotFound } from './graph-error.ts';
import { checkApplication, checkMailbox } from './mailbox-access.ts';
import type { Call, GraphAnswer, GraphRequest, Operation } from './operation.ts';
import { operations } from './operations.ts';
import { checkPermission, holdsOneOf } from './permission-check.ts';
import { type Match, makeRouter } from './routing.ts';
import { Throttling } from './throttling.ts';

export type Graph = (request: GraphRequest) => Promise<GraphAnswer>;

/** Microsoft Graph: answers one request, whether it came alone or in a batch. Never throws for what a caller did. */
export function makeGraph(world: World, throttling = new Throttling(world)): Graph {
  const route = makeRouter(operations);
  const verified: VerifiedTokens = new Map();

  async function answer(request: GraphRequest, seen: { caller?: Caller }): Promise<GraphAnswer> {
    const caller = readCaller(world, request.headers.authorization, verified);
    seen.caller = caller;
    const match = find(request, caller);
    throttling.takeFromTenant(caller.tenant, caller.appId);
    const call = makeCall(match, request, caller);
    checkPermission(caller, match.operation, call.path['user-id']);
    return match.operation.service === 'outlook' ? openMailbox(match, call) : askDirectory(match, call);
  }

  /** `/me` is the user of the token. */
  function find(request: GraphRequest, caller: Caller): Match {
    let [, version, path = ''] = request.target.path.match(/^\/([^/]*)\/?(.*)$/) ?? [];
    if (/^me(\/|$)/i.test(path)) {
      if (caller.kind === 'application') {
        throw new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
      }
      path = path.replace(/^me/i, `users/${caller.person.id}`);
    }
    const match = version === 'v1.0' ? route(request.method, path) : undefined;
    if (match) return match;
    throw new NotSimulated('no such operation');
  }

  function makeCall({ operation, path }: Match, request: GraphRequest, caller: Caller): Call {
    const query = new Map<string, string>();
    for (const [name, value] of request.target.query.options) {
      const known = operation.query.includes(name)
        ? name
        : operation.query.find((option) => option.toLowerCase() === name.toLowerCase());
      if (!known) throw new NotSimulated(`the query option ${name}`);
      query.set(known, value);
    }
    const holds = (...permissions: string[]) => holdsOneOf(caller, permissions, path['user-id']);
    return { world, tenant: caller.tenant, caller, request, path, query, holds };
  }

  async function askDirectory({ operation }: Match, call: Call): Promise<GraphAnswer> {
    const headers = throttling.takeUnits(call.tenant, call.caller.appId, unitsOf(operation, call));
    await sleepFor(world.settings.graphLatencyMs);
    const given = operation.answer(call);
    return { ...given, headers: { ...headers, ...given.headers } };
  }

  async function openMailbox({ operation }: Match, call: Call): Promise<GraphAnswer> {
    const asked = call.path['user-id'] ?? '';
    const person = call.tenant.find(asked);
    checkApplication(operation, call, person);
    if (!person || person.deletedAt) throw resourceNotFound(asked);
    const leave = throttling.enterMailbox(call.tenant, call.caller.appId, person.id);
    try {
      await sleepFor(world.settings.graphLatencyMs);
      checkMailbox(person.mailbox.state, asked);
      const given = operation.answer(call);
      // Ids are immutable only where that was asked for; Outlook confirms it.
      const immutable = /IdType="ImmutableId"/i.test(call.request.headers.prefer ?? '');
      return immutable
        ? { ...given, headers: { ...given.headers, 'preference-applied': 'IdType="ImmutableId"' } }
        : given;
    } finally {
      leave();
    }
  }

  return async (request) => {
    const requestId = randomUUID();
    const clientRequestId = request.headers['client-request-id'] ?? requestId;
    const { path, query } = request.target;
    const seen: { caller?: Caller } = {};
    let given: GraphAnswer;
    try {
      given = await answer(request, seen);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      const known = error instanceof NotSimulated ? error.in(request.method, path) : error;
      if (known !== error) world.requests.unknown.push(known.message);
      given = errorAnswer(known, world.clock.now(), requestId, clientRequestId);
    }
    const { caller } = seen;
    world.requests.add({
      service: 'graph',
      method: request.method,
      path,
      query: query.loggable,
      status: given.status,
      ...(caller && loggable(caller)),
      inBatch: request.inBatch,
      at: world.clock.now(),
    });
    return {
      ...given,
      headers: { 'request-id': requestId, 'client-request-id': clientRequestId, ...given.headers },
    };
  };
}

/** Who called, as it may be kept. */
function loggable(caller: Caller): { appId: string; userId?: string } {
  return caller.kind === 'delegated' ? { appId: caller.appId, userId: caller.person.id } : { appId: caller.appId };
}

/** Graph's error envelope. Its dates have no offset, other than the OpenAPI description says. */
export function errorAnswer(
  error: GraphError,
  now: Date,
  requestId: string,
  clientRequestId: string = requestId,
): GraphAnswer {
  const innerError = {
    date: now.toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': clientRequestId,
  };
  return {
    status: error.status,
    headers: error.headers,
    body: { error: { code: error.code, message: error.message, innerError } },
  };
}

/** @see Microsoft Learn, Microsoft Graph service-specific throttling limits, resource unit cost per request */
function unitsOf(operation: Operation, call: Call): number {
  const top = Number(call.query.get('$top') ?? Number.POSITIVE_INFINITY);
  const discount = (call.query.has('$select') ? 1 : 0) + (top < 20 ? 1 : 0);
  return Math.max(1, (operation.units ?? 1) - discount);
}

const sleepFor = (milliseconds: number) => (milliseconds > 0 ? sleep(milliseconds) : undefined);
