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
    const size = pacer.isSearching ? 4 : 20;
    while (pacer.take(nowMs, size).granted > 0) {
      bucket = Math.min(limit * 0.2, bucket + ((nowMs - bucketAtMs) / 1000) * limit);
      bucketAtMs = nowMs;
      const allowed = Math.min(size, Math.floor(bucket));
      bucket -= allowed;
      inFlight.push({ dueMs: nowMs + latencyMs, sentAtMs: nowMs, ok: allowed, throttled: size - allowed });
    }
  }
  return { ok, throttled, rate: pacer.rate, pacer };
}

test.each([
  // Far below the first second: the overshoot weighs more.
  [200, 0.04, 0.7],
  [1_000, 0.01, 0.95],
  [5_000, 0.01, 0.95],
])('of a limit of %d per second it wastes less than %d and reaches at least %d', (limit, mostWaste, leastReached) => {
  const { ok, throttled } = simulate(limit, 60);
  expect(ok / (limit * 60)).toBeGreaterThan(leastReached);
  expect(throttled / (ok + throttled)).toBeLessThan(mostWaste);
});

test('what a run learnt is where the next one begins, and nothing is throttled then', () => {
  const { pacer } = simulate(1_000, 60);
  expect(pacer.learnt).toMatchObject({ isLimit: true });
  const { throttled, ok } = simulate(1_000, 10, 100, createPacer({ learnt: pacer.learnt }));
  expect(throttled).toBe(0);
  expect(ok / 10_000).toBeGreaterThan(0.95);
});

test('a limit that was lowered meanwhile is found again', () => {
  const { rate } = simulate(300, 60, 100, createPacer({ learnt: { requestsPerSecond: 2_000, isLimit: true } }));
  expect(rate).toBeGreaterThan(150);
  expect(rate).toBeLessThan(360);
});

test('without a limit the rate keeps growing, and what was reached is remembered as no limit', () => {
  const { rate, pacer } = simulate(1_000_000, 20, 5);
  expect(rate).toBe(13_000);
  expect(pacer.learnt).toMatchObject({ isLimit: false });
});

test('what is urgent goes at once, and the rest makes up for it', () => {
  const pacer = createPacer({ startRate: 100, ceiling: 100 });
  while (pacer.take(0, 1).granted > 0);
  expect(pacer.take(0, 4, true).granted).toBe(4);
  expect(pacer.take(0, 20, true).granted).toBe(0);
  expect(pacer.take(0, 4).waitMs).toBeGreaterThanOrEqual(80);
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
  expect(granted).toBeLessThanOrEqual(150);
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
        expect(granted).toBeLessThanOrEqual(ceiling * (nowMs / 1000) + Math.max(20, ceiling * 0.15) + 20);
      }),
    );
  });

  test('in no window more is granted than the ceiling and one burst', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 400 }), isUrgent: fc.boolean() }), { maxLength: 300 }),
        fc.integer({ min: 20, max: 2_000 }),
        (steps, ceiling) => {
          const pacer = createPacer({ ceiling });
          const grants: { atMs: number; count: number }[] = [];
          let nowMs = 0;
          for (const { afterMs, isUrgent } of steps) {
            nowMs += afterMs;
            const { granted } = pacer.take(nowMs, 10, isUrgent);
            grants.push({ atMs: nowMs, count: granted });
            pacer.report({ sentAtMs: nowMs, nowMs, ok: granted, throttled: 0 });
          }
          const most = Math.max(20, ceiling * 0.15) + 20;
          for (const [index, first] of grants.entries()) {
            let sum = 0;
            for (const { atMs, count } of grants.slice(index)) {
              sum += count;
              expect(sum).toBeLessThanOrEqual((ceiling * (atMs - first.atMs)) / 1000 + most + 1e-6);
            }
          }
        },
      ),
    );
  });

  test('it grants what is wanted or nothing, and survives a clock that jumps back', () => {
    const answer = fc.record({
      stepMs: fc.integer({ min: -500, max: 500 }),
      roundTripMs: fc.integer({ min: 20, max: 400 }),
      throttled: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 200 }), (answers) => {
        const pacer = createPacer();
        let nowMs = 10_000;
        for (const { stepMs, roundTripMs, throttled } of answers) {
          nowMs += stepMs;
          const { granted } = pacer.take(nowMs, 7);
          expect([0, 7]).toContain(granted);
          pacer.report({ sentAtMs: nowMs - roundTripMs, nowMs, ok: 20 - throttled, throttled });
          expect(pacer.rate).toBeGreaterThanOrEqual(5);
        }
      }),
    );
  });

  test('answers of one round trip cut once, however many they are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 50 }), (refused) => {
        const pacer = createPacer({ startRate: 1_000 });
        for (const [index, throttled] of refused.entries()) {
          pacer.report({ sentAtMs: index, nowMs: 100 + index, ok: 20 - throttled, throttled });
        }
        expect(pacer.rate).toBe(500);
      }),
    );
  });

  test('it always recovers: once nothing is throttled any more, the rate comes back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 50 }), (bad) => {
        const pacer = createPacer({ startRate: 1_000 });
        let nowMs = 0;
        for (const throttled of bad) {
          nowMs += 300;
          pacer.report({ sentAtMs: nowMs - 100, nowMs, ok: 20 - throttled, throttled });
        }
        const low = pacer.rate;
        for (let second = 0; second < 600; second++) {
          for (let step = 0; step < 5; step++) {
            nowMs += 200;
            while (pacer.take(nowMs, 20).granted > 0);
            pacer.report({ sentAtMs: nowMs - 100, nowMs, ok: 20, throttled: 0 });
          }
        }
        expect(pacer.rate).toBeGreaterThanOrEqual(Math.min(low * 2, 13_000));
      }),
      { numRuns: 30 },
    );
  });
});
