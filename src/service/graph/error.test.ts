import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGraphError, readMailboxRefusal } from './error.ts';

const now = new Date('2026-11-23T10:00:00Z');
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => ({ status, headers, body });

test('codes are read at every depth, under both spellings, outermost first', () => {
  const body = { error: { code: 'A', innerError: { code: 'B', 'request-id': 'r', innererror: { code: 'C' } } } };
  expect(readGraphError(answer(400, body))).toEqual({ code: 'A', codes: ['a', 'b', 'c'], requestId: 'r' });
});

test('a deeper code speaks where the outer one says nothing', () => {
  const body = { error: { code: 'UnknownError', innererror: { code: 'MailboxNotEnabledForRESTAPI' } } };
  expect(readMailboxRefusal(answer(404, body), now)).toEqual({ kind: 'not_in_exchange_online' });
});

test('429 counts by status, whatever the code', () => {
  for (const code of ['TooManyRequests', 'ApplicationThrottled', 'UnknownError', '', 'ErrorAccessDenied']) {
    expect(readMailboxRefusal(answer(429, { error: { code } }, { 'retry-after': '9' }), now)).toEqual({
      kind: 'throttled',
      retryAfterSeconds: 9,
    });
  }
});

test('headers are read whatever the case of their names', () => {
  const headers = { 'Retry-After': '9', 'Request-Id': 'r' };
  expect(readMailboxRefusal(answer(503, undefined, headers), now)).toEqual({ kind: 'throttled', retryAfterSeconds: 9 });
  expect(readGraphError(answer(503, undefined, headers)).requestId).toBe('r');
});

describe('never throws and never says denied without a 403', () => {
  test('for any answer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        fc.anything({ maxDepth: 6 }),
        fc.dictionary(fc.string(), fc.string()),
        (status, body, headers) => {
          const read = readMailboxRefusal(answer(status, body, headers), now);
          if (read.kind === 'access_denied') expect(status).toBe(403);
          if (['no_mailbox', 'not_in_directory', 'not_in_exchange_online'].includes(read.kind))
            expect(status).toBe(404);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
