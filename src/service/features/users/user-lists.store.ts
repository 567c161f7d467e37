import { type ExpressionBuilder, sql } from 'kysely';
import type { AccessCounts } from '../../../contract/access-counts.ts';
import type { User } from '../../../contract/users.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import { accessCountsOf, rankOf } from '../../db/access-counts.ts';
import { containing } from '../../db/fold-text.ts';
import type { Db, Schema } from '../../db/schema.ts';
import { decodeCursor, encodeCursor, type UserCursor } from './user-cursor.ts';
import { selectUsers, toUser } from './user-row.ts';

export interface UserFilter {
  readonly organizationId?: OrganizationId | undefined;
  readonly status?: AccessStatus | undefined;
  readonly search?: string | undefined;
}

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
      const rows = await selectUsers(db, tenantId)
        .where((eb) => eb.and(conditions(eb, filter, sort)))
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
      const rows = await (filter.search ? countMatches(db, tenantId, filter) : sumTallies(db, tenantId, filter));
      return accessCountsOf(rows);
    },
  };
}
type UserTables = Schema & { u: Schema['users']; a: Schema['mailbox_access'] };
type UserColumn = `${'u' | 'a'}.${string}`;

/**
 * What a list is sorted by. Name and organization stand beside the verdict too: those of the table whose index has the
 * order are asked, so that a page costs the same however many users there are.
 */
export function orderOf({ status }: UserFilter, sort: UserPage['sort']): readonly UserColumn[] {
  if (status) return ['a.sort_name', 'a.user_id'];
  return sort === 'name' ? ['u.sort_name', 'u.id'] : ['a.status_rank', 'a.sort_name', 'a.user_id'];
}

/** What a filter asks of users `u` and their verdicts `a`. */
export function conditions(eb: ExpressionBuilder<UserTables, 'u' | 'a'>, filter: UserFilter, sort: UserPage['sort']) {
  const { organizationId, status, search } = filter;
  const isByName = orderOf(filter, sort).includes('u.sort_name');
  return [
    ...(organizationId ? [eb(isByName ? 'u.organization_id' : 'a.organization_id', '=', organizationId)] : []),
    ...(status ? [eb('a.status_rank', '=', rankOf(status))] : []),
    ...(search ? [eb('u.search', 'like', containing(search))] : []),
  ];
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

function countMatches(db: Db, tenantId: TenantId, filter: UserFilter) {
  return db
    .selectFrom('users as u')
    .innerJoin('mailbox_access as a', (join) =>
      join.onRef('a.tenant_id', '=', 'u.tenant_id').onRef('a.user_id', '=', 'u.id'),
    )
    .select(['a.status', (eb) => eb.fn.countAll<number>().as('count')])
    .where('u.tenant_id', '=', tenantId)
    .where((eb) => eb.and(conditions(eb, filter, 'name')))
    .groupBy('a.status')
    .execute();
}
