import { expect, test } from 'vitest';
import { pauseBeforeReconnection, waitFor } from './reconnection.ts';

test.each([
  [0, 0, 1_000],
  [0, 1, 1_000],
  [1, 0, 2_000],
  [1, 1, 1_000],
  [3, 0, 8_000],
  [3, 0.5, 6_000],
  [5, 0, 30_000],
  [60, 1, 15_000],
])('after %i failures in a row, with %d by chance, the pause is %i ms', (failures, random, pause) => {
  expect(pauseBeforeReconnection(failures, random)).toBe(pause);
});

test('a wait ends with its signal', async () => {
  const abort = new AbortController();
  const waiting = waitFor(60_000, abort.signal);
  queueMicrotask(() => abort.abort());
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  await expect(waitFor(60_000, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
});
