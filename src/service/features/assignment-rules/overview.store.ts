import type { AssignmentRules, AssignmentRun } from '../../../contract/assignment-rules.ts';
import { areSameRules } from '../../../domain/assignment-rules/rule.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { Db } from '../../db/schema.ts';
import type { RuleStore } from './rules.store.ts';
import type { StoredRun } from './runs.store.ts';
import { rulesInEffect } from './stored-rules.ts';

/** Rules, the last run and the last preview together. */
export async function describeRules(
  { db, rules, everyMinutes }: { readonly db: Db; readonly rules: RuleStore; readonly everyMinutes: number },
  tenantId: TenantId,
): Promise<AssignmentRules> {
  const [shown, lastRun, preview, stored] = await Promise.all([
    rules.list(tenantId),
    newest(db, tenantId, 'apply'),
    newest(db, tenantId, 'preview'),
    db
      .selectFrom('assignment_rules')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .orderBy('position')
      .orderBy('id')
      .execute(),
  ]);
  const isCurrent = preview?.rule_id != null && areSameRules(preview.rules, rulesInEffect(stored, preview.rule_id));
  return {
    rules: shown,
    lastRun: lastRun ? toRun(lastRun, 'apply') : null,
    preview: preview ? { ...toRun(preview, 'preview'), isCurrent } : null,
    everyMinutes,
  };
}

function newest(db: Db, tenantId: TenantId, kind: AssignmentRun['kind']): Promise<StoredRun | undefined> {
  return db
    .selectFrom('assignment_runs')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', kind)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

function toRun(row: StoredRun, kind: AssignmentRun['kind']): AssignmentRun {
  return {
    id: row.id,
    kind,
    state: row.state,
    ruleId: row.rule_id,
    problem: row.problem,
    counts: row.counts,
    conflicts: row.conflicts,
    startedBy: row.started_by_name,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
