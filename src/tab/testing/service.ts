import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import type { Answer, Endpoint } from '../../contract/endpoint.ts';
import { type ErrorCode, errorCatalogue } from '../../contract/errors.ts';
import { getMailboxAccess, getMailboxScope } from '../../contract/mailbox-scope.ts';
import { aMailboxAccess, aMailboxScope } from './fixtures.ts';

/**
 * The service, faked at the network. A request nobody answers fails the test, but for what other pages show beside
 * their own: there, nobody has limited anything.
 */
export const service = setupServer(
  http.get(`*${getMailboxScope.path}`, () => HttpResponse.json(aMailboxScope())),
  http.get(`*${getMailboxAccess.path}`, () => HttpResponse.json(aMailboxAccess())),
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
      body: text ? JSON.parse(text) : undefined,
      authorization: request.headers.get('authorization'),
    });
  });
}
