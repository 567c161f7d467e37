import type { Selectable } from 'kysely';
import type { AssignmentRule } from '../../../domain/assignment-rules/rule.ts';
import type { AssignmentRuleId, TenantId } from '../../../domain/ids.ts';
import type { AssignmentRulesTable } from '../../db/schema/assignment-rules.ts';
import type { Tx } from '../../db/schema.ts';

export type StoredRule = Selectable<AssignmentRulesTable>;

/** The rules of a tenant in their order, kept from changing until the end of the transaction. */
export function lockRules(tx: Tx, tenantId: TenantId): Promise<StoredRule[]> {
  return tx
    .selectFrom('assignment_rules')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('position')
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** The rules that decide: those that are on, and one that is only tried. */
export function rulesInEffect(rules: readonly StoredRule[], tried?: AssignmentRuleId): AssignmentRule[] {
  return rules
    .filter((rule) => rule.is_on || rule.id === tried)
    .map((rule) => ({
      id: rule.id,
      organizationId: rule.organization_id,
      condition: rule.group_id
        ? { kind: 'group', groupId: rule.group_id }
        : { kind: 'domain', domain: rule.domain ?? '' },
      movesHandPlaced: rule.moves_hand_placed,
    }));
}
