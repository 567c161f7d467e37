import { sql } from 'kysely';
import type { OrganizationId, UserId } from '../../../domain/ids.ts';
import type { UserCommandOutcome } from '../../../domain/users/user-command.ts';
import type { CarryOutBatch } from '../../user-batch.ts';
import type { CheckRequests } from './check-requests.store.ts';

/** Check Mailbox Connectivity, for runs over many users: one check per organization, which goes its own way from there. */
export function createCheckBatch({ startInBatch }: Pick<CheckRequests, 'startInBatch'>): CarryOutBatch {
  return async (tx, { tenantId, by, blocked, isNamed }, userIds) => {
    // Nobody moves, leaves or is deleted between this and the check that names them.
    const rows = await tx
      .selectFrom('users as u')
      .innerJoin('organizations as o', (join) =>
        join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
      )
      .select(['u.id as userId', 'o.id', 'o.name', 'o.connection_type as connectionType'])
      .where('u.tenant_id', '=', tenantId)
      .where('u.id', '=', sql<UserId>`any(${userIds}::uuid[])`)
      .orderBy('u.id')
      .forNoKeyUpdate('u')
      .execute();
    const outcomeOf = new Map<UserId, UserCommandOutcome>();
    for (const [, users] of Map.groupBy(rows, ({ id }): OrganizationId => id)) {
      const [organization] = users;
      if (!organization) continue;
      const outcome =
        organization.connectionType !== 'graph_app_only'
          ? 'organization_not_graph'
          : blocked.has(organization.id)
            ? 'blocked_by_excess'
            : 'done';
      const ids = users.map(({ userId }) => userId);
      if (outcome === 'done') await startInBatch(tx, { tenantId, ...by }, organization, ids, isNamed);
      for (const id of ids) outcomeOf.set(id, outcome);
    }
    return userIds.map((userId) => ({ userId, outcome: outcomeOf.get(userId) ?? 'not_found' }));
  };
}
