import { type RawBuilder, sql } from 'kysely';
import type { UserId } from '../../../domain/ids.ts';
import type { RunState } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import { rankOf } from '../../db/access-counts.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { numberList, uuidList } from '../../db/sql-list.ts';
import { inBulkStatement } from '../../db/transaction.ts';
import type { MailboxResult } from '../../mailbox-probes/mailbox-result.ts';
import type { ProbeProgress } from '../../mailbox-probes/probe-and-save.ts';
import { switchConnections } from './connection-switch.store.ts';
import { saveRescheduled } from './rescheduled-mailboxes.ts';

/** A batch of results on its way into the database. */
export interface ResultsToSave {
  /** As its worker claimed it. */
  readonly check: StoredCheck;
  readonly progress: ProbeProgress;
  /** The application that found them. */
  readonly registration: RegistrationName;
  readonly results: readonly MailboxResult[];
}

/**
 * Stores results with what follows from them: counts, standing verdicts and connections. What is there stays.
 * @returns the run's state; undefined, and nothing stored, when another worker owns it
 */
export async function saveCheckResults(tx: Tx, batch: ResultsToSave, now: Date): Promise<RunState | undefined> {
  const { check } = batch;
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
  return storedOf(batch, await inBulkStatement(db, insertResults(batch).compile(db))).state;
}

/**
 * Results, counts and standing verdicts in one statement (migration 0027): each more is a wait in which nobody else uses
 * the embedded database. It has a parameter per column: with one per cell the database spends most of its time on reading
 * it. Nothing is stored, and it answers no state, when another worker owns the run.
 *
 * Stored is what a mailbox answered that the application still reaches; until the transaction ends, it does. A verdict of
 * another application would stand for what nobody has tried. Two of a check do not run at once: each holds its row.
 *
 * A check that could not tell does not take the place of one that could: the earlier verdict stays with its own time, and
 * the attempt is shown beside it. "Waiting" is no verdict that could. Nor does an older answer take the place of a newer
 * one: two runs may try the same mailbox.
 */
function insertResults({ check, registration, results, progress }: ResultsToSave): RawBuilder<Stored> {
  const { answers, answerOf } = distinctAnswers(results);
  return sql<Stored>`
    select * from save_check_results(
      ${check.tenant_id}, ${check.id}, ${check.fence}, ${progress.throttledUntil ?? null},
      ${progress.mailboxesPerSecond ?? null}, ${registration},
      ${answers.map(({ verdict }) => verdict.status)}::text[],
      ${answers.map(({ verdict }) => rankOf(verdict.status))}::int[],
      ${answers.map(({ verdict }) => verdict.reason)}::text[],
      ${answers.map(({ capabilities }) => capabilities)}::text[]::jsonb[],
      ${uuidList(results.map(({ userId }) => userId))},
      ${numberList(answerOf)}::int[],
      ${numberList(results.map(({ checkedAt }) => checkedAt.getTime()))}
    )
  `;
}

interface Stored {
  readonly run_state: RunState | null;
  /** How many results were new. */
  readonly new_count: number;
  /** Whose, where not all were. */
  readonly new_ids: UserId[] | null;
}

/** The results that are new: a second run of the same batch adds nothing. */
function storedOf({ results }: ResultsToSave, rows: readonly Stored[]) {
  const [{ run_state, new_count, new_ids }] = rows as readonly [Stored];
  const state = run_state ?? undefined;
  if (new_count === results.length) return { state, added: results };
  const ids = new Set(new_ids ?? []);
  return { state, added: results.filter(({ userId }) => ids.has(userId)) };
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
