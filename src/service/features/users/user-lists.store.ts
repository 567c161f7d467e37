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

/** Users page by page, and how many have which verdict. */
export interface UserLists {
  list(tenantId: TenantId, filter: UserFilter, page: UserPage): Promise<{ users: User[]; nextCursor: string | null }>;
  /** Null where a search finds too many to count them in the time that a page may take. */
  quickCounts(tenantId: TenantId, filter: UserScope): Promise<AccessCounts | null>;
  /** However many they are. */
  counts(tenantId: TenantId, filter: UserScope): Promise<AccessCounts>;
}

export function createUserLists(db: Db): UserLists {
  return {
    async list(tenantId, filter, { sorts, limit, cursor }) {
      const orderName = `${sorts.join()} ${filter.status ? 'status' : ''} ${filter.organizationId ? 'organization' : ''}`;
      const isFew = filter.search !== undefined && filter.search !== '' && (await findsFew(db, tenantId, filter));
      // What few have is read and sorted; what many have is met soon on a walk along the order of the list.
      const order = orderOf(tenantId, isFew ? { ...filter, search: undefined } : filter, sorts);
      const few = isFew ? sql`and ${order.id} = any(${fewMatches(tenantId, filter, mostToSort)})` : sql``;
      const types = order.keys.map(({ type }) => type);
      const after = cursor === undefined ? undefined : decodeCursor(cursor, orderName, types);
      const behind = after ? sql`and ${isAfter(order, after)}` : sql``;
      const { rows } = await selectPage(order, sql`${few} ${behind}`, limit + 1).execute(db);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        users: await usersOf(
          db,
          tenantId,
          page.map(({ id }) => id),
        ),
        nextCursor: rows.length > limit && last ? encodeCursor(orderName, last.keys) : null,
      };
    },

    async quickCounts(tenantId, filter) {
      const rows = filter.search ? await countFew(db, tenantId, filter) : await sumTallies(db, tenantId, filter);
      return rows ? accessCountsOf(rows) : null;
    },

    async counts(tenantId, filter) {
      const rows = filter.search ? await countMatches(db, tenantId, filter) : await sumTallies(db, tenantId, filter);
      return accessCountsOf(rows);
    },
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

/** To sort more than that takes longer than the walk: of 200,000 users, a page of a hundred is there after as many. */
const mostToSort = 4_500;
/** Counted beside the page, whose time it adds to. */
const mostToCount = 2_500;

/** Ids of users whom a search finds, at most one more than `most`. The database cannot take another way to them. */
function fewMatches(tenantId: TenantId, { organizationId, search = '' }: UserFilter, most: number) {
  return sql`array(
    select id from users where tenant_id = ${tenantId} and search like ${containing(search)}
      ${organizationId ? sql`and organization_id = ${organizationId}` : sql``}
    limit ${most + 1}
  )`;
}

async function findsFew(db: Db, tenantId: TenantId, filter: UserFilter): Promise<boolean> {
  const matches = fewMatches(tenantId, filter, mostToSort);
  const { rows } = await sql<{ found: number }>`select cardinality(${matches}) as found`.execute(db);
  return (rows[0]?.found ?? 0) <= mostToSort;
}

/** How many of those whom a search finds have which verdict; undefined when they are many. */
async function countFew(db: Db, tenantId: TenantId, filter: UserFilter) {
  const rows = await db
    .selectFrom('mailbox_access as a')
    .select(['a.status', (eb) => eb.fn.countAll<number>().as('count')])
    .where('a.tenant_id', '=', tenantId)
    .where('a.user_id', '=', sql<UserId>`any(${fewMatches(tenantId, filter, mostToCount)})`)
    .groupBy('a.status')
    .execute();
  return rows.reduce((sum, { count }) => sum + count, 0) > mostToCount ? undefined : rows;
}

/** Whoever is found by many signs or by few letters is counted one by one. */
function countMatches(db: Db, tenantId: TenantId, filter: UserFilter) {
  return selectMatching(db, tenantId, filter)
    .select(['a.status', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('a.status')
    .execute();
}
