import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { type Metrics, statusClass } from '../metrics.ts';
import { type BatchedGet, batchOf, largestBatch, readBatch } from './batch.ts';
import type { GraphClient, GraphRequest } from './client.ts';
import { type GraphAnswer, readMailboxRefusal } from './error.ts';
import type { Pacer } from './pacer.ts';

const mostBatchesInFlight = 24;
/** Longest pause of a whole tenant; a mailbox that has to wait longer is put off by its session. */
const longestPauseMs = 120_000;

interface Dependencies {
  readonly graph: GraphClient;
  readonly pacer: Pacer;
  readonly clock: Clock;
}

/** A client whose requests go one by one at the tenant's pace: for what an admin waits for. */
export function createPacedClient({ graph, pacer, clock }: Dependencies): GraphClient {
  return {
    isOwnLink: graph.isOwnLink,
    async send(request) {
      await takeTurn(pacer, clock, 1, request.signal);
      const sentAtMs = clock.monotonicMs();
      const answer = await graph.send(request);
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
  { graph, pacer, clock, metrics }: Dependencies & { readonly metrics: Metrics },
  signal: AbortSignal,
): GraphClient {
  const waiting: Waiting[] = [];
  const inFlight = new Set<Promise<void>>();
  const alone = createPacedClient({ graph, pacer, clock });
  let isPumping = false;

  async function pump(): Promise<void> {
    isPumping = true;
    try {
      // Who is answered together asks again together: let all of them ask before the next batch is made.
      for (await nextTurn(); waiting.length > 0; await nextTurn()) {
        if (inFlight.size >= mostBatchesInFlight) await Promise.race(inFlight);
        const token = waiting[0]?.request.token;
        const size = Math.min(largestBatch, waiting.length);
        await takeTurn(pacer, clock, size, signal);
        const batch: Waiting[] = [];
        while (batch.length < size && waiting[0]?.request.token === token) batch.push(waiting.shift() as Waiting);
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

  async function sendBatch(batch: readonly Waiting[], token: string): Promise<void> {
    const sentAtMs = clock.monotonicMs();
    const body = batchOf(batch.map(({ request }) => getOf(request)));
    const call = await graph.send({ url: '/$batch', token, body, signal });
    const nowMs = clock.monotonicMs();
    if (!call) {
      // Nobody knows why: perhaps the answers were too long together.
      await Promise.all(batch.map((item) => alone.send({ signal, ...item.request }).then(item.resolve, item.reject)));
      return;
    }
    if (call.status !== 200) {
      const refusal = readMailboxRefusal(call, clock.now());
      if (refusal.kind === 'throttled') {
        pacer.report({ sentAtMs, nowMs, ok: 0, throttled: batch.length });
        pacer.pauseUntil(nowMs + Math.min(refusal.retryAfterSeconds * 1000, longestPauseMs));
      }
      for (const item of batch) item.resolve(call);
      return;
    }
    const answers = readBatch(call.body, batch.length);
    let throttled = 0;
    for (const [index, item] of batch.entries()) {
      const answer = answers?.[index];
      metrics.graphItems.inc({ status: statusClass(answer?.status) });
      if (answer?.status === 429) throttled += 1;
      item.resolve(answer);
    }
    pacer.report({ sentAtMs, nowMs, ok: batch.length - throttled, throttled });
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

async function takeTurn(pacer: Pacer, clock: Clock, wanted: number, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const { granted, waitMs } = pacer.take(clock.monotonicMs(), wanted);
    if (granted > 0) return;
    await clock.wait(waitMs, signal);
  }
}
