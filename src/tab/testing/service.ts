import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { vi } from 'vitest';
import { getScopeDifferences, listAssignmentRules } from '../../contract/assignment-rules.ts';
import type { Answer, Endpoint } from '../../contract/endpoint.ts';
import { type ErrorCode, errorCatalogue } from '../../contract/errors.ts';
import { compareConnectivityCheck, listConnectivityChecks } from '../../contract/mailbox-connectivity.ts';
import { getMailboxAccess, getMailboxScope } from '../../contract/mailbox-scope.ts';
import { listRegistrations } from '../../contract/organizations.ts';
import { getRequestRate } from '../../contract/request-rate.ts';
import { listSavedViews } from '../../contract/saved-views.ts';
import { getUserHistory } from '../../contract/users.ts';
import { aComparison, aMailboxAccess, aMailboxScope, configuration } from './fixtures.ts';

/**
 * The service, faked at the network. A request nobody answers fails the test, but for what other pages show beside
 * their own: there, nobody has limited or checked anything.
 */
export const service = setupServer(
  http.get(`*${getMailboxScope.path}`, () => HttpResponse.json(aMailboxScope())),
  http.get(`*${listRegistrations.path}`, () =>
    HttpResponse.json({ registrations: [{ name: null, clientId: configuration.clientId }] }),
  ),
  http.get(`*${listConnectivityChecks.path}`, () => HttpResponse.json({ checks: [] })),
  http.get(`*${compareConnectivityCheck.path}`, () => HttpResponse.json(aComparison())),
  http.get(`*${getUserHistory.path}`, () => HttpResponse.json({ verdicts: [], audit: [] })),
  http.get(`*${listSavedViews.path}`, () => HttpResponse.json({ views: [] })),
  http.get(`*${getMailboxAccess.path}`, () => HttpResponse.json(aMailboxAccess())),
  http.get(`*${listAssignmentRules.path}`, () =>
    HttpResponse.json({ rules: [], lastRun: null, preview: null, everyMinutes: 60 }),
  ),
  http.get(`*${getScopeDifferences.path}`, () =>
    HttpResponse.json({
      limit: null,
      outsideScope: { people: 0, examples: [] },
      notHere: { people: 0, examples: [] },
    }),
  ),
  http.get(`*${getRequestRate.path}`, () =>
    HttpResponse.json({ ceiling: null, operatorCeiling: 13_000, learnt: null }),
  ),
);

export interface Call {
  readonly url: URL;
  readonly body: unknown;
  readonly authorization: string | null;
}

// biome-ignore lint/suspicious/noExplicitAny: an endpoint's schemas are invariant, so only `any` accepts them all
type AnyEndpoint = Endpoint<any, any, any, any>;

/** Answers an endpoint. @returns the calls it got, as they come */
export function answer<E extends AnyEndpoint>(endpoint: E, with_: Answer<E> | ((call: Call) => Answer<E>)): Call[] {
  const calls: Call[] = [];
  service.use(
    handlerOf(endpoint, async (call) => {
      calls.push(call);
      const body = typeof with_ === 'function' ? (with_ as (call: Call) => Answer<E>)(call) : with_;
      return endpoint.response
        ? HttpResponse.json(body as never, { status: endpoint.status ?? 200 })
        : new HttpResponse(null, { status: 204 });
    }),
  );
  return calls;
}

/** Streams of an endpoint, as a test drives them. */
export interface FakeStream<State> {
  /** One for each connection, as they come. */
  readonly calls: Call[];
  /** Tells the newest connection. */
  send(state: State): Promise<void>;
  /** Sends a comment, as the service does while there is nothing to tell. */
  beat(): Promise<void>;
  end(): Promise<void>;
  /** Breaks the newest connection. */
  cut(): Promise<void>;
}

/** Answers an endpoint with a stream that begins with the current state, if there is one. */
export function stream<E extends AnyEndpoint>(endpoint: E, current?: () => Answer<E>): FakeStream<Answer<E>> {
  const calls: Call[] = [];
  const connected: ReadableStreamDefaultController<Uint8Array>[] = [];
  const encoder = new TextEncoder();
  const write = (to: ReadableStreamDefaultController<Uint8Array>, text: string) => to.enqueue(encoder.encode(text));
  const eventOf = (state: Answer<E>) => `data: ${JSON.stringify(state)}\n\n`;
  const newest = () => vi.waitUntil(() => connected.at(-1));
  service.use(
    handlerOf(endpoint, async (call) => {
      calls.push(call);
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          connected.push(controller);
          if (current) write(controller, eventOf(current()));
        },
      });
      return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } });
    }),
  );
  return {
    calls,
    send: async (state) => write(await newest(), eventOf(state)),
    beat: async () => write(await newest(), ': still here\n\n'),
    end: async () => (await newest()).close(),
    cut: async () => (await newest()).error(new TypeError('the connection broke')),
  };
}

/** Makes an endpoint refuse with a code of the catalogue. */
export function refuse(endpoint: AnyEndpoint, code: ErrorCode, details?: Record<string, unknown>): Call[] {
  const calls: Call[] = [];
  service.use(
    handlerOf(endpoint, async (call) => {
      calls.push(call);
      const { status, title, remedy } = errorCatalogue[code];
      const problem = { type: 'about:blank', title, status, code, remedy, details, requestId: 'request-1' };
      return HttpResponse.json(problem, { status, headers: { 'content-type': 'application/problem+json' } });
    }),
  );
  return calls;
}

/** Leaves an endpoint without an answer. */
export function neverAnswer(endpoint: AnyEndpoint): void {
  service.use(handlerOf(endpoint, () => new Promise<never>(() => {})));
}

export function failToConnect(endpoint: AnyEndpoint): void {
  service.use(handlerOf(endpoint, async () => HttpResponse.error()));
}

function handlerOf(endpoint: AnyEndpoint, respond: (call: Call) => Promise<Response>) {
  const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete';
  return http[method](`*${endpoint.path}`, async ({ request }) => {
    const text = await request.text();
    return respond({
      url: new URL(request.url),
      // A file comes as the text that it is.
      body: request.headers.get('content-type')?.includes('json') && text ? JSON.parse(text) : text || undefined,
      authorization: request.headers.get('authorization'),
    });
  });
}
