import { expect, test } from 'vitest';
import { isTransient, type MailboxAnswer, reasonOfAnswer } from './mailbox-answer.ts';

const refusedByExchange: MailboxAnswer = { kind: 'access_denied', by: 'exchange' };

test('a denial by Exchange without the permission in the token is a missing permission', () => {
  expect(reasonOfAnswer(refusedByExchange, 'mail', ['User.Read.All'])).toBe('consent.permission_missing');
});

test('a denial by Exchange with the permission in the token is Exchange’s own', () => {
  expect(reasonOfAnswer(refusedByExchange, 'mail', ['Mail.Read'])).toBe('access.denied_by_exchange');
});

test('a denial is not called a missing permission when the token’s roles could not be read', () => {
  expect(reasonOfAnswer(refusedByExchange, 'mail', undefined)).toBe('access.denied_by_exchange');
});

test('a broader permission than the least one counts', () => {
  expect(reasonOfAnswer(refusedByExchange, 'calendar', ['Calendars.ReadWrite'])).toBe('access.denied_by_exchange');
});

test('a refused token with the permission in it is not called a missing permission', () => {
  expect(reasonOfAnswer({ kind: 'token_refused', by: 'exchange' }, 'mail', ['Mail.Read'])).toBe(
    'microsoft.token_unavailable',
  );
  expect(reasonOfAnswer({ kind: 'token_refused', by: 'exchange' }, 'mail', [])).toBe('consent.permission_missing');
  // Rights may come from a role in Exchange alone: a token that Graph finds wrong is no missing permission.
  expect(reasonOfAnswer({ kind: 'token_refused', by: 'graph' }, 'mail', [])).toBe('microsoft.token_unavailable');
});

test.each<[MailboxAnswer['kind'], boolean]>([
  ['throttled', true],
  ['unavailable', true],
  ['unreachable', true],
  ['opened', false],
  ['access_denied', false],
  ['no_mailbox', false],
  ['mailbox_moving', false],
])('an answer of kind %s is worth asking again soon: %s', (kind, expected) => {
  expect(isTransient({ kind, by: 'policy', retryAfterSeconds: 1 } as MailboxAnswer)).toBe(expected);
});
