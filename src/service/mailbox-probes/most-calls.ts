import { outlookConcurrency } from '../graph/limit-estimate.ts';
import { defaultCeiling } from '../graph/pacer.ts';

const most = 64;
/** Not fewer: what Graph answered fastest may be denials, and the next mailbox slow. */
const least = 16;
/** Small ones, which are answered soonest. */
const mostUnanswered = 32;

/**
 * How many calls are on their way at a time: no more than the fastest rate needs. Where Graph answers at once, more
 * would only wait for each other here, and whoever reads a list for all of them.
 * @param waveMs the shortest in which Outlook answered as many requests as it works on at a time; absent before it did
 */
export function mostCalls(waveMs: number | undefined): number {
  if (waveMs === undefined) return mostUnanswered;
  return Math.min(most, Math.max(least, Math.ceil((defaultCeiling * waveMs) / 1000 / outlookConcurrency)));
}
