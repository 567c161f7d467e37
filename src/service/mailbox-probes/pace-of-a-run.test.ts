import { describe, expect, test } from 'vitest';
import { outlookConcurrency } from '../graph/limit-estimate.ts';
import { createPacer, type LearntRate } from '../graph/pacer.ts';
import { batchSize } from './batch-size.ts';
import { restOfRun } from './rest-of-run.ts';

// A run against a bucket as Microsoft describes it, in simulated time: what is refused counts too, at most four requests
// of a batch are worked on at a time, and a refused request waits for its own Retry-After while others go on.

interface Limit {
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly retryAfterSeconds: number;
  readonly latencyMs?: number;
  /** Calls reach Microsoft up to so much later than they were sent. */
  readonly lagMs?: number;
  /** Another order in which they arrive. */
  readonly seed?: number;
  /** How long our own process stands still, every two seconds. */
  readonly stallMs?: number;
  /** From when on, and for how long, Microsoft answers nothing. */
  readonly theirStall?: { readonly fromMs: number; readonly lastsMs: number };
}

interface Call {
  readonly sentAtMs: number;
  nextAtMs: number;
  left: number;
  ok: number;
  throttled: number;
}

const stepMs = 0.5;
const stallEveryMs = 2_000;
const networkMs = 1.5;
const mostCalls = 64;

function check(mailboxes: number, limit: Limit, learnt?: LearntRate) {
  const {
    requestsPerSecond,
    burst,
    retryAfterSeconds,
    latencyMs = 80,
    lagMs = 0,
    stallMs = 0,
    theirStall,
    seed: order = 1,
  } = limit;
  const pacer = createPacer({ learnt });
  const lowest = Math.min(0, 1 - requestsPerSecond * retryAfterSeconds);
  let level = burst;
  let seed = order;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let calls: Call[] = [];
  let waiting: { dueMs: number; count: number }[] = [];
  let ready = mailboxes;
  let done = 0;
  let throttled = 0;
  let waveMs: number | undefined;
  let nowMs = 0;

  function work(call: Call): void {
    for (let free = outlookConcurrency; free > 0 && call.left > 0; call.left--) {
      const isAnswered = level >= 1;
      level = Math.max(lowest, level - 1);
      if (isAnswered) free -= 1;
      if (isAnswered) call.ok += 1;
      else call.throttled += 1;
      call.nextAtMs = isAnswered ? nowMs + latencyMs : call.nextAtMs;
    }
  }

  for (; done < mailboxes; nowMs += stepMs) {
    level = Math.min(burst, level + (stepMs / 1000) * requestsPerSecond);
    const isStalled = theirStall && nowMs >= theirStall.fromMs && nowMs < theirStall.fromMs + theirStall.lastsMs;
    for (const call of calls) if (!isStalled && call.left > 0 && call.nextAtMs <= nowMs) work(call);
    if (nowMs % stallEveryMs < stallMs) continue;
    const answered = calls.filter((call) => call.left === 0 && call.nextAtMs + networkMs <= nowMs);
    calls = calls.filter((call) => !answered.includes(call));
    for (const call of answered) {
      pacer.report({ ...call, nowMs });
      done += call.ok;
      throttled += call.throttled;
      if (call.throttled > 0) waiting.push({ dueMs: nowMs + retryAfterSeconds * 1000, count: call.throttled });
      if (call.ok === 0) continue;
      const thisWaveMs = (nowMs - call.sentAtMs) / Math.ceil(call.ok / outlookConcurrency);
      waveMs = Math.min(waveMs ?? thisWaveMs, thisWaveMs);
    }
    for (const { count } of waiting.filter(({ dueMs }) => dueMs <= nowMs)) ready += count;
    waiting = waiting.filter(({ dueMs }) => dueMs > nowMs);
    pacer.nearEnd(
      restOfRun({
        ready,
        waiting: waiting.reduce((sum, { count }) => sum + count, 0),
        rate: pacer.rate,
        retryAfterMs: retryAfterSeconds * 1000,
        lastBackMs: Math.max(0, ...waiting.map(({ dueMs }) => dueMs - nowMs)),
      }),
    );
    while (ready > 0 && calls.length < mostCalls) {
      const isLast = ready < 1_500;
      const { isSearching, rate } = pacer;
      const size = batchSize({ ready, isLast, isSearching, requestsPerSecond: rate, waveMs: waveMs ?? 50 });
      const { granted } = pacer.take(nowMs, size);
      if (granted === 0) break;
      ready -= granted;
      const nextAtMs = nowMs + networkMs + lagMs * random();
      calls.push({ sentAtMs: nowMs, nextAtMs, left: granted, ok: 0, throttled: 0 });
    }
  }
  const seconds = nowMs / 1000;
  return {
    ofCeiling: mailboxes / (requestsPerSecond * seconds + burst),
    wasted: throttled / (mailboxes + throttled),
    learnt: pacer.learnt,
  };
}

describe.each([1, 10])('a limit of 1,000 per second, Retry-After of %d s', (retryAfterSeconds) => {
  const limit = { requestsPerSecond: 1_000, burst: 200, retryAfterSeconds };

  test('is met early, told from what passes, and kept, without knowing it before', () => {
    const { ofCeiling, wasted, learnt } = check(10_000, limit);
    expect(ofCeiling).toBeGreaterThan(0.9);
    expect(wasted).toBeLessThan(0.01);
    expect(learnt?.requestsPerSecond).toBeGreaterThan(950);
    expect(learnt?.requestsPerSecond).toBeLessThan(1_010);
  });

  test('is used to the full, without a refusal, by a run that remembers it', () => {
    const { learnt } = check(40_000, limit);
    const { ofCeiling, wasted } = check(10_000, limit, learnt);
    expect(learnt?.requestsPerSecond).toBeGreaterThan(990);
    expect(learnt?.requestsPerSecond).toBeLessThan(1_005);
    expect(ofCeiling).toBeGreaterThan(0.97);
    expect(wasted).toBe(0);
  });

  test('is found where calls arrive late and out of order, too', () => {
    const runs = [1, 16_807, 282_475_249, 984_943_658].map((seed) => check(10_000, { ...limit, lagMs: 30, seed }));
    for (const { ofCeiling } of runs) expect(ofCeiling).toBeGreaterThan(0.88);
    expect(runs.reduce((sum, { wasted }) => sum + wasted / runs.length, 0)).toBeLessThan(0.01);
  });
});

test('a limit that is remembered is not met while connections are slow to open', () => {
  const limit = { requestsPerSecond: 1_000, burst: 200, retryAfterSeconds: 10 };
  const { learnt } = check(40_000, limit);
  for (const lastsMs of [100, 200, 400]) {
    const { ofCeiling, wasted } = check(10_000, { ...limit, theirStall: { fromMs: 0, lastsMs } }, learnt);
    expect(wasted).toBe(0);
    expect(ofCeiling).toBeGreaterThan(0.93);
  }
});

test.each([100, 200, 300])(
  'a limit that is remembered is hardly met where Microsoft stands still for %d ms',
  (lastsMs) => {
    const limit = { requestsPerSecond: 1_000, burst: 200, retryAfterSeconds: 10 };
    const { learnt } = check(40_000, limit);
    for (const fromMs of [700, 1_900, 3_100, 4_300, 5_500, 6_700]) {
      const { ofCeiling, wasted } = check(10_000, { ...limit, theirStall: { fromMs, lastsMs } }, learnt);
      expect(wasted).toBeLessThan(0.0025);
      expect(ofCeiling).toBeGreaterThan(0.9);
    }
  },
);

test('a limit is told right although our own process stands still now and then', () => {
  const limit = { requestsPerSecond: 1_000, burst: 200, retryAfterSeconds: 1, stallMs: 250 };
  const { ofCeiling, wasted, learnt } = check(40_000, limit);
  expect(ofCeiling).toBeGreaterThan(0.9);
  expect(wasted).toBeLessThan(0.01);
  expect(learnt?.requestsPerSecond).toBeGreaterThan(970);
  expect(learnt?.requestsPerSecond).toBeLessThan(1_010);
});

test('a limit that is told too high, because Microsoft stood still, is not met where that would double the run', () => {
  const limit = { requestsPerSecond: 1_000, burst: 200, retryAfterSeconds: 10 };
  for (const fromMs of [560, 580, 600, 620, 640]) {
    const { ofCeiling } = check(10_000, { ...limit, theirStall: { fromMs, lastsMs: 80 } });
    expect(ofCeiling).toBeGreaterThan(0.88);
  }
});

test.each([
  [100, 0.6],
  [400, 0.85],
  [2_500, 0.9],
])('a limit of %d per second is found as well', (requestsPerSecond, least) => {
  const limit = { requestsPerSecond, burst: requestsPerSecond / 5, retryAfterSeconds: 1 };
  const { ofCeiling, learnt } = check(requestsPerSecond * 12, limit);
  expect(ofCeiling).toBeGreaterThan(least);
  expect(learnt?.requestsPerSecond).toBeGreaterThan(requestsPerSecond * 0.85);
  expect(learnt?.requestsPerSecond).toBeLessThan(requestsPerSecond * 1.05);
});

test.each([2, 5, 20, 80])('a limit is found, and few are refused, where an answer takes %d ms', (latencyMs) => {
  const limit = { requestsPerSecond: 1_000, burst: 200, retryAfterSeconds: 1, latencyMs };
  const { ofCeiling, wasted } = check(10_000, limit);
  expect(ofCeiling).toBeGreaterThan(0.9);
  expect(wasted).toBeLessThan(0.01);
});
