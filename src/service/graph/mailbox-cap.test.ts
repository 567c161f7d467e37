import { expect, test } from 'vitest';
import type { UserId } from '../../domain/ids.ts';
import { createMailboxCap } from './mailbox-cap.ts';

const [ada, bob] = ['ada', 'bob'] as UserId[] as [UserId, UserId];

test('four requests to one mailbox at a time, whatever the others do', () => {
  const cap = createMailboxCap();
  const entered = [1, 2, 3, 4, 5].map(() => cap.enter(ada, 0));
  expect(entered).toEqual([true, true, true, true, false]);
  expect(cap.enter(bob, 0)).toBe(true);
  cap.leave(ada);
  expect(cap.enter(ada, 0)).toBe(true);
});

test('never more than so many in any ten minutes', () => {
  const cap = createMailboxCap({ inTenMinutes: 10 });
  const passed: number[] = [];
  for (let nowMs = 0; nowMs < 3_600_000; nowMs += 20_000) {
    if (!cap.enter(ada, nowMs)) continue;
    cap.leave(ada);
    passed.push(nowMs);
  }
  const most = Math.max(...passed.map((from) => passed.filter((at) => at >= from && at < from + 600_000).length));
  expect(most).toBeLessThanOrEqual(10);
  expect(passed.length).toBeGreaterThan(25);
});
