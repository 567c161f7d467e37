import { largestBatch } from '../graph/batch.ts';

/**
 * Requests of one batch that Outlook works on at a time, so that a batch of 20 takes as long as five of four.
 * @see Microsoft Learn, Microsoft Graph service-specific throttling limits, Outlook service limits
 */
export const outlookConcurrency = 4;

/** How things stand when the next batch is put together. */
export interface BatchNeed {
  readonly ready: number;
  /** Nothing comes after what is ready. */
  readonly isLast: boolean;
  /** The tenant's limit is not known yet. */
  readonly isSearching: boolean;
  readonly requestsPerSecond: number;
  /** Milliseconds in which Outlook answers as many requests as it works on at a time. */
  readonly waveMs: number;
}

/**
 * How many requests the next batch holds. A full one costs us least; a small one is answered soonest, which counts while
 * the first sign of a limit is looked for, and at the end of a run, where the batches shrink so that all end together.
 */
export function batchSize({ ready, isLast, isSearching, requestsPerSecond, waveMs }: BatchNeed): number {
  if (isSearching && waveMs >= slowWaveMs) return Math.min(outlookConcurrency, ready);
  if (!isLast) return Math.min(largestBatch, ready);
  const sentInWave = Math.max(1, (requestsPerSecond * waveMs) / 1000);
  const waves = Math.max(1, Math.floor(ready / sentInWave));
  return Math.min(largestBatch, waves * outlookConcurrency, ready);
}

/** Where answers come at once, small batches bring nothing sooner. */
const slowWaveMs = 10;
