import { tableActivities, workDue } from './autovacuum.ts';
import type { EmbeddedDatabase } from './pglite-proxy.ts';
import { isCheckpointDue, isInBulk } from './short-wal.ts';

/** What a server's background processes do, and single-user PostgreSQL has nobody for. */
export interface Upkeep {
  /** Does what is due now; by itself it looks every ten seconds. */
  look(): Promise<void>;
  /** Resolves once it will not look any more. */
  stop(): Promise<void>;
}

const lookEveryMs = 10_000;
const deadlineMs = 300_000;

/** Bytes of WAL that were ever written. */
export async function walPosition(pglite: EmbeddedDatabase): Promise<number> {
  const { rows } = await pglite.query(`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::int8 as position`);
  return Number(rows[0]?.position);
}

/**
 * Writes checkpoints, renews statistics and vacuums, as autovacuum would: each table in a statement of its own, and readers
 * go first.
 * @param openedAt position of the WAL at the last checkpoint, in bytes
 */
export function startUpkeep(pglite: EmbeddedDatabase, openedAt: number): Upkeep {
  let last = { position: openedAt, atMs: performance.now() };
  let lastSeen = openedAt;
  let looking = Promise.resolve();
  let isStopped = false;

  async function doWhatIsDue() {
    const position = await walPosition(pglite);
    const growth = {
      sinceCheckpoint: position - last.position,
      sinceLastLook: position - lastSeen,
      msSinceCheckpoint: performance.now() - last.atMs,
    };
    if (isCheckpointDue(growth)) {
      await pglite.exec('CHECKPOINT', deadlineMs);
      last = { position, atMs: performance.now() };
    }
    for (const table of await tableActivities(pglite)) {
      const work = workDue(table, { isInBulk: isInBulk(growth) });
      if (!work || isStopped) continue;
      await pglite.quiet();
      await pglite.exec(`${work} ${table.name}`, deadlineMs);
    }
    // What upkeep writes is nobody's bulk work.
    lastSeen = await walPosition(pglite);
  }

  function look() {
    looking = looking
      .then(() => (isStopped ? undefined : doWhatIsDue()))
      // A failed query has told `onFault` already.
      .catch(() => {});
    return looking;
  }

  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  return {
    look,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await looking;
    },
  };
}
