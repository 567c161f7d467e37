import { sql } from 'kysely';
import type { AccessCounts } from '../../../contract/access-counts.ts';
import type { User, UserFilter } from '../../../contract/users.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import type { UserSort } from '../../../domain/users/user-list.ts';
import { accessCountsOf } from '../../db/access-counts.ts';
import type { Db } from '../../db/schema.ts';
import { selectMatching, userConditions } from '../../db/user-filter.ts';
import { decodeCursor, encodeCursor } from './user-cursor.ts';
import { isAfter, namedKeys, orderByNamed, orderOf, orderOfRead, selectPage, type UserOrder } from './user-order.ts';
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
      const few = filter.search ? await pageOfFew(db, tenantId, filter, page) : undefined;
      // Side by side: the embedded database has one connection, and each turn may wait for a transaction of a check.
      const [listed, numbers] = await Promise.all([
        few ? toPage(db, tenantId, few) : readPage(db, tenantId, filter, page),
        filter.search ? few?.numbers : sumTallies(db, tenantId, filter),
      ]);
      return { ...listed, counts: numbers ? accessCountsOf(numbers) : null };
    },

    async counts(tenantId, filter) {
      const numbers = filter.search ? await countMatches(db, tenantId, filter) : await sumTallies(db, tenantId, filter);
      return accessCountsOf(numbers);
    },
  };
}

/** Many are met on a walk soon. */
async function readPage(db: Db, tenantId: TenantId, filter: UserFilter, page: UserPage) {
  const order = orderOf(tenantId, filter, page.sorts);
  const cursor = cursorOf(order, filter, page);
  const after = cursor.after ? sql`and ${isAfter(order, cursor.after)}` : sql``;
  const { rows } = await selectPage(order, after, page.limit + 1).execute(db);
  return toPage(db, tenantId, { rows, limit: page.limit, orderName: cursor.orderName });
}

function cursorOf({ keys }: UserOrder, filter: UserFilter, { sorts, cursor }: UserPage) {
  const orderName = `${sorts.join()} ${filter.status ? 'status' : ''} ${filter.organizationId ? 'organization' : ''}`;
  const types = keys.map(({ type }) => type);
  return { orderName, after: cursor === undefined ? undefined : decodeCursor(cursor, orderName, types) };
}

interface ReadPage {
  /** One more than the page has when there is another one. */
  readonly rows: readonly { readonly id: UserId; readonly keys: readonly string[] }[];
  readonly limit: number;
  readonly orderName: string;
}

async function toPage(db: Db, tenantId: TenantId, { rows, limit, orderName }: ReadPage) {
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
const mostToSort = 4_500;
/** Where a search is too short for its index, and whoever it finds is met by reading on. */
const mostToSortUnindexed = 1_500;
const leastIndexed = 3;

interface FewFound {
  readonly found: number;
  readonly numbers: { status: AccessStatus; count: number }[] | null;
  readonly rows: ReadPage['rows'] | null;
}

/**
 * Users whom a search finds, when they are few: read once, they are counted and sorted. Undefined when they are many.
 * Each step is materialized: the database guesses how many are found, and would take a long way for a wrong guess.
 */
async function pageOfFew(db: Db, tenantId: TenantId, filter: UserFilter, page: UserPage) {
  const read = orderOfRead(tenantId, filter, page.sorts, sql.table('found'));
  const order = orderByNamed(read, 'few', filter.status ? sql`few.status = ${filter.status}` : sql`true`);
  const { orderName, after } = cursorOf(order, filter, page);
  const most = (filter.search ?? '').length < leastIndexed ? mostToSortUnindexed : mostToSort;
  const { rows } = await sql<FewFound>`
    with found as materialized (
      select * from users u where u.tenant_id = ${tenantId} and ${sql.join(userConditions({ ...filter, status: undefined }), sql` and `)}
      limit ${most + 1}
    ), few as materialized (
      select u.id, a.status, ${namedKeys(read)} from ${read.from}
      where (select count(*) from found) <= ${most}
    )
    select (select count(*)::int from found) as found,
      (select json_agg(counted) from (select status, count(*) from few group by status) counted) as numbers,
      (select json_agg(listed) from (
        ${selectPage(order, after ? sql`and ${isAfter(order, after)}` : sql``, page.limit + 1)}
      ) listed) as rows
  `.execute(db);
  const [few] = rows;
  if (!few || few.found > most) return undefined;
  return { rows: few.rows ?? [], numbers: few.numbers ?? [], limit: page.limit, orderName };
}

/** Whoever is found by many signs or by few letters is counted one by one. */
function countMatches(db: Db, tenantId: TenantId, filter: UserFilter) {
  return selectMatching(db, tenantId, filter)
    .select(['a.status', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('a.status')
    .execute();
}
