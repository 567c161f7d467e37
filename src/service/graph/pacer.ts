import { createAheadOfAnswers, smallestBurst, usedBurst } from './ahead-of-answers.ts';
import { belowPart, climbFromBelow, climbFromRemembered } from './climb.ts';
import { createLimitEstimate, refusedAtMs } from './limit-estimate.ts';

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
  /** Never faster than this either, in requests per second; undefined takes that back. */
  limitTo(ceiling: number | undefined): void;
  /**
   * What is refused now would come back when the rest is done: nothing faster than the known limit is tried, and a little
   * slower where that is soon enough. Undefined when it would come back before.
   */
  nearEnd(rest: RestOfRun | undefined): void;
  /** Nothing goes before this time: the call itself was refused. */
  pauseUntil(ms: number): void;
  readonly pausedUntilMs: number;
  /** Requests per second at present. */
  readonly rate: number;
  /** Whether the tenant's limit is not known yet: small batches then bring its signs sooner. */
  readonly isSearching: boolean;
  /** What the next run should begin with; undefined before anything was answered. */
  readonly learnt: LearntRate | undefined;
}

export interface RestOfRun {
  /** What it takes at the present rate. */
  readonly seconds: number;
  /** Requests per second with which it is done when the last of what was refused comes back: faster ends no sooner. */
  readonly enough: number;
}

/** What is known of a tenant's limit. */
export interface LearntRate {
  readonly requestsPerSecond: number;
  /** What passes at once on top of it after a while without requests. */
  readonly burst: number;
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

/** What Microsoft documents for one application: 130,000 requests in ten seconds. */
export const defaultCeiling = 13_000;
const defaultStartRate = 1_500;

const lowestRate = 5;
/** Round trips in which the search for the limit doubles the rate. */
const doublingRoundTrips = 16;
/**
 * The search takes fewer round trips where they are short, because then few are on their way when a limit is met: no more
 * than these, or at a rate from which on a limit is hardly met but Microsoft's own for an application.
 */
const fewOnTheirWay = 10;
const hurriedFrom = 4_000;
const hurriedRoundTrips = 4;
/** Of a round trip, for each that the search takes then. */
const msPerHurriedRoundTrip = 5;
/** Part of the rate that met the limit at which it is met once more. */
const confirmPart = 0.9;
/** How much slower each further try to confirm the limit is. */
const confirmDecrease = 0.8;
/** Round trips, and milliseconds at least, of the rest before the limit is met again; it doubles with each try. */
const restRoundTrips = 1.1;
const shortestRestMs = 60;
/** Of the first try: a longer rest lets run over what should be counted. */
const longestFirstRestMs = 90;
/** So many requests between two refusals, and seconds' worth of them, are enough to tell a limit from. */
const leastCount = 100;
const leastSeconds = 0.12;
/** Without a second refusal for so long the limit is not far. */
const longestConfirmMs = 2_000;
const decrease = 0.85;
/** Rest after a cut at the limit, in which some of the burst comes back. */
const refillMs = 100;
/** Part of the limit that is kept to where less would be soon enough: nobody should have to wait for all of it. */
const leastPart = 0.9;
/** Seconds of the limit that are left unspent at the end of a run, so that nothing is refused there. */
const unspentSeconds = 0.05;
/** Part of a remembered limit that stays after the first refusal. */
const rememberedPart = 0.98;
/** A burst is taken for no less: one taken for too small makes the limit too high. */
const leastBurstSeconds = 0.15;
/** Seconds of rate that may go at once where no burst is known, and at most. */
const unknownBurstSeconds = 0.1;
const longestBurstSeconds = 0.5;
/** Until what went ahead of the answers is looked at again. */
const aheadWaitMs = 10;
/** Part of the burst that may follow the answer that was waited for. */
const burstAfterWait = 0.5;
/** What urgent requests may borrow of the next ones. */
const largestDebt = 20;
/** Who was held back so recently goes as fast as the rate lets it. */
const heldBackMs = 100;

function doublingMs(requestsPerSecond: number, roundTripMs: number): number {
  const hurried = Math.max(hurriedRoundTrips, roundTripMs / msPerHurriedRoundTrip);
  const onTheirWay = (requestsPerSecond * roundTripMs) / 1000;
  const isHurried = requestsPerSecond >= hurriedFrom || onTheirWay <= fewOnTheirWay;
  const roundTrips = isHurried ? Math.min(doublingRoundTrips, hurried) : doublingRoundTrips;
  return roundTripMs * roundTrips;
}

interface Cut {
  readonly nowMs: number;
  /** When nothing was left. */
  readonly emptyAtMs: number;
  readonly rate: number;
  isSettled: boolean;
}

/**
 * - Search: the rate grows by round trips until Microsoft throttles for the first time.
 * - Confirm: after a short rest a little slower, until it throttles again: between the two the limit passed.
 * - Limit: a little below it, then up again along a cube, hardly moving around the limit. A refusal cuts, at most once
 *   per round trip, and what passed since the one before tells the limit anew.
 */
export function createPacer({
  startRate = defaultStartRate,
  ceiling: highest = defaultCeiling,
  learnt,
}: PacerOptions = {}): Pacer {
  let ceiling = highest;
  let phase: 'search' | 'confirm' | 'limit' = learnt?.isLimit ? 'limit' : 'search';
  // Where nothing was refused, a run of few requests was no faster because it had no more to ask.
  const first = learnt?.isLimit ? learnt.requestsPerSecond : Math.max(learnt?.requestsPerSecond ?? 0, startRate);
  let rate = Math.min(Math.max(first, lowestRate), ceiling);
  let limit = rate;
  /** Requests that went beyond the limit since it was told. */
  let overdrawn = 0;
  /** What was asked per second beyond it without a refusal that should have come. */
  let proven = 0;
  /** Before anything was refused: the limit is an earlier run's. */
  let isRemembered = phase === 'limit';
  /** What passes at once, at a rate; undefined before Microsoft throttled. */
  let burstAt: ((requestsPerSecond: number) => number) | undefined = learnt?.isLimit ? () => learnt.burst : undefined;
  let refusedCount = true;
  let restMs = 0;
  /** Part of the limit near the end of a run. */
  let mostPart = Number.POSITIVE_INFINITY;
  /** The way up since the limit was told. */
  let climb = climbFromRemembered();
  let lastReportAtMs: number | undefined;
  let lastCut: Cut | undefined;
  let lastHeldBackAtMs = Number.NEGATIVE_INFINITY;
  let roundTripMs = 0;
  let tokens = learnt?.isLimit ? burst() : smallestBurst;
  let filledAtMs: number | undefined;
  let pausedUntilMs = 0;
  const ahead = createAheadOfAnswers();
  const estimate = createLimitEstimate();

  function burst(): number {
    const known = burstAt && phase === 'limit' ? burstAt(limit) * usedBurst : rate * unknownBurstSeconds;
    return Math.max(smallestBurst, Math.min(known, rate * longestBurstSeconds, ceiling * unknownBurstSeconds));
  }

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

  function grow(nowMs: number, sinceMs: number): void {
    // Faster than what was asked for proves nothing.
    if (nowMs - lastHeldBackAtMs > Math.max(heldBackMs, roundTripMs)) return;
    if (phase === 'search') setRate(rate * 2 ** (sinceMs / doublingMs(rate, Math.max(roundTripMs, 1))));
    if (phase !== 'limit') return;
    const part = climb.advance(sinceMs / 1000);
    setRate(limit * Math.min(mostPart, part));
    // A limit that was told too low: by now its burst would be used up.
    overdrawn += Math.max(0, rate - limit) * (sinceMs / 1000);
    if (overdrawn > (burstAt?.(limit) ?? 0)) proven = rate;
  }

  /** Slower at once; by how much is told by the answers that are still on their way. */
  function cut(emptyAtMs: number, nowMs: number): void {
    lastCut = { nowMs, emptyAtMs, rate, isSettled: false };
    tokens = Math.min(tokens, 0);
    if (phase === 'limit') {
      setRate(rate * decrease);
      // What does not fit in would be lost.
      tokens -= Math.min((refillMs / 1000) * rate, burstAt?.(rate) ?? 0);
      return;
    }
    if (phase === 'confirm') setRate(rate * confirmDecrease);
    restMs = Math.max(restMs * 2, Math.min(Math.max(shortestRestMs, roundTripMs * restRoundTrips), longestFirstRestMs));
    tokens -= (restMs / 1000) * rate;
  }

  /** After a round trip what was sent before the cut is answered. */
  function settleIfTold(nowMs: number): void {
    if (!lastCut || lastCut.isSettled || roundTripMs === 0 || nowMs < lastCut.nowMs + roundTripMs) return;
    lastCut.isSettled = true;
    settle(lastCut);
  }

  function settle(cutNow: Cut): void {
    const emptyAtMs = estimate.refusedFrom(cutNow.emptyAtMs);
    const count = estimate.countUntil(emptyAtMs);
    if (!burstAt) {
      refusedCount = estimate.judgeRefused(emptyAtMs, cutNow.nowMs);
      const burstOf = estimate.burstUntil(cutNow.emptyAtMs);
      burstAt = (requestsPerSecond) => Math.max(smallestBurst, burstOf(requestsPerSecond));
      estimate.emptyAt(emptyAtMs);
      phase = 'confirm';
      setRate(rate * confirmPart);
      return;
    }
    if (phase === 'confirm' && count < Math.max(leastCount, leastSeconds * cutNow.rate)) return;
    const burstOf = burstAt;
    if (isRemembered) {
      // One refusal does not outweigh all that taught it: the next one tells.
      isRemembered = false;
      takeUp(limit * rememberedPart);
      estimate.emptyAt(emptyAtMs);
      return;
    }
    const told = estimate.limitUntil(emptyAtMs, (requestsPerSecond) =>
      Math.max(burstOf(requestsPerSecond), requestsPerSecond * leastBurstSeconds),
    );
    const most = Math.min(told?.requestsPerSecond ?? cutNow.rate * decrease, cutNow.rate);
    // When it is new it may be far below; later a cut goes down by its part and no more.
    takeUp(phase === 'confirm' ? most : Math.max(most, cutNow.rate * decrease), told?.requests ?? 0);
    estimate.emptyAt(emptyAtMs);
  }

  /** @param requests from which the limit was told; absent when it is sure */
  function takeUp(told: number, requests?: number): void {
    limit = told;
    climb = climbFromBelow(requests);
    phase = 'limit';
    overdrawn = 0;
    proven = 0;
    const rateBefore = rate;
    setRate(limit * (1 - belowPart));
    // A rest lasts as long as before at another rate.
    if (tokens < 0) tokens *= rate / rateBefore;
  }

  /** It does not come again: what passes is near the limit or below it. */
  function takeForLimit(nowMs: number, { emptyAtMs }: Cut): void {
    const seconds = (nowMs - emptyAtMs) / 1000;
    const count = estimate.countUntil(nowMs);
    takeUp(Math.min(rate, count / seconds), Math.min(count, leastCount));
  }

  return {
    get rate() {
      return rate;
    },
    get pausedUntilMs() {
      return pausedUntilMs;
    },
    get isSearching() {
      return phase !== 'limit' && (lastReportAtMs ?? 0) - lastHeldBackAtMs <= heldBackMs;
    },
    get learnt() {
      if (phase === 'limit') {
        return { requestsPerSecond: Math.max(limit, proven), burst: burstAt?.(limit) ?? 0, isLimit: true };
      }
      const { fastest } = estimate;
      return fastest === undefined
        ? undefined
        : { requestsPerSecond: Math.min(fastest, ceiling), burst: 0, isLimit: false };
    },

    take(nowMs, wanted, isUrgent = false) {
      refill(nowMs);
      settleIfTold(nowMs);
      if (nowMs < pausedUntilMs) return { granted: 0, waitMs: pausedUntilMs - nowMs };
      const needed = isUrgent ? wanted - largestDebt : wanted;
      // Small grants make small batches, which cost as much as full ones.
      if (tokens < needed) {
        lastHeldBackAtMs = nowMs;
        return { granted: 0, waitMs: Math.max(1, ((needed - tokens) / rate) * 1000) };
      }
      const pace = burstAt && { requestsPerSecond: rate, burst: burstAt(limit), roundTripMs };
      if (pace && !isUrgent && ahead.isTooFar(nowMs, wanted, pace)) {
        tokens = Math.min(tokens, burst() * burstAfterWait);
        return { granted: 0, waitMs: aheadWaitMs };
      }
      ahead.went(nowMs, wanted);
      tokens -= wanted;
      return { granted: wanted, waitMs: 0 };
    },

    report(report) {
      const { sentAtMs, nowMs, ok, throttled } = report;
      ahead.answered(nowMs, sentAtMs);
      estimate.add(report);
      const sinceMs = Math.min(Math.max(0, nowMs - (lastReportAtMs ?? nowMs)), 250);
      lastReportAtMs = nowMs;
      // Refusals come back at once: the time of a round trip is that of answers.
      if (ok > 0) roundTripMs = Math.max(nowMs - sentAtMs, roundTripMs * 0.9);
      settleIfTold(nowMs);
      if (throttled > 0) {
        // Requests sent before the last cut tell about the rate before it, those within a round trip of it met them.
        const shortestMs = phase === 'limit' ? roundTripMs : 0;
        if (!lastCut || (lastCut.isSettled && sentAtMs >= lastCut.nowMs + shortestMs)) cut(refusedAtMs(report), nowMs);
        // What is refused counts against the limit as well.
        const mostOwed = phase === 'limit' ? rate : ((restMs + shortestRestMs) / 1000) * rate;
        if (refusedCount) tokens = Math.max(tokens - throttled, -mostOwed);
        return;
      }
      if (lastCut && !lastCut.isSettled) return;
      if (phase === 'confirm' && lastCut && nowMs - lastCut.nowMs > longestConfirmMs + restMs) {
        takeForLimit(nowMs, lastCut);
      }
      grow(nowMs, sinceMs);
    },

    limitTo(wanted) {
      ceiling = Math.min(highest, wanted ?? highest);
      setRate(rate);
      tokens = Math.min(tokens, burst());
    },

    nearEnd(rest) {
      // Where nothing was refused the burst is unspent.
      const unspent = lastCut ? unspentSeconds : 0;
      mostPart = rest
        ? Math.min(1 - unspent / Math.max(rest.seconds, 1), Math.max(leastPart, rest.enough / limit))
        : Number.POSITIVE_INFINITY;
      if (phase === 'limit') setRate(Math.min(rate, limit * mostPart));
    },

    pauseUntil(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, ms);
      tokens = Math.min(tokens, 0);
    },
  };
}
