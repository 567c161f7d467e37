import { isTransient, type MailboxAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import { retryAfterSeconds } from './retry-after.ts';

/** One answer of Microsoft Graph, alone or inside a batch. `body` is undefined when it was not JSON. */
export interface GraphAnswer {
  readonly status: number;
  /** With names in any case: read by `headerOf`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** `error.code` of an answer and what stands deeper, outermost first; lower case is for comparing only. */
export interface GraphError {
  readonly code: string | undefined;
  readonly codes: readonly string[];
  readonly requestId: string | undefined;
}

/** The last header of a name in lower case. Most answers are read without any: nobody lowers the case of all names. */
function headerOf({ headers }: GraphAnswer, wanted: string): string | undefined {
  const name = Object.keys(headers).findLast((each) => each.toLowerCase() === wanted);
  return name === undefined ? undefined : headers[name];
}

/** The time by Microsoft's clock: a `Retry-After` date is meant by it, and ours may differ. */
function dateOf(answer: GraphAnswer): Date | undefined {
  const at = Date.parse(headerOf(answer, 'date') ?? '');
  return Number.isNaN(at) ? undefined : new Date(at);
}

/** Reads the error envelope. Both spellings of `innerError` are documented; codes may be nested and empty. */
export function readGraphError(answer: GraphAnswer): GraphError {
  const codes: string[] = [];
  const inHeader = headerOf(answer, 'request-id');
  let requestId = inHeader === undefined ? undefined : plain(inHeader);
  let level: unknown = (answer.body as { error?: unknown } | undefined)?.error;
  for (let depth = 0; depth < 5 && level !== null && typeof level === 'object'; depth++) {
    const fields = level as Record<string, unknown>;
    const code = typeof fields.code === 'string' ? plain(fields.code) : '';
    if (code) codes.push(code);
    if (typeof fields['request-id'] === 'string') requestId ??= plain(fields['request-id']);
    level = fields.innerError ?? fields.innererror;
  }
  return { code: codes[0], codes: codes.map((code) => code.toLowerCase()), requestId };
}

/** As much of a text as is worth keeping, without what a database refuses: what one mailbox answers stops no other. */
function plain(text: string): string {
  return text
    .slice(0, 100)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '');
}

const notInExchangeOnline = ['mailboxnotenabledforrestapi', 'errormailboxnotenabled'];
const typeNotSupported = ['mailboxnotsupportedforrestapi'];
const noMailbox = ['resourcenotfound', 'errorinvaliduser', 'errornonexistentmailbox', 'errormailboxnotfound'];
const moving = ['errormailboxmoveinprogress', 'mailboxintransit'];

/**
 * What an answer other than 2xx means for a mailbox. Status first, then `error.code`; the texts are not read, with one
 * exception: Exchange has no code of its own for an application access policy.
 * @see Microsoft Graph error responses and resource types; Limiting application permissions to specific mailboxes
 */
export function readMailboxRefusal(answer: GraphAnswer, now: Date): Exclude<MailboxAnswer, { kind: 'opened' }> {
  const { status } = answer;
  const { codes } = readGraphError(answer);
  const askedToWait = headerOf(answer, 'retry-after');
  const waitSeconds = () => retryAfterSeconds(askedToWait, dateOf(answer) ?? now);
  const says = (...known: readonly string[]) => codes.some((code) => known.includes(code));

  if (status === 429) return { kind: 'throttled', retryAfterSeconds: waitSeconds() };
  if (says(...moving)) return { kind: 'mailbox_moving' };
  if (status === 401) {
    return { kind: 'token_refused', by: says('invalidauthenticationtoken') ? 'graph' : 'exchange' };
  }
  if (status === 403) {
    if (isClaimsChallenge(answer)) return { kind: 'access_denied', by: 'conditional_access' };
    if (says('authorization_requestdenied')) return { kind: 'access_denied', by: 'directory' };
    if (says('erroraccessdenied', 'accessdenied', 'extensionerror', 'forbidden')) {
      return { kind: 'access_denied', by: namesPolicy(answer) ? 'policy' : 'exchange' };
    }
    return { kind: 'unexpected' };
  }
  if (status === 404) {
    if (says(...notInExchangeOnline)) return { kind: 'not_in_exchange_online' };
    if (says(...typeNotSupported)) return { kind: 'type_not_supported' };
    if (says(...noMailbox)) return { kind: 'no_mailbox' };
    if (says('request_resourcenotfound')) return { kind: 'not_in_directory' };
    return { kind: 'unexpected' };
  }
  if (status === 503 && askedToWait !== undefined) {
    return { kind: 'throttled', retryAfterSeconds: waitSeconds() };
  }
  if (status === 408 || status === 424 || status >= 500) return { kind: 'unavailable' };
  return { kind: 'unexpected' };
}

/**
 * What the refusal of a whole batch means for its mailboxes. Graph itself refuses it, before any of them is opened: it can
 * tell of the token and of the load, and nothing else of it is about a mailbox.
 * @see Microsoft Learn, Combine multiple HTTP requests using JSON batching: each response has a status of its own
 */
export function readBatchRefusal(answer: GraphAnswer, now: Date): Exclude<MailboxAnswer, { kind: 'opened' }> {
  const refusal = readMailboxRefusal(answer, now);
  const isAboutAll =
    isTransient(refusal) ||
    refusal.kind === 'token_refused' ||
    (refusal.kind === 'access_denied' && refusal.by === 'conditional_access');
  return isAboutAll ? refusal : { kind: 'unexpected' };
}

/** Whether the folder or item that was asked for is not in the mailbox, while the mailbox itself is. */
export function isItemGone(answer: GraphAnswer): boolean {
  if (answer.status !== 404) return false;
  return readGraphError(answer).codes.some((code) => code === 'erroritemnotfound' || code === 'itemnotfound');
}

/** "Access to OData is disabled" is how Exchange names an application access policy. A miss only weakens the hint. */
function namesPolicy({ body }: GraphAnswer): boolean {
  const { message } = (body as { error: { message?: unknown } }).error;
  return typeof message === 'string' && message.toLowerCase().includes('access to odata is disabled');
}

/** Conditional Access answers with a claims challenge. */
function isClaimsChallenge(answer: GraphAnswer): boolean {
  const challenge = headerOf(answer, 'www-authenticate') ?? '';
  return challenge.includes('insufficient_claims') || readGraphError(answer).codes.includes('insufficient_claims');
}
