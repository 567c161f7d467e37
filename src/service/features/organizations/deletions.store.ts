import { type SqlBool, sql } from 'kysely';
import { AppError } from '../../app-error.ts';
import type { Admin } from '../../auth/admin.ts';
import { isForeignKeyViolation } from '../../db/constraint.ts';
import type { Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { OrganizationDependencies, StoredOrganization } from './organizations.store.ts';

/** Which users go with their organization. */
export type UsersThatGo = 'none' | 'not_initialized' | 'all';

export interface OrganizationDeletions {
  /** @throws AppError `organization.is_default`, `organization.has_users`, `organization.has_initialized_users` */
  delete(admin: Admin, organization: StoredOrganization, users: UsersThatGo): Promise<void>;
}

/** So many users go with one statement that it ends well before the deadline of statements. */
const usersPerStatement = 5_000;

export function createDeletions({
  db,
  recordActivity,
  onNeedsChanged,
}: OrganizationDependencies): OrganizationDeletions {
  return {
    async delete(admin, organization, users) {
      if (organization.is_default) throw new AppError('organization.is_default');
      try {
        await inTransaction(db, async (tx) => {
          // Before its users, as whoever saves what a check found.
          await tx
            .selectFrom('organizations')
            .select('id')
            .where('tenant_id', '=', admin.tenantId)
            .where('id', '=', organization.id)
            .forNoKeyUpdate()
            .executeTakeFirst();
          const removed = users === 'none' ? 0 : await removeUsers(tx, organization, users);
          await tx
            .deleteFrom('organizations')
            .where('tenant_id', '=', admin.tenantId)
            .where('id', '=', organization.id)
            .execute();
          // What only this organization needed is more than the others need.
          await onNeedsChanged(tx, admin.tenantId);
          await recordActivity(tx, {
            tenantId: admin.tenantId,
            type: 'organization.deleted',
            by: admin,
            organization,
            details: {
              externalId: organization.external_id,
              ...(removed > 0 ? { users: removed } : {}),
              ...(users === 'all' ? { force: true } : {}),
            },
          });
        });
      } catch (error) {
        // The database refuses while users point to it, also those who came or were initialized a moment ago.
        if (!isForeignKeyViolation(error)) throw error;
        const why = users === 'not_initialized' ? 'organization.has_initialized_users' : 'organization.has_users';
        throw new AppError(why, { cause: error });
      }
    },
  };
}

/** Removes users with everything known of them: the database lets results, errors and cursors go with their user. */
async function removeUsers(
  tx: Tx,
  { tenant_id: tenantId, id }: StoredOrganization,
  users: Exclude<UsersThatGo, 'none'>,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const gone = await tx
      .deleteFrom('users')
      .where('tenant_id', '=', tenantId)
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('users')
          .select('id')
          .where('tenant_id', '=', tenantId)
          .where('organization_id', '=', id)
          .$if(users === 'not_initialized', (query) => query.where('mailbox_state', '<>', 'initialized'))
          .limit(usersPerStatement),
      )
      // Asked again of the rows themselves: who was moved or initialized meanwhile stays.
      .where('organization_id', '=', id)
      .where(sql<SqlBool>`${users === 'all'} or mailbox_state <> 'initialized'`)
      .executeTakeFirst();
    const count = Number(gone.numDeletedRows);
    removed += count;
    if (count < usersPerStatement) return removed;
  }
}
