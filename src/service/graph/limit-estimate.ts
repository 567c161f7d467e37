/**
 * What answers tell about a tenant's limit. Microsoft publishes no rate for a tenant, so the limit is taken for a bucket:
 * a burst fits in, and so much runs in per second. The requests that passed are replayed against buckets of other rates,
 * until one is empty just when Microsoft's was. Refused requests count too where Microsoft logs usage while throttled, as
 * it says for its limits. Pure: times are passed in, in milliseconds.
 */
export interface LimitEstimate {
  add(report: Report): void;
  /** Nothing was left at this time: where the next replay begins. */
  emptyAt(ms: number): void;
  /** Requests that came from where the replay begins to this time. */
  countUntil(ms: number): number;
  /**
   * What fits into a bucket that was full at some time and is empty at this one, by its rate; `part` of what ran in
   * meanwhile more or less, as far as that is uncertain.
   */
  burstUntil(ms: number): BurstAt;
  /**
   * Whether refused requests count against the limit, by what came after nothing was left: then all are refused,
   * otherwise as many are answered as run in.
   */
  judgeRefused(fromMs: number, untilMs: number): boolean;
  /** Requests per second of a bucket that is empty at this time. @param burst what fits in, which may hang on the rate */
  limitUntil(ms: number, burst: (requestsPerSecond: number) => number): number;
  /** Requests that were answered in the best second; undefined until something was. */
  readonly fastest: number | undefined;
}

export type BurstAt = (requestsPerSecond: number, part?: number) => number;

export interface Report {
  readonly sentAtMs: number;
  readonly nowMs: number;
  readonly ok: number;
  readonly throttled: number;
}

/** Outlook works on so many requests of a batch at a time. @see Microsoft Learn, Outlook service limits */
export const outlookConcurrency = 4;
/** Requests that came so near to each other are one. */
const stepMs = 2;
/** Longer than that nothing is known of a bucket but that it may have been full. */
const longestMs = 120_000;
/** Answers among refusals that are only out of place. */
const strayShare = 0.05;
const secondMs = 1_000;

export function createLimitEstimate(): LimitEstimate {
  /** By the time at which Microsoft came to them, in order. */
  let came: { atMs: number; answered: number; refused: number }[] = [];
  let refusedCount = true;
  let fromMs: number | undefined;
  let wasFull = true;
  let second = { startedAtMs: Number.NEGATIVE_INFINITY, ok: 0 };
  let fastest: number | undefined;

  function put(atMs: number, answered: number, refused: number): void {
    // Of before the replay begins.
    if (!wasFull && atMs < (fromMs ?? atMs)) return;
    // Answers come nearly in order.
    let index = came.length;
    while (index > 0 && (came[index - 1]?.atMs ?? 0) > atMs) index--;
    const before = came[index - 1];
    if (before && atMs - before.atMs < stepMs) {
      before.answered += answered;
      before.refused += refused;
    } else {
      came.splice(index, 0, { atMs, answered, refused });
    }
  }

  const counted = (step: { answered: number; refused: number }) => step.answered + (refusedCount ? step.refused : 0);

  function forget(nowMs: number): void {
    const oldest = came[0]?.atMs ?? nowMs;
    if (nowMs - oldest < 1.5 * longestMs) return;
    came = came.filter(({ atMs }) => atMs >= nowMs - longestMs);
    if (fromMs !== undefined && fromMs >= nowMs - longestMs) return;
    fromMs = nowMs - longestMs;
    wasFull = true;
  }

  function leftAt(untilMs: number, requestsPerSecond: number, burst: number): number {
    let level = wasFull ? burst : 0;
    let atMs = fromMs ?? untilMs;
    for (const step of came) {
      if (step.atMs >= untilMs) break;
      level = Math.min(burst, level + ((step.atMs - atMs) / 1000) * requestsPerSecond) - counted(step);
      atMs = step.atMs;
    }
    return level + ((untilMs - atMs) / 1000) * requestsPerSecond;
  }

  return {
    add(report) {
      const { sentAtMs, nowMs, ok, throttled } = report;
      // Refusals overtake answers.
      if (wasFull) fromMs = Math.min(fromMs ?? sentAtMs, sentAtMs);
      const waves = Math.ceil(ok / outlookConcurrency);
      for (let wave = 0; wave < waves; wave++) {
        const count = Math.min(outlookConcurrency, ok - wave * outlookConcurrency);
        put(sentAtMs + ((nowMs - sentAtMs) * wave) / waves, count, 0);
      }
      if (throttled > 0) put(refusedAtMs(report), 0, throttled);
      forget(nowMs);
      if (nowMs - second.startedAtMs >= secondMs) second = { startedAtMs: nowMs, ok: 0 };
      second.ok += ok;
      fastest = Math.max(fastest ?? 0, second.ok);
    },

    emptyAt(ms) {
      fromMs = ms;
      wasFull = false;
      came = came.filter(({ atMs }) => atMs >= ms);
    },

    countUntil(ms) {
      return came.reduce((sum, step) => sum + (step.atMs < ms ? counted(step) : 0), 0);
    },

    burstUntil(ms) {
      const before = came.filter(({ atMs }) => atMs < ms).reverse();
      return (requestsPerSecond, part = 0) => {
        let burst = 0;
        let count = 0;
        for (const step of before) {
          count += counted(step);
          burst = Math.max(burst, count - ((ms - step.atMs) / 1000) * requestsPerSecond * (1 - part));
        }
        return burst;
      };
    },

    judgeRefused(fromMs, untilMs) {
      const within = came.filter(({ atMs }) => atMs > fromMs && atMs < untilMs);
      const answered = within.reduce((sum, step) => sum + step.answered, 0);
      const refused = within.reduce((sum, step) => sum + step.refused, 0);
      refusedCount = answered <= outlookConcurrency + refused * strayShare;
      return refusedCount;
    },

    limitUntil(ms, burst) {
      let low = 0;
      let high = 1;
      while (high < 1e6 && leftAt(ms, high, burst(high)) < 0) high *= 2;
      for (let turn = 0; turn < 24; turn++) {
        const middle = (low + high) / 2;
        if (leftAt(ms, middle, burst(middle)) < 0) low = middle;
        else high = middle;
      }
      return low;
    },

    get fastest() {
      return fastest;
    },
  };
}

/** When Microsoft came to the first request that it refused: those before it were answered. */
export function refusedAtMs({ sentAtMs, nowMs, ok }: Report): number {
  const waves = Math.ceil(ok / outlookConcurrency);
  return waves === 0 ? sentAtMs : sentAtMs + ((nowMs - sentAtMs) * Math.floor(ok / outlookConcurrency)) / waves;
}
