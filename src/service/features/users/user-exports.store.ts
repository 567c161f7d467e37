import { sql } from 'kysely';
import type { User, UserFilter } from '../../../contract/users.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { UserSort } from '../../../domain/users/user-list.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Db } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { byKeys } from './user-keyset.ts';
import { orderOf } from './user-order.ts';
import { readUsers } from './user-row.ts';

export interface UserExport {
  readonly count: number;
  /** Throws when somebody was removed meanwhile: half a file must not look whole. */
  readonly pages: AsyncIterable<User[]>;
}

/** All users of a filter, for a file. */
export interface UserExports {
  /**
   * Who is in it and in which order is settled now, by one statement, so that nobody repeats or goes missing while
   * statuses change. What is said of each is what is known when their page is read: of somebody who was *Blocked* at
   * first and works by then, the file of the blocked says *Working*. One snapshot for the values too would take a
   * transaction as long as the slowest reader, and everybody else waits for one in the embedded database.
   */
  export(
    admin: Admin,
    filter: UserFilter,
    sorts: readonly UserSort[],
    organization: { id: OrganizationId; name: string } | undefined,
  ): Promise<UserExport>;
}

const pageSize = 500;

export function createUserExports({ db, recordActivity }: { db: Db; recordActivity: RecordActivity }): UserExports {
  return {
    async export(admin, filter, sorts, organization) {
      const { tenantId } = admin;
      const ids = await matchingIds(db, tenantId, filter, sorts);
      const count = ids.length / idBytes;
      const { organizationId: _, ...conditions } = filter;
      await inTransaction(db, (tx) =>
        recordActivity(tx, {
          tenantId,
          type: 'users.exported',
          by: admin,
          ...(organization ? { organization: { id: organization.id, name: organization.name } } : {}),
          details: { users: count, ...conditions },
        }),
      );
      return { count, pages: pagesOf(db, tenantId, ids) };
    },
  };
}

/**
 * Ids in the order of the list, one statement's snapshot of who matches, as 16 bytes each: 3 MB for 200,000 users, whatever
 * their names.
 */
async function matchingIds(
  db: Db,
  tenantId: TenantId,
  filter: UserFilter,
  sorts: readonly UserSort[],
): Promise<Buffer> {
  const order = orderOf(tenantId, filter, sorts);
  const { rows } = await sql<{ ids: Uint8Array | null }>`
    select string_agg(uuid_send(m.id), ''::bytea order by m.n) as ids from (
      select ${order.id} as id, row_number() over (order by ${byKeys(order)}) as n from ${order.from}
    ) m
  `.execute(db);
  // One database gives a Buffer, the other the array under one.
  return Buffer.from(rows[0]?.ids ?? []);
}

const idBytes = 16;

function idsAt(ids: Buffer, start: number, end: number): UserId[] {
  const found: UserId[] = [];
  for (let at = start * idBytes; at < Math.min(end * idBytes, ids.length); at += idBytes) {
    const hex = ids.toString('hex', at, at + idBytes);
    found.push(hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5') as UserId);
  }
  return found;
}

async function* pagesOf(db: Db, tenantId: TenantId, ids: Buffer): AsyncGenerator<User[]> {
  for (let start = 0; start * idBytes < ids.length; start += pageSize) {
    const wanted = idsAt(ids, start, start + pageSize);
    const users = await readUsers(db, tenantId, wanted);
    yield wanted.map((id) => {
      const user = users.get(id);
      if (!user) throw new Error('a user was removed while the users were exported');
      return user;
    });
  }
}
