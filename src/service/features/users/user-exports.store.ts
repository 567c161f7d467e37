import { sql } from 'kysely';
import type { User } from '../../../contract/users.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Db } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conditions, orderOf, type UserFilter, type UserPage } from './user-lists.store.ts';
import { selectUsers, toUser } from './user-row.ts';

export interface UserExport {
  readonly count: number;
  /** Throws when somebody was removed meanwhile: half a file must not look whole. */
  readonly pages: AsyncIterable<User[]>;
}

/** All users of a filter, for a file. */
export interface UserExports {
  /** Who is in it and in which order is settled now, so that nobody repeats or goes missing while statuses change. */
  export(
    admin: Admin,
    filter: UserFilter,
    sort: UserPage['sort'],
    organization: { id: OrganizationId; name: string } | undefined,
  ): Promise<UserExport>;
}

const pageSize = 500;

export function createUserExports({ db, recordActivity }: { db: Db; recordActivity: RecordActivity }): UserExports {
  return {
    async export(admin, filter, sort, organization) {
      const { tenantId } = admin;
      const ids = await matchingIds(db, tenantId, filter, sort);
      const { status, search } = filter;
      await inTransaction(db, (tx) =>
        recordActivity(tx, {
          tenantId,
          type: 'users.exported',
          by: admin,
          ...(organization ? { organization: { id: organization.id, name: organization.name } } : {}),
          details: { users: ids.length, ...(status ? { status } : {}), ...(search ? { search } : {}) },
        }),
      );
      return { count: ids.length, pages: pagesOf(db, tenantId, ids) };
    },
  };
}

async function matchingIds(db: Db, tenantId: TenantId, filter: UserFilter, sort: UserPage['sort']): Promise<UserId[]> {
  const rows = await db
    .selectFrom('users as u')
    .innerJoin('mailbox_access as a', (join) =>
      join.onRef('a.tenant_id', '=', 'u.tenant_id').onRef('a.user_id', '=', 'u.id'),
    )
    .select('u.id')
    .where('u.tenant_id', '=', tenantId)
    .where((eb) => eb.and(conditions(eb, filter, sort)))
    .orderBy(sql.join(orderOf(filter, sort).map((column) => sql.ref(column))))
    .execute();
  return rows.map(({ id }) => id);
}

async function* pagesOf(db: Db, tenantId: TenantId, ids: readonly UserId[]): AsyncGenerator<User[]> {
  for (let start = 0; start < ids.length; start += pageSize) {
    const wanted = ids.slice(start, start + pageSize);
    const rows = await selectUsers(db, tenantId).where('u.id', 'in', wanted).execute();
    const byId = new Map(rows.map((row) => [row.id, row]));
    yield wanted.map((id) => {
      const row = byId.get(id);
      if (!row) throw new Error('a user was removed while the users were exported');
      return toUser(row);
    });
  }
}
