import { sql } from 'kysely';
import type { User, UserFilter } from '../../../contract/users.ts';
import { foldText } from '../../../domain/fold-text.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import type { UserSort } from '../../../domain/users/user-list.ts';
import { isFoundByPairs, letterPairsOf } from '../../db/containing.ts';
import type { Db } from '../../db/schema.ts';
import { isOfUser, type ListFilter, userConditions } from '../../db/user-filter.ts';
import { decodeCursor, encodeCursor } from './user-cursor.ts';
import { type KeyedId, namedKeys, orderByNamed, selectNear, selectPage, sortedOrder } from './user-keyset.ts';
import { sumTallies } from './user-numbers.ts';
import { keyColumns, orderOf, orderOfFew, orderOfRead, walkOf, wantedOf } from './user-order.ts';
import { type Part, partsFrom, partsOf } from './user-parts.ts';
import { readUsers } from './user-row.ts';

export interface UserPage {
  readonly sorts: readonly UserSort[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type StatusCounts = readonly { readonly status: AccessStatus; readonly count: number }[];

interface FoundPage {
  readonly users: User[];
  readonly nextCursor: string | null;
  /** How many match whatever their status, where they were few enough to be counted on the way. */
  readonly numbers: StatusCounts | undefined;
}

export async function readPage(db: Db, tenantId: TenantId, filter: UserFilter, page: UserPage): Promise<FoundPage> {
  const { sorts, limit, cursor } = page;
  const fixed = (['organizationId', 'status', 'connection', 'sync'] as const).filter((name) => filter[name]);
  const orderName = [sorts.join(), ...fixed].join(' ');
  const types = orderOf(tenantId, filter, sorts).keys.map(({ type }) => type);
  const after = cursor === undefined ? undefined : decodeCursor(cursor, orderName, types);
  const { rows, numbers } = await readRows(db, tenantId, { filter, sorts, after, limit: limit + 1 });
  const found = rows.slice(0, limit);
  const last = found.at(-1);
  const ids = found.map(({ id }) => id);
  const users = await readUsers(db, tenantId, ids);
  return {
    // Who was removed a moment ago is left out.
    users: ids.flatMap((id) => users.get(id) ?? []),
    nextCursor: rows.length > limit && last ? encodeCursor(orderName, last.keys) : null,
    numbers,
  };
}

interface Asked {
  readonly filter: ListFilter;
  readonly sorts: readonly UserSort[];
  /** Keys of the last row of the page before. */
  readonly after: readonly string[] | undefined;
  readonly limit: number;
}

interface FoundRows {
  readonly rows: readonly KeyedId[];
  readonly numbers?: StatusCounts;
}

/** Whom a walk may pass for each of a page before it is given up. */
const passedForEach = 50;

/**
 * A walk along an index where it has the filter and the order. Of any other filter few are read and sorted; many are met
 * on a walk soon, unless they stand behind all others: blocked mailboxes, say, were synchronized before anybody else.
 * Those are sorted, too.
 */
async function readRows(db: Db, tenantId: TenantId, asked: Asked): Promise<FoundRows> {
  const { filter, sorts, after, limit } = asked;
  const walk = walkOf(tenantId, filter, sorts);
  if (walk && !walk.matching) return selectPage(walk.order, after, limit).execute(db);
  const few = isOfUser(filter) ? await readFew(db, tenantId, asked) : undefined;
  if (few) return few;
  const ofOrder = await partsOf(db, tenantId, wantedOf(filter, sorts));
  if (ofOrder) return readByParts(db, tenantId, asked, ofOrder);
  const order = orderOf(tenantId, filter, sorts);
  if (!walk?.matching) return selectPage(order, after, limit).execute(db);
  if (!isOfUser(filter) && (await countTallied(db, tenantId, filter)) <= mostToSortByIndex) {
    return selectPage(orderOfFew(tenantId, filter, sorts), after, limit).execute(db);
  }
  const near = await selectNear(walk.order, walk.matching, after, limit, limit * passedForEach).execute(db);
  if (near.rows.length === limit) return near;
  return selectPage(sortedOrder(order), after, limit).execute(db);
}

async function countTallied(db: Db, tenantId: TenantId, filter: ListFilter): Promise<number> {
  const sums = await sumTallies(db, tenantId, filter);
  const matching = sums.filter(({ status }) => !filter.status || status === filter.status);
  return matching.reduce((total, { count }) => total + Number(count), 0);
}

async function readByParts(
  db: Db,
  tenantId: TenantId,
  { filter, sorts, after, limit }: Asked,
  ofOrder: readonly Part[],
): Promise<FoundRows> {
  const [first, ...others] = wantedOf(filter, sorts);
  const rest = others.map(({ column, isDescending }): UserSort => (isDescending ? `-${column}` : column));
  const rows: KeyedId[] = [];
  for (const [key, part] of after ? partsFrom(ofOrder, first, after[0] ?? '') : ofOrder) {
    const found = await readRows(db, tenantId, {
      filter: { ...filter, ...part },
      sorts: rest.length === 0 && first?.isDescending ? ['-name'] : rest,
      after: after?.[0] === key ? after.slice(1) : undefined,
      limit: limit - rows.length,
    });
    rows.push(...found.rows.map(({ id, keys }) => ({ id, keys: [key, ...keys] })));
    if (rows.length === limit) break;
  }
  return { rows };
}

/** To sort and count more than that takes longer than a walk to a page of a hundred among 200,000 users. */
const mostToSort = 4_500;
/** Where an index has the filter and nobody is counted. */
const mostToSortByIndex = 8_000;
/** Where a search is too short for its index, and whoever it finds is met by reading on. */
const mostToSortUnindexed = 1_500;
const leastIndexed = 3;

interface FewFound {
  readonly found: number;
  readonly numbers: StatusCounts | null;
  readonly rows: readonly KeyedId[] | null;
}

/**
 * Users of whom a filter asks more than organization and verdict, when they are few: read once, they are counted and
 * sorted. Undefined when they are many. Each step is materialized: the database guesses how many are found, and would
 * take a long way for a wrong guess.
 */
async function readFew(db: Db, tenantId: TenantId, asked: Asked): Promise<FoundRows | undefined> {
  const { filter, sorts, after, limit } = asked;
  const read = orderOfRead(tenantId, filter, sorts, sql.table('found'));
  const order = orderByNamed(
    read,
    'few',
    sql`few where ${filter.status ? sql`few.status = ${filter.status}` : sql`true`}`,
  );
  const text = textOfPairs(filter);
  const isIndexed = text !== undefined || !filter.search || filter.search.length >= leastIndexed;
  const most = isIndexed ? mostToSort : mostToSortUnindexed;
  const signs = text ? hasPairsOf(text) : userConditions(tenantId, { ...filter, status: undefined, sync: undefined });
  const conditions = sql.join(
    signs.map((condition) => sql`and ${condition}`),
    sql` `,
  );
  const ways = waysTo(tenantId, filter).map(
    ({ from, where }) => sql`(
      select ${sql.raw(keyColumns.u)} from ${from} where u.tenant_id = ${tenantId} ${where} ${conditions} limit ${most + 1}
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
      (select json_agg(listed) from (${selectPage(order, after, limit)}) listed) as rows
  `.execute(db);
  const [few] = rows;
  if (!few || few.found > most) return undefined;
  return { rows: few.rows ?? [], numbers: few.numbers ?? [] };
}

/** A search that is found by pairs of letters: nothing else leads to fewer users. */
function textOfPairs({ search, status: _, ...others }: ListFilter): string | undefined {
  const isAlone = Object.values(others).every((value) => value === undefined);
  return search && isAlone && isFoundByPairs(search) ? search : undefined;
}

/**
 * Asked in a way that leads to the index of pairs alone. For `like`, the database would also read the index of three
 * letters each, in which a shorter text finds everybody.
 */
function hasPairsOf(text: string) {
  return [sql`letter_pairs(u.search) @> ${letterPairsOf(text)}::text[]`, sql`strpos(u.search, ${foldText(text)}) > 0`];
}

/** How an index leads to those who are synchronized or not, to nobody twice: one of the switches is off, or both are on. */
function waysTo(tenantId: TenantId, { sync, openIssues }: ListFilter) {
  const ofIssues = sql`mailbox_syncs s join lateral (
    select * from users where tenant_id = ${tenantId} and id = s.user_id offset 0
  ) u on s.tenant_id = ${tenantId}`;
  const users = openIssues === undefined ? sql`users u` : ofIssues;
  const withOrganization = sql`${users} join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id`;
  if (sync === undefined) return [{ from: users, where: sql`` }];
  if (sync === 'enabled') return [{ from: withOrganization, where: sql`and u.sync_enabled and o.sync_enabled` }];
  return [
    { from: users, where: sql`and not u.sync_enabled` },
    { from: withOrganization, where: sql`and u.sync_enabled and not o.sync_enabled` },
  ];
}
