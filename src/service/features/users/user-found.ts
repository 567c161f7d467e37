import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { foldText } from '../../../domain/fold-text.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import type { UserSort } from '../../../domain/users/user-list.ts';
import { containing, isFoundByPairs, letterPairsOf } from '../../db/containing.ts';
import type { Db } from '../../db/schema.ts';
import { type ListFilter, userConditions } from '../../db/user-filter.ts';
import { type KeyedId, type KeysetOrder, namedKeys, orderByNamed, selectNear, selectPage } from './user-keyset.ts';
import { keyColumns, matchingOf, orderOfRead } from './user-order.ts';
import type { UsersById } from './user-row.ts';

type StatusCounts = readonly { readonly status: AccessStatus; readonly count: number }[];

/** What is asked of a page. */
export interface Asked {
  readonly filter: ListFilter;
  readonly sorts: readonly UserSort[];
  /** Keys of the last row of the page before. */
  readonly after: readonly string[] | undefined;
  readonly limit: number;
}

export interface FoundRows {
  readonly rows: readonly KeyedId[];
  /** Those of them who were read on the way. */
  readonly users?: UsersById;
  /** How many match whatever their status, where they were few enough to be counted on the way. */
  readonly numbers?: StatusCounts;
}

/** To read, count and sort more than that takes longer than a walk to a page of a hundred among 200,000 users. */
const mostToSort = 4_500;
/** Where a search's index and a walk lead to a page, more are not counted on the way. */
const mostToCount = 2_000;
/** Of so many found by a search's index a walk picks those it meets. */
const mostToPick = 16_000;
/** Whom such a walk may pass for each of a page: to pass one costs little, nothing but the walk's own table is read. */
const passedForEach = 200;

/** Of so many users, taken from the middle of all ids, it is told how common a text is. */
const sampled = 250;
const middleId = '80000000-0000-4000-8000-000000000000';
const commonShare = 1 / 16;
const commonFrom = 14_000;

/** Whether so many are found by a text that a walk meets a page of them sooner than an index has named them all. */
export async function isCommon(db: Db, tenantId: TenantId, text: string): Promise<boolean> {
  const { rows } = await sql<{ users: number | null; sampled: number; matching: number }>`
    select (select sum(count)::int from access_tallies where tenant_id = ${tenantId}) as users,
      count(*)::int as sampled, count(*) filter (where search like ${containing(text)})::int as matching
    from (
      select search from users where tenant_id = ${tenantId} and id >= ${middleId}::uuid order by id limit ${sampled}
    ) sample
  `.execute(db);
  const [sample] = rows;
  if (!sample?.sampled) return false;
  const share = sample.matching / sample.sampled;
  return share >= commonShare && share * (sample.users ?? 0) >= commonFrom;
}

interface Found {
  readonly found: number;
  readonly numbers: StatusCounts | null;
  readonly rows: readonly KeyedId[] | null;
}

/**
 * Users of whom a filter asks more than organization and verdict, when an index finds not too many: few are read once,
 * counted and sorted; of more, a walk along the order picks those who were found, unless they stand behind all others.
 * Undefined when they are too many.
 * @param order has an index, and no filter but what the index has
 */
export async function readFound(
  db: Db,
  tenantId: TenantId,
  asked: Asked,
  order: KeysetOrder | undefined,
): Promise<FoundRows | undefined> {
  const isPicked = order !== undefined && asked.filter.search !== undefined;
  if (!isPicked) return sortOrPick(db, tenantId, asked, { most: mostToSort, mostSorted: mostToSort });
  const found = await sortOrPick(db, tenantId, asked, { most: mostToPick, mostSorted: mostToCount, order });
  if (!found || found.numbers || found.rows.length === asked.limit) return found;
  return sortOrPick(db, tenantId, asked, { most: mostToPick, mostSorted: mostToPick });
}

interface Limits {
  readonly most: number;
  readonly mostSorted: number;
  /** In which those are picked who are too many to be sorted. */
  readonly order?: KeysetOrder;
}

/** Each step is materialized: the database guesses how many are found, and would take a long way for a wrong guess. */
async function sortOrPick(
  db: Db,
  tenantId: TenantId,
  { filter, sorts, after, limit }: Asked,
  { most, mostSorted, order }: Limits,
): Promise<FoundRows | undefined> {
  const { search, status, sync: _, ...others } = filter;
  const signs = [...(search ? isFoundBy(search) : []), ...userConditions(tenantId, others)];
  const conditions = sql.join(
    signs.map((condition) => sql`and ${condition}`),
    sql` `,
  );
  const ways = waysTo(tenantId, filter).map(
    ({ from, where }) => sql`(
      select ${sql.raw(keyColumns.u)} from ${from} where u.tenant_id = ${tenantId} ${where} ${conditions} limit ${most + 1}
    )`,
  );
  const read = orderOfRead(tenantId, filter, sorts, sql.table('found'));
  const few = orderByNamed(read, 'few', sql`few where ${status ? sql`few.status = ${status}` : sql`true`}`);
  const isFew = sql`(select found from number) <= ${mostSorted}`;
  // Not a join: whoever was found is looked up on the way, and the way ends with the page.
  const isFound = sql<SqlBool>`(near.id in (select id from found)) is true`;
  const matching = [isFound, ...matchingOf(tenantId, { status })];
  const picked = order && selectNear(order, matching, after, limit, limit * passedForEach);
  const { rows } = await sql<Found>`
    with found as materialized (
      select * from (${sql.join(ways, sql` union all `)}) as way limit ${most + 1}
    ), number as materialized (
      select count(*)::int as found from found
    ), few as materialized (
      select u.id, a.status, ${namedKeys(read)} from ${read.from} where ${isFew}
    )
    select (select found from number) as found,
      (select json_agg(counted) from (select status, count(*) from few group by status) counted) as numbers,
      case when ${isFew} then (select json_agg(listed) from (${selectPage(few, after, limit)}) listed)
      ${picked ? sql`when (select found from number) <= ${most} then (select json_agg(listed) from (${picked}) listed)` : sql``}
      end as rows
  `.execute(db);
  const [answer] = rows;
  if (!answer || answer.found > most) return undefined;
  if (answer.found > mostSorted) return { rows: answer.rows ?? [] };
  return { rows: answer.rows ?? [], numbers: answer.numbers ?? [] };
}

/**
 * Asked in a way that leads to one index. For `like`, the database would also read the index of three letters each, in
 * which a shorter text finds everybody.
 */
function isFoundBy(text: string): readonly RawBuilder<SqlBool>[] {
  if (!isFoundByPairs(text)) return [sql`u.search like ${containing(text)}`];
  return [
    sql`letters_and_pairs(u.search) @> ${letterPairsOf(text)}::text[]`,
    sql`strpos(u.search, ${foldText(text)}) > 0`,
  ];
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
