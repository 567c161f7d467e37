import { expect, test } from 'vitest';
import { retryAfterSeconds } from './retry-after.ts';

const now = new Date('2026-11-23T10:00:00Z');

test.each([
  ['10', 10],
  ['0', 0],
  ['1.5', 1.5],
  [' 7 ', 7],
  ['86400', 86_400],
  ['999999999', 86_400],
  ['Mon, 23 Nov 2026 10:00:30 GMT', 30],
  ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 86_400],
  ['-5', 5],
  ['abc', 5],
  ['', 5],
  ['1e9', 5],
  ['Infinity', 5],
  ['10, 20', 5],
  [undefined, 5],
])('%j means %d seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, now)).toBe(seconds);
});
