import { sql } from 'kysely';
import { rankOf } from '../../db/access-counts.ts';
import type { StoredCheck, Tx } from '../../db/schema.ts';
import type { MailboxResult } from '../../mailbox-probes/mailbox-result.ts';
import { switchConnections } from './connection-switch.store.ts';

const mostRowsPerStatement = 500;

/** Stores results with what follows from them: counts, standing verdicts and connections. What is there stays. */
export async function saveCheckResults(
  tx: Tx,
  check: StoredCheck,
  results: readonly MailboxResult[],
  now: Date,
): Promise<void> {
  for (let start = 0; start < results.length; start += mostRowsPerStatement) {
    const inserted = await insertResults(tx, check, results.slice(start, start + mostRowsPerStatement));
    await countResults(tx, check, inserted);
    await updateAccess(tx, check, inserted);
    if (check.changes_connection) await switchConnections(tx, check, inserted, now);
  }
}

/** @returns the results that are new: a second run of the same batch adds nothing */
async function insertResults(tx: Tx, check: StoredCheck, results: readonly MailboxResult[]): Promise<MailboxResult[]> {
  if (results.length === 0) return [];
  const rows = await tx
    .insertInto('check_results')
    .values(
      results.map((result) => ({
        tenant_id: check.tenant_id,
        check_id: check.id,
        user_id: result.userId,
        status: result.verdict.status,
        reason: result.verdict.reason,
        capabilities: JSON.stringify(result.capabilities),
        checked_at: result.checkedAt,
      })),
    )
    .onConflict((conflict) => conflict.columns(['tenant_id', 'check_id', 'user_id']).doNothing())
    .returning('user_id')
    .execute();
  const inserted = new Set(rows.map((row) => row.user_id));
  return results.filter((result) => inserted.has(result.userId));
}

async function countResults(tx: Tx, check: StoredCheck, results: readonly MailboxResult[]): Promise<void> {
  const groups = Map.groupBy(results, ({ verdict }) => `${verdict.status} ${verdict.reason}`);
  for (const group of groups.values()) {
    const verdict = group[0]?.verdict;
    if (!verdict) continue;
    await tx
      .insertInto('check_tallies')
      .values({
        tenant_id: check.tenant_id,
        check_id: check.id,
        status: verdict.status,
        reason: verdict.reason,
        count: group.length,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'check_id', 'status', 'reason'])
          .doUpdateSet((eb) => ({ count: eb('check_tallies.count', '+', group.length) })),
      )
      .execute();
  }
}

/**
 * Moves the standing verdict of each mailbox. A check that could not tell does not take the place of one that could: the
 * earlier verdict stays with its own time, and the attempt is shown beside it. "Waiting" is no verdict that could.
 */
async function updateAccess(tx: Tx, check: StoredCheck, results: readonly MailboxResult[]): Promise<void> {
  if (results.length === 0) return;
  const ids = results.map(({ userId }) => userId);
  const statuses = results.map(({ verdict }) => verdict.status);
  const ranks = statuses.map(rankOf);
  const reasons = results.map(({ verdict }) => verdict.reason);
  const times = results.map(({ checkedAt }) => checkedAt.toISOString());
  await sql`
    with result as (
      select * from unnest(${ids}::uuid[], ${statuses}::text[], ${ranks}::int[], ${reasons}::text[], ${times}::timestamptz[])
        as r (user_id, status, rank, reason, at)
    ), compared as (
      select r.*, r.status = 'could_not_tell' and a.status not in ('could_not_tell', 'not_checked', 'waiting') as keeps
      from result r join mailbox_access a on a.tenant_id = ${check.tenant_id} and a.user_id = r.user_id
    )
    update mailbox_access a set
      status = case when c.keeps then a.status else c.status end,
      status_rank = case when c.keeps then a.status_rank else c.rank end,
      reason = case when c.keeps then a.reason else c.reason end,
      checked_at = case when c.keeps then a.checked_at else c.at end,
      check_id = case when c.keeps then a.check_id else ${check.id}::uuid end,
      attempt_reason = case when c.keeps then c.reason end,
      attempt_at = case when c.keeps then c.at end
    from compared c
    where a.tenant_id = ${check.tenant_id} and a.user_id = c.user_id
  `.execute(tx);
}
