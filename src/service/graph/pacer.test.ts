import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacer } from './pacer.ts';

/** A service that allows `limit` requests per second, asked for `seconds` with answers after `latencyMs`. */
function simulate(limit: number, seconds: number, latencyMs = 100, pacer = createPacer(), startMs = 0) {
  let bucket = limit * 0.2;
  let bucketAtMs = startMs;
  const inFlight: { dueMs: number; sentAtMs: number; ok: number; throttled: number }[] = [];
  let ok = 0;
  let throttled = 0;
  for (let nowMs = startMs; nowMs < startMs + seconds * 1000; nowMs++) {
    while (inFlight[0] && inFlight[0].dueMs <= nowMs) {
      const answer = inFlight.shift();
      if (!answer) break;
      pacer.report({ ...answer, nowMs });
      ok += answer.ok;
      throttled += answer.throttled;
    }
    while (pacer.take(nowMs, 20).granted > 0) {
      bucket = Math.min(limit * 0.2, bucket + ((nowMs - bucketAtMs) / 1000) * limit);
      bucketAtMs = nowMs;
      const allowed = Math.min(20, Math.floor(bucket));
      bucket -= allowed;
      inFlight.push({ dueMs: nowMs + latencyMs, sentAtMs: nowMs, ok: allowed, throttled: 20 - allowed });
    }
  }
  return { ok, throttled, rate: pacer.rate, pacer };
}

test.each([
  // Slower than the first second: the overshoot weighs more.
  [200, 0.04],
  [1_000, 0.02],
  [5_000, 0.02],
])('reaches most of a limit of %d per second and wastes less than %d', (limit, mostWaste) => {
  const { ok, throttled } = simulate(limit, 60);
  expect(ok / (limit * 60)).toBeGreaterThan(0.85);
  expect(throttled / (ok + throttled)).toBeLessThan(mostWaste);
});

test('a rate that was learnt is where the next run begins', () => {
  const { pacer } = simulate(1_000, 30);
  const { throttled, ok } = simulate(1_000, 10, 100, pacer, 30_000);
  expect(throttled / (ok + throttled)).toBeLessThan(0.02);
});

test('before the first answer no more go than pass at once, and those that arrive late are followed by a small burst', () => {
  const pacer = createPacer({ learnt: { requestsPerSecond: 1_000, burst: 200, isLimit: true } });
  const grantedIn = (fromMs: number, untilMs: number) => {
    let granted = 0;
    for (let nowMs = fromMs; nowMs < untilMs; nowMs++) granted += pacer.take(nowMs, 20).granted;
    return granted;
  };
  expect(grantedIn(0, 300)).toBe(200);
  pacer.report({ sentAtMs: 0, nowMs: 300, ok: 20, throttled: 0 });
  expect(grantedIn(300, 400)).toBeLessThanOrEqual(150);
  pacer.report({ sentAtMs: 390, nowMs: 500, ok: 20, throttled: 0 });
  // The next run of the same process, whose connections are closed by then.
  expect(grantedIn(60_000, 60_300)).toBe(200);
});

test('where no answer ever comes it goes on after a while', () => {
  const pacer = createPacer({ learnt: { requestsPerSecond: 100, burst: 20, isLimit: true } });
  expect(pacer.take(0, 20).granted).toBe(20);
  expect(pacer.take(500, 20).granted).toBe(0);
  expect(pacer.take(1_000, 20).granted).toBe(20);
});

test('a run that asked for little, and was refused nothing, makes the next one no slower', () => {
  const learnt = { requestsPerSecond: 3, burst: 0, isLimit: false };
  expect(createPacer({ startRate: 400, learnt }).rate).toBe(400);
  expect(createPacer({ startRate: 400, learnt: { ...learnt, requestsPerSecond: 900 } }).rate).toBe(900);
  expect(createPacer({ startRate: 400, learnt: { ...learnt, isLimit: true } }).rate).toBe(5);
});

test('where answers come at once the fastest rate is found at once, and a short run that was refused nothing tells of it', () => {
  const { pacer, ok } = simulate(1_000_000, 0.05, 2);
  expect(pacer.rate).toBe(13_000);
  expect(pacer.learnt).toEqual({ requestsPerSecond: ok * 4, burst: 0, isLimit: false });
  expect(ok).toBeGreaterThan(300);
});

test('answers of the time before the last cut cut nothing', () => {
  const pacer = createPacer({ startRate: 1_000 });
  pacer.report({ sentAtMs: 10, nowMs: 100, ok: 0, throttled: 20 });
  const afterFirst = pacer.rate;
  for (let sentAtMs = 11; sentAtMs < 90; sentAtMs++) pacer.report({ sentAtMs, nowMs: 101, ok: 0, throttled: 20 });
  expect(pacer.rate).toBe(afterFirst);
});

test('a pause lets nothing through, and no burst follows it', () => {
  const pacer = createPacer({ startRate: 1_000 });
  pacer.pauseUntil(5_000);
  expect(pacer.take(4_999, 20)).toEqual({ granted: 0, waitMs: 1 });
  let granted = 0;
  while (pacer.take(5_000, 20).granted > 0) granted += 20;
  expect(granted).toBeLessThanOrEqual(100);
});

describe('whatever happens', () => {
  const step = fc.record({
    afterMs: fc.integer({ min: 0, max: 5_000 }),
    wanted: fc.integer({ min: 1, max: 20 }),
    throttled: fc.integer({ min: 0, max: 20 }),
    pauseMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { freq: 10 }),
  });

  test('it never goes faster than the ceiling, and waiting as long as it says helps', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 20, max: 5_000 }), (steps, ceiling) => {
        const pacer = createPacer({ startRate: 400, ceiling });
        let nowMs = 0;
        let granted = 0;
        for (const { afterMs, wanted, throttled, pauseMs } of steps) {
          nowMs += afterMs;
          const answer = pacer.take(nowMs, wanted);
          granted += answer.granted;
          // At most a pause, then the tokens for these.
          for (let wait = answer; wait.granted === 0 && wait.waitMs > 0; ) {
            nowMs += Math.ceil(wait.waitMs) + 1;
            wait = pacer.take(nowMs, wanted);
            granted += wait.granted;
          }
          pacer.report({ sentAtMs: nowMs, nowMs, ok: wanted, throttled: Math.min(throttled, wanted) });
          if (pauseMs !== null) pacer.pauseUntil(nowMs + pauseMs);
          expect(pacer.rate).toBeLessThanOrEqual(ceiling);
          expect(pacer.rate).toBeGreaterThan(0);
        }
        expect(granted).toBeLessThanOrEqual(ceiling * (nowMs / 1000) + Math.max(20, ceiling * 0.1) + 20);
      }),
    );
  });
});
