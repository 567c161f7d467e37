import { sql } from 'kysely';
import type { AssignmentRuleId, AssignmentRunId, TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';
import { lockRules, rulesInEffect } from './stored-rules.ts';

export const assignmentJobName = 'assignment-rules.run';

/** Starts runs, each with its job in one transaction. */
export interface RunStarter {
  /** Applies the rules that are on, or joins the run that does; does nothing when none is on. */
  apply(tx: Tx, tenantId: TenantId, by?: Admin): Promise<'started' | 'joined' | 'no_rule_on'>;
}

export interface RunRequests {
  /** @throws AppError `assignment.no_rule_on` */
  applyNow(admin: Admin): Promise<void>;
  /**
   * Previews a rule; an older preview is given up.
   * @throws AppError `assignment.rule_not_found`
   */
  preview(admin: Admin, ruleId: AssignmentRuleId): Promise<void>;
  /** Starts a run in each tenant whose last one is older than the configured time. */
  applyDue(tenantIds: readonly TenantId[]): Promise<void>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  /** Minutes between two runs of the service itself; 0 for none. */
  readonly everyMinutes: number;
}

export function createRunStarter({ clock, queue }: Omit<Dependencies, 'db' | 'everyMinutes'>) {
  async function start(
    tx: Tx,
    tenantId: TenantId,
    run: { kind: 'preview' | 'apply'; ruleId?: AssignmentRuleId; by?: Admin | undefined },
  ): Promise<'started' | 'joined' | 'no_rule_on'> {
    const { kind, ruleId, by } = run;
    const rules = rulesInEffect(await lockRules(tx, tenantId), ruleId);
    if (rules.length === 0) return 'no_rule_on';
    const id = crypto.randomUUID() as AssignmentRunId;
    const added = await tx
      .insertInto('assignment_runs')
      .values({
        tenant_id: tenantId,
        id,
        kind,
        state: 'queued',
        rule_id: ruleId ?? null,
        rules: JSON.stringify(rules),
        problem: null,
        counts: '[]',
        conflicts: '[]',
        started_by: by?.userId ?? null,
        started_by_name: by?.displayName ?? null,
        created_at: clock.now(),
        finished_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!added) return 'joined';
    // One after the other: two would read the same changes and place the same people.
    await queue.enqueue(tx, { name: assignmentJobName }, { tenantId, runId: id }, { key: tenantId });
    return 'started';
  }
  return {
    apply: (tx: Tx, tenantId: TenantId, by?: Admin) => start(tx, tenantId, { kind: 'apply', by }),
    preview: (tx: Tx, tenantId: TenantId, ruleId: AssignmentRuleId, by: Admin) =>
      start(tx, tenantId, { kind: 'preview', ruleId, by }),
  };
}

export function createRunRequests(
  starter: ReturnType<typeof createRunStarter>,
  { db, clock, everyMinutes }: Omit<Dependencies, 'queue'>,
): RunRequests {
  return {
    async applyNow(admin) {
      const outcome = await inTransaction(db, (tx) => starter.apply(tx, admin.tenantId, admin));
      if (outcome === 'no_rule_on') throw new AppError('assignment.no_rule_on');
    },

    async preview(admin, ruleId) {
      await inTransaction(db, async (tx) => {
        const rules = await lockRules(tx, admin.tenantId);
        if (!rules.some(({ id }) => id === ruleId)) throw new AppError('assignment.rule_not_found');
        await tx
          .updateTable('assignment_runs')
          .set({ kind: 'obsolete', state: 'failed' })
          .where('tenant_id', '=', admin.tenantId)
          .where('kind', '=', 'preview')
          .execute();
        await starter.preview(tx, admin.tenantId, ruleId, admin);
      });
    },

    async applyDue(tenantIds) {
      if (everyMinutes === 0) return;
      for (const tenantId of tenantIds) {
        await inTransaction(db, async (tx) => {
          if (await isDue(tx, tenantId, clock.now())) await starter.apply(tx, tenantId);
        });
      }
    },
  };

  /** Takes the turn for this process: of several, one starts the run. */
  async function isDue(tx: Tx, tenantId: TenantId, now: Date): Promise<boolean> {
    const before = new Date(now.getTime() - everyMinutes * 60_000);
    const due = await tx
      .insertInto('assignment_looks')
      .values({ tenant_id: tenantId, looked_at: now })
      .onConflict((conflict) =>
        conflict
          .column('tenant_id')
          .doUpdateSet({ looked_at: now })
          .where('assignment_looks.looked_at', '<=', sql<Date>`${before}::timestamptz`),
      )
      .returning('tenant_id')
      .executeTakeFirst();
    return due !== undefined;
  }
}
