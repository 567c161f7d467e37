/**
 * Who goes next on the only connection of the embedded database: bulk work one by one, each once nobody else waits, nor was
 * answered in the last {@link graceMs}, because who asks several questions asks the next one then. It has waited long
 * enough after {@link longestQuietMs}. First come, first served among bulk work (docs/decisions/0023).
 */
export interface BulkLane {
  bulk<T>(work: () => Promise<T>): Promise<T>;
  /** @param isFollowed whether the next question may come soon after the answer: not so inside a transaction */
  others<T>(work: () => Promise<T>, isFollowed: boolean): Promise<T>;
}

export interface LaneTime {
  monotonicMs(): number;
  /** Calls after so many milliseconds, but not before whoever asked meanwhile was heard. */
  later(call: () => void, ms: number): void;
}

const graceMs = 2;
const longestQuietMs = 100;

export function createBulkLane(time: LaneTime): BulkLane {
  const waiting: (() => Promise<void>)[] = [];
  let firstSinceMs = 0;
  let others = 0;
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let isGoing = false;

  /** Milliseconds until the first one may go; undefined when somebody else has to be answered before. */
  function restMs(): number | undefined {
    const nowMs = time.monotonicMs();
    if (nowMs - firstSinceMs >= longestQuietMs) return 0;
    return others > 0 ? undefined : Math.max(0, answeredAtMs + graceMs - nowMs);
  }

  function go(): void {
    const rest = restMs();
    const [first] = waiting;
    isGoing = first !== undefined && rest !== undefined;
    if (!first || rest === undefined) return;
    if (rest > 0) time.later(go, rest);
    else void first().then(goOn);
  }

  function goOn(): void {
    isGoing = waiting.length > 0;
    if (isGoing) time.later(go, 0);
  }

  return {
    bulk(work) {
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) firstSinceMs = time.monotonicMs();
        waiting.push(() => {
          waiting.shift();
          firstSinceMs = time.monotonicMs();
          return work().then(resolve, reject);
        });
        if (!isGoing) goOn();
      });
    },
    async others(work, isFollowed) {
      others += 1;
      try {
        return await work();
      } finally {
        others -= 1;
        if (isFollowed) answeredAtMs = time.monotonicMs();
        if (!isGoing) goOn();
      }
    },
  };
}
