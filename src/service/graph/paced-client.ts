import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UserId } from '../../domain/ids.ts';
import type { Clock } from '../clock.ts';
import { type Metrics, statusClass } from '../metrics.ts';
import { type BatchedGet, batchOf, largestBatch, readBatch } from './batch.ts';
import type { GraphClient, GraphRequest } from './client.ts';
import { type GraphAnswer, readBatchRefusal } from './error.ts';
import type { TenantPace } from './tenant-pace.ts';

const mostBatchesInFlight = 24;
/** For a mailbox that has as many requests on their way as it may have. */
const fullMailboxWaitMs = 50;
/** Longest pause of a whole tenant; a mailbox that has to wait longer is put off by its session. */
const longestPauseMs = 120_000;

interface Dependencies {
  readonly graph: GraphClient;
  readonly pace: TenantPace;
  readonly clock: Clock;
}

/** A client whose requests go one by one at the tenant's pace, before those of batches: for what an admin waits for. */
export function createPacedClient({ graph, pace, clock }: Dependencies): GraphClient {
  const { pacer, mailboxes } = pace;
  return {
    isOwnLink: graph.isOwnLink,
    async send(request) {
      await takeTurn(pace, clock, 1, { signal: request.signal, isUrgent: true });
      const mailbox = mailboxOf(request);
      while (mailbox && !mailboxes.enter(mailbox)) await clock.wait(fullMailboxWaitMs, request.signal);
      const sentAtMs = clock.monotonicMs();
      const answer = await graph.send(request).finally(() => mailbox && mailboxes.leave(mailbox));
      const throttled = answer?.status === 429 ? 1 : 0;
      pacer.report({ sentAtMs, nowMs: clock.monotonicMs(), ok: answer ? 1 - throttled : 0, throttled });
      return answer;
    },
  };
}

interface Waiting {
  readonly request: GraphRequest;
  readonly resolve: (answer: GraphAnswer | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A client that puts requests of many mailboxes, made at the same time, into batches at the tenant's pace. To its caller
 * each request looks as if it went alone; it takes GET requests only.
 */
export function createBatchingClient(
  { graph, pace, clock, metrics }: Dependencies & { readonly metrics: Metrics },
  signal: AbortSignal,
): GraphClient {
  const { pacer, mailboxes } = pace;
  const waiting: Waiting[] = [];
  const inFlight = new Set<Promise<void>>();
  const alone = createPacedClient({ graph, pace, clock });
  let isPumping = false;

  async function pump(): Promise<void> {
    isPumping = true;
    try {
      // Who is answered together asks again together: let all of them ask before the next batch is made.
      for (await nextTurn(); waiting.length > 0; await nextTurn()) {
        if (inFlight.size >= mostBatchesInFlight) await Promise.race(inFlight);
        const token = waiting[0]?.request.token;
        const size = Math.min(largestBatch, waiting.length);
        await takeTurn(pace, clock, size, { signal });
        const batch = takeBatch(size, token);
        if (batch.length === 0) {
          await clock.wait(fullMailboxWaitMs, signal);
          continue;
        }
        const call: Promise<void> = sendBatch(batch, token ?? '')
          .catch((error: unknown) => {
            for (const item of batch) item.reject(error);
          })
          .finally(() => inFlight.delete(call));
        inFlight.add(call);
      }
    } catch (error) {
      for (const item of waiting.splice(0)) item.reject(error);
    } finally {
      isPumping = false;
    }
  }

  /** The next ones with this token; who has enough requests on the way to the same mailbox stays in line. */
  function takeBatch(size: number, token: string | undefined): Waiting[] {
    const batch: Waiting[] = [];
    for (let index = 0; index < waiting.length && batch.length < size; ) {
      const item = waiting[index] as Waiting;
      if (item.request.token !== token) break;
      const mailbox = mailboxOf(item.request);
      if (mailbox && !mailboxes.enter(mailbox)) index += 1;
      else batch.push(...waiting.splice(index, 1));
    }
    return batch;
  }

  async function sendBatch(batch: readonly Waiting[], token: string): Promise<void> {
    const sentAtMs = clock.monotonicMs();
    const body = batchOf(batch.map(({ request }) => getOf(request)));
    const call = await graph.send({ url: '/$batch', token, body, signal }).finally(() => {
      for (const mailbox of batch.map(({ request }) => mailboxOf(request))) if (mailbox) mailboxes.leave(mailbox);
    });
    const nowMs = clock.monotonicMs();
    if (!call) {
      await sendAlone(batch);
      return;
    }
    if (call.status !== 200) {
      const refusal = readBatchRefusal(call, clock.now());
      if (refusal.kind === 'throttled') {
        pacer.report({ sentAtMs, nowMs, ok: 0, throttled: batch.length });
        pacer.pauseUntil(nowMs + Math.min(refusal.retryAfterSeconds * 1000, longestPauseMs));
      }
      if (refusal.kind === 'unexpected') await sendAlone(batch);
      else for (const item of batch) item.resolve(call);
      return;
    }
    const answers = readBatch(call, batch.length);
    let throttled = 0;
    for (const [index, item] of batch.entries()) {
      const answer = answers?.[index];
      metrics.graphItems.inc({ status: statusClass(answer?.status) });
      if (answer?.status === 429) throttled += 1;
      item.resolve(answer);
    }
    pacer.report({ sentAtMs, nowMs, ok: batch.length - throttled, throttled });
  }

  /**
   * A batch was lost, or refused as such, and nobody knows why: perhaps the answers were too long together. When the first
   * one is lost alone too, it is Microsoft or the way there, and the others would be lost as well.
   */
  async function sendAlone([first, ...others]: readonly Waiting[]): Promise<void> {
    if (!first) return;
    const answer = await alone.send({ signal, ...first.request });
    first.resolve(answer);
    if (answer)
      await Promise.all(others.map((item) => alone.send({ signal, ...item.request }).then(item.resolve, item.reject)));
    else for (const item of others) item.resolve(undefined);
  }

  /** Inside a batch addresses begin after the version; links are Graph's own, and stay as they are from there on. */
  function getOf({ url, headers }: GraphRequest): BatchedGet {
    const path = url.startsWith('/') ? url : url.slice(url.indexOf('/v1.0/') + '/v1.0'.length);
    return { url: path, ...(headers ? { headers } : {}) };
  }

  return {
    isOwnLink: graph.isOwnLink,
    async send(request) {
      if (request.body !== undefined) throw new Error('A batch of GET requests cannot carry this one');
      if (!request.url.startsWith('/') && !graph.isOwnLink(request.url)) {
        throw new Error('A request would have left Microsoft Graph');
      }
      return new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject });
        if (!isPumping) void pump();
      });
    },
  };
}

/** The mailbox that a request opens, by its path or link. */
function mailboxOf({ url }: GraphRequest): UserId | undefined {
  return /\/users(?:\/|\(')([0-9a-f-]{36})\b/i.exec(url)?.[1]?.toLowerCase() as UserId | undefined;
}

async function takeTurn(
  { pacer }: TenantPace,
  clock: Clock,
  wanted: number,
  { signal, isUrgent = false }: { readonly signal: AbortSignal | undefined; readonly isUrgent?: boolean },
): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const { granted, waitMs } = pacer.take(clock.monotonicMs(), wanted, isUrgent);
    if (granted > 0) return;
    await clock.wait(waitMs, signal);
  }
}
