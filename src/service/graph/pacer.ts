import { createLimitEstimate } from './limit-estimate.ts';

/**
 * How fast one tenant is asked. It controls the rate, not the number of calls in flight: measured, a window wastes up to
 * a third of the calls where a rate wastes less than one percent. Pure: the time is passed in, in milliseconds.
 */
export interface Pacer {
  /**
   * How many of `wanted` requests may go now; 0 with the milliseconds until it is worth asking again. Urgent ones go
   * at once, at the cost of those that are not; a pause stops them too.
   */
  take(nowMs: number, wanted: number, isUrgent?: boolean): { readonly granted: number; readonly waitMs: number };
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
  /** Whether the tenant's limit was not met yet: small batches then bring its first sign sooner. */
  readonly isSearching: boolean;
  /** What the next run should begin with; undefined before anything was answered. */
  readonly learnt: LearntRate | undefined;
}

/** What is known of a tenant's limit. */
export interface LearntRate {
  readonly requestsPerSecond: number;
  /** Whether Microsoft throttled there; otherwise nothing faster was needed or possible. */
  readonly isLimit: boolean;
}

export interface PacerOptions {
  /** Requests per second to begin with. */
  readonly startRate?: number;
  /** Never faster than this. */
  readonly ceiling?: number;
  /** What an earlier run learnt. */
  readonly learnt?: LearntRate | undefined;
}

/** An eighth of what Microsoft documents for one application: 130,000 requests in ten seconds. */
const defaultStartRate = 1_600;
export const defaultCeiling = 13_000;

const lowestRate = 5;
/** Round trips in which the search for the limit doubles the rate. */
const doublingRoundTrips = 16;
/** Until the answers on their way have told the limit: after the search, and later. */
const cutOfSearch = 0.5;
const cut = 0.85;
/**
 * The way up after a cut, a cube as in TCP's CUBIC: it starts `below` the limit, where what was overdrawn fills up again,
 * hardly moves around the limit, and would add a whole limit in so many seconds beyond. A rough limit is taken lower, and
 * looked for sooner.
 * @see RFC 9438
 */
const climbs = {
  exact: { part: 1, below: 0.03, seconds: 45 },
  rough: { part: 0.96, below: 0.05, seconds: 30 },
};
/** Of an estimated limit, what is sure to pass. */
const certain = 0.99;
/** Seconds of rate that may go at once after a pause. */
const burstSeconds = 0.15;
const smallestBurst = 20;
/** What urgent requests may borrow of the next ones. */
const largestDebt = 20;

/**
 * - Search: the rate grows by round trips until Microsoft throttles for the first time.
 * - A cut, at most one per round trip: the answers that are on their way then tell how much would have passed.
 * - At the limit: a little below what was estimated, then up again along a cube, hardly moving around the limit.
 */
export function createPacer({
  startRate = defaultStartRate,
  ceiling = defaultCeiling,
  learnt,
}: PacerOptions = {}): Pacer {
  const burst = () => Math.max(smallestBurst, rate * burstSeconds);
  let phase: 'search' | 'cut' | 'limit' = learnt?.isLimit ? 'limit' : 'search';
  let rate = Math.min(Math.max(learnt?.requestsPerSecond ?? startRate, lowestRate), ceiling);
  let limit = rate;
  let isExact = true;
  let sure = rate;
  /** Seconds at work on the way up; idle ones teach nothing. What was learnt before is where the cube is flat. */
  let climbedSeconds = learnt?.isLimit ? flatAfter(climbs.exact) : 0;
  let lastReportAtMs: number | undefined;
  let lastCutAtMs = Number.NEGATIVE_INFINITY;
  let roundTripMs = 0;
  let wasFirst = false;
  let tokens = learnt?.isLimit ? burst() : smallestBurst;
  let filledAtMs: number | undefined;
  let pausedUntilMs = 0;
  let wasHeldBack = false;
  const estimate = createLimitEstimate();

  function refill(nowMs: number): void {
    const fromMs = Math.max(filledAtMs ?? nowMs, 0);
    // A clock that jumps back gives nothing.
    const elapsedMs = Math.max(0, nowMs - fromMs);
    tokens = Math.min(tokens + (elapsedMs / 1000) * rate, burst());
    filledAtMs = Math.max(fromMs, nowMs);
  }

  function setRate(wanted: number): void {
    rate = Math.min(Math.max(wanted, lowestRate), ceiling);
  }

  function grow(sinceMs: number): void {
    // Faster than what was asked for proves nothing.
    if (!wasHeldBack) return;
    if (phase === 'search') {
      setRate(rate * 2 ** (sinceMs / (doublingRoundTrips * Math.max(roundTripMs, 1))));
    } else {
      climbedSeconds += sinceMs / 1000;
      setRate(climbed());
    }
  }

  function climbed(): number {
    const climb = isExact ? climbs.exact : climbs.rough;
    return limit * climb.part * (1 + ((climbedSeconds - flatAfter(climb)) / climb.seconds) ** 3);
  }

  return {
    get rate() {
      return rate;
    },
    get pausedUntilMs() {
      return pausedUntilMs;
    },
    get isSearching() {
      return phase === 'search';
    },
    get learnt() {
      if (phase === 'search') {
        const fastest = estimate.fastest();
        return fastest === undefined ? undefined : { requestsPerSecond: Math.min(fastest, ceiling), isLimit: false };
      }
      return { requestsPerSecond: isExact ? sure : Math.min(rate, limit), isLimit: true };
    },

    take(nowMs, wanted, isUrgent = false) {
      refill(nowMs);
      if (nowMs < pausedUntilMs) return { granted: 0, waitMs: pausedUntilMs - nowMs };
      const needed = isUrgent ? wanted - largestDebt : wanted;
      // Small grants make small batches, which cost as much as full ones.
      if (tokens < needed) {
        wasHeldBack = true;
        return { granted: 0, waitMs: Math.max(1, ((needed - tokens) / rate) * 1000) };
      }
      tokens -= wanted;
      return { granted: wanted, waitMs: 0 };
    },

    report({ sentAtMs, nowMs, ok, throttled }) {
      estimate.add({ sentAtMs, nowMs, ok, throttled });
      const sinceMs = Math.min(Math.max(0, nowMs - (lastReportAtMs ?? nowMs)), 250);
      lastReportAtMs = nowMs;
      // Refusals come back at once: the time of a round trip is that of answers.
      if (ok > 0) roundTripMs = Math.max(nowMs - sentAtMs, roundTripMs * 0.9);
      const isOfBefore = sentAtMs < lastCutAtMs || nowMs - lastCutAtMs < roundTripMs;
      if (phase === 'cut' && !isOfBefore) {
        // What was sent before the cut is answered by now.
        const found = estimate.afterCut();
        // At the limit one cut goes down by its part and no more, whatever few answers seem to tell.
        const least = wasFirst ? 0 : rate;
        limit = Math.min(Math.max(found?.requestsPerSecond ?? rate, least), ceiling);
        isExact = found?.certainty === 'exact';
        sure = limit * certain;
        climbedSeconds = 0;
        // Far too fast to tell by how much: looked for again from lower down.
        phase = found?.certainty === 'guessed' ? 'search' : 'limit';
        setRate(climbed());
      }
      if (throttled > 0) {
        // Requests sent before the last cut tell about the rate before it; those sent within a round trip of it met them.
        if (isOfBefore || sentAtMs < lastCutAtMs + roundTripMs) return;
        wasFirst = phase === 'search';
        estimate.cutAt({ nowMs, rate, firstRefusedSentAtMs: sentAtMs });
        setRate(rate * (wasFirst ? cutOfSearch : cut));
        phase = 'cut';
        lastCutAtMs = nowMs;
        tokens = Math.min(tokens, 0);
        return;
      }
      if (phase !== 'cut') {
        grow(sinceMs);
        wasHeldBack = false;
      }
    },

    pauseUntil(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, ms);
      tokens = Math.min(tokens, 0);
    },
  };
}

/** Seconds until the way up is at the limit, where it hardly moves. */
function flatAfter({ below, seconds }: { readonly below: number; readonly seconds: number }): number {
  return seconds * Math.cbrt(below);
}
