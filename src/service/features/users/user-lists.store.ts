import { sql } from 'kysely';
import type { AccessCounts } from '../../../contract/access-counts.ts';
import type { User, UserFacet, UserFacetCounts, UserFilter } from '../../../contract/users.ts';
import { foldText } from '../../../domain/fold-text.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import { connectionTypes } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { type UserSort, type UserSyncStatus, userSyncStatuses } from '../../../domain/users/user-list.ts';
import { accessCountsOf } from '../../db/access-counts.ts';
import { isFoundByPairs, letterPairsOf } from '../../db/containing.ts';
import type { Db } from '../../db/schema.ts';
import { isOfUser, isSynchronized, selectMatching, userConditions } from '../../db/user-filter.ts';
import { decodeCursor, encodeCursor } from './user-cursor.ts';
import { isAfter, namedKeys, orderByNamed, orderOf, orderOfRead, selectPage, type UserOrder } from './user-order.ts';
import { readUsers } from './user-row.ts';

export interface UserPage {
  readonly sorts: readonly UserSort[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type UserScope = Omit<UserFilter, 'status'>;

interface ListedUsers {
  readonly users: User[];
  readonly nextCursor: string | null;
  /** Whatever the status filter; null where too many match to count them in the time that a page may take. */
  readonly counts: AccessCounts | null;
}

/** Users page by page, and how many have which verdict. */
export interface UserLists {
  list(tenantId: TenantId, filter: UserFilter, page: UserPage): Promise<ListedUsers>;
  /** However many they are. */
  counts(tenantId: TenantId, filter: UserScope): Promise<AccessCounts>;
  /** How many each choice of one filter would leave, the others standing. Counted one by one, for a menu that is opened. */
  facetCounts(tenantId: TenantId, facet: UserFacet, filter: UserFilter): Promise<UserFacetCounts>;
}

export function createUserLists(db: Db): UserLists {
  return {
    async list(tenantId, filter, page) {
      const few = isOfUser(filter) ? await pageOfFew(db, tenantId, filter, page) : undefined;
      // Side by side: the embedded database has one connection, and each turn may wait for a transaction of a check.
      const [listed, numbers] = await Promise.all([
        few ? toPage(db, tenantId, few) : readPage(db, tenantId, filter, page),
        isOfUser(filter) ? few?.numbers : sumTallies(db, tenantId, filter),
      ]);
      return { ...listed, counts: numbers ? accessCountsOf(numbers) : null };
    },

    async counts(tenantId, filter) {
      const numbers = await (isOfUser(filter) ? countMatches : sumTallies)(db, tenantId, filter);
      return accessCountsOf(numbers);
    },

    async facetCounts(tenantId, facet, filter) {
      if (facet === 'connection') return { facet, counts: await countConnections(db, tenantId, filter) };
      return { facet, counts: await countSwitches(db, tenantId, filter) };
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
  const fixed = (['organizationId', 'status', 'connection', 'sync'] as const).filter((name) => filter[name]);
  const orderName = [sorts.join(), ...fixed].join(' ');
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
  const users = await readUsers(db, tenantId, ids);
  return {
    // Who was removed a moment ago is left out.
    users: ids.flatMap((id) => users.get(id) ?? []),
    nextCursor: rows.length > limit && last ? encodeCursor(orderName, last.keys) : null,
  };
}

/** Of organizations nobody is counted: the database keeps these numbers. */
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
 * Users of whom a filter asks more than organization and verdict, when they are few: read once, they are counted and
 * sorted. Undefined when they are many. Each step is materialized: the database guesses how many are found, and would
 * take a long way for a wrong guess.
 */
async function pageOfFew(db: Db, tenantId: TenantId, filter: UserFilter, page: UserPage) {
  const read = orderOfRead(tenantId, filter, page.sorts, sql.table('found'));
  const order = orderByNamed(read, 'few', filter.status ? sql`few.status = ${filter.status}` : sql`true`);
  const { orderName, after } = cursorOf(order, filter, page);
  const text = textOfPairs(filter);
  const isIndexed = text !== undefined || !filter.search || filter.search.length >= leastIndexed;
  const most = isIndexed ? mostToSort : mostToSortUnindexed;
  const asked = text ? hasPairsOf(text) : userConditions(tenantId, { ...filter, status: undefined, sync: undefined });
  const conditions = sql.join(
    asked.map((condition) => sql`and ${condition}`),
    sql` `,
  );
  const ways = waysTo(filter.sync).map(
    ({ join, where }) => sql`(
      select u.* from users u ${join} where u.tenant_id = ${tenantId} ${where} ${conditions} limit ${most + 1}
    )`,
  );
  const { rows } = await sql<FewFound>`
    with found as materialized (
      select * from (${sql.join(ways, sql` union all `)}) as way limit ${most + 1}
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

/** A search that is found by pairs of letters: nothing else leads to fewer users. */
function textOfPairs({ search, organizationId, connection, sync }: UserFilter): string | undefined {
  return search && !organizationId && !connection && !sync && isFoundByPairs(search) ? search : undefined;
}

/**
 * Asked in a way that leads to the index of pairs alone. For `like`, the database would also read the index of three
 * letters each, in which a shorter text finds everybody.
 */
function hasPairsOf(text: string) {
  return [sql`letter_pairs(u.search) @> ${letterPairsOf(text)}::text[]`, sql`strpos(u.search, ${foldText(text)}) > 0`];
}

/** How an index leads to those who are synchronized or not, to nobody twice: one of the switches is off, or both are on. */
function waysTo(sync: UserSyncStatus | undefined) {
  const organization = sql`join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id`;
  if (sync === undefined) return [{ join: sql``, where: sql`` }];
  if (sync === 'enabled') return [{ join: organization, where: sql`and u.sync_enabled and o.sync_enabled` }];
  return [
    { join: sql``, where: sql`and not u.sync_enabled` },
    { join: organization, where: sql`and u.sync_enabled and not o.sync_enabled` },
  ];
}

/** Whoever is found by other signs is counted one by one. */
function countMatches(db: Db, tenantId: TenantId, filter: UserFilter) {
  return selectMatching(db, tenantId, filter)
    .select(['a.status', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('a.status')
    .execute();
}

async function countConnections(db: Db, tenantId: TenantId, { connection: _, ...filter }: UserFilter) {
  const rows = await matching(db, tenantId, filter)
    .select(['u.connection_type as value', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('u.connection_type')
    .execute();
  return countsOf(connectionTypes, rows);
}

async function countSwitches(db: Db, tenantId: TenantId, { sync: _, ...filter }: UserFilter) {
  const rows = await matching(db, tenantId, filter)
    .select([isSynchronized(tenantId).as('isOn'), (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('isOn')
    .execute();
  return countsOf(
    userSyncStatuses,
    rows.map(({ isOn, count }) => ({ value: isOn ? 'enabled' : 'disabled', count })),
  );
}

/** Users `u` as a filter asks: their verdicts are read only when it asks for one. */
function matching(db: Db, tenantId: TenantId, filter: UserFilter) {
  return db
    .selectFrom('users as u')
    .where('u.tenant_id', '=', tenantId)
    .where((eb) => eb.and([...userConditions(tenantId, { ...filter, status: undefined })]))
    .$if(filter.status !== undefined, (query) =>
      query.where('u.id', 'in', (eb) =>
        eb
          .selectFrom('mailbox_access as a')
          .select('a.user_id')
          .where('a.tenant_id', '=', tenantId)
          .where((inner) => inner.and([...userConditions(tenantId, { status: filter.status }, 'a')])),
      ),
    );
}

/** A count for each value, from rows that name only those that occur. */
function countsOf<Value extends string>(
  values: readonly Value[],
  rows: readonly { readonly value: Value; readonly count: number }[],
): Record<Value, number> {
  const found = new Map(rows.map(({ value, count }) => [value, count]));
  return Object.fromEntries(values.map((value) => [value, found.get(value) ?? 0])) as Record<Value, number>;
}
