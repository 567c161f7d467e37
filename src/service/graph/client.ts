import { type Metrics, statusClass } from '../metrics.ts';
import { type BoundedFetch, Unreachable } from '../outbound/bounded-fetch.ts';
import type { GraphAnswer } from './error.ts';

export interface GraphRequest {
  /** Path under the version, such as `/users/…`, or a link that Graph gave. */
  readonly url: string;
  readonly token: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The only code that sends a token to Microsoft Graph. */
export interface GraphClient {
  /**
   * @returns undefined when no whole answer came
   * @throws the signal's reason when aborted
   */
  send(request: GraphRequest): Promise<GraphAnswer | undefined>;
  /** Whether a link of an answer leads to the same Graph: a token follows no other. */
  isOwnLink(link: string): boolean;
}

interface Dependencies {
  readonly fetch: BoundedFetch;
  /** Root of Microsoft Graph without version. */
  readonly graphEndpoint: string;
  readonly version: string;
  readonly metrics: Metrics;
}

const deadlineMs = 60_000;
const maxBytes = 8 * 1024 * 1024;

export function createGraphClient({ fetch, graphEndpoint, version, metrics }: Dependencies): GraphClient {
  const root = `${graphEndpoint}/v1.0`;
  const { origin } = new URL(graphEndpoint);

  function isOwnLink(link: string): boolean {
    const url = URL.parse(link);
    return url !== null && url.origin === origin && url.pathname.startsWith('/v1.0/') && !url.username;
  }

  return {
    isOwnLink,
    async send({ url, token, body, headers, signal }) {
      const address = url.startsWith('/') ? `${root}${url}` : url;
      if (!isOwnLink(address)) throw new Error('A request would have left Microsoft Graph');
      try {
        const answer = await fetch(address, {
          method: body === undefined ? 'GET' : 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'application/json',
            'client-request-id': crypto.randomUUID(),
            'return-client-request-id': 'true',
            'user-agent': `MailboxAccess/${version}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          deadlineMs,
          maxBytes,
          ...(signal ? { signal } : {}),
        });
        metrics.graphCalls.inc({ status: statusClass(answer.status) });
        return { status: answer.status, headers: answer.headers, body: parseJson(answer) };
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        metrics.graphCalls.inc({ status: statusClass(undefined) });
        return undefined;
      }
    },
  };
}

/** Only escapes can write what no database takes, a NUL or half a character: a name with one stops no reading. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
}

/** JSON of an answer that says it is JSON; undefined for HTML, empty and broken bodies. */
function parseJson({ headers, text }: { headers: Readonly<Record<string, string>>; text: string }): unknown {
  if (!/\bjson\b/i.test(headers['content-type'] ?? '')) return undefined;
  try {
    return text.includes('\\u') ? JSON.parse(text, storable) : JSON.parse(text);
  } catch {
    return undefined;
  }
}
