import { sql } from 'kysely';
import type { UserId } from '../../../domain/ids.ts';
import { accessStatuses } from '../../../domain/mailbox-access/verdict.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Tx } from '../../db/schema.ts';
import { numberList, uuidList } from '../../db/sql-list.ts';
import type { MailboxResult } from '../../mailbox-probes/mailbox-result.ts';
import { switchConnections } from './connection-switch.store.ts';
import { saveRescheduled } from './rescheduled-mailboxes.ts';

/** Stores results with what follows from them: counts, standing verdicts and connections. What is there stays. */
export async function saveCheckResults(
  tx: Tx,
  check: StoredCheck,
  results: readonly MailboxResult[],
  now: Date,
): Promise<void> {
  if (results.length === 0) return;
  const added = await insertResults(tx, check, results);
  await saveRescheduled(tx, check, added);
  if (check.changes_connection) await switchConnections(tx, check, added, now);
}

/**
 * A check that could not tell does not take the place of one that could: the earlier verdict stays with its own time, and
 * the attempt is shown beside it. "Waiting" is no verdict that could. Nor does an older answer take the place of a newer
 * one: two runs may try the same mailbox.
 */
const keepsEarlier = sql<boolean>`(
  r.status = 'could_not_tell' and a.status not in ('could_not_tell', 'not_checked', 'waiting')
)`;

/** `rankOf` of a result's status, in SQL. */
const rankOfStatus = sql`(array_position(${[...accessStatuses]}::text[], r.status) - 1)`;

/**
 * Results, counts and standing verdicts in one statement with a parameter per column: with one per cell the database
 * spends most of its time on reading the statement.
 * @returns the results that are new: a second run of the same batch adds nothing
 */
async function insertResults(tx: Tx, check: StoredCheck, results: readonly MailboxResult[]): Promise<MailboxResult[]> {
  const { answers, answerOf } = distinctAnswers(results);
  const { rows } = await sql<{ count: number; added: UserId[] | null }>`
    with answer as materialized (
      select n, status, reason, capabilities::jsonb as capabilities from unnest(
        ${answers.map(({ verdict }) => verdict.status)}::text[],
        ${answers.map(({ verdict }) => verdict.reason)}::text[],
        ${answers.map(({ capabilities }) => capabilities)}::text[]
      ) with ordinality as a (status, reason, capabilities, n)
    ), result as materialized (
      select r.user_id, a.status, a.reason, a.capabilities, to_timestamp(r.ms / 1000) as at from unnest(
        ${uuidList(results.map(({ userId }) => userId))},
        ${numberList(answerOf)},
        ${numberList(results.map(({ checkedAt }) => checkedAt.getTime()))}
      ) as r (user_id, answer, ms) join answer a on a.n = r.answer
    ), added as (
      insert into check_results (tenant_id, check_id, user_id, status, reason, capabilities, checked_at)
      select ${check.tenant_id}::uuid, ${check.id}::uuid, user_id, status, reason, capabilities, at from result
      on conflict (tenant_id, check_id, user_id) do nothing
      returning user_id, status, reason, checked_at as at
    ), counted as (
      insert into check_tallies as t (tenant_id, check_id, status, reason, count)
      select ${check.tenant_id}::uuid, ${check.id}::uuid, status, reason, count(*) from added group by status, reason
      on conflict (tenant_id, check_id, status, reason) do update set count = t.count + excluded.count
    ), moved as (
      update mailbox_access a set
        status = case when ${keepsEarlier} then a.status else r.status end,
        status_rank = case when ${keepsEarlier} then a.status_rank else ${rankOfStatus} end,
        reason = case when ${keepsEarlier} then a.reason else r.reason end,
        checked_at = case when ${keepsEarlier} then a.checked_at else r.at end,
        check_id = case when ${keepsEarlier} then a.check_id else ${check.id}::uuid end,
        attempt_reason = case when ${keepsEarlier} then r.reason end,
        attempt_at = case when ${keepsEarlier} then r.at end,
        rescheduled_until = null,
        rescheduled_by = null
      from added r
      where a.tenant_id = ${check.tenant_id}::uuid and a.user_id = r.user_id
        and (a.checked_at is null or a.checked_at <= r.at)
    )
    select count(*) as count, case when count(*) < ${results.length}::int then array_agg(user_id) end as added from added
  `.execute(tx);
  const { count, added } = rows[0] ?? { count: 0, added: null };
  if (count === results.length) return [...results];
  const ids = new Set(added ?? []);
  return results.filter(({ userId }) => ids.has(userId));
}

/** What was answered, each once, and which of them (from 1) each result is: most mailboxes answer alike. */
function distinctAnswers(results: readonly MailboxResult[]) {
  const numbers = new Map<string, number>();
  const answers: { verdict: MailboxResult['verdict']; capabilities: string }[] = [];
  const answerOf = results.map(({ verdict, capabilities }) => {
    const text = JSON.stringify(capabilities);
    const key = `${verdict.status} ${verdict.reason} ${text}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = answers.push({ verdict, capabilities: text });
    numbers.set(key, number);
    return number;
  });
  return { answers, answerOf };
}
