/**
 * What answers tell about a tenant's limit. Microsoft publishes no rate for a tenant, so the limit is taken for a bucket:
 * a burst fits in, and so much runs in per second. From one time at which nothing was left to the next just so much ran in
 * as was taken out, but for what ran over meanwhile. Refused requests count too where Microsoft logs usage while throttled, as it says for its limits.
 * Pure: times are passed in, in milliseconds.
 */
export interface LimitEstimate {
  add(report: Report): void;
  /**
   * When nothing was left, by what was refused since: not by the first one alone, which may have been on its way for long.
   */
  refusedFrom(ms: number): number;
  /** Nothing was left at this time: where the next count begins. */
  emptyAt(ms: number): void;
  /** Requests that came from where the count begins to this time. */
  countUntil(ms: number): number;
  /** What fits into a bucket that was full at some time and is empty at this one, by its rate. */
  burstUntil(ms: number): (requestsPerSecond: number) => number;
  /**
   * Whether refused requests count against the limit, by what came after nothing was left: then all are refused,
   * otherwise as many are answered as run in.
   */
  judgeRefused(fromMs: number, untilMs: number): boolean;
  /**
   * What runs in per second, told at a time at which nothing is left; undefined when it never was before. What stalls on
   * the way, or with us, lets the bucket run over and only ever makes it seem less: of the last spans between two such
   * times those count that tell most.
   * @param burst what fits in, by the rate
   */
  limitUntil(ms: number, burst: (requestsPerSecond: number) => number): ToldLimit | undefined;
  /** Requests per second that were answered in the best quarter of one; undefined until something was. */
  readonly fastest: number | undefined;
}

export interface ToldLimit {
  readonly requestsPerSecond: number;
  /** From how many requests: the more, the surer. */
  readonly requests: number;
}

interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly requests: number;
  /** In which so many run in, without the time in which they would have run over. */
  readonly seconds: number;
}

export interface Report {
  readonly sentAtMs: number;
  readonly nowMs: number;
  readonly ok: number;
  readonly throttled: number;
}

/** Outlook works on so many requests of a batch at a time. @see Microsoft Learn, Outlook service limits */
export const outlookConcurrency = 4;
/** Of those refused together so many may have come out of place. */
const firstShare = 0.25;
/** Requests that came so near to each other are one. */
const stepMs = 2;
/** An older time at which nothing was left tells nothing any more: the limit may be another one. */
const longestMs = 120_000;
/** Requests by which the count between two such times is uncertain: clocks and networks are no part of it. */
const uncertainRequests = 30;
/** Answers among refusals that are only out of place. */
const strayShare = 0.05;
const secondMs = 1_000;
const quarterMs = 250;

export function createLimitEstimate(): LimitEstimate {
  /** By the time at which Microsoft came to them, in order. */
  let came: { atMs: number; answered: number; refused: number }[] = [];
  let refusedCount = true;
  let fromMs: number | undefined;
  let wasFull = true;
  /** From one time at which nothing was left to the next; oldest first. */
  let spans: Span[] = [];
  let quarter = { startedAtMs: Number.NEGATIVE_INFINITY, ok: 0 };
  let fastest: number | undefined;

  function put(atMs: number, answered: number, refused: number): void {
    // Of before the count begins.
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
    spans = [];
  }

  function countUntil(ms: number): number {
    return came.reduce((sum, step) => sum + (step.atMs < ms ? counted(step) : 0), 0);
  }

  /** What is left in a bucket that was empty where the count began. */
  function leftAt(untilMs: number, requestsPerSecond: number, burst: number): number {
    let level = 0;
    let atMs = fromMs ?? untilMs;
    for (const step of came) {
      if (step.atMs >= untilMs) break;
      level = Math.min(burst, level + ((step.atMs - atMs) / 1000) * requestsPerSecond) - counted(step);
      atMs = step.atMs;
    }
    return level + ((untilMs - atMs) / 1000) * requestsPerSecond;
  }

  /** Requests per second of a bucket that is empty at this time too. */
  function rateUntil(ms: number, burst: (requestsPerSecond: number) => number): number {
    let low = 0;
    let high = 1;
    while (high < 1e6 && leftAt(ms, high, burst(high)) < 0) high *= 2;
    for (let turn = 0; turn < 24; turn++) {
      const middle = (low + high) / 2;
      if (leftAt(ms, middle, burst(middle)) < 0) low = middle;
      else high = middle;
    }
    return high;
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
      if (nowMs - quarter.startedAtMs >= quarterMs) quarter = { startedAtMs: nowMs, ok: 0 };
      quarter.ok += ok;
      fastest = Math.max(fastest ?? 0, (quarter.ok / quarterMs) * secondMs);
    },

    refusedFrom(ms) {
      const since = came.filter(({ atMs, refused }) => atMs >= ms && refused > 0);
      const first = since.reduce((sum, { refused }) => sum + refused, 0) * firstShare;
      let seen = 0;
      for (const { atMs, refused } of since) {
        seen += refused;
        if (seen >= first) return atMs;
      }
      return ms;
    },

    emptyAt(ms) {
      const [told] = spans.slice(-1);
      if (told && told.untilMs !== ms) spans = [];
      fromMs = ms;
      wasFull = false;
      came = came.filter(({ atMs }) => atMs >= ms);
    },

    countUntil,

    burstUntil(ms) {
      const before = came.filter(({ atMs }) => atMs < ms).reverse();
      return (requestsPerSecond) => {
        let burst = 0;
        let count = 0;
        for (const step of before) {
          count += counted(step);
          burst = Math.max(burst, count - ((ms - step.atMs) / 1000) * requestsPerSecond);
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
      if (wasFull || fromMs === undefined || ms <= fromMs) return undefined;
      const requests = countUntil(ms);
      const seconds = requests / rateUntil(ms, burst);
      spans = [...spans.filter((span) => span.fromMs >= ms - longestMs), { fromMs, untilMs: ms, requests, seconds }];
      return tellMost(spans);
    },

    get fastest() {
      return fastest;
    },
  };
}

/** Of the last one, the last two and so on those that tell most, as far as that is sure. */
function tellMost(spans: readonly Span[]): ToldLimit | undefined {
  let told: ToldLimit | undefined;
  let least = Number.NEGATIVE_INFINITY;
  let requests = 0;
  let seconds = 0;
  for (const span of spans.toReversed()) {
    requests += span.requests;
    seconds += span.seconds;
    const surely = (requests - uncertainRequests) / seconds;
    if (surely <= least) continue;
    least = surely;
    told = { requestsPerSecond: requests / seconds, requests };
  }
  return told;
}

/** When Microsoft came to the first request that it refused: those before it were answered. */
export function refusedAtMs({ sentAtMs, nowMs, ok }: Report): number {
  const waves = Math.ceil(ok / outlookConcurrency);
  // Refused at once: what it took was the way.
  const part = waves === 0 ? 0.5 : Math.floor(ok / outlookConcurrency) / waves;
  return sentAtMs + (nowMs - sentAtMs) * part;
}
