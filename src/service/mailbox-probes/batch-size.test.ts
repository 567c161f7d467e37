import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchSize } from './batch-size.ts';

const need = { ready: 1_000, isLast: false, isSearching: false, requestsPerSecond: 1_000, waveMs: 80 };

test.each([
  ['full where that takes no longer than the pace can wait', { waveMs: 30 }, 20],
  ['as large as is answered in time elsewhere', {}, 8],
  ['small where one answer takes longer than that', { waveMs: 500 }, 4],
  ['as many as Outlook works on at a time while the limit is looked for', { isSearching: true }, 4],
  ['as small before anybody answered', { waveMs: undefined }, 4],
  ['full where answers come at once', { isSearching: true, waveMs: 2 }, 20],
  ['full at the end while much is left', { isLast: true, ready: 500, waveMs: 30 }, 20],
  ['smaller and smaller then', { isLast: true, ready: 95, waveMs: 30 }, 12],
  ['small at last', { isLast: true, ready: 60 }, 4],
  ['what is there', { isLast: true, ready: 3 }, 3],
])('%s', (_name, change, size) => {
  expect(batchSize({ ...need, ...change })).toBe(size);
});

test('never empty, never more than is ready or than Graph takes', () => {
  fc.assert(
    fc.property(
      fc.record({
        ready: fc.integer({ min: 1, max: 5_000 }),
        isLast: fc.boolean(),
        isSearching: fc.boolean(),
        requestsPerSecond: fc.double({ min: 5, max: 13_000, noNaN: true }),
        waveMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
      }),
      (given) => {
        const size = batchSize(given);
        expect(size).toBeGreaterThanOrEqual(1);
        expect(size).toBeLessThanOrEqual(Math.min(20, given.ready));
      },
    ),
  );
});
