/** What may go before the next answer, at the pace of the moment. */
export interface Pace {
  readonly requestsPerSecond: number;
  /** What passes at once on top of it. */
  readonly burst: number;
  /** Milliseconds; 0 before anything was answered. */
  readonly roundTripMs: number;
}

/**
 * Requests that went later than anything that is answered. While Microsoft stands still its bucket runs over, and all of
 * them reach it at once when it goes on; so do those that wait for a connection after a rest. More than it takes at once
 * would be refused. Pure: times are passed in, in milliseconds.
 */
export interface AheadOfAnswers {
  went(nowMs: number, requests: number): void;
  /** What was sent until then is answered, or lost. */
  answered(nowMs: number, sentAtMs: number): void;
  /** Whether so many more had better wait for an answer; for a second at most, because some never come. */
  isTooFar(nowMs: number, wanted: number, pace: Pace): boolean;
}

const longestMs = 1_000;
/** Milliseconds without an answer after which connections count as closed. */
const restOfConnectionsMs = 20_000;
/** Part of a burst that is used: clocks and networks are no part of the calculation. */
export const usedBurst = 0.5;
export const smallestBurst = 20;
/** Of the rate, so much may go beside what is usually on its way, where a burst is small. */
const leastSeconds = 0.05;

export function createAheadOfAnswers(): AheadOfAnswers {
  /** Oldest first. */
  let ahead: { readonly atMs: number; readonly requests: number }[] = [];
  let answeredAtMs = Number.NEGATIVE_INFINITY;

  return {
    went(nowMs, requests) {
      ahead.push({ atMs: nowMs, requests });
    },
    answered(nowMs, sentAtMs) {
      ahead = ahead.filter(({ atMs }) => atMs > sentAtMs);
      answeredAtMs = nowMs;
    },
    isTooFar(nowMs, wanted, { requestsPerSecond, burst, roundTripMs }) {
      ahead = ahead.filter(({ atMs }) => nowMs - atMs < longestMs);
      const isRested = (ahead[0]?.atMs ?? nowMs) - answeredAtMs > restOfConnectionsMs;
      const usual = (requestsPerSecond * roundTripMs) / 1000;
      // A batch is on its way or not.
      const most = isRested ? burst : usual + wanted + Math.max(burst * usedBurst, requestsPerSecond * leastSeconds);
      const after = ahead.reduce((sum, { requests }) => sum + requests, wanted);
      return after > Math.max(smallestBurst, most);
    },
  };
}
