import type { AssignmentRule } from '../../../domain/assignment-rules/rule.ts';
import type { GroupId, TenantId } from '../../../domain/ids.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { Db } from '../../db/schema.ts';

/** An application that reads for rules: that of the organizations they lead to. */
export interface RuleReader {
  readonly registration: RegistrationName;
  /** The groups that its rules name. */
  readonly groupIds: readonly GroupId[];
}

/** Who reads for the rules, in the order in which the rules first name them. */
export async function readersOf(db: Db, tenantId: TenantId, rules: readonly AssignmentRule[]): Promise<RuleReader[]> {
  if (rules.length === 0) return [];
  const organizations = await db
    .selectFrom('organizations')
    .select(['id', 'registration'])
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', [...new Set(rules.map(({ organizationId }) => organizationId))])
    .execute();
  const registrationOf = new Map(organizations.map(({ id, registration }) => [id, registration]));
  const groups = new Map<RegistrationName, GroupId[]>();
  for (const { organizationId, condition } of rules) {
    const registration = registrationOf.get(organizationId);
    if (registration === undefined) continue; // the organization was deleted meanwhile
    const known = groups.get(registration) ?? [];
    groups.set(registration, condition.kind === 'group' ? [...known, condition.groupId] : known);
  }
  return [...groups].map(([registration, groupIds]) => ({ registration, groupIds }));
}
