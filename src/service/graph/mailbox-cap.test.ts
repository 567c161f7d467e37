import { expect, test } from 'vitest';
import type { UserId } from '../../domain/ids.ts';
import { createMailboxCap } from './mailbox-cap.ts';

const [ada, bob] = ['ada', 'bob'] as UserId[] as [UserId, UserId];

test('fault 121: four requests to one mailbox at a time, whatever the others do', () => {
  const cap = createMailboxCap();
  const entered = [1, 2, 3, 4, 5].map(() => cap.enter(ada));
  expect(entered).toEqual([true, true, true, true, false]);
  expect(cap.enter(bob)).toBe(true);
  cap.leave(ada);
  expect(cap.enter(ada)).toBe(true);
  expect(cap.enter(ada)).toBe(false);
});
