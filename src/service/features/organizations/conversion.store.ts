import type { Admin } from '../../auth/admin.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { OrganizationDependencies, StoredOrganization } from './organizations.store.ts';

/**
 * Makes a recorded origin an organization on Microsoft Graph. Its users keep the connection that is recorded for them: only
 * a check that opened a mailbox switches it, so that nobody counts as connected on somebody's word.
 */
export async function convert(
  { db, clock, recordActivity, onNeedsChanged }: OrganizationDependencies,
  admin: Admin,
  { id, name, connection_type: from }: StoredOrganization,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const converted = await tx
      .updateTable('organizations')
      .set({ connection_type: 'graph_app_only', updated_at: clock.now() })
      .where('tenant_id', '=', admin.tenantId)
      .where('id', '=', id)
      .where('connection_type', '<>', 'graph_app_only')
      .returning('id')
      .executeTakeFirst();
    // Somebody else was faster: theirs is the audit row.
    if (!converted) return;
    // From now on its features count among what the application needs.
    await onNeedsChanged(tx, admin.tenantId);
    await recordActivity(tx, {
      tenantId: admin.tenantId,
      type: 'organization.converted',
      by: admin,
      organization: { id, name },
      details: { from, to: 'graph_app_only' },
    });
  });
}
