import { rootCertificates } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';

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
  return async (url, { method = 'GET', headers = {}, body, deadlineMs, maxBytes, signal }) => {
    if (!url.startsWith('https://')) throw new Unreachable('Only https addresses are called');
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      const answer = await request(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        dispatcher,
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
      return {
        status: answer.statusCode,
        headers: flatten(answer.headers),
        text: await readBounded(answer.body, maxBytes),
      };
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
    // As a function: an agent copies plain options and loses the list.
    connect: buildConnector({ timeout: 10_000, ...(ca ? { ca: [...rootCertificates, ca] } : {}) }),
  });
}

async function readBounded(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) {
      body.destroy();
      throw new Error(`The answer is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
