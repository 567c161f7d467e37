import type { ExpressionBuilder } from 'kysely';
import type { UserFilter } from '../../contract/users.ts';
import type { TenantId } from '../../domain/ids.ts';
import { rankOf } from './access-counts.ts';
import { containing } from './containing.ts';
import type { Db, Schema, Tx } from './schema.ts';

export type UsersWithAccess = Schema & { u: Schema['users']; a: Schema['mailbox_access'] };

/**
 * What a filter asks of users `u` and their verdicts `a`.
 * @param organizationColumn the organization stands beside both: that of the table whose index is walked
 */
export function userConditions(
  eb: ExpressionBuilder<UsersWithAccess, 'u' | 'a'>,
  { organizationId, status, search }: UserFilter,
  organizationColumn: 'u.organization_id' | 'a.organization_id' = 'u.organization_id',
) {
  return [
    ...(organizationId ? [eb(organizationColumn, '=', organizationId)] : []),
    ...(status ? [eb('a.status_rank', '=', rankOf(status))] : []),
    ...(search ? [eb('u.search', 'like', containing(search))] : []),
  ];
}

/** Users `u` of a tenant with their verdicts `a`, as a filter asks. */
export function selectMatching(source: Db | Tx, tenantId: TenantId, filter: UserFilter) {
  return source
    .selectFrom('users as u')
    .innerJoin('mailbox_access as a', (join) =>
      join.onRef('a.tenant_id', '=', 'u.tenant_id').onRef('a.user_id', '=', 'u.id'),
    )
    .where('u.tenant_id', '=', tenantId)
    .where((eb) => eb.and(userConditions(eb, filter)));
}
