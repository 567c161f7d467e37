import { sql } from 'kysely';
import type { AccessCounts } from '../../../contract/access-counts.ts';
import type { User, UserFilter } from '../../../contract/users.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { UserSort } from '../../../domain/users/user-list.ts';
import { accessCountsOf } from '../../db/access-counts.ts';
import { containing } from '../../db/containing.ts';
import type { Db } from '../../db/schema.ts';
import { selectMatching } from '../../db/user-filter.ts';
import { decodeCursor, encodeCursor } from './user-cursor.ts';
import { isAfter, orderOf, selectPage } from './user-order.ts';
import { selectUsers, toUser } from './user-row.ts';

export interface UserPage {
  readonly sorts: readonly UserSort[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type UserScope = Omit<UserFilter, 'status'>;

interface ListedUsers {
  readonly users: User[];
  readonly nextCursor: string | null;
  /** Whatever the status filter; null where a search finds too many to count them in the time that a page may take. */
  readonly counts: AccessCounts | null;
}

/** Users page by page, and how many have which verdict. */
export interface UserLists {
  list(tenantId: TenantId, filter: UserFilter, page: UserPage): Promise<ListedUsers>;
  /** However many they are. */
  counts(tenantId: TenantId, filter: UserScope): Promise<AccessCounts>;
}

export function createUserLists(db: Db): UserLists {
  return {
    async list(tenantId, filter, page) {
      const few = filter.search ? await fewMatches(db, tenantId, filter) : undefined;
      // Side by side: the embedded database has one connection, and each turn may wait for a transaction of a check.
      const [listed, numbers] = await Promise.all([
        readPage(db, tenantId, filter, page, few),
        filter.search ? few && countOf(db, tenantId, few) : sumTallies(db, tenantId, filter),
      ]);
      return { ...listed, counts: numbers ? accessCountsOf(numbers) : null };
    },

    async counts(tenantId, filter) {
      const numbers = filter.search ? await countMatches(db, tenantId, filter) : await sumTallies(db, tenantId, filter);
      return accessCountsOf(numbers);
    },
  };
}

/** @param few those whom the search finds, when they are few: they are read and sorted. Many are met on a walk soon. */
async function readPage(
  db: Db,
  tenantId: TenantId,
  filter: UserFilter,
  { sorts, limit, cursor }: UserPage,
  few: readonly UserId[] | undefined,
) {
  const order = orderOf(tenantId, few ? { ...filter, search: undefined } : filter, sorts);
  const orderName = `${sorts.join()} ${filter.status ? 'status' : ''} ${filter.organizationId ? 'organization' : ''}`;
  const types = order.keys.map(({ type }) => type);
  const after = cursor === undefined ? undefined : decodeCursor(cursor, orderName, types);
  const conditions = sql`${few ? sql`and ${order.id} = any(${few}::uuid[])` : sql``} ${after ? sql`and ${isAfter(order, after)}` : sql``}`;
  const { rows } = await selectPage(order, conditions, limit + 1).execute(db);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const ids = page.map(({ id }) => id);
  return {
    users: await usersOf(db, tenantId, ids),
    nextCursor: rows.length > limit && last ? encodeCursor(orderName, last.keys) : null,
  };
}

/** Users in the order of their ids; who was removed a moment ago is left out. */
async function usersOf(db: Db, tenantId: TenantId, ids: readonly UserId[]): Promise<User[]> {
  if (ids.length === 0) return [];
  const rows = await selectUsers(db, tenantId).where('u.id', '=', sql<UserId>`any(${ids}::uuid[])`).execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row ? [toUser(row)] : [];
  });
}

/** Without a search nobody is counted: the database keeps these numbers. */
function sumTallies(db: Db, tenantId: TenantId, { organizationId }: UserFilter) {
  return db
    .selectFrom('access_tallies')
    .select(['status', (eb) => eb.fn.sum<number>('count').as('count')])
    .where('tenant_id', '=', tenantId)
    .$if(organizationId !== undefined, (query) => query.where('organization_id', '=', organizationId as OrganizationId))
    .groupBy('status')
    .execute();
}

/** To sort and count more than that takes longer than a walk to a page of a hundred among 200,000 users. */
const mostToSort = 3_000;

/** Ids of users whom a search finds; undefined when they are many. The database cannot take another way to them. */
async function fewMatches(db: Db, tenantId: TenantId, { organizationId, search = '' }: UserFilter) {
  const { rows } = await sql<{ few: UserId[] | null }>`
    select case when cardinality(found.ids) <= ${mostToSort} then found.ids::text[] end as few from (
      select array(
        select id from users where tenant_id = ${tenantId} and search like ${containing(search)}
          ${organizationId ? sql`and organization_id = ${organizationId}` : sql``}
        limit ${mostToSort + 1}
      ) as ids offset 0
    ) found
  `.execute(db);
  return rows[0]?.few ?? undefined;
}

/** How many of these have which verdict. */
function countOf(db: Db, tenantId: TenantId, userIds: readonly UserId[]) {
  return db
    .selectFrom('mailbox_access as a')
    .select(['a.status', (eb) => eb.fn.countAll<number>().as('count')])
    .where('a.tenant_id', '=', tenantId)
    .where('a.user_id', '=', sql<UserId>`any(${userIds}::uuid[])`)
    .groupBy('a.status')
    .execute();
}

/** Whoever is found by many signs or by few letters is counted one by one. */
function countMatches(db: Db, tenantId: TenantId, filter: UserFilter) {
  return selectMatching(db, tenantId, filter)
    .select(['a.status', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('a.status')
    .execute();
}
