import { z } from 'zod';
import type { TenantId } from '../../domain/ids.ts';
import type { Clock } from '../clock.ts';
import { retryAfterSeconds } from '../graph/retry-after.ts';
import { type BoundedAnswer, type BoundedFetch, Unreachable } from '../outbound/bounded-fetch.ts';
import type { ExchangeProblem } from './executor.ts';
import { GatewayRefused, parseJson, readGatewayError } from './gateway-error.ts';

/** An object that a cmdlet put out. */
export type CmdletOutput = Readonly<Record<string, unknown>>;

/** Cmdlets of Exchange Online, one request each. */
export interface Cmdlets {
  /**
   * All that the cmdlet puts out; never a part of it.
   * @throws CmdletFailed when it ran and failed, GatewayRefused when it did not run or its answer cannot be used, the
   * signal's reason when aborted
   */
  invoke(name: string, parameters?: Readonly<Record<string, unknown>>): Promise<readonly CmdletOutput[]>;
  /** Whether something was changed, or may have been: a change whose answer got lost counts. */
  readonly hasWritten: boolean;
}

interface Dependencies {
  readonly fetch: BoundedFetch;
  /** Origin of Exchange Online. */
  readonly exchangeEndpoint: string;
  readonly clock: Clock;
}

interface Caller {
  readonly tenantId: TenantId;
  readonly token: string;
  /** Routes the request to the tenant's servers. */
  readonly anchorMailbox: string;
  readonly signal?: AbortSignal | undefined;
}

const page = z.object({
  value: z.array(z.record(z.string(), z.unknown())),
  '@odata.nextLink': z.string().optional(),
});

const pageSize = 1000;
const mostPages = 500;
const mostAttempts = 4;
const longestWaitSeconds = 60;

/**
 * The transport of the ExchangeOnlineManagement module. Not a published contract of Microsoft's: it may change.
 * @see New-ExoRequest of CIPP-API for headers and paging
 */
export function createCmdlets({ fetch, exchangeEndpoint, clock }: Dependencies, caller: Caller): Cmdlets {
  const root = `${exchangeEndpoint}/adminapi/beta/${caller.tenantId}/InvokeCommand`;
  let hasWritten = false;

  /** A change is not sent again when its fate is unknown: the plan is, and looks first. */
  function mayRepeat(problem: ExchangeProblem, isRead: boolean): boolean {
    return problem === 'throttled' || (isRead && problem === 'unreachable');
  }

  async function send(url: string, name: string, body: string): Promise<BoundedAnswer> {
    const isRead = /^(Get|Test)-/.test(name);
    const hadWritten = hasWritten;
    for (let attempt = 1; ; attempt++) {
      if (!isRead) hasWritten = true;
      const answer = await sendOnce(url, name, body);
      if (!(answer instanceof GatewayRefused)) return answer;
      // These come before the cmdlet runs.
      if (['role_missing', 'token_refused', 'throttled'].includes(answer.refusal.problem)) hasWritten = hadWritten;
      const { problem, retryAfterSeconds: seconds = 2 ** attempt } = answer.refusal;
      const isWorthIt = attempt < mostAttempts && seconds <= longestWaitSeconds;
      if (!isWorthIt || !mayRepeat(problem, isRead)) throw answer;
      await clock.wait(seconds * 1000, caller.signal);
    }
  }

  async function sendOnce(url: string, name: string, body: string): Promise<BoundedAnswer | GatewayRefused> {
    let answer: BoundedAnswer;
    try {
      answer = await fetch(url, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${caller.token}`,
          accept: 'application/json',
          'content-type': 'application/json; charset=utf-8',
          prefer: `odata.maxpagesize=${pageSize}`,
          'x-anchormailbox': caller.anchorMailbox,
          'x-cmdletname': name,
          'x-responseformat': 'json',
          'client-request-id': crypto.randomUUID(),
        },
        body,
        deadlineMs: 120_000,
        maxBytes: 32 * 1024 * 1024,
        ...(caller.signal ? { signal: caller.signal } : {}),
      });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return new GatewayRefused({ problem: 'unreachable', detail: error.message });
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    const failure = readGatewayError(answer);
    if (!(failure instanceof GatewayRefused)) throw failure;
    const header = answer.headers['retry-after'];
    const seconds = header === undefined ? undefined : retryAfterSeconds(header, clock.now());
    return new GatewayRefused({ ...failure.refusal, retryAfterSeconds: seconds });
  }

  function isOwnLink(link: string): boolean {
    if (!URL.canParse(link)) return false;
    const url = new URL(link);
    const isHere = url.origin === new URL(exchangeEndpoint).origin && !url.username;
    return isHere && url.pathname.toLowerCase().startsWith('/adminapi/');
  }

  return {
    get hasWritten() {
      return hasWritten;
    },
    async invoke(name, parameters = {}) {
      const body = JSON.stringify({ CmdletInput: { CmdletName: name, Parameters: parameters } });
      const output: CmdletOutput[] = [];
      const followed = new Set<string>();
      let url: string | undefined = root;
      while (url !== undefined) {
        followed.add(url);
        const { text } = await send(url, name, body);
        // Cmdlets that change something may answer nothing.
        if (text.trim() === '' && !/^(Get|Test)-/.test(name)) return output;
        const parsed = page.safeParse(parseJson(text));
        if (!parsed.success) throw unexpected(`The answer of ${name} is not what Exchange writes.`);
        output.push(...parsed.data.value);
        url = parsed.data['@odata.nextLink'];
        if (url === undefined) continue;
        // A token follows no link to elsewhere, and a part of a list is not used.
        if (!isOwnLink(url)) throw unexpected(`${name} continues at another address.`);
        if (followed.has(url) || followed.size >= mostPages) throw unexpected(`${name} does not end.`);
      }
      return output;
    },
  };
}

const unexpected = (detail: string) => new GatewayRefused({ problem: 'unexpected', detail });

/** A property as text; empty when it is missing. */
export function textOf(output: CmdletOutput, ...names: readonly string[]): string {
  for (const name of names) {
    const value = output[name];
    if (value !== undefined && value !== null && value !== '') return String(value);
  }
  return '';
}

/** Exchange's identities do not tell upper from lower case. */
export function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
