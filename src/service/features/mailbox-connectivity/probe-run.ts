import type { PermissionGrant } from '../../../domain/consent/consent-state.ts';
import { isFeatureOff } from '../../../domain/consent/feature.ts';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import { type Capability, isProbed, type ProbedCapability } from '../../../domain/mailbox-access/capability.ts';
import { isTransient, type MailboxAnswer, reasonOfAnswer } from '../../../domain/mailbox-access/mailbox-answer.ts';
import type { ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import { reasonOfUnprobed } from '../../../domain/mailbox-access/unprobed.ts';
import { judgeMailbox, type MailboxVerdict } from '../../../domain/mailbox-access/verdict.ts';
import type { Clock } from '../../clock.ts';
import type { StoredCapabilityResult } from '../../db/schema.ts';
import type { AppTokens } from '../../entra/app-tokens.ts';
import type { TokenOutcome, TokenProblem } from '../../entra/token-outcome.ts';
import { reasonOfTokenProblem } from '../../entra/token-reason.ts';
import { batchOf, largestBatch, readBatch } from '../../graph/batch.ts';
import type { GraphClient } from '../../graph/client.ts';
import { type GraphAnswer, readGraphError, readMailboxRefusal } from '../../graph/error.ts';
import type { Pacer } from '../../graph/pacer.ts';
import { isAboutAnother } from '../../graph/probe.ts';
import { probeOf } from '../../graph/probes.ts';
import { type Metrics, statusClass } from '../../metrics.ts';

/** The verdict of one mailbox, with what each capability answered. */
export interface MailboxResult {
  readonly userId: UserId;
  readonly verdict: MailboxVerdict;
  readonly capabilities: readonly StoredCapabilityResult[];
  readonly checkedAt: Date;
}

export interface ProbeRunOptions {
  readonly tenantId: TenantId;
  readonly capabilities: readonly Capability[];
  /** What the last verification of the consent found: a feature that is off is not tried. */
  readonly grants: readonly PermissionGrant[];
  /** The next mailboxes to check; empty at the end. */
  readonly nextMailboxes: () => Promise<readonly UserId[]>;
  readonly onResult: (result: MailboxResult) => void;
  /** Resolves when results may pile up again; keeps memory flat when the database is slower than Graph. */
  readonly roomForResults: () => Promise<void>;
  /** Told while requests wait for Microsoft; undefined when none does. */
  readonly onThrottled: (until: Date | undefined) => void;
  /** Stops sending; what is in flight is awaited and kept. */
  readonly isCancelled: () => boolean;
  readonly signal: AbortSignal;
}

export interface ProbeRunDependencies {
  readonly graph: GraphClient;
  readonly tokens: AppTokens;
  readonly pacerOf: (tenantId: TenantId) => Pacer;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** One capability of one mailbox on its way. */
interface Item {
  readonly mailbox: Mailbox;
  readonly capability: ProbedCapability;
  attempts: number;
  waitedMs: number;
  /** The token that was refused for it, if any. */
  refusedToken: string | undefined;
}

interface Mailbox {
  readonly userId: UserId;
  readonly results: Map<Capability, StoredCapabilityResult>;
}

const mostAttempts: Partial<Record<MailboxAnswer['kind'], number>> = {
  throttled: 5,
  unavailable: 4,
  unreachable: 4,
  // A page of HTML or a missing part of a batch proves nothing, and is rare enough to ask once more.
  unexpected: 2,
};
/** A mailbox that has to wait longer in all is reported as throttled; the next check asks again. */
const patienceMs = 120_000;
const mostCallsInFlight = 24;
const pageIsLowAt = 400;
/** Calls refused or lost as a whole, one after the other, until the rest is given up. */
const mostLostCalls = 6;

/**
 * Tries every capability of every mailbox, in batches behind the tenant's pacer. A throttled request waits for its own
 * `Retry-After` while others go on. Ends when every mailbox has a result, or when cancelled.
 * @throws the signal's reason when aborted; what has no result then is left for the next worker
 */
export async function runProbes(options: ProbeRunOptions, dependencies: ProbeRunDependencies): Promise<void> {
  const { tenantId, capabilities, signal } = options;
  const { graph, tokens, clock, metrics } = dependencies;
  const pacer = dependencies.pacerOf(tenantId);
  const probed = capabilities.filter(isProbed);
  const unprobed = capabilities.filter((capability) => !isProbed(capability));

  let ready: Item[] = [];
  const delayed: { item: Item; dueMs: number; isThrottled: boolean }[] = [];
  const inFlight = new Set<Promise<void>>();
  let isExhausted = false;
  let lostCalls = 0;
  /** A fault of ours while a call was in flight: its mailboxes have no result, so the run must not count as whole. */
  let failure: { readonly error: unknown } | undefined;
  /** Why nothing more is asked: a truth about the whole tenant, or that nobody answers. */
  let givenUp: ReasonCode | undefined;
  let sent: SentWith | undefined;
  let wasLetIn = false;

  function settle(item: Item, result: Omit<StoredCapabilityResult, 'capability'>): void {
    const { mailbox, capability } = item;
    mailbox.results.set(capability, { capability, ...result });
    if (mailbox.results.size === probed.length) finish(mailbox);
  }

  /** All that can be tried was tried: what cannot follows from the grants. */
  function finish(mailbox: Mailbox): void {
    const tried = [...mailbox.results.values()];
    const results = [
      ...tried,
      ...unprobed.map((capability) => ({
        capability,
        reason: givenUp ?? reasonOfUnprobed(capability, sent?.roles, tried),
        ...withoutAnswer,
      })),
    ];
    const verdict = judgeMailbox(results);
    if (!verdict) return;
    metrics.checkedMailboxes.inc({ status: verdict.status });
    options.onResult({ userId: mailbox.userId, verdict, capabilities: results, checkedAt: clock.now() });
  }

  function settleWithoutAnswer(item: Item, reason: ReasonCode): void {
    settle(item, { reason, ...withoutAnswer });
  }

  function giveUp(reason: ReasonCode): void {
    givenUp = reason;
    const rest = [...ready, ...delayed.map(({ item }) => item)];
    ready = [];
    delayed.length = 0;
    for (const item of rest) settleWithoutAnswer(item, reason);
  }

  function judge(item: Item, answer: MailboxAnswer, raw: GraphAnswer | undefined, sent: SentWith): void {
    item.attempts += 1;
    if (answer.kind === 'token_refused' && item.refusedToken === undefined) {
      // Once with a new token; a second refusal is an answer.
      item.refusedToken = sent.token;
      ready.push(item);
      return;
    }
    const mayRetry = isTransient(answer) || answer.kind === 'unexpected';
    if (mayRetry && givenUp === undefined && item.attempts < (mostAttempts[answer.kind] ?? 1)) {
      const isThrottled = answer.kind === 'throttled';
      const backoffMs = isThrottled ? answer.retryAfterSeconds * 1000 : 1000 * 2 ** (item.attempts - 1);
      const waitMs = backoffMs * (1 + spread(item) * 0.1);
      if (item.waitedMs + waitMs <= patienceMs) {
        item.waitedMs += waitMs;
        delayed.push({ item, dueMs: clock.monotonicMs() + waitMs, isThrottled });
        return;
      }
    }
    const error = raw ? readGraphError(raw) : undefined;
    settle(item, {
      reason: reasonOfAnswer(answer, item.capability, sent.roles),
      httpStatus: raw?.status ?? null,
      errorCode: error?.code ?? null,
      requestId: error?.requestId ?? null,
    });
  }

  function judgeInner(item: Item, raw: GraphAnswer | undefined, sent: SentWith): MailboxAnswer['kind'] {
    const answer = readProbeAnswer(item, raw, clock.now());
    judge(item, answer, raw, sent);
    return answer.kind;
  }

  async function send(items: readonly Item[], sent: SentWith): Promise<void> {
    const sentAtMs = clock.monotonicMs();
    const paths = items.map((item) => probeOf[item.capability].path(item.mailbox.userId));
    const call = await graph.send({ url: '/$batch', token: sent.token, body: batchOf(paths), signal });
    const nowMs = clock.monotonicMs();

    if (call?.status !== 200) {
      const answer: MailboxAnswer = call ? readMailboxRefusal(call, clock.now()) : { kind: 'unreachable' };
      const isLost = isTransient(answer);
      lostCalls = isLost ? lostCalls + 1 : 0;
      if (answer.kind === 'throttled') {
        pacer.report({ sentAtMs, nowMs, ok: 0, throttled: items.length });
        pacer.pauseUntil(nowMs + Math.min(answer.retryAfterSeconds * 1000, patienceMs));
      } else if (isLost) {
        pacer.pauseUntil(nowMs + Math.min(500 * 2 ** lostCalls, 10_000));
      }
      for (const item of items) judge(item, answer, call, sent);
      if (isLost && lostCalls >= mostLostCalls) giveUp(reasonOfAnswer(answer, 'mail', undefined));
      return;
    }
    lostCalls = 0;
    const answers = readBatch(call.body, items.length);
    let ok = 0;
    let throttled = 0;
    for (const [index, item] of items.entries()) {
      const raw = answers?.[index];
      metrics.graphItems.inc({ status: statusClass(raw?.status) });
      if (judgeInner(item, raw, sent) === 'throttled') throttled += 1;
      else ok += 1;
    }
    pacer.report({ sentAtMs, nowMs, ok, throttled });
  }

  async function load(): Promise<void> {
    const mailboxes = await options.nextMailboxes();
    isExhausted = mailboxes.length === 0;
    for (const userId of mailboxes) {
      const mailbox: Mailbox = { userId, results: new Map() };
      if (probed.length === 0) finish(mailbox);
      for (const capability of probed) {
        const item: Item = { mailbox, capability, attempts: 0, waitedMs: 0, refusedToken: undefined };
        if (givenUp) settleWithoutAnswer(item, givenUp);
        else if (isFeatureOff(capability, sent?.roles, options.grants)) {
          settleWithoutAnswer(item, 'consent.permission_missing');
        } else ready.push(item);
      }
    }
  }

  /** Moves what has waited long enough back, and tells what still waits for Microsoft. */
  function wakeDelayed(): number {
    const nowMs = clock.monotonicMs();
    let nextMs = Number.POSITIVE_INFINITY;
    let throttledUntilMs = pacer.pausedUntilMs > nowMs ? pacer.pausedUntilMs : 0;
    for (let index = delayed.length - 1; index >= 0; index--) {
      const entry = delayed[index];
      if (!entry) continue;
      if (entry.dueMs <= nowMs) {
        delayed.splice(index, 1);
        ready.unshift(entry.item);
        continue;
      }
      nextMs = Math.min(nextMs, entry.dueMs - nowMs);
      if (entry.isThrottled) throttledUntilMs = Math.max(throttledUntilMs, entry.dueMs);
    }
    options.onThrottled(throttledUntilMs > 0 ? new Date(clock.now().getTime() + throttledUntilMs - nowMs) : undefined);
    return nextMs;
  }

  /** Waits until something in flight returns, or `ms` have passed. */
  async function pause(ms: number): Promise<void> {
    if (ms === Number.POSITIVE_INFINITY && inFlight.size === 0) return;
    const stopWaiting = new AbortController();
    const timer =
      ms === Number.POSITIVE_INFINITY
        ? []
        : [clock.wait(ms, AbortSignal.any([signal, stopWaiting.signal])).catch(() => {})];
    await Promise.race([...inFlight, ...timer]);
    stopWaiting.abort();
  }

  // A new token shows what was granted or revoked since the last one.
  sent = await tokenFor(await tokens.refresh(tenantId));

  async function tokenFor(first: TokenOutcome): Promise<SentWith | undefined> {
    let outcome = first;
    for (let attempt = 0; outcome.kind === 'refused'; attempt++) {
      const isPassing = outcome.problem === 'throttled' || outcome.problem === 'entra_unavailable';
      if (!isPassing || attempt >= 3) {
        // The tenant let the application in when the run began: what is not judged yet must not be called denied.
        giveUp(wasLetIn && isShutOut(outcome.problem) ? 'consent.changed' : reasonOfTokenProblem[outcome.problem]);
        return undefined;
      }
      await clock.wait(Math.min(outcome.retryAfterSeconds ?? 2 ** attempt, 30) * 1000, signal);
      outcome = await tokens.refresh(tenantId);
    }
    wasLetIn = true;
    return outcome;
  }

  while (!options.isCancelled() && !failure) {
    signal.throwIfAborted();
    await options.roomForResults();
    const nextDelayedMs = wakeDelayed();
    if (!isExhausted && ready.length < pageIsLowAt) {
      await load();
      continue;
    }
    if (ready.length === 0) {
      if (inFlight.size === 0 && delayed.length === 0) break;
      await pause(nextDelayedMs);
      continue;
    }
    if (inFlight.size >= mostCallsInFlight) {
      await pause(Number.POSITIVE_INFINITY);
      continue;
    }
    const { granted, waitMs } = pacer.take(clock.monotonicMs(), Math.min(largestBatch, ready.length));
    if (granted === 0) {
      await pause(Math.min(waitMs, nextDelayedMs));
      continue;
    }
    const items = ready.splice(0, granted);
    const wasRefused = sent !== undefined && items.some((item) => item.refusedToken === sent?.token);
    sent = await tokenFor(wasRefused ? await tokens.refresh(tenantId) : await tokens.get(tenantId));
    if (!sent) {
      for (const item of items) settleWithoutAnswer(item, givenUp ?? 'microsoft.token_unavailable');
      continue;
    }
    const tracked: Promise<void> = send(items, sent)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => inFlight.delete(tracked));
    inFlight.add(tracked);
  }
  await Promise.all(inFlight);
  signal.throwIfAborted();
  if (failure) throw failure.error;
}

const withoutAnswer = { httpStatus: null, errorCode: null, requestId: null };

type SentWith = { readonly token: string; readonly roles: readonly string[] | undefined };

function isShutOut(problem: TokenProblem): boolean {
  return problem === 'application_unknown' || problem === 'application_disabled';
}

/** A 2xx counts only with the expected body, about the mailbox that was asked for. */
function readProbeAnswer({ capability, mailbox }: Item, raw: GraphAnswer | undefined, now: Date): MailboxAnswer {
  if (!raw) return { kind: 'unexpected' };
  if (raw.status !== 200) return readMailboxRefusal(raw, now);
  const isOpened = probeOf[capability].isExpected(raw.body) && !isAboutAnother(raw.body, mailbox.userId);
  return { kind: isOpened ? 'opened' : 'unexpected' };
}

/** A number from 0 to 1 that differs between mailboxes, so that not all of them come back at the same moment. */
function spread({ mailbox }: Item): number {
  return Number.parseInt(mailbox.userId.slice(0, 4), 16) / 0xffff;
}
