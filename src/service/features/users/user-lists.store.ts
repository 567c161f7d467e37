import { type ExpressionBuilder, sql } from 'kysely';
import type { AccessCounts } from '../../../contract/access-counts.ts';
import type { User, UserFilter } from '../../../contract/users.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import { accessCountsOf } from '../../db/access-counts.ts';
import { containing } from '../../db/containing.ts';
import type { Db } from '../../db/schema.ts';
import { selectMatching, type UsersWithAccess, userConditions } from '../../db/user-filter.ts';
import { decodeCursor, encodeCursor, type UserCursor } from './user-cursor.ts';
import { selectUsers, toUser } from './user-row.ts';

export interface UserPage {
  readonly sort: 'name' | 'status';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Users page by page, and how many have which verdict. */
export interface UserLists {
  list(tenantId: TenantId, filter: UserFilter, page: UserPage): Promise<{ users: User[]; nextCursor: string | null }>;
  counts(tenantId: TenantId, filter: Omit<UserFilter, 'status'>): Promise<AccessCounts>;
}

export function createUserLists(db: Db): UserLists {
  return {
    async list(tenantId, filter, { sort, limit, cursor }) {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const isFew = filter.search !== undefined && filter.search !== '' && (await findsFew(db, tenantId, filter));
      const rows = await selectUsers(db, tenantId)
        .where((eb) => eb.and(conditions(eb, filter, sort)))
        // What few have is read and sorted; what many have is met soon on a walk along the order of the list.
        .$if(isFew, (query) => query.where('a.user_id', '=', sql<UserId>`any(${fewMatches(tenantId, filter)})`))
        .$if(after !== undefined, (query) => query.where(isAfter(after as UserCursor, filter, sort)))
        .orderBy(sql.join(orderOf(filter, sort).map((column) => sql.ref(column))))
        .limit(limit + 1)
        .execute();
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const hasMore = rows.length > limit && last;
      return {
        users: page.map(toUser),
        nextCursor: hasMore ? encodeCursor({ rank: last.status_rank, name: last.sort_name, id: last.id }) : null,
      };
    },

    async counts(tenantId, filter) {
      if (!filter.search) return accessCountsOf(await sumTallies(db, tenantId, filter));
      const few = await countFew(db, tenantId, filter);
      return accessCountsOf(few ?? (await countMatches(db, tenantId, filter)));
    },
  };
}
type UserColumn = `${'u' | 'a'}.${string}`;

/**
 * What a list is sorted by. Name and organization stand beside the verdict too: those of the table whose index has the
 * order are asked, so that a page costs the same however many users there are.
 */
export function orderOf({ status }: UserFilter, sort: UserPage['sort']): readonly UserColumn[] {
  if (status) return ['a.sort_name', 'a.user_id'];
  return sort === 'name' ? ['u.sort_name', 'u.id'] : ['a.status_rank', 'a.sort_name', 'a.user_id'];
}

/** What a filter asks of users `u` and their verdicts `a`, of those that have the order. */
export function conditions(
  eb: ExpressionBuilder<UsersWithAccess, 'u' | 'a'>,
  filter: UserFilter,
  sort: UserPage['sort'],
) {
  const isByName = orderOf(filter, sort).includes('u.sort_name');
  return userConditions(eb, filter, isByName ? 'u.organization_id' : 'a.organization_id');
}

/** Rows behind the last one of a page. */
function isAfter({ rank, name, id }: UserCursor, filter: UserFilter, sort: UserPage['sort']) {
  const columns = orderOf(filter, sort);
  const last = [sql`${rank}::smallint`, sql`${name}`, sql`${id}::uuid`].slice(-columns.length);
  return sql<boolean>`(${sql.join(columns.map((column) => sql.ref(column)))}) > (${sql.join(last)})`;
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

const mostToSort = 2_500;

/** Ids of users whom a search finds, at most one more than are few. The database cannot take another way to them. */
function fewMatches(tenantId: TenantId, { organizationId, search = '' }: UserFilter) {
  return sql`array(
    select id from users where tenant_id = ${tenantId} and search like ${containing(search)}
      ${organizationId ? sql`and organization_id = ${organizationId}` : sql``}
    limit ${mostToSort + 1}
  )`;
}

async function findsFew(db: Db, tenantId: TenantId, filter: UserFilter): Promise<boolean> {
  const { rows } = await sql<{ found: number }>`select cardinality(${fewMatches(tenantId, filter)}) as found`.execute(
    db,
  );
  return (rows[0]?.found ?? 0) <= mostToSort;
}

/** How many of those whom a search finds have which verdict; undefined when they are many. */
async function countFew(db: Db, tenantId: TenantId, filter: UserFilter) {
  const rows = await db
    .selectFrom('mailbox_access as a')
    .select(['a.status', (eb) => eb.fn.countAll<number>().as('count')])
    .where('a.tenant_id', '=', tenantId)
    .where('a.user_id', '=', sql<UserId>`any(${fewMatches(tenantId, filter)})`)
    .groupBy('a.status')
    .execute();
  return rows.reduce((sum, { count }) => sum + count, 0) > mostToSort ? undefined : rows;
}

/** Whoever is found by many signs or by few letters is counted one by one. */
function countMatches(db: Db, tenantId: TenantId, filter: UserFilter) {
  return selectMatching(db, tenantId, filter)
    .select(['a.status', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('a.status')
    .execute();
}
