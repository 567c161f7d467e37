import { type MovableClock, startClock } from '../../src/sandbox/clock.ts';
import { type Clock, systemClock } from '../../src/service/clock.ts';

/** One time for service and sandbox. Long waits of the service move it instead of taking time. */
export interface TestClock extends Clock {
  readonly sandbox: MovableClock;
  advance(ms: number): void;
}

const longestRealWaitMs = 300;

export function createTestClock(): TestClock {
  const sandbox = startClock();
  let offsetMs = 0;
  function advance(ms: number): void {
    offsetMs += ms;
    sandbox.advance(ms);
  }
  return {
    sandbox,
    advance,
    now: () => sandbox.now(),
    monotonicMs: () => performance.now() + offsetMs,
    async wait(ms, signal) {
      if (ms <= longestRealWaitMs) return systemClock.wait(ms, signal);
      await systemClock.wait(1, signal);
      advance(ms);
    },
  };
}
