import { type RawBuilder, sql, type UpdateQueryBuilder } from 'kysely';
import type { UserId } from '../../../domain/ids.ts';
import { accessStatuses } from '../../../domain/mailbox-access/verdict.ts';
import type { RunState } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Db, Schema, Tx } from '../../db/schema.ts';
import { numberList, uuidList } from '../../db/sql-list.ts';
import { inBulkStatement } from '../../db/transaction.ts';
import type { MailboxResult } from '../../mailbox-probes/mailbox-result.ts';
import { switchConnections } from './connection-switch.store.ts';
import { saveRescheduled } from './rescheduled-mailboxes.ts';

/** A batch of results on its way into the database. */
export interface ResultsToSave {
  /** The run's row, written only while its worker owns it; it answers its state. */
  readonly whileOwned: UpdateQueryBuilder<Schema, 'checks', 'checks', Pick<StoredCheck, 'state'>>;
  readonly check: StoredCheck;
  /** The application that found them. */
  readonly registration: RegistrationName;
  readonly results: readonly MailboxResult[];
}

/**
 * Stores results with what follows from them: counts, standing verdicts and connections. What is there stays.
 * @returns the run's state; undefined, and nothing stored, when another worker owns it
 */
export async function saveCheckResults(tx: Tx, batch: ResultsToSave, now: Date): Promise<RunState | undefined> {
  const { check, results, whileOwned } = batch;
  if (results.length === 0) return (await whileOwned.executeTakeFirst())?.state;
  const { state, added } = storedOf(batch, (await insertResults(batch).execute(tx)).rows);
  await saveRescheduled(tx, check, added);
  if (check.changes_connection) await switchConnections(tx, check, added, now);
  return state;
}

/** Whether nothing follows from results but what {@link insertResults} does. */
export function areAlone({ check, results }: Pick<ResultsToSave, 'check' | 'results'>): boolean {
  return !check.changes_connection && results.every(({ rescheduledUntil }) => !rescheduledUntil);
}

/** {@link saveCheckResults} for results that {@link areAlone}, in one statement. */
export async function saveResultsAlone(db: Db, batch: ResultsToSave): Promise<RunState | undefined> {
  if (batch.results.length === 0) return (await inBulkStatement(db, batch.whileOwned.compile()))[0]?.state;
  return storedOf(batch, await inBulkStatement(db, insertResults(batch).compile(db))).state;
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
 * Results, counts and standing verdicts in one statement: each more is a wait in which nobody else uses the embedded
 * database. It has a parameter per column: with one per cell the database spends most of its time on reading it.
 *
 * Stored is what a mailbox answered that the application still reaches; until the transaction ends, it does. A verdict of
 * another application would stand for what nobody has tried. Two of a check do not run at once: each holds its row.
 */
function insertResults({ whileOwned, check, registration, results }: ResultsToSave): RawBuilder<Stored> {
  const { answers, answerOf } = distinctAnswers(results);
  const isWanted = sql`u.tenant_id = ${check.tenant_id}::uuid and u.id = any((select ids from wanted)::uuid[])`;
  return sql<Stored>`
    with owned as (${whileOwned}), wanted as materialized (
      select ${uuidList(results.map(({ userId }) => userId))} as ids
    ), reached as materialized (
      select o.id, o.registration <> ${registration} as by_another from organizations o
      where o.tenant_id = ${check.tenant_id}::uuid and o.id in (
        select distinct u.organization_id from users u where ${isWanted}
      )
      for share
    ), answer as materialized (
      select ${answers.map(({ verdict }) => verdict.status)}::text[] as statuses,
        ${answers.map(({ verdict }) => verdict.reason)}::text[] as reasons,
        ${answers.map(({ capabilities }) => capabilities)}::text[]::jsonb[] as capabilities
    ), given as materialized (
      select g.user_id, a.statuses[g.answer] as status, a.reasons[g.answer] as reason,
        a.capabilities[g.answer] as capabilities, to_timestamp(g.ms / 1000) as at
      from owned cross join answer a cross join unnest(
        (select ids from wanted),
        ${numberList(answerOf)}::int[],
        ${numberList(results.map(({ checkedAt }) => checkedAt.getTime()))}
      ) as g (user_id, answer, ms)
    ), added as (
      insert into check_results (tenant_id, check_id, user_id, status, reason, capabilities, checked_at)
      select ${check.tenant_id}::uuid, ${check.id}::uuid, user_id, status, reason, capabilities, at from given
      where (not exists (select from reached where by_another) or user_id not in (
        select u.id from users u where ${isWanted} and u.organization_id in (select id from reached where by_another)
      )) and user_id not in (
        select s.user_id from check_results s
        where s.tenant_id = ${check.tenant_id}::uuid and s.check_id = ${check.id}::uuid
          and s.user_id = any((select ids from wanted)::uuid[])
      )
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
      where a.tenant_id = ${check.tenant_id}::uuid and a.user_id = any((select ids from wanted)::uuid[])
        and a.user_id = r.user_id
        and (a.checked_at is null or a.checked_at <= r.at)
        -- Who came to another application in this moment has no verdict yet.
        and a.organization_id = any(array(select id from reached where not by_another))
    )
    select (select state from owned) as state, count(*) as count,
      case when count(*) < ${results.length}::int then array_agg(user_id) end as added
    from added
  `;
}

interface Stored {
  readonly state: RunState | null;
  /** How many results were new. */
  readonly count: number;
  /** Whose, where not all were. */
  readonly added: UserId[] | null;
}

/** The results that are new: a second run of the same batch adds nothing. */
function storedOf({ results }: ResultsToSave, rows: readonly Stored[]) {
  const { state, count, added } = rows[0] ?? { state: null, count: 0, added: null };
  if (count === results.length) return { state: state ?? undefined, added: results };
  const ids = new Set(added ?? []);
  return { state: state ?? undefined, added: results.filter(({ userId }) => ids.has(userId)) };
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
