import type { Selectable } from 'kysely';
import type { UserCommandResult, UserCommandRun } from '../../../contract/user-commands.ts';
import type { CommandRunId, TenantId, UserId } from '../../../domain/ids.ts';
import { type UserCommandOutcome, userCommandOutcomes } from '../../../domain/users/user-command.ts';
import type { UserCommandRunsTable } from '../../db/schema/user-commands.ts';
import type { Db, Tx } from '../../db/schema.ts';

/** How commands stand: what every admin reads while one runs and after. */
export interface CommandReports {
  list(tenantId: TenantId, limit: number): Promise<UserCommandRun[]>;
  find(tenantId: TenantId, id: CommandRunId): Promise<UserCommandRun | undefined>;
  /** Users with one outcome, or with any, by id. */
  results(
    tenantId: TenantId,
    id: CommandRunId,
    page: { outcome?: UserCommandOutcome | undefined; limit: number; after?: UserId | undefined },
  ): Promise<{ results: UserCommandResult[]; next: UserId | null }>;
}

/** All but the selection, which names up to all users of a tenant. */
export const runColumns = [
  'tenant_id',
  'id',
  'command',
  'covers',
  'filter',
  'target_id',
  'target_name',
  'position',
  'state',
  'total',
  'fence',
  'forgotten_at',
  'started_by',
  'started_by_name',
  'created_at',
  'started_at',
  'finished_at',
] as const satisfies readonly (keyof UserCommandRunsTable)[];

export type StoredCommandRun = Omit<Selectable<UserCommandRunsTable>, 'selection'>;

export function createCommandReports(db: Db): CommandReports {
  return {
    async list(tenantId, limit) {
      const rows = await db
        .selectFrom('user_command_runs')
        .select(runColumns)
        .where('tenant_id', '=', tenantId)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return runReportsOf(db, rows);
    },

    async find(tenantId, id) {
      const rows = await db
        .selectFrom('user_command_runs')
        .select(runColumns)
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .execute();
      return (await runReportsOf(db, rows))[0];
    },

    async results(tenantId, id, { outcome, limit, after }) {
      const rows = await db
        .selectFrom('user_command_results')
        .select(['user_id as userId', 'display_name as displayName', 'outcome'])
        .where('tenant_id', '=', tenantId)
        .where('run_id', '=', id)
        .$if(outcome !== undefined, (query) => query.where('outcome', '=', outcome as UserCommandOutcome))
        .$if(after !== undefined, (query) => query.where('user_id', '>', after as UserId))
        .orderBy('user_id')
        .limit(limit + 1)
        .execute();
      const results = rows.slice(0, limit);
      return { results, next: rows.length > limit ? (results.at(-1)?.userId ?? null) : null };
    },
  };
}

/** @param rows of one tenant */
export async function runReportsOf(source: Db | Tx, rows: readonly StoredCommandRun[]): Promise<UserCommandRun[]> {
  const [first] = rows;
  if (!first) return [];
  const tallies = await source
    .selectFrom('user_command_tallies')
    .select(['run_id', 'outcome', 'count'])
    .where('tenant_id', '=', first.tenant_id)
    .where(
      'run_id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return rows.map((row) => ({
    id: row.id,
    command: row.command,
    filter: row.filter,
    target: row.target_id === null ? null : { organizationId: row.target_id, name: row.target_name ?? '' },
    state: row.state,
    total: row.total,
    done: row.position,
    outcomes: userCommandOutcomes.flatMap((outcome) => {
      const count = tallies.find((tally) => tally.run_id === row.id && tally.outcome === outcome)?.count ?? 0;
      return count > 0 ? [{ outcome, count }] : [];
    }),
    isForgotten: row.forgotten_at !== null,
    startedBy: { userId: row.started_by, displayName: row.started_by_name },
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }));
}
