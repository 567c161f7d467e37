import type { TenantId } from '../../domain/ids.ts';
import { isTransient, type MailboxAnswer, reasonOfAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import type { ReasonCode } from '../../domain/mailbox-access/reason.ts';
import type { RegistrationName } from '../../domain/registration.ts';
import type { Clock } from '../clock.ts';
import type { Applications } from '../entra/applications.ts';
import { batchOf, readBatch } from '../graph/batch.ts';
import type { GraphClient } from '../graph/client.ts';
import { type GraphAnswer, readBatchRefusal } from '../graph/error.ts';
import { outlookConcurrency } from '../graph/limit-estimate.ts';
import type { RestOfRun } from '../graph/pacer.ts';
import { probeOf } from '../graph/probes.ts';
import type { TenantPaces } from '../graph/tenant-pace.ts';
import { type Metrics, statusClass } from '../metrics.ts';
import { passStep } from '../steps.ts';
import { batchSize } from './batch-size.ts';
import { createCallsInFlight } from './calls-in-flight.ts';
import { createDenials } from './denials.ts';
import { createMailboxJudge } from './mailbox-judge.ts';
import type { MailboxResult } from './mailbox-result.ts';
import { mostCalls } from './most-calls.ts';
import { createOutage } from './outage.ts';
import { readProbeAnswer, resultOfAnswer } from './probe-answer.ts';
import { itemsOf, type MailboxToProbe, mailboxOf, type ProbeItem, reschedule } from './probe-item.ts';
import { createProbeQueue } from './probe-queue.ts';
import { rescheduledUntil, retryWaitMs } from './probe-retry.ts';
import { restOfRun } from './rest-of-run.ts';
import { createRunToken, type GivenToken } from './run-token.ts';

/**
 * How a run ends: every mailbox has a result; an admin wanted it to stop; or Microsoft does not let the application in
 * any more, and what has no result yet is judged by nobody.
 */
export type ProbeRunEnd = 'all_done' | 'asked' | 'consent_changed';

export interface ProbeRunOptions {
  readonly tenantId: TenantId;
  /** The application that asks. */
  readonly registration: RegistrationName;
  /** An admin waits for a few mailboxes: they go before what is under way in bulk. */
  readonly isUrgent?: boolean;
  /** How many mailboxes come at most; absent when nobody knows. */
  readonly mailboxes?: number;
  /** The next mailboxes to check; empty at the end. */
  readonly nextMailboxes: () => Promise<readonly MailboxToProbe[]>;
  /** Whether Microsoft let the application in when an earlier worker of this run asked. */
  readonly wasLetIn: boolean;
  readonly onResult: (result: MailboxResult) => void;
  /** Resolves when results may pile up again; keeps memory flat when the database is slower than Graph. */
  readonly roomForResults: () => Promise<void>;
  /** Told while requests wait for Microsoft; undefined when none does. */
  readonly onThrottled: (until: Date | undefined) => void;
  /** Begins no more mailboxes; those that were begun are finished where Microsoft lets them within seconds. */
  readonly isStopWanted: () => boolean;
  readonly signal: AbortSignal;
}

export interface ProbeRunDependencies {
  readonly graph: GraphClient;
  readonly applications: Pick<Applications, 'tokensOf'>;
  readonly paces: TenantPaces;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** What all answers of a call have in common. */
interface AnsweredCall {
  readonly sent: GivenToken;
  readonly answeredAt: Date;
}

const pageIsLowAt = 1_500;
const rememberEveryMs = 30_000;
/** For a mailbox that has as many requests on their way as it may have. */
const fullMailboxWaitMs = 50;
const retryStepMs = 20;
/** Until Microsoft asks to wait. */
const usualRetryAfterMs = 1_000;
/** How long a run that is to stop finishes what it began: more than Microsoft usually asks to wait. */
const finishWithinMs = 12_000;

/**
 * Tries every capability of every mailbox, in batches behind the tenant's pacer. A throttled request waits for its own
 * `Retry-After` while others go on.
 * @throws the signal's reason when aborted; what has no result then is left for the next worker
 */
export async function runProbes(options: ProbeRunOptions, dependencies: ProbeRunDependencies): Promise<ProbeRunEnd> {
  const { tenantId, registration, signal } = options;
  const { graph, applications, paces, clock, metrics } = dependencies;
  const tokens = applications.tokensOf(registration);
  const queue = createProbeQueue();
  const calls = createCallsInFlight(clock, signal);
  const denials = createDenials();
  const outage = createOutage();
  let isExhausted = false;
  let isLoading = false;
  let loadedMailboxes = 0;
  let loadedItems = 0;
  /** What Microsoft asked to wait last. */
  let retryAfterMs = usualRetryAfterMs;
  /** When the last of what was refused comes back. */
  let throttledUntilMs = 0;
  let rememberedAtMs = clock.monotonicMs();
  /** The shortest one: under load of our own it would seem to be Microsoft that is slow. */
  let waveMs: number | undefined;
  /** Calls that are refused whole teach nothing of the limit: then only their number counts. */
  let isRefused = false;
  /** Why nothing more is asked: a truth about the whole tenant, or that nobody answers. */
  let givenUp: ReasonCode | undefined;
  /** Until when Microsoft put the whole tenant off, where that is why. */
  let givenUpUntil: Date | undefined;

  const token = createRunToken({ tokens, tenantId, clock, signal }, { wasLetIn: options.wasLetIn, onRefused: giveUp });
  const judge = createMailboxJudge({
    clock,
    metrics,
    onResult: options.onResult,
    roles: () => token.given?.roles,
    givenUp: () => givenUp,
  });

  function giveUp(reason: ReasonCode, until?: Date): void {
    givenUp = reason;
    givenUpUntil = until ?? givenUpUntil;
    for (const item of queue.takeAll()) {
      if (until) reschedule(item.mailbox, until);
      judge.settleWithoutAnswer(item, reason);
    }
  }

  function weigh(item: ProbeItem, answer: MailboxAnswer, raw: GraphAnswer | undefined, call: AnsweredCall): void {
    item.answers[answer.kind] = (item.answers[answer.kind] ?? 0) + 1;
    if (answer.kind === 'token_refused' && item.refusedToken === undefined) {
      // Once with a new token; a second refusal is an answer.
      item.refusedToken = call.sent.token;
      queue.add(item);
      return;
    }
    const until = rescheduledUntil(answer, call.answeredAt);
    if (until) reschedule(item.mailbox, until);
    const waitMs = givenUp === undefined && !until ? retryWaitMs(item, answer) : undefined;
    if (waitMs !== undefined) {
      item.waitedMs += waitMs;
      // Together with others: one by one they would be a call each.
      const dueMs = Math.ceil((clock.monotonicMs() + waitMs) / retryStepMs) * retryStepMs;
      const isThrottled = answer.kind === 'throttled';
      if (isThrottled) retryAfterMs = waitMs;
      queue.addLater(item, { dueMs, isThrottled });
      return;
    }
    item.mailbox.isBegun = true;
    if (answer.kind === 'access_denied') denials.hold({ item, answer, raw });
    else judge.settle(item, resultOfAnswer(item, answer, raw, call.sent.roles), call.answeredAt);
  }

  async function send(items: readonly ProbeItem[], sent: GivenToken): Promise<void> {
    const sentAtMs = clock.monotonicMs();
    const paths = items.map((item) => probeOf[item.capability].path(item.mailbox.userId));
    const sending = graph.send({ url: '/$batch', token: sent.token, body: batchOf(paths), signal }).finally(() => {
      for (const { mailbox } of items) mailboxCap.leave(mailbox.userId);
    });
    passStep('batch.sent');
    const call = await sending;
    passStep('batch.answered');
    const nowMs = clock.monotonicMs();
    const answered = { sent, answeredAt: clock.now() };
    isRefused = call?.status !== 200;

    if (call?.status !== 200) {
      const answer: MailboxAnswer = call ? readBatchRefusal(call, answered.answeredAt) : { kind: 'unreachable' };
      if (!isTransient(answer)) outage.answered();
      const retryAfterMs = answer.kind === 'throttled' ? answer.retryAfterSeconds * 1000 : undefined;
      const loss = isTransient(answer) ? outage.lost({ sentAtMs, nowMs, retryAfterMs }) : undefined;
      if (loss) pacer.pauseUntil(nowMs + loss.pauseMs);
      if (retryAfterMs !== undefined) pacer.report({ sentAtMs, nowMs, ok: 0, throttled: items.length });
      for (const item of items) {
        if (loss?.isFirst === false && !givenUp) queue.add(item);
        else weigh(item, answer, call, answered);
      }
      const until = rescheduledUntil(answer, answered.answeredAt);
      if (until || loss?.isForGood) giveUp(reasonOfAnswer(answer, 'mail', undefined), until);
      return;
    }
    outage.answered();
    const answers = readBatch(call, items.length);
    let ok = 0;
    let throttled = 0;
    items.forEach((item, index) => {
      const raw = answers?.[index];
      metrics.graphItems.inc({ status: statusClass(raw?.status) });
      const answer = readProbeAnswer(item, raw, answered.answeredAt);
      weigh(item, answer, raw, answered);
      if (answer.kind === 'throttled') throttled += 1;
      else ok += 1;
    });
    pacer.report({ sentAtMs, nowMs, ok, throttled });
    // Refusals come back at once and tell nothing of it.
    if (ok === 0) return;
    const thisWaveMs = (nowMs - sentAtMs) / Math.ceil(ok / outlookConcurrency);
    waveMs = Math.min(waveMs ?? thisWaveMs, thisWaveMs);
  }

  async function load(): Promise<void> {
    isLoading = true;
    const mailboxes = await options.nextMailboxes().finally(() => {
      isLoading = false;
    });
    // What cannot be tried is judged by the grants that the token shows.
    await firstToken;
    isExhausted = mailboxes.length === 0;
    loadedMailboxes += mailboxes.length;
    for (const wanted of mailboxes) {
      const mailbox = mailboxOf(wanted);
      const items = itemsOf(mailbox);
      loadedItems += items.length;
      if (givenUpUntil) reschedule(mailbox, givenUpUntil);
      if (items.length === 0 && !token.isShutOut) judge.finish(mailbox);
      for (const item of items) {
        if (givenUp) judge.settleWithoutAnswer(item, givenUp);
        else queue.add(item);
      }
    }
    if (clock.monotonicMs() - rememberedAtMs < rememberEveryMs) return;
    rememberedAtMs = clock.monotonicMs();
    await paces.remember(tenantId, registration);
  }

  /** Moves what has waited long enough back, and tells what still waits for Microsoft. */
  function wakeDelayed(): number {
    const nowMs = clock.monotonicMs();
    const woken = queue.wake(nowMs);
    throttledUntilMs = woken.throttledUntilMs;
    const waitMs = Math.max(throttledUntilMs, pacer.pausedUntilMs) - nowMs;
    options.onThrottled(waitMs > 0 ? new Date(clock.now().getTime() + waitMs) : undefined);
    return woken.nextMs;
  }

  /** Undefined also when nobody knows how much is still to come. */
  function rest(): RestOfRun | undefined {
    if (!isExhausted && options.mailboxes === undefined) return undefined;
    const mailboxesToCome = isExhausted ? 0 : Math.max(0, (options.mailboxes ?? 0) - loadedMailboxes);
    return restOfRun({
      ready: queue.readyCount + mailboxesToCome * (loadedItems / Math.max(loadedMailboxes, 1)),
      waiting: queue.count - queue.readyCount,
      rate: pacer.rate,
      retryAfterMs,
      lastBackMs: throttledUntilMs - clock.monotonicMs(),
    });
  }

  /**
   * Asks for a new token and judges what was denied by it; shut out meanwhile, nobody was judged. While Entra cannot give
   * one, the others go on.
   * @param isLast nothing comes after: what cannot be confirmed now is not
   */
  async function confirmDenials(isLast = false): Promise<void> {
    const held = denials.take(clock.monotonicMs());
    const newer = await token.renew();
    if (token.isShutOut) return;
    if (newer === 'later' && !isLast && denials.putBack(held, clock.monotonicMs())) return;
    const given = newer === 'later' ? undefined : newer;
    if (given) denials.confirmed();
    for (const { item, answer, raw } of held) {
      if (given) judge.settle(item, resultOfAnswer(item, answer, raw, given.roles), clock.now());
      else judge.settleWithoutAnswer(item, givenUp ?? 'microsoft.token_unavailable');
    }
  }

  /** Leaves what was begun: who goes on would ask all of such a mailbox again. */
  async function beginNoMore(): Promise<void> {
    await calls.returned();
    isExhausted = true;
    queue.keep(({ mailbox }) => mailbox.isBegun);
  }

  // What is known of the tenant and the first mailboxes are read while Entra answers.
  const firstToken = token.renew();
  const known = Promise.all([paces.of(tenantId, registration), firstToken]);
  calls.track(load());
  const [{ pacer, mailboxes: mailboxCap }] = await known;

  let end: ProbeRunEnd = 'all_done';
  let finishByMs = Number.POSITIVE_INFINITY;
  while (clock.monotonicMs() < finishByMs && !token.isShutOut && !calls.failure) {
    signal.throwIfAborted();
    if (options.isStopWanted() && end === 'all_done') {
      end = 'asked';
      await beginNoMore();
      finishByMs = clock.monotonicMs() + finishWithinMs;
    }
    await options.roomForResults();
    const nextDelayedMs = wakeDelayed();
    // Beside the sending, which would stand still meanwhile.
    if (!isExhausted && !isLoading && queue.readyCount < pageIsLowAt) calls.track(load());
    const isIdle = calls.count === 0 && queue.isEmpty;
    const denialsDueMs = denials.dueInMs(clock.monotonicMs(), isIdle);
    if (denialsDueMs === 0) {
      await confirmDenials();
      continue;
    }
    if (queue.readyCount === 0) {
      const nextMs = Math.min(nextDelayedMs, denialsDueMs);
      if ((isIdle && denials.isEmpty) || (calls.count === 0 && clock.monotonicMs() + nextMs > finishByMs)) break;
      await calls.pause(nextMs);
      continue;
    }
    // Refusals come back at once and tell nothing of how soon Graph answers.
    if (calls.count >= (outage.isOn ? 1 : mostCalls(isRefused ? Number.POSITIVE_INFINITY : waveMs))) {
      await calls.pause(Number.POSITIVE_INFINITY);
      continue;
    }
    const size = batchSize({
      ready: queue.readyCount,
      isLast: isExhausted && !isRefused,
      isSearching: pacer.isSearching && !isRefused,
      requestsPerSecond: pacer.rate,
      waveMs: isRefused ? 0 : waveMs,
    });
    pacer.nearEnd(rest());
    const { granted, waitMs } = pacer.take(clock.monotonicMs(), size, options.isUrgent);
    if (granted === 0) {
      if (calls.count === 0 && clock.monotonicMs() + waitMs > finishByMs) break;
      await calls.pause(Math.min(waitMs, nextDelayedMs));
      continue;
    }
    const items = queue.take(granted);
    const sent = await token.get((given) => items.some(({ refusedToken }) => refusedToken === given));
    if (!sent) {
      if (token.isShutOut) break;
      for (const item of items) judge.settleWithoutAnswer(item, givenUp ?? 'microsoft.token_unavailable');
      continue;
    }
    const [going, full] = partition(items, ({ mailbox }) => mailboxCap.enter(mailbox.userId));
    const dueMs = clock.monotonicMs() + fullMailboxWaitMs;
    for (const item of full) queue.addLater(item, { dueMs, isThrottled: false });
    if (going.length > 0) calls.track(send(going, sent));
  }
  await calls.returned();
  // What was learnt is a help, not a result.
  await paces.remember(tenantId, registration).catch(() => {});
  signal.throwIfAborted();
  if (!token.isShutOut && !denials.isEmpty) await confirmDenials(true);
  if (calls.failure) throw calls.failure.error;
  return token.isShutOut ? 'consent_changed' : end;
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  const parts: [T[], T[]] = [[], []];
  for (const one of all) parts[isFirst(one) ? 0 : 1].push(one);
  return parts;
}
