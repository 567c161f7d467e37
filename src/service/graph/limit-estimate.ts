/**
 * What answers tell about a tenant's limit. Microsoft publishes no rate for a tenant, so it is read from what passed:
 * - between two times at which Microsoft throttled, the limit passed, or less where the rate was far below it;
 * - of requests that were sent too fast, that part passed which the limit has of their rate.
 */
export interface LimitEstimate {
  add(report: {
    readonly sentAtMs: number;
    readonly nowMs: number;
    readonly ok: number;
    readonly throttled: number;
  }): void;
  /** The rate is cut now, from `rate`, because of requests that were sent at that time. */
  cutAt(cut: { readonly nowMs: number; readonly rate: number; readonly firstRefusedSentAtMs: number }): void;
  /** Requests per second that pass, once what was sent before the cut is answered. */
  afterCut(): { readonly requestsPerSecond: number; readonly certainty: 'exact' | 'rough' | 'guessed' } | undefined;
  /** Requests per second that were answered at best; undefined until something was. */
  fastest(): number | undefined;
}

/** Between cuts that are nearer, a burst weighs too much; between those that are further apart, limits change. */
const shortestWindowMs = 2_000;
const longestWindowMs = 120_000;
/** Of a window that counts: what is not idle. */
const leastActiveShare = 0.95;
/** Fewer that passed are too few to tell. */
const roughShare = 0.5;
const leastShare = 0.25;
/** Near the limit, the part that passed tells it to a percent or two. */
const exactShare = 0.9;
const secondMs = 1_000;

export function createLimitEstimate(): LimitEstimate {
  let okSinceCut = 0;
  let activeMs = 0;
  let lastReportAtMs: number | undefined;
  let previousCutAtMs: number | undefined;
  let overdrawn:
    | { fromMs: number; untilMs: number; rate: number; ok: number; all: number; passed: number | undefined }
    | undefined;
  let second = { startedAtMs: Number.NEGATIVE_INFINITY, ok: 0 };
  let fastest: number | undefined;

  return {
    add({ sentAtMs, nowMs, ok, throttled }) {
      okSinceCut += ok;
      activeMs += Math.min(Math.max(0, nowMs - (lastReportAtMs ?? nowMs)), 250);
      lastReportAtMs = nowMs;
      if (overdrawn && sentAtMs >= overdrawn.fromMs && sentAtMs < overdrawn.untilMs) {
        overdrawn.ok += ok;
        overdrawn.all += ok + throttled;
      }
      if (nowMs - second.startedAtMs >= secondMs) second = { startedAtMs: nowMs, ok: 0 };
      second.ok += ok;
      fastest = Math.max(fastest ?? 0, second.ok);
    },

    cutAt({ nowMs, rate, firstRefusedSentAtMs }) {
      const windowMs = previousCutAtMs === undefined ? 0 : nowMs - previousCutAtMs;
      const isWindow =
        windowMs >= shortestWindowMs && windowMs <= longestWindowMs && activeMs >= windowMs * leastActiveShare;
      overdrawn = {
        fromMs: firstRefusedSentAtMs,
        untilMs: nowMs,
        rate,
        ok: 0,
        all: 0,
        passed: isWindow ? (okSinceCut / windowMs) * 1000 : undefined,
      };
      previousCutAtMs = nowMs;
      okSinceCut = 0;
      activeMs = 0;
    },

    afterCut() {
      if (!overdrawn) return undefined;
      const { passed, rate, ok, all } = overdrawn;
      overdrawn = undefined;
      const share = all > 0 ? ok / all : 0;
      // Less passes than the limit where a rate stays far below it for long: the nearer of the two is the higher one.
      if (passed !== undefined) {
        return { requestsPerSecond: Math.max(passed, share >= exactShare ? rate * share : 0), certainty: 'exact' };
      }
      const certainty = share >= exactShare ? 'exact' : share >= roughShare ? 'rough' : 'guessed';
      return { requestsPerSecond: rate * Math.max(share, leastShare), certainty };
    },

    fastest: () => fastest,
  };
}
