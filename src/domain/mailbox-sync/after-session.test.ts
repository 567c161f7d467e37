import { expect, test } from 'vitest';
import { afterFailure, mostTries, movingSeconds, retrySeconds } from './after-session.ts';
import { categoryOf, lastingOf, syncReasonOfAnswer } from './sync-reason.ts';

test('a transient reason is tried ten times, five minutes apart, then the mailbox is disabled', () => {
  let tries = 0;
  for (let failed = 1; failed < mostTries; failed++) {
    const next = afterFailure('microsoft.unavailable', { tries, phase: 0 }, undefined);
    expect(next).toEqual({ kind: 'try_again', tries: failed, afterSeconds: retrySeconds });
    tries = failed;
  }
  expect(afterFailure('microsoft.unavailable', { tries, phase: 0 }, undefined)).toEqual({ kind: 'give_up' });
});

test.each(['consent.permission_missing', 'mailbox.none', 'sync.licence_lost', 'policy.conditional_access'] as const)(
  '%s stays: disabled at once',
  (reason) => {
    expect(afterFailure(reason, { tries: 0, phase: 0 }, undefined)).toEqual({ kind: 'give_up' });
  },
);

test('who is asked to wait has not failed, however often', () => {
  expect(afterFailure('microsoft.throttled', { tries: 9, phase: 0 }, 3_600)).toEqual({
    kind: 'wait',
    afterSeconds: 3_600,
  });
  expect(afterFailure('sync.mailbox_moving', { tries: 9, phase: 0 }, undefined)).toEqual({
    kind: 'wait',
    afterSeconds: movingSeconds,
  });
});

test('fault 151: each mailbox comes back at a place of its own, never sooner than it may and never much later', () => {
  const wait = (phase: number, asked?: number) => {
    const next = afterFailure(asked ? 'microsoft.throttled' : 'microsoft.unreachable', { tries: 0, phase }, asked);
    return 'afterSeconds' in next ? next.afterSeconds : undefined;
  };
  expect([0, 0.5, 1].map((phase) => wait(phase))).toEqual([300, 330, 360]);
  expect([0, 0.5, 1].map((phase) => wait(phase, 100))).toEqual([100, 110, 120]);
  expect(wait(1, 3_600)).toBe(3_660);
});

test.each([
  ['consent.permission_missing', 'authorization'],
  ['microsoft.token_unavailable', 'authorization'],
  ['microsoft.throttled', 'throttling'],
  ['mailbox.not_in_directory', 'mailbox'],
  ['sync.licence_lost', 'mailbox'],
  ['sync.folder_gone', 'mailbox'],
  ['microsoft.unreachable', 'other'],
  ['sync.service_fault', 'other'],
] as const)('%s is of category %s', (reason, category) => {
  expect(categoryOf(reason)).toBe(category);
});

test('a mailbox that opened before and is not active any more lost its licence; one that never opened did not', () => {
  const answer = { kind: 'not_in_exchange_online' } as const;
  expect(syncReasonOfAnswer(answer, 'mail', undefined, true)).toBe('sync.licence_lost');
  expect(syncReasonOfAnswer(answer, 'mail', undefined, false)).toBe('mailbox.not_in_exchange_online');
  expect(lastingOf(syncReasonOfAnswer({ kind: 'mailbox_moving' }, 'mail', undefined, true))).toBe('waits');
});
