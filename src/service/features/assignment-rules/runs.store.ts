import { type Selectable, sql } from 'kysely';
import type { AssignmentRun } from '../../../contract/assignment-rules.ts';
import type { AssignmentProblem } from '../../../domain/assignment-rules/rule-problem.ts';
import { foldText } from '../../../domain/fold-text.ts';
import type { AssignmentRunId, TenantId } from '../../../domain/ids.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Clock } from '../../clock.ts';
import type { AssignmentRunsTable } from '../../db/schema/assignment-rules.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Decided } from './decided.ts';
import { forgetPlacements, type InsertUsers, placePeople } from './placements.store.ts';
import { type RuleReader, readersOf } from './rule-readers.store.ts';
import { lockRules, rulesInEffect } from './stored-rules.ts';
import { type StoredSubject, subjectsAfter } from './subjects.store.ts';

export type StoredRun = Selectable<AssignmentRunsTable>;

/** What the job of a run reads and writes. */
export interface RunStore {
  /** @returns undefined when it has ended, or was given up */
  claim(tenantId: TenantId, id: AssignmentRunId): Promise<StoredRun | undefined>;
  /** Who reads the directory for its rules: asked when it is read, an organization may have got another application. */
  readersFor(run: StoredRun): Promise<RuleReader[]>;
  subjectsAfter(tenantId: TenantId, after: StoredSubject['id'] | undefined, limit: number): Promise<StoredSubject[]>;
  /** Carries out what a run decided, unless it is a preview, and notes it; both or none. */
  save(run: StoredRun, decided: readonly Decided[]): Promise<void>;
  /** Deletes what newer runs have taken the place of, a bit at a time. */
  forgetObsolete(tenantId: TenantId): Promise<void>;
  finish(
    run: StoredRun,
    end:
      | { readonly problem?: AssignmentProblem | undefined; readonly conflicts?: AssignmentRun['conflicts'] }
      | 'failed',
  ): Promise<void>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
  readonly insertUsers: InsertUsers;
}

const mostForgottenAtOnce = 5_000;

export function createRunStore(dependencies: Dependencies): RunStore {
  const { db, clock } = dependencies;
  return {
    async claim(tenantId, id) {
      return inTransaction(db, async (tx) => {
        const rules = JSON.stringify(rulesInEffect(await lockRules(tx, tenantId)));
        return tx
          .updateTable('assignment_runs')
          .set((eb) => ({
            state: 'running',
            // Rules may have been switched while it waited; a preview is of those that it was asked for.
            rules: sql<string>`case when ${eb.ref('kind')} = 'apply' then ${rules}::jsonb else ${eb.ref('rules')} end`,
          }))
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .where('state', 'in', ['queued', 'running'])
          .returningAll()
          .executeTakeFirst();
      });
    },

    readersFor: ({ tenant_id: tenantId, rules }) => readersOf(db, tenantId, rules),

    subjectsAfter: (tenantId, after, limit) => subjectsAfter(db, tenantId, after, limit),

    async save(run, decided) {
      await inTransaction(db, async (tx) => {
        const open = await tx
          .selectFrom('assignment_runs')
          .select('id')
          .where('tenant_id', '=', run.tenant_id)
          .where('id', '=', run.id)
          .where('state', '=', 'running')
          .forShare()
          .executeTakeFirst();
        if (!open) return;
        const told = decided.filter(({ decision }) => decision.kind !== 'in_step');
        if (run.kind === 'preview') return noteOutcomes(tx, run, told);
        const forgotten = decided
          .filter(({ decision }) => decision.kind === 'in_step')
          .map(({ subject }) => subject.id);
        await forgetPlacements(tx, run.tenant_id, forgotten);
        const placed = await placePeople(tx, dependencies, run.tenant_id, told);
        const isTrue = ({ subject, decision: { kind } }: Decided) =>
          (kind !== 'added' && kind !== 'moved') || placed.has(subject.id);
        await noteOutcomes(tx, run, told.filter(isTrue));
      });
    },

    async forgetObsolete(tenantId) {
      for (;;) {
        const { numAffectedRows } = await sql`
          delete from assignment_outcomes where ctid = any(array(
            select p.ctid from assignment_runs r
            join assignment_outcomes p on p.tenant_id = r.tenant_id and p.run_id = r.id
            where r.tenant_id = ${tenantId} and r.kind = 'obsolete' limit ${mostForgottenAtOnce}
          ))
        `.execute(db);
        if ((numAffectedRows ?? 0n) < mostForgottenAtOnce) break;
      }
      await db.deleteFrom('assignment_runs').where('tenant_id', '=', tenantId).where('kind', '=', 'obsolete').execute();
    },

    async finish(run, end) {
      const { tenant_id: tenantId, id, kind } = run;
      const { problem, conflicts = [] } = end === 'failed' ? {} : end;
      await inTransaction(db, async (tx) => {
        const { rows: counts } = await sql<AssignmentRun['counts'][number]>`
          select organization_id as "organizationId", outcome, count(*)::int as people
          from assignment_outcomes where tenant_id = ${tenantId} and run_id = ${id} group by 1, 2 order by 1, 2
        `.execute(tx);
        const ended = await tx
          .updateTable('assignment_runs')
          .set({
            state: end === 'failed' || problem ? 'failed' : 'completed',
            problem: problem ?? null,
            counts: JSON.stringify(counts),
            conflicts: JSON.stringify(conflicts),
            finished_at: clock.now(),
          })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .where('state', '=', 'running')
          .returning('id')
          .executeTakeFirst();
        if (!ended) return;
        // What a run found is of interest until the next one.
        await tx
          .updateTable('assignment_runs')
          .set({ kind: 'obsolete' })
          .where('tenant_id', '=', tenantId)
          .where('kind', '=', kind)
          .where('id', '<>', id)
          .where('state', 'in', ['completed', 'failed'])
          .execute();
      });
    },
  };
}

/** May be repeated: what a run has done to somebody stays what it says. */
async function noteOutcomes(tx: Tx, run: StoredRun, decided: readonly Decided[]): Promise<void> {
  if (decided.length === 0) return;
  const column = (of: (one: Decided) => string | null | undefined) => decided.map((one) => of(one) ?? null);
  await sql`
    insert into assignment_outcomes (tenant_id, run_id, user_id, outcome, reason, organization_id, from_organization_id,
      rule_id, display_name, address, sort_name)
    select ${run.tenant_id}::uuid, ${run.id}::uuid, n.*
    from unnest(
      ${column(({ subject }) => subject.id)}::uuid[],
      ${column(({ decision }) => decision.kind)}::text[],
      ${column(({ decision }) => ('reason' in decision ? decision.reason : null))}::text[],
      ${column(({ subject, decision }) => ('rule' in decision ? decision.rule.organizationId : subject.here?.organizationId))}::uuid[],
      ${column(({ subject, decision }) => ('rule' in decision ? subject.here?.organizationId : null))}::uuid[],
      ${column(({ decision }) => ('rule' in decision ? decision.rule.id : null))}::uuid[],
      ${column(({ subject }) => subject.displayName)}::text[],
      ${column(({ subject }) => subject.address)}::text[],
      ${column(({ subject }) => foldText(subject.displayName))}::text[]
    ) as n (user_id, outcome, reason, organization_id, from_organization_id, rule_id, display_name, address, sort_name)
    on conflict (tenant_id, run_id, user_id) do nothing
  `.execute(tx);
}
