import { expect, test } from 'vitest';
import { createOutage } from './outage.ts';

const lost = (sentAtMs: number, nowMs: number, retryAfterMs?: number) => ({ sentAtMs, nowMs, retryAfterMs });

test('calls that were on their way together are one loss, with one pause', () => {
  const outage = createOutage();
  const losses = Array.from({ length: 64 }, (_, index) => outage.lost(lost(0, 200 + index)));
  expect(losses.every(({ isFirst, pauseMs, isForGood }) => isFirst && pauseMs === 1_000 && !isForGood)).toBe(true);
  expect(outage.isOn).toBe(true);
  outage.answered();
  expect(outage.isOn).toBe(false);
});

test('fault 120: each loss after a pause makes the next one longer, and after two minutes it is for good', () => {
  const outage = createOutage();
  let nowMs = 0;
  const pauses: number[] = [];
  for (let isForGood = false; !isForGood; ) {
    const loss = outage.lost(lost(nowMs, nowMs + 10));
    pauses.push(loss.pauseMs);
    isForGood = loss.isForGood;
    nowMs += 10 + loss.pauseMs;
  }
  expect(pauses.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  expect(pauses.length).toBeLessThan(20);
  expect(nowMs).toBeGreaterThan(120_000);
});

test('Microsoft’s own wait holds where it is longer, and an answer makes everything as at first', () => {
  const outage = createOutage();
  expect(outage.lost(lost(0, 10, 30_000)).pauseMs).toBe(30_000);
  expect(outage.lost(lost(30_010, 30_020, 0)).pauseMs).toBe(2_000);
  outage.answered();
  expect(outage.lost(lost(200_000, 200_010))).toEqual({ isFirst: true, pauseMs: 1_000, isForGood: false });
});
