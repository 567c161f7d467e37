import { sql } from 'kysely';
import type { UserId } from '../../../domain/ids.ts';
import { rankOf } from '../../db/access-counts.ts';
import type { StoredCheck, Tx } from '../../db/schema.ts';
import type { MailboxResult } from '../../mailbox-probes/mailbox-result.ts';
import { switchConnections } from './connection-switch.store.ts';

const mostRowsPerStatement = 1_000;

/** Stores results with what follows from them: counts, standing verdicts and connections. What is there stays. */
export async function saveCheckResults(
  tx: Tx,
  check: StoredCheck,
  results: readonly MailboxResult[],
  now: Date,
): Promise<void> {
  for (let start = 0; start < results.length; start += mostRowsPerStatement) {
    const some = results.slice(start, start + mostRowsPerStatement);
    const added = await insertResults(tx, check, some);
    if (check.changes_connection) await switchConnections(tx, check, added, now);
  }
}

/**
 * Results, counts and standing verdicts in one statement, with one parameter per column: with one per cell the embedded
 * database spent most of its time on reading the statement.
 *
 * A check that could not tell does not take the place of one that could: the earlier verdict stays with its own time, and
 * the attempt is shown beside it. "Waiting" is no verdict that could.
 * @returns the results that are new: a second run of the same batch adds nothing
 */
async function insertResults(tx: Tx, check: StoredCheck, results: readonly MailboxResult[]): Promise<MailboxResult[]> {
  const column = <T>(of: (result: MailboxResult) => T) => results.map(of);
  const { rows } = await sql<{ count: number; added: UserId[] | null }>`
    with result as (
      select * from unnest(
        ${column(({ userId }) => userId)}::uuid[],
        ${column(({ verdict }) => verdict.status)}::text[],
        ${column(({ verdict }) => rankOf(verdict.status))}::int[],
        ${column(({ verdict }) => verdict.reason)}::text[],
        ${column(({ capabilities }) => JSON.stringify(capabilities))}::text[],
        ${column(({ checkedAt }) => checkedAt.toISOString())}::timestamptz[]
      ) as r (user_id, status, rank, reason, capabilities, at)
    ), added as (
      insert into check_results (tenant_id, check_id, user_id, status, reason, capabilities, checked_at)
      select ${check.tenant_id}::uuid, ${check.id}::uuid, user_id, status, reason, capabilities::jsonb, at from result
      on conflict (tenant_id, check_id, user_id) do nothing
      returning user_id, status, reason
    ), counted as (
      insert into check_tallies as t (tenant_id, check_id, status, reason, count)
      select ${check.tenant_id}::uuid, ${check.id}::uuid, status, reason, count(*) from added group by status, reason
      on conflict (tenant_id, check_id, status, reason) do update set count = t.count + excluded.count
    ), compared as (
      select r.user_id, r.status, r.rank, r.reason, r.at,
        r.status = 'could_not_tell' and a.status not in ('could_not_tell', 'not_checked', 'waiting') as keeps
      from added n join result r using (user_id)
      join mailbox_access a on a.tenant_id = ${check.tenant_id}::uuid and a.user_id = r.user_id
    ), moved as (
      update mailbox_access a set
        status = case when c.keeps then a.status else c.status end,
        status_rank = case when c.keeps then a.status_rank else c.rank end,
        reason = case when c.keeps then a.reason else c.reason end,
        checked_at = case when c.keeps then a.checked_at else c.at end,
        check_id = case when c.keeps then a.check_id else ${check.id}::uuid end,
        attempt_reason = case when c.keeps then c.reason end,
        attempt_at = case when c.keeps then c.at end
      from compared c
      where a.tenant_id = ${check.tenant_id}::uuid and a.user_id = c.user_id
    )
    select count(*) as count, case when count(*) < ${results.length}::int then array_agg(user_id) end as added from added
  `.execute(tx);
  const { count = 0, added } = rows[0] ?? {};
  if (Number(count) === results.length) return [...results];
  const ids = new Set(added ?? []);
  return results.filter(({ userId }) => ids.has(userId));
}
