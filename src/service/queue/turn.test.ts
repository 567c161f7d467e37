import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../clock.ts';
import { createTurn } from './turn.ts';

function turnOf() {
  let nowMs = 0;
  let othersWait = false;
  let looks = 0;
  const clock: Clock = { ...systemClock, monotonicMs: () => nowMs };
  const turn = createTurn({
    clock,
    async othersWait() {
      looks += 1;
      return othersWait;
    },
  });
  return {
    at(ms: number, waiting: boolean) {
      nowMs = ms;
      othersWait = waiting;
      return turn.isOver();
    },
    looks: () => looks,
  };
}

test('a turn is not over before 30 seconds, whoever waits, and nobody is asked until then', async () => {
  const { at, looks } = turnOf();
  expect(await at(29_999, true)).toBe(false);
  expect(looks()).toBe(0);
});

test('alone it goes on, and ends as soon as somebody waits', async () => {
  const { at } = turnOf();
  expect(await at(300_000, false)).toBe(false);
  expect(await at(301_000, true)).toBe(true);
  expect(await at(301_100, false)).toBe(true);
});

test('the queue is looked at once a second at most', async () => {
  const { at, looks } = turnOf();
  for (let ms = 30_000; ms < 32_000; ms += 100) await at(ms, false);
  expect(looks()).toBe(2);
});
