import { sql } from 'kysely';
import type { TenantId, UserId } from '../../domain/ids.ts';
import type { Tx } from './schema.ts';

/** Of these users, those whose ring went back to Exchange Web Services: they stay there until an admin says otherwise. */
export async function returnedAmong(
  tx: Tx,
  tenantId: TenantId,
  userIds: readonly UserId[],
): Promise<ReadonlySet<UserId>> {
  const rows = await tx
    .selectFrom('ews_migration_users')
    .select('user_id')
    .distinct()
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'returned')
    .where('user_id', '=', sql<UserId>`any(${userIds}::uuid[])`)
    .execute();
  return new Set(rows.map(({ user_id }) => user_id));
}

/** Takes note in every migration that these users are on Microsoft Graph again. */
export async function markReturnedOnGraph(
  tx: Tx,
  tenantId: TenantId,
  userIds: readonly UserId[],
  now: Date,
): Promise<void> {
  await tx
    .updateTable('ews_migration_users')
    .set({ state: 'on_graph', changed_at: now })
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'returned')
    .where('user_id', '=', sql<UserId>`any(${userIds}::uuid[])`)
    .execute();
}
