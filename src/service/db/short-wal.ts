import type { EmbeddedDatabase } from './pglite-proxy.ts';

/** How much WAL was written, in bytes, and the time that passed. */
export interface WalGrowth {
  readonly sinceCheckpoint: number;
  readonly sinceLastLook: number;
  readonly msSinceCheckpoint: number;
}

const mebibyte = 1024 * 1024;
const lookEveryMs = 10_000;
/** Whoever writes more than this between two looks writes in bulk. */
const bulkBytes = mebibyte;
/** What a start after a crash reads again at most, within seconds. */
const mostBytes = 256 * mebibyte;
const usualBytes = 64 * mebibyte;
const usualMs = 5 * 60_000;
/** Tables of as many rows as there are users, and more. */
const listed = ['users', 'mailbox_access', 'mailbox_syncs', 'check_results', 'directory_mailboxes'] as const;

/**
 * A checkpoint holds everybody up for some 130 ms, and what changes after it is written whole once more: bulk work, with
 * admins who look on, goes without one for longer.
 */
export function isCheckpointDue({ sinceCheckpoint, sinceLastLook, msSinceCheckpoint }: WalGrowth): boolean {
  if (sinceLastLook > bulkBytes) return sinceCheckpoint >= mostBytes;
  return sinceCheckpoint >= usualBytes || (sinceCheckpoint > 0 && msSinceCheckpoint > usualMs);
}

/** Whether so much changed that plans may be those of another day; after bulk work, not in the middle of it. */
export function isAnalysisDue({ sinceCheckpoint, sinceLastLook }: WalGrowth): boolean {
  return sinceCheckpoint > bulkBytes && sinceLastLook <= bulkBytes;
}

/** Bytes of WAL that were ever written. */
export async function walPosition(pglite: EmbeddedDatabase): Promise<number> {
  const { rows } = await pglite.query(`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::int8 as position`);
  return Number(rows[0]?.position);
}

/**
 * Nobody else writes checkpoints in single-user mode: without them the WAL grows and every start replays it. In a quiet
 * moment the planner's statistics are renewed with it.
 * @param openedAt position of the WAL at the last checkpoint, in bytes
 */
export function keepWalShort(pglite: EmbeddedDatabase, openedAt: number): NodeJS.Timeout {
  let last = { position: openedAt, atMs: performance.now() };
  let lastSeen = openedAt;
  const timer = setInterval(async () => {
    try {
      const position = await walPosition(pglite);
      const growth = {
        sinceCheckpoint: position - last.position,
        sinceLastLook: position - lastSeen,
        msSinceCheckpoint: performance.now() - last.atMs,
      };
      lastSeen = position;
      if (!isCheckpointDue(growth)) return;
      await pglite.exec('CHECKPOINT', 300_000);
      last = { position, atMs: performance.now() };
      // Nobody else does that either: without statistics a plan takes a tenant of many for one of few.
      if (isAnalysisDue(growth)) for (const table of listed) await pglite.exec(`ANALYZE ${table}`);
    } catch {
      // A failed query has told `onFault` already.
    }
  }, lookEveryMs);
  timer.unref();
  return timer;
}
