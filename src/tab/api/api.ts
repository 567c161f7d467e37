import type { Answer, Endpoint, Request } from '../../contract/endpoint.ts';
import { problem } from '../../contract/errors.ts';
import { AnswerNotUnderstood, ApiError, ServiceUnreachable } from './api-error.ts';
import { usualPace, type WatchOptions, watchStream } from './watch.ts';

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

  /**
   * Fetches the file that an endpoint with `download` answers.
   * @throws as `call` does; a file that breaks off is `ServiceUnreachable`
   */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  download<E extends Endpoint<any, any, any, any>>(endpoint: E, request: Request<E>): Promise<DownloadedFile>;

  /**
   * Sends a file, or a part of one, to an endpoint with `upload`.
   * @throws as `call` does
   */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  upload<E extends Endpoint<any, any, any, any>>(endpoint: E, request: Request<E>, content: Blob): Promise<Answer<E>>;

  /**
   * Follows an endpoint with `streams`, through broken connections, until its last state.
   * @throws as `watchStream` does
   */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  watch<E extends Endpoint<any, any, any, any>>(
    endpoint: E,
    request: Request<E>,
    options: WatchOptions<Answer<E>>,
  ): Promise<void>;
}

export interface DownloadedFile {
  readonly fileName: string;
  readonly content: Blob;
}

interface Members {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly upload?: Blob;
}

const limitMs = 30_000;
/** A part of a file over a slow line; the service cuts it sooner. */
const uploadLimitMs = 60_000;
/** A whole file: 200,000 rows over a slow line. */
const downloadLimitMs = 10 * 60_000;

export function createApi(
  getToken: (options?: { readonly renew?: boolean }) => Promise<string>,
  pace = usualPace,
): Api {
  const send = async (endpoint: Endpoint, request: Members, token: string, signal: AbortSignal) => {
    try {
      return await fetch(addressOf(endpoint, request), {
        method: endpoint.method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: endpoint.streams ? 'text/event-stream' : (endpoint.download ?? 'application/json'),
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(request.upload && endpoint.upload ? { 'content-type': endpoint.upload } : {}),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        ...(request.upload ? { body: request.upload } : {}),
        credentials: 'omit',
        signal,
      });
    } catch (error) {
      if (signal.aborted && signal.reason?.name !== 'TimeoutError') throw error;
      throw new ServiceUnreachable('the service did not answer', { cause: error });
    }
  };

  const ask = async (endpoint: Endpoint, request: Members, signal: AbortSignal) => {
    const response = await send(endpoint, request, await getToken(), signal);
    // Once: the token may have ended between here and there. A second refusal is an answer.
    return response.status === 401 ? send(endpoint, request, await getToken({ renew: true }), signal) : response;
  };

  return {
    async call(endpoint, request, options) {
      const limit = AbortSignal.timeout(limitMs);
      const signal = options?.signal ? AbortSignal.any([options.signal, limit]) : limit;
      return read(endpoint, await ask(endpoint, request as Members, signal));
    },

    async upload(endpoint, request, content) {
      const members = { ...(request as Members), upload: content };
      return read(endpoint, await ask(endpoint, members, AbortSignal.timeout(uploadLimitMs)));
    },

    async download(endpoint, request) {
      const response = await ask(endpoint, request as Members, AbortSignal.timeout(downloadLimitMs));
      if (!response.ok) await read(endpoint, response);
      const fileName = fileNameIn(response.headers.get('content-disposition') ?? '');
      const isAsked = response.headers.get('content-type')?.startsWith(endpoint.download ?? 'none');
      if (!fileName || !isAsked) {
        const requestId = response.headers.get('x-request-id') ?? undefined;
        throw new AnswerNotUnderstood(`${endpoint.method} ${endpoint.path}`, requestId);
      }
      try {
        return { fileName, content: await response.blob() };
      } catch (error) {
        throw new ServiceUnreachable('the file broke off', { cause: error });
      }
    },

    watch: (endpoint, request, options) =>
      watchStream(
        {
          connect: async (renew, signal) => send(endpoint, request as Members, await getToken({ renew }), signal),
          parse: (data) => parseEvent(endpoint, data),
          refuse: (response) => readRefusal(response),
        },
        options,
        pace,
      ),
  };
}

/** @see RFC 6266: the name with all its letters; the service always sends it */
function fileNameIn(disposition: string): string | undefined {
  const [, encoded] = /filename\*=UTF-8''([\w%.~!#$&+^`|-]+)/i.exec(disposition) ?? [];
  try {
    return encoded && decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
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
  if (!response.ok) return readRefusal(response);
  if (!endpoint.response) return undefined as Answer<E>;
  return understood(endpoint, await jsonOf(response), requestIdOf(response));
}

/** @throws ApiError, ServiceUnreachable, AnswerNotUnderstood */
async function readRefusal(response: Response): Promise<never> {
  const parsed = problem.safeParse(await jsonOf(response));
  if (parsed.success) throw new ApiError(parsed.data);
  if (response.status >= 500) throw new ServiceUnreachable(`HTTP ${response.status} without a problem document`);
  throw new AnswerNotUnderstood(`HTTP ${response.status} without a problem document`, requestIdOf(response));
}

// biome-ignore lint/suspicious/noExplicitAny: see Api
function parseEvent<E extends Endpoint<any, any, any, any>>(endpoint: E, data: string): Answer<E> {
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    // Not JSON is as little understood as other JSON.
  }
  return understood(endpoint, body, undefined);
}

// biome-ignore lint/suspicious/noExplicitAny: see Api
function understood<E extends Endpoint<any, any, any, any>>(
  endpoint: E,
  body: unknown,
  requestId: string | undefined,
): Answer<E> {
  const parsed = endpoint.response.safeParse(body);
  if (parsed.success) return parsed.data as Answer<E>;
  throw new AnswerNotUnderstood(`${endpoint.method} ${endpoint.path}`, requestId, { cause: parsed.error });
}

async function jsonOf(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  return type.includes('json') ? response.json().catch(() => undefined) : undefined;
}

function requestIdOf(response: Response): string | undefined {
  return response.headers.get('x-request-id') ?? undefined;
}
