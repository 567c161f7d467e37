import { describe, expect, test } from 'vitest';
import { createAheadOfAnswers } from './ahead-of-answers.ts';

const pace = { requestsPerSecond: 1_000, burst: 300, roundTripMs: 80 };

/** Sends batches of 20, one each millisecond, until one had better wait; returns how many requests went. */
function sendUntilTooFar(ahead = createAheadOfAnswers(), fromMs = 0, of = pace): number {
  let sent = 0;
  for (let nowMs = fromMs; nowMs < fromMs + 100; nowMs++) {
    if (ahead.isTooFar(nowMs, 20, of)) break;
    ahead.went(nowMs, 20);
    sent += 20;
  }
  return sent;
}

describe('before the next answer', () => {
  test('no more goes after a rest than passes at once', () => {
    expect(sendUntilTooFar()).toBe(300);
  });

  test('what a round trip holds goes otherwise, and half of what passes at once, to a batch', () => {
    const ahead = createAheadOfAnswers();
    ahead.answered(0, -80);
    expect(sendUntilTooFar(ahead)).toBe(240);
  });

  test('a burst that is small, or slow calls, keep nobody from the rate', () => {
    const ahead = createAheadOfAnswers();
    ahead.answered(0, -500);
    expect(sendUntilTooFar(ahead, 0, { requestsPerSecond: 1_000, burst: 20, roundTripMs: 500 })).toBeGreaterThan(500);
  });
});

test('an answer lets as many go as were sent until its request', () => {
  const ahead = createAheadOfAnswers();
  ahead.answered(0, -80);
  sendUntilTooFar(ahead);
  ahead.answered(100, 4);
  expect(sendUntilTooFar(ahead, 100)).toBe(100);
});

test('where no answer comes it goes on after a second', () => {
  const ahead = createAheadOfAnswers();
  sendUntilTooFar(ahead);
  expect(sendUntilTooFar(ahead, 500)).toBe(0);
  expect(sendUntilTooFar(ahead, 1_010)).toBe(300);
});
