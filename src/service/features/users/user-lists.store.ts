import { type ExpressionBuilder, sql } from 'kysely';
import type { AccessCounts } from '../../../contract/access-counts.ts';
import type { User } from '../../../contract/users.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import { accessCountsOf } from '../../db/access-counts.ts';
import { containing } from '../../db/fold-text.ts';
import type { Db, Schema } from '../../db/schema.ts';
import { decodeCursor, encodeCursor } from './user-cursor.ts';
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
        .where((eb) => eb.and(conditions(eb, filter)))
        .$if(after !== undefined && sort === 'status', (query) =>
          query.where(
            sql<boolean>`(a.status_rank, u.sort_name, u.id) > (${after?.rank}::smallint, ${after?.name}, ${after?.id}::uuid)`,
          ),
        )
        .$if(after !== undefined && sort === 'name', (query) =>
          query.where(sql<boolean>`(u.sort_name, u.id) > (${after?.name}, ${after?.id}::uuid)`),
        )
        .$if(sort === 'status', (query) => query.orderBy('a.status_rank'))
        .orderBy('u.sort_name')
        .orderBy('u.id')
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
      const rows = await db
        .selectFrom('users as u')
        .innerJoin('mailbox_access as a', (join) =>
          join.onRef('a.tenant_id', '=', 'u.tenant_id').onRef('a.user_id', '=', 'u.id'),
        )
        .select(['a.status', (eb) => eb.fn.countAll<number>().as('count')])
        .where('u.tenant_id', '=', tenantId)
        .where((eb) => eb.and(conditions(eb, filter)))
        .groupBy('a.status')
        .execute();
      return accessCountsOf(rows);
    },
  };
}

type UserTables = Schema & { u: Schema['users']; a: Schema['mailbox_access'] };

/** What a filter asks of users `u` and their verdicts `a`. */
export function conditions(
  eb: ExpressionBuilder<UserTables, 'u' | 'a'>,
  { organizationId, status, search }: UserFilter,
) {
  return [
    ...(organizationId ? [eb('u.organization_id', '=', organizationId)] : []),
    ...(status ? [eb('a.status', '=', status)] : []),
    ...(search ? [eb('u.search', 'like', containing(search))] : []),
  ];
}
