/**
 * How fast one tenant is asked. It controls the rate, not the number of calls in flight: measured, a window wastes up to
 * a third of the calls where a rate wastes less than one percent. Pure: the time is passed in, in milliseconds.
 */
export interface Pacer {
  /** How many of `wanted` requests may go now; 0 with the milliseconds until it is worth asking again. */
  take(nowMs: number, wanted: number): { readonly granted: number; readonly waitMs: number };
  /** Tells the result of requests that were sent together. */
  report(result: {
    readonly sentAtMs: number;
    readonly nowMs: number;
    readonly ok: number;
    readonly throttled: number;
  }): void;
  /** Nothing goes before this time: the call itself was refused. */
  pauseUntil(ms: number): void;
  readonly pausedUntilMs: number;
  /** Requests per second at present. */
  readonly rate: number;
}

export interface PacerOptions {
  /** Requests per second to begin with. */
  readonly startRate?: number;
  /** Never faster than this. */
  readonly ceiling?: number;
}

const lowestRate = 5;
const decrease = 0.85;
/** Part of each successful request that is added to the rate once the limit is known. */
const increase = 0.02;
/** Seconds of rate that may go at once after a pause. */
const burstSeconds = 0.1;
const smallestBurst = 20;

export function createPacer({ startRate = 400, ceiling = 20_000 }: PacerOptions = {}): Pacer {
  let rate = Math.min(startRate, ceiling);
  let tokens = smallestBurst;
  let filledAtMs: number | undefined;
  let pausedUntilMs = 0;
  let lastCutAtMs = Number.NEGATIVE_INFINITY;
  let lastDoubledAtMs = Number.NEGATIVE_INFINITY;
  let isSlowStart = true;

  function refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - (filledAtMs ?? nowMs));
    tokens = Math.min(tokens + (elapsedMs / 1000) * rate, Math.max(smallestBurst, rate * burstSeconds));
    filledAtMs = nowMs;
  }

  return {
    get rate() {
      return rate;
    },
    get pausedUntilMs() {
      return pausedUntilMs;
    },

    take(nowMs, wanted) {
      refill(nowMs);
      if (nowMs < pausedUntilMs) return { granted: 0, waitMs: pausedUntilMs - nowMs };
      // Small grants make small batches, which cost as much as full ones.
      if (tokens < wanted) return { granted: 0, waitMs: Math.max(1, ((wanted - tokens) / rate) * 1000) };
      tokens -= wanted;
      return { granted: wanted, waitMs: 0 };
    },

    report({ sentAtMs, nowMs, ok, throttled }) {
      if (throttled > 0) {
        // Requests sent before the last cut tell about the rate before it.
        if (sentAtMs < lastCutAtMs) return;
        // Slow start ends where it was fine last, half as fast.
        rate = Math.max(lowestRate, rate * (isSlowStart ? 0.5 : decrease));
        isSlowStart = false;
        tokens = Math.min(tokens, 0);
        lastCutAtMs = nowMs;
        return;
      }
      if (!isSlowStart) {
        rate = Math.min(ceiling, rate + ok * increase);
      } else if (sentAtMs >= lastDoubledAtMs && ok > 0) {
        rate = Math.min(ceiling, rate * 2);
        lastDoubledAtMs = nowMs;
      }
    },

    pauseUntil(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, ms);
      tokens = 0;
    },
  };
}
