import { expect, test } from 'vitest';
import { expectedByOf, nextLookAt } from './propagation.ts';

const changedAt = new Date('2026-11-23T10:00:00Z');
const expectedBy = expectedByOf(changedAt);
const after = (seconds: number) => new Date(changedAt.getTime() + seconds * 1000);

test('looks become rarer, and the last one is at the bound', () => {
  const looks: number[] = [];
  for (let now: Date | undefined = changedAt; now; now = nextLookAt(changedAt, expectedBy, now)) {
    looks.push((now.getTime() - changedAt.getTime()) / 1000);
  }
  expect(looks).toEqual([0, 30, 90, 210, 510, 1110, 1710, 1800]);
});

test('a worker that takes over late goes on with the next look', () => {
  expect(nextLookAt(changedAt, expectedBy, after(400))).toEqual(after(510));
});

test('after the bound there is nothing to wait for', () => {
  expect(nextLookAt(changedAt, expectedBy, after(1800))).toBeUndefined();
});
