import { sql } from 'kysely';
import type { OrganizationId, TenantId } from '../../domain/ids.ts';
import { rankOf } from './access-counts.ts';
import type { Tx } from './schema.ts';

/** So many rows change with one statement that it ends well before the deadline of statements. */
const usersPerStatement = 5_000;

/** Makes every mailbox of an organization one that nobody has checked: what is known of it was true for another application. */
export async function forgetVerdicts(tx: Tx, tenantId: TenantId, organizationId: OrganizationId): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      update mailbox_access set
        status = 'not_checked', status_rank = ${rankOf('not_checked')}, reason = null, checked_at = null,
        check_id = null, attempt_reason = null, attempt_at = null, rescheduled_until = null, rescheduled_by = null
      where tenant_id = ${tenantId} and user_id in (
        select u.id from users u join mailbox_access a on a.tenant_id = u.tenant_id and a.user_id = u.id
        where u.tenant_id = ${tenantId} and u.organization_id = ${organizationId} and a.status <> 'not_checked'
        limit ${usersPerStatement}
      )
    `.execute(tx);
    if (Number(numAffectedRows) < usersPerStatement) return;
  }
}
