import { expect, test } from 'vitest';
import { isCheckpointDue } from './short-wal.ts';

const mebibytes = (count: number) => count * 1024 * 1024;
const minutes = (count: number) => count * 60_000;

test.each([
  ['nothing was written', { sinceCheckpoint: 0, sinceLastLook: 0, msSinceCheckpoint: minutes(60) }, false],
  ['little, just now', { sinceCheckpoint: 100, sinceLastLook: 100, msSinceCheckpoint: minutes(1) }, false],
  ['little, long ago', { sinceCheckpoint: 100, sinceLastLook: 0, msSinceCheckpoint: minutes(6) }, true],
  [
    'much, in bulk',
    { sinceCheckpoint: mebibytes(200), sinceLastLook: mebibytes(20), msSinceCheckpoint: minutes(9) },
    false,
  ],
  ['much, and it is over', { sinceCheckpoint: mebibytes(64), sinceLastLook: 0, msSinceCheckpoint: minutes(1) }, true],
  ['too much', { sinceCheckpoint: mebibytes(256), sinceLastLook: mebibytes(20), msSinceCheckpoint: minutes(1) }, true],
])('a checkpoint after what was written: %s', (_name, growth, isDue) => {
  expect(isCheckpointDue(growth)).toBe(isDue);
});
