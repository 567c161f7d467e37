import { createSecureContext, rootCertificates } from 'node:tls';
import { Agent, buildConnector, type Dispatcher } from 'undici';

/** An answer that arrived whole, whatever its status. */
export interface BoundedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** No whole answer: refused, reset, cut, too slow or too large. `cause` has the network's own error. */
export class Unreachable extends Error {}

export interface BoundedRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for the whole exchange. */
  readonly deadlineMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export type BoundedFetch = (url: string, request: BoundedRequest) => Promise<BoundedAnswer>;

/**
 * The only way out to the network: https only, no redirects followed, a deadline and a size limit on everything.
 * @throws Unreachable; the caller's abort reason when its signal fires
 */
export function createBoundedFetch(dispatcher: Dispatcher): BoundedFetch {
  return async (url, request) => {
    if (!url.startsWith('https://')) throw new Unreachable('Only https addresses are called');
    const { signal } = request;
    signal?.throwIfAborted();
    try {
      return await exchange(dispatcher, new URL(url), request);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw new Unreachable(`No answer from ${new URL(url).host}`, { cause: error });
    }
  };
}

/** Connections that are kept and reused. `ca` is trusted beside the usual authorities. */
export function createDispatcher(ca?: string): Agent {
  return new Agent({
    connections: 64,
    pipelining: 1,
    headersTimeout: 30_000,
    bodyTimeout: 15_000,
    keepAliveTimeout: 30_000,
    // As a function: an agent copies plain options. With one context: each connection would read all authorities anew.
    connect: buildConnector({
      timeout: 10_000,
      secureContext: createSecureContext(ca ? { ca: [...rootCertificates, ca] } : {}),
    }),
  });
}

/**
 * One request and its whole answer. Without undici's `request`, whose stream for every body costs more than all else.
 * @throws the network's error, or why it was given up
 */
function exchange(
  dispatcher: Dispatcher,
  { origin, pathname, search }: URL,
  { method = 'GET', headers = {}, body, deadlineMs, maxBytes, signal }: BoundedRequest,
): Promise<BoundedAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<BoundedAnswer>();
  const deadline = setTimeout(() => giveUp(new Error(`No whole answer within ${deadlineMs} ms`)), deadlineMs);
  const abort = () => giveUp(signal?.reason);
  signal?.addEventListener('abort', abort);
  let sending: Dispatcher.DispatchController | undefined;
  let givenUp: Error | undefined;
  let status = 0;
  let answerHeaders: BoundedAnswer['headers'] = {};
  let size = 0;
  const chunks: Buffer[] = [];

  function end(): void {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', abort);
  }

  function fail(error: Error): void {
    end();
    reject(error);
  }

  function giveUp(reason: Error): void {
    givenUp = reason;
    fail(reason);
    sending?.abort(reason);
  }

  dispatcher.dispatch(
    { origin, path: pathname + search, method, headers, body: body ?? null },
    {
      onRequestStart(controller) {
        sending = controller;
        // While it waited for a connection.
        if (givenUp) controller.abort(givenUp);
      },
      onResponseStart(_controller, statusCode, received) {
        status = statusCode;
        answerHeaders = flatten(received);
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size <= maxBytes) chunks.push(chunk);
        else giveUp(new Error(`The answer is larger than ${maxBytes} bytes`));
      },
      onResponseEnd() {
        end();
        resolve({ status, headers: answerHeaders, text: Buffer.concat(chunks, size).toString('utf8') });
      },
      onResponseError: (_controller, error) => fail(error),
    },
  );
  return promise;
}

/** undici has the names in lower case. */
function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
