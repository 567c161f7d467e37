import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { UserCommandRun } from '../../../contract/user-commands.ts';
import type { UserFilter } from '../../../contract/users.ts';
import type { CommandRunId, OrganizationId, UserId } from '../../../domain/ids.ts';
import { nextRunState, openRunStates } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { UserCommand } from '../../../domain/users/user-command.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { selectMatching } from '../../db/user-filter.ts';
import type { Queue } from '../../queue/queue.ts';
import { endCommand } from './command-end.ts';
import { runColumns, runReportsOf, type StoredCommandRun } from './command-reports.store.ts';

export interface WantedCommand {
  readonly command: UserCommand;
  readonly userIds?: readonly UserId[] | undefined;
  readonly filter?: UserFilter | undefined;
  readonly target?: { readonly id: OrganizationId; readonly name: string } | undefined;
}

/** What an admin asks for: the run, its audit row and its job are saved together, or the same run is joined. */
export interface CommandRequests {
  /** @throws AppError `command.nobody` */
  start(admin: Admin, wanted: WantedCommand): Promise<{ run: UserCommandRun; joined: boolean }>;
  /** Wanting it twice changes nothing and is told once. @throws AppError `command.not_found`, `command.already_ended` */
  cancel(admin: Admin, id: CommandRunId): Promise<void>;
}

export interface CommandDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
}

export const commandJobName = 'user-commands.carry-out';

/** Puts a run behind the others that wait; those of one tenant go one after the other, in the order they were asked. */
export function enqueueCommand(
  tx: Tx,
  queue: Pick<Queue, 'enqueue'>,
  { tenant_id: tenantId, id }: Pick<StoredCommandRun, 'tenant_id' | 'id'>,
): Promise<void> {
  return queue.enqueue(tx, { name: commandJobName }, { tenantId, runId: id }, { key: tenantId });
}

export function createCommandRequests({ db, clock, queue, recordActivity }: CommandDependencies): CommandRequests {
  /** Evaluates the filter in this very statement: who matches now is covered, and nobody who comes later. */
  async function insert(tx: Tx, admin: Admin, wanted: WantedCommand): Promise<StoredCommandRun | undefined> {
    const { command, userIds, filter, target } = wanted;
    const named = userIds && [...new Set(userIds)].sort();
    const matching = selectMatching(tx, admin.tenantId, filter ?? {})
      .select('u.id')
      .orderBy('u.id');
    const created = await tx
      .insertInto('user_command_runs')
      .values({
        tenant_id: admin.tenantId,
        id: crypto.randomUUID() as CommandRunId,
        command,
        covers: coversOf(wanted),
        filter: filter ? JSON.stringify(filter) : null,
        target_id: target?.id ?? null,
        target_name: target?.name ?? null,
        selection: named ? sql<UserId[]>`${named}::uuid[]` : sql<UserId[]>`array(${matching})`,
        state: 'queued',
        total: 0,
        started_by: admin.userId,
        started_by_name: admin.displayName,
        created_at: clock.now(),
        started_at: null,
        finished_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!created) return undefined;
    return tx
      .updateTable('user_command_runs')
      .set({ total: sql`cardinality(selection)` })
      .where('tenant_id', '=', admin.tenantId)
      .where('id', '=', created.id)
      .returning(runColumns)
      .executeTakeFirstOrThrow();
  }

  return {
    start(admin, wanted) {
      return inTransaction(db, async (tx) => {
        const created = await insert(tx, admin, wanted);
        if (created?.total === 0) throw new AppError('command.nobody');
        const row = created ?? (await findOpen(tx, admin, coversOf(wanted)));
        // The other one ended between the two statements: the caller's next click starts a new one.
        if (!row) throw new AppError('service.unavailable', { retryAfterSeconds: 1 });
        if (created) {
          await enqueueCommand(tx, queue, created);
          await recordActivity(tx, {
            tenantId: admin.tenantId,
            type: 'users.command_started',
            by: admin,
            ...(wanted.target ? { organization: wanted.target } : {}),
            details: { command: row.command, users: row.total, run: row.id },
          });
        }
        const [run] = await runReportsOf(tx, [row]);
        if (!run) throw new Error('A command that was just read is gone');
        return { run, joined: !created };
      });
    },

    async cancel(admin, id) {
      await inTransaction(db, async (tx) => {
        const run = await tx
          .selectFrom('user_command_runs')
          .select(runColumns)
          .where('tenant_id', '=', admin.tenantId)
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (!run) throw new AppError('command.not_found');
        const step = nextRunState(run.state, { type: 'cancel' });
        if (!step.ok) throw new AppError('command.already_ended');
        if (step.state === run.state) return;
        await recordActivity(tx, {
          tenantId: admin.tenantId,
          type: 'users.command_cancelled',
          by: admin,
          details: { command: run.command, run: run.id },
        });
        // Nobody works on it: it ends here, and not when its worker sees this.
        if (step.state === 'cancelled') return endCommand(tx, run, 'cancelled', { now: clock.now(), recordActivity });
        await tx
          .updateTable('user_command_runs')
          .set({ state: 'cancelling' })
          .where('tenant_id', '=', admin.tenantId)
          .where('id', '=', id)
          .execute();
      });
    },
  };
}

function findOpen(tx: Tx, admin: Admin, covers: string): Promise<StoredCommandRun | undefined> {
  return tx
    .selectFrom('user_command_runs')
    .select(runColumns)
    .where('tenant_id', '=', admin.tenantId)
    .where('covers', '=', covers)
    .where('state', 'in', openStates)
    .executeTakeFirst();
}

const openStates = openRunStates.filter((state) => state !== 'pausing' && state !== 'paused');

function coversOf({ command, userIds, filter, target }: WantedCommand): string {
  const { organizationId, status, search, connection, sync, mailboxState } = filter ?? {};
  const matching = [organizationId, status, search, connection, sync, mailboxState];
  const whom = userIds ? [...new Set(userIds)].sort() : matching;
  const key = JSON.stringify([command, target?.id, userIds ? 'users' : 'filter', ...whom.map((part) => part ?? '')]);
  return createHash('sha256').update(key).digest('hex');
}
