import { sql } from 'kysely';
import type { CommandRunId, OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import { nextRunState, type StopReason } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { UserCommand } from '../../../domain/users/user-command.ts';
import type { Tx } from '../../db/schema.ts';
import { inBulkTransaction, inTransaction } from '../../db/transaction.ts';
import { passStep } from '../../steps.ts';
import type { CarryOutBatch, UserOutcome } from '../../user-batch.ts';
import { endCommand } from './command-end.ts';
import { runColumns, type StoredCommandRun } from './command-reports.store.ts';
import { type CommandDependencies, enqueueCommand } from './command-requests.store.ts';

/** What a worker does with a command that it took over. */
export interface CommandRuns {
  /** Takes a run over; undefined when it has ended or is gone. */
  claim(tenantId: TenantId, id: CommandRunId): Promise<StoredCommandRun | undefined>;
  /**
   * Carries the command out for the next users. What is done, the result of each and how far the run is are one
   * transaction: a worker that dies leaves all of it behind, or nothing.
   * @returns `lost` when another worker owns the run
   */
  carryOutNext(
    claimed: StoredCommandRun,
    blocked: ReadonlySet<OrganizationId>,
  ): Promise<'go_on' | 'all_done' | 'stop' | 'lost'>;
  /** Lets a run go: it ends, or waits for the next worker, as its state and the reason say. */
  stop(claimed: StoredCommandRun, because: Exclude<StopReason, 'consent_changed'>): Promise<void>;
}

/** Each command's own way, from the feature that owns it. */
export type CommandBatches = Readonly<Record<UserCommand, CarryOutBatch>>;

/** The embedded database has one connection: a list that is opened meanwhile waits for one transaction. */
const usersAtOnce = 300;
/** Each part of a check is a check of its own, which goes its own way from there. */
const checkedAtOnce = 20_000;

export function createCommandRuns(
  { db, clock, queue, recordActivity }: CommandDependencies,
  batches: CommandBatches,
): CommandRuns {
  return {
    claim(tenantId, id) {
      return inTransaction(db, async (tx) => {
        const found = await tx
          .selectFrom('user_command_runs')
          .select('state')
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        const step = found && nextRunState(found.state, { type: 'claim' });
        if (!step?.ok) return undefined;
        return tx
          .updateTable('user_command_runs')
          .set((eb) => ({
            fence: eb('fence', '+', 1),
            state: step.state as StoredCommandRun['state'],
            started_at: sql`coalesce(started_at, ${clock.now()}::timestamptz)`,
          }))
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .returning(runColumns)
          .executeTakeFirstOrThrow();
      });
    },

    carryOutNext(claimed, blocked) {
      const { tenant_id: tenantId, id, command, target_id: targetId } = claimed;
      const size = command === 'check' ? checkedAtOnce : usersAtOnce;
      return inBulkTransaction(db, async (tx) => {
        const run = await owned(tx, claimed);
        if (!run) return 'lost';
        if (run.state === 'cancelling') return 'stop';
        const userIds = await nextUsers(tx, run, size);
        if (userIds.length > 0) {
          const now = clock.now();
          // Before it is carried out: who is removed has no name any more.
          const names = await namesOf(tx, tenantId, userIds);
          const by = { userId: run.started_by, displayName: run.started_by_name };
          const isNamed = run.filter === null;
          const batch = { tenantId, by, now, isNamed, targetId: targetId ?? undefined, blocked };
          const outcomes = await batches[command](tx, batch, userIds);
          await saveOutcomes(tx, run, outcomes, names, now);
        }
        const position = run.position + userIds.length;
        await tx
          .updateTable('user_command_runs')
          .set({ position })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .execute();
        passStep('results.saving');
        return position >= run.total ? 'all_done' : 'go_on';
      });
    },

    async stop(claimed, because) {
      await inTransaction(db, async (tx) => {
        const run = await owned(tx, claimed);
        const step = run && nextRunState(run.state, { type: 'stopped', because });
        if (!run || !step?.ok) return;
        if (step.state === 'completed' || step.state === 'cancelled' || step.state === 'failed') {
          return endCommand(tx, run, step.state, { now: clock.now(), recordActivity });
        }
        await tx
          .updateTable('user_command_runs')
          .set({ state: 'queued' })
          .where('tenant_id', '=', run.tenant_id)
          .where('id', '=', run.id)
          .execute();
        await enqueueCommand(tx, queue, run);
      });
    },
  };
}

/** The row, locked, when its state is one that a worker owns and nobody claimed it since. */
function owned(tx: Tx, { tenant_id, id, fence }: StoredCommandRun): Promise<StoredCommandRun | undefined> {
  return tx
    .selectFrom('user_command_runs')
    .select(runColumns)
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', id)
    .where('fence', '=', fence)
    .where('state', 'in', ['running', 'cancelling'])
    .forUpdate()
    .executeTakeFirst();
}

async function nextUsers(tx: Tx, { tenant_id, id, position }: StoredCommandRun, size: number): Promise<UserId[]> {
  const { rows } = await sql<{ ids: UserId[] }>`
    select selection[${position + 1}::int:${position + size}::int] as ids from user_command_runs
    where tenant_id = ${tenant_id} and id = ${id}
  `.execute(tx);
  return rows[0]?.ids ?? [];
}

async function namesOf(tx: Tx, tenantId: TenantId, userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, string>> {
  const rows = await tx
    .selectFrom('users')
    .select(['id', 'display_name'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', sql<UserId>`any(${userIds}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row.display_name]));
}

async function saveOutcomes(
  tx: Tx,
  { tenant_id, id }: StoredCommandRun,
  outcomes: readonly UserOutcome[],
  names: ReadonlyMap<UserId, string>,
  now: Date,
): Promise<void> {
  await sql`
    with added as (
      insert into user_command_results (tenant_id, run_id, outcome, user_id, display_name, done_at)
      select ${tenant_id}::uuid, ${id}::uuid, outcome, user_id, name, ${now}::timestamptz from unnest(
        ${outcomes.map(({ outcome }) => outcome)}::text[],
        ${outcomes.map(({ userId }) => userId)}::uuid[],
        ${outcomes.map(({ userId }) => names.get(userId) ?? null)}::text[]
      ) as r (outcome, user_id, name)
      returning outcome
    )
    insert into user_command_tallies as t (tenant_id, run_id, outcome, count)
    select ${tenant_id}::uuid, ${id}::uuid, outcome, count(*) from added group by outcome
    on conflict (tenant_id, run_id, outcome) do update set count = t.count + excluded.count
  `.execute(tx);
}
