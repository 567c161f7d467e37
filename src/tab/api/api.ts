import type { Answer, Endpoint, Request } from '../../contract/endpoint.ts';
import { problem } from '../../contract/errors.ts';
import { AnswerNotUnderstood, ApiError, ServiceUnreachable } from './api-error.ts';

export interface Api {
  /**
   * Calls one endpoint of the service.
   * @throws ApiError, ServiceUnreachable, AnswerNotUnderstood, SignInFailure, or what `signal` was aborted with
   */
  // biome-ignore lint/suspicious/noExplicitAny: an endpoint's schemas are invariant, so only `any` accepts them all
  call<E extends Endpoint<any, any, any, any>>(
    endpoint: E,
    request: Request<E>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Answer<E>>;
}

interface Members {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

const limitMs = 30_000;

export function createApi(getToken: (options?: { readonly renew?: boolean }) => Promise<string>): Api {
  const send = async (endpoint: Endpoint, request: Members, token: string, signal: AbortSignal) => {
    try {
      return await fetch(addressOf(endpoint, request), {
        method: endpoint.method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        credentials: 'omit',
        signal,
      });
    } catch (error) {
      if (signal.aborted && signal.reason?.name !== 'TimeoutError') throw error;
      throw new ServiceUnreachable('the service did not answer', { cause: error });
    }
  };

  return {
    async call(endpoint, request, options) {
      const limit = AbortSignal.timeout(limitMs);
      const signal = options?.signal ? AbortSignal.any([options.signal, limit]) : limit;
      const members = request as Members;
      let response = await send(endpoint, members, await getToken(), signal);
      // Once: the token may have ended between here and there. A second refusal is an answer.
      if (response.status === 401) response = await send(endpoint, members, await getToken({ renew: true }), signal);
      return read(endpoint, response);
    },
  };
}

function addressOf(endpoint: Endpoint, { params = {}, query = {} }: Members): string {
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

// biome-ignore lint/suspicious/noExplicitAny: see Api
async function read<E extends Endpoint<any, any, any, any>>(endpoint: E, response: Response): Promise<Answer<E>> {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const type = response.headers.get('content-type') ?? '';
  const body: unknown = type.includes('json') ? await response.json().catch(() => undefined) : undefined;
  if (!response.ok) {
    const parsed = problem.safeParse(body);
    if (parsed.success) throw new ApiError(parsed.data);
    if (response.status >= 500) throw new ServiceUnreachable(`HTTP ${response.status} without a problem document`);
    throw new AnswerNotUnderstood(`HTTP ${response.status} without a problem document`, requestId);
  }
  if (!endpoint.response) return undefined as Answer<E>;
  const parsed = endpoint.response.safeParse(body);
  if (!parsed.success) {
    throw new AnswerNotUnderstood(`${endpoint.method} ${endpoint.path}`, requestId, { cause: parsed.error });
  }
  return parsed.data as Answer<E>;
}
