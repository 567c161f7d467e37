import { mostAssignmentRules, type AssignmentRule as ShownRule } from '../../../contract/assignment-rules.ts';
import { areSameRules } from '../../../domain/assignment-rules/rule.ts';
import type { AssignmentRuleId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { isForeignKeyViolation, isUniqueViolation } from '../../db/constraint.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { RunStarter } from './run-requests.store.ts';
import { lockRules, rulesInEffect, type StoredRule } from './stored-rules.ts';

export interface NewRule {
  readonly organization: { readonly id: OrganizationId; readonly name: string };
  readonly condition: ShownRule['condition'];
  readonly movesHandPlaced: boolean;
}

export interface RuleChange {
  readonly isOn?: boolean | undefined;
  readonly movesHandPlaced?: boolean | undefined;
  readonly move?: 'earlier' | 'later' | undefined;
}

/** The rules of a tenant, as an admin sees and changes them. */
export interface RuleStore {
  /** In their order. */
  list(tenantId: TenantId): Promise<ShownRule[]>;
  /** @throws AppError `assignment.rule_exists`, `assignment.too_many_rules`, `organization.not_found` */
  create(admin: Admin, rule: NewRule): Promise<void>;
  /**
   * Any change but a switch leaves the rule off: what it does now was not looked at.
   * @throws AppError `assignment.rule_not_found`, `assignment.preview_needed`, `assignment.group_unread`
   */
  update(admin: Admin, id: AssignmentRuleId, change: RuleChange): Promise<void>;
  /** @throws AppError `assignment.rule_not_found` */
  delete(admin: Admin, id: AssignmentRuleId): Promise<void>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
  readonly starter: RunStarter;
  /** Told in the transaction in which rules about groups come or go: they need a permission. */
  readonly onNeedsChanged: (tx: Tx, tenantId: TenantId) => Promise<void>;
}

export function createRuleStore(dependencies: Dependencies): RuleStore {
  const { db, clock, recordActivity, starter, onNeedsChanged } = dependencies;

  async function record(
    tx: Tx,
    admin: Admin,
    type: 'assignment.rule_created' | 'assignment.rule_changed' | 'assignment.rule_deleted',
    rule: Pick<StoredRule, 'organization_id' | 'domain' | 'group_name'>,
    details: Readonly<Record<string, string | boolean>> = {},
  ): Promise<void> {
    const organization = await tx
      .selectFrom('organizations')
      .select(['id', 'name'])
      .where('tenant_id', '=', admin.tenantId)
      .where('id', '=', rule.organization_id)
      .executeTakeFirst();
    await recordActivity(tx, {
      tenantId: admin.tenantId,
      type,
      by: admin,
      ...(organization ? { organization } : {}),
      details: { rule: nameOf(rule), ...details },
    });
  }

  return {
    async list(tenantId) {
      const rows = await db
        .selectFrom('assignment_rules as r')
        .innerJoin('organizations as o', (join) =>
          join.onRef('o.tenant_id', '=', 'r.tenant_id').onRef('o.id', '=', 'r.organization_id'),
        )
        .leftJoin('assignment_groups as g', (join) =>
          join.onRef('g.tenant_id', '=', 'r.tenant_id').onRef('g.group_id', '=', 'r.group_id'),
        )
        .selectAll('r')
        .select(['o.name as organization_name', 'g.problem'])
        .where('r.tenant_id', '=', tenantId)
        .orderBy('r.position')
        .orderBy('r.id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        organizationId: row.organization_id,
        organizationName: row.organization_name,
        condition: row.group_id
          ? { kind: 'group', groupId: row.group_id, groupName: row.group_name ?? row.group_id }
          : { kind: 'domain', domain: row.domain ?? '' },
        movesHandPlaced: row.moves_hand_placed,
        isOn: row.is_on,
        problem: row.problem,
      }));
    },

    async create(admin, { organization, condition, movesHandPlaced }) {
      const { tenantId } = admin;
      const values = {
        tenant_id: tenantId,
        id: crypto.randomUUID() as AssignmentRuleId,
        organization_id: organization.id,
        domain: condition.kind === 'domain' ? condition.domain : null,
        group_id: condition.kind === 'group' ? condition.groupId : null,
        group_name: condition.kind === 'group' ? condition.groupName : null,
        moves_hand_placed: movesHandPlaced,
        is_on: false,
        created_at: clock.now(),
      };
      try {
        await inTransaction(db, async (tx) => {
          const rules = await lockRules(tx, tenantId);
          if (rules.length >= mostAssignmentRules) throw new AppError('assignment.too_many_rules');
          const position = (rules.at(-1)?.position ?? 0) + 1;
          await tx
            .insertInto('assignment_rules')
            .values({ ...values, position })
            .execute();
          if (condition.kind === 'group') await onNeedsChanged(tx, tenantId);
          await record(tx, admin, 'assignment.rule_created', values);
        });
      } catch (error) {
        const isTaken =
          isUniqueViolation(error, 'assignment_rules_domain') || isUniqueViolation(error, 'assignment_rules_group');
        if (isTaken) throw new AppError('assignment.rule_exists');
        throw isForeignKeyViolation(error) ? new AppError('organization.not_found', { cause: error }) : error;
      }
    },

    async update(admin, id, { isOn, movesHandPlaced, move }) {
      const { tenantId } = admin;
      await inTransaction(db, async (tx) => {
        const rules = await lockRules(tx, tenantId);
        const index = rules.findIndex((one) => one.id === id);
        const rule = rules[index];
        if (!rule) throw new AppError('assignment.rule_not_found');

        const neighbour = move && rules[move === 'earlier' ? index - 1 : index + 1];
        const isOtherwise = movesHandPlaced !== undefined && movesHandPlaced !== rule.moves_hand_placed;
        const isChanged = isOtherwise || neighbour !== undefined;
        const willBeOn = isChanged ? false : (isOn ?? rule.is_on);
        if (!isChanged && willBeOn === rule.is_on) return;
        if (willBeOn) await refuseUnseen(tx, rules, rule);

        await change(tx, rule, {
          is_on: willBeOn,
          moves_hand_placed: movesHandPlaced ?? rule.moves_hand_placed,
          position: neighbour?.position ?? rule.position,
        });
        if (neighbour) await change(tx, neighbour, { position: rule.position });
        await record(tx, admin, 'assignment.rule_changed', rule, {
          ...(willBeOn === rule.is_on ? {} : { isOn: willBeOn }),
          ...(isOtherwise ? { movesHandPlaced } : {}),
          ...(neighbour && move ? { move } : {}),
        });
        if (willBeOn) await starter.apply(tx, tenantId, admin);
      });
    },

    async delete(admin, id) {
      const { tenantId } = admin;
      await inTransaction(db, async (tx) => {
        const deleted = await tx
          .deleteFrom('assignment_rules')
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .returning(['organization_id', 'domain', 'group_id', 'group_name'])
          .executeTakeFirst();
        if (!deleted) throw new AppError('assignment.rule_not_found');
        if (deleted.group_id) await onNeedsChanged(tx, tenantId);
        await record(tx, admin, 'assignment.rule_deleted', deleted);
      });
    },
  };
}

/** @throws AppError when nobody could have seen what the rule would do */
async function refuseUnseen(tx: Tx, rules: readonly StoredRule[], rule: StoredRule): Promise<void> {
  const preview = await tx
    .selectFrom('assignment_runs')
    .select('rules')
    .where('tenant_id', '=', rule.tenant_id)
    .where('kind', '=', 'preview')
    .where('rule_id', '=', rule.id)
    .where('state', '=', 'completed')
    .executeTakeFirst();
  if (!preview || !areSameRules(preview.rules, rulesInEffect(rules, rule.id))) {
    throw new AppError('assignment.preview_needed');
  }
  if (!rule.group_id) return;
  const group = await tx
    .selectFrom('assignment_groups')
    .select(['read_at', 'problem'])
    .where('tenant_id', '=', rule.tenant_id)
    .where('group_id', '=', rule.group_id)
    .executeTakeFirst();
  if (!group?.read_at || group.problem) throw new AppError('assignment.group_unread');
}

async function change(tx: Tx, rule: StoredRule, values: Partial<StoredRule>): Promise<void> {
  await tx
    .updateTable('assignment_rules')
    .set(values)
    .where('tenant_id', '=', rule.tenant_id)
    .where('id', '=', rule.id)
    .execute();
}

function nameOf({ domain, group_name: groupName }: Pick<StoredRule, 'domain' | 'group_name'>): string {
  return domain ? `@${domain}` : (groupName ?? '');
}
