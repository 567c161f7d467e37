/** The time in the simulated tenant: tokens, propagation, throttling windows and dates of answers all follow it. */
export interface Clock {
  /** Nobody changes it: others may hold the same one. */
  now(): Date;
}

/** A clock that tests can move. It follows real time plus an offset, or stands still when it was started `frozenAt`. */
export interface MovableClock extends Clock {
  /** Moves the clock; a negative value turns it back. */
  advance(milliseconds: number): void;
}

/** @param frozenAt instant at which the clock stands until it is advanced; without it the clock follows real time */
export function startClock(frozenAt?: Date): MovableClock {
  let offset = 0;
  let last = new Date(Number.NaN);
  return {
    now() {
      const time = (frozenAt?.getTime() ?? Date.now()) + offset;
      // Everything asks for the time, several times in the same millisecond.
      if (last.getTime() !== time) last = new Date(time);
      return last;
    },
    advance(milliseconds) {
      offset += milliseconds;
    },
  };
}
