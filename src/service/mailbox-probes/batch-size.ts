import { largestBatch } from '../graph/batch.ts';
import { outlookConcurrency } from '../graph/limit-estimate.ts';

/** How things stand when the next batch is put together. */
export interface BatchNeed {
  readonly ready: number;
  /** Nothing comes after what is ready. */
  readonly isLast: boolean;
  /** The tenant's limit is not known yet. */
  readonly isSearching: boolean;
  readonly requestsPerSecond: number;
  /** Milliseconds in which Outlook answers as many requests as it works on at a time; absent before it did. */
  readonly waveMs: number | undefined;
}

/**
 * How many requests the next batch holds. A full one costs us least; a small one is answered soonest, which keeps the pace
 * exact: what Microsoft has not come to yet is on its way when a limit is met. Smallest while the limit is looked for, and
 * at the end of a run, where the batches shrink so that all end together.
 */
export function batchSize({ ready, isLast, isSearching, requestsPerSecond, waveMs }: BatchNeed): number {
  if (waveMs === undefined || (isSearching && waveMs >= slowWaveMs)) return Math.min(outlookConcurrency, ready);
  const mostWaves = Math.max(1, Math.floor(longestMs / Math.max(waveMs, 1)));
  const sentInWave = Math.max(1, (requestsPerSecond * waveMs) / 1000);
  const waves = isLast ? Math.max(1, Math.floor(ready / sentInWave)) : mostWaves;
  return Math.min(largestBatch, Math.min(waves, mostWaves) * outlookConcurrency, ready);
}

/** Where answers come at once, small batches bring nothing sooner. */
const slowWaveMs = 10;
/** Milliseconds in which a batch should be answered. */
const longestMs = 180;
