/** How much WAL was written, in bytes, and the time that passed. */
export interface WalGrowth {
  readonly sinceCheckpoint: number;
  readonly sinceLastLook: number;
  readonly msSinceCheckpoint: number;
}

const mebibyte = 1024 * 1024;
const bulkBytes = mebibyte;
/** What a start after a crash reads again at most, within seconds. */
const mostBytes = 256 * mebibyte;
const usualBytes = 64 * mebibyte;
const usualMs = 5 * 60_000;

/** Whoever writes more than that between two looks writes in bulk. */
export function isInBulk({ sinceLastLook }: Pick<WalGrowth, 'sinceLastLook'>): boolean {
  return sinceLastLook > bulkBytes;
}

/**
 * Nobody else writes checkpoints in single-user mode: without them the WAL grows and every start replays it. One holds
 * everybody up for some 130 ms, and what changes after it is written whole once more: bulk work, with admins who look on,
 * goes without one for longer.
 */
export function isCheckpointDue(growth: WalGrowth): boolean {
  const { sinceCheckpoint, msSinceCheckpoint } = growth;
  if (isInBulk(growth)) return sinceCheckpoint >= mostBytes;
  return sinceCheckpoint >= usualBytes || (sinceCheckpoint > 0 && msSinceCheckpoint > usualMs);
}
