import type { RestOfRun } from '../graph/pacer.ts';

/** How things stand in a run. Times in milliseconds. */
export interface RunNow {
  /** Requests that may go now or are still to come. */
  readonly ready: number;
  /** Requests that were refused and wait. */
  readonly waiting: number;
  /** Per second. */
  readonly rate: number;
  /** What Microsoft asked to wait last. */
  readonly retryAfterMs: number;
  /** Until the last of those that wait comes back; 0 or less when none does. */
  readonly lastBackMs: number;
}

/** What is left takes less than so many of the waits that Microsoft asks for: near the end. */
const nearEndFactor = 1.5;
/** So long before the last of those that wait, the others are done. */
const doneBeforeMs = 500;

/** What is left, when what is refused now would come back only after it. */
export function restOfRun({ ready, waiting, rate, retryAfterMs, lastBackMs }: RunNow): RestOfRun | undefined {
  const seconds = (ready + waiting) / rate;
  if (seconds * 1000 >= retryAfterMs * nearEndFactor) return undefined;
  const enough = lastBackMs > doneBeforeMs ? (ready / (lastBackMs - doneBeforeMs)) * 1000 : Number.POSITIVE_INFINITY;
  return { seconds, enough };
}
