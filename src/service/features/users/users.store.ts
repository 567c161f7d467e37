import { type ExpressionBuilder, sql } from 'kysely';
import type { AccessCounts } from '../../../contract/access-counts.ts';
import type { Answer } from '../../../contract/endpoint.ts';
import type { addUsers, User, UserDetails } from '../../../contract/users.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { accessCountsOf, rankOf } from '../../db/access-counts.ts';
import { isForeignKeyViolation } from '../../db/constraint.ts';
import { containing, foldText } from '../../db/fold-text.ts';
import type { Db, Schema } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { decodeCursor, encodeCursor } from './user-cursor.ts';

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

export interface NewUser {
  readonly id: UserId;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly mail: string | null;
}

/** The organization that users are put into. */
export interface TargetOrganization {
  readonly id: OrganizationId;
  readonly name: string;
  readonly is_default: boolean;
}

export interface UserStore {
  list(tenantId: TenantId, filter: UserFilter, page: UserPage): Promise<{ users: User[]; nextCursor: string | null }>;
  counts(tenantId: TenantId, filter: Omit<UserFilter, 'status'>): Promise<AccessCounts>;
  get(tenantId: TenantId, id: UserId): Promise<UserDetails | undefined>;
  add(admin: Admin, organization: TargetOrganization, users: readonly NewUser[]): Promise<Answer<typeof addUsers>>;
  move(
    admin: Admin,
    organization: TargetOrganization,
    ids: readonly UserId[],
  ): Promise<{ moved: number; notFound: UserId[] }>;
  /** Initialized users stay unless `force`. */
  remove(admin: Admin, ids: readonly UserId[], force: boolean): Promise<{ removed: number; keptInitialized: UserId[] }>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
}

/** The organization was deleted a moment ago: the database noticed, not a look before. */
async function unlessGone<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isForeignKeyViolation(error) ? new AppError('organization.not_found', { cause: error }) : error;
  }
}

export function createUserStore({ db, clock, recordActivity }: Dependencies): UserStore {
  function usersOf(tenantId: TenantId) {
    return db
      .selectFrom('users as u')
      .innerJoin('organizations as o', (join) =>
        join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
      )
      .innerJoin('mailbox_access as a', (join) =>
        join.onRef('a.tenant_id', '=', 'u.tenant_id').onRef('a.user_id', '=', 'u.id'),
      )
      .selectAll('u')
      .select([
        'o.name as organization_name',
        'o.sync_enabled as organization_sync_enabled',
        'a.status',
        'a.status_rank',
        'a.reason',
        'a.checked_at',
        'a.check_id',
        'a.attempt_reason',
        'a.attempt_at',
        openIssues,
      ])
      .where('u.tenant_id', '=', tenantId);
  }

  return {
    async list(tenantId, filter, { sort, limit, cursor }) {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const rows = await usersOf(tenantId)
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
        .where((eb) => eb.and(conditions(eb as never, filter)))
        .groupBy('a.status')
        .execute();
      return accessCountsOf(rows);
    },

    async get(tenantId, id) {
      const row = await usersOf(tenantId).where('u.id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const result = row.check_id
        ? await db
            .selectFrom('check_results')
            .select('capabilities')
            .where('tenant_id', '=', tenantId)
            .where('check_id', '=', row.check_id)
            .where('user_id', '=', id)
            .executeTakeFirst()
        : undefined;
      const syncErrors = await db
        .selectFrom('sync_errors')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', id)
        .orderBy((eb) => eb('resolved_at', 'is not', null))
        .orderBy('last_seen_at', 'desc')
        .orderBy('id', 'desc')
        .limit(20)
        .execute();
      const syncSessions = await db
        .selectFrom('sync_sessions')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', id)
        .orderBy('requested_at', 'desc')
        .limit(20)
        .execute();
      return {
        ...toUser(row),
        capabilities: result?.capabilities ?? [],
        syncErrors: syncErrors.map((error) => ({
          kind: error.kind,
          title: error.title,
          detail: error.detail,
          firstSeenAt: error.first_seen_at.toISOString(),
          lastSeenAt: error.last_seen_at.toISOString(),
          count: error.count,
          resolvedAt: error.resolved_at?.toISOString() ?? null,
        })),
        syncSessions: syncSessions.map((session) => ({
          id: session.id,
          state: session.state,
          requestedAt: session.requested_at.toISOString(),
          startedAt: session.started_at?.toISOString() ?? null,
          endedAt: session.ended_at?.toISOString() ?? null,
          changes: session.changes,
          reason: session.reason,
        })),
      };
    },

    async add(admin, organization, newUsers) {
      const { tenantId } = admin;
      const byId = new Map(newUsers.map((user) => [user.id, user]));
      const now = clock.now();
      return unlessGone(
        inTransaction(db, async (tx) => {
          const added = await tx
            .insertInto('users')
            .values(
              [...byId.values()].map((user) => ({
                tenant_id: tenantId,
                id: user.id,
                organization_id: organization.id,
                organization_since: now,
                display_name: user.displayName,
                user_principal_name: user.userPrincipalName,
                mail: user.mail,
                search: foldText(`${user.displayName} ${user.userPrincipalName} ${user.mail ?? ''}`),
                sort_name: foldText(user.displayName || user.userPrincipalName),
                connection_type: organization.is_default ? ('ews_impersonation' as const) : ('none' as const),
                last_sync_at: null,
                created_at: now,
              })),
            )
            .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doNothing())
            .returning('id')
            .execute();
          const addedIds = added.map(({ id }) => id);
          if (addedIds.length > 0) {
            await tx
              .insertInto('mailbox_access')
              .values(
                addedIds.map((id) => ({
                  tenant_id: tenantId,
                  user_id: id,
                  status_rank: rankOf('not_checked'),
                  reason: null,
                  checked_at: null,
                  check_id: null,
                  attempt_reason: null,
                  attempt_at: null,
                })),
              )
              .execute();
            await recordActivity(tx, {
              tenantId,
              type: 'users.added',
              by: admin,
              organization,
              details: { users: addedIds.length },
            });
          }
          const others = [...byId.keys()].filter((id) => !addedIds.includes(id));
          const existing =
            others.length === 0
              ? []
              : await tx
                  .selectFrom('users as u')
                  .innerJoin('organizations as o', (join) =>
                    join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
                  )
                  .select(['u.id', 'u.organization_id', 'o.name'])
                  .where('u.tenant_id', '=', tenantId)
                  .where('u.id', 'in', others)
                  .execute();
          return {
            added: addedIds,
            alreadyHere: existing.filter((user) => user.organization_id === organization.id).map(({ id }) => id),
            inAnotherOrganization: existing
              .filter((user) => user.organization_id !== organization.id)
              .map(({ id, name }) => ({ userId: id, organizationName: name })),
          };
        }),
      );
    },

    async move(admin, organization, ids) {
      return unlessGone(
        inTransaction(db, async (tx) => {
          const found = await tx
            .selectFrom('users')
            .select(['id', 'organization_id'])
            .where('tenant_id', '=', admin.tenantId)
            .where('id', 'in', [...ids])
            .execute();
          const moving = found.filter((user) => user.organization_id !== organization.id).map(({ id }) => id);
          if (moving.length > 0) {
            await tx
              .updateTable('users')
              .set({ organization_id: organization.id, organization_since: clock.now() })
              .where('tenant_id', '=', admin.tenantId)
              .where('id', 'in', moving)
              .execute();
            await recordActivity(tx, {
              tenantId: admin.tenantId,
              type: 'users.moved',
              by: admin,
              organization,
              details: { users: moving.length },
            });
          }
          const foundIds = new Set(found.map(({ id }) => id));
          return { moved: moving.length, notFound: [...new Set(ids)].filter((id) => !foundIds.has(id)) };
        }),
      );
    },

    async remove(admin, ids, force) {
      return inTransaction(db, async (tx) => {
        const removed = await tx
          .deleteFrom('users')
          .where('tenant_id', '=', admin.tenantId)
          .where('id', 'in', [...ids])
          .$if(!force, (query) => query.where('mailbox_state', '<>', 'initialized'))
          .returning('id')
          .execute();
        const kept = force
          ? []
          : await tx
              .selectFrom('users')
              .select('id')
              .where('tenant_id', '=', admin.tenantId)
              .where('id', 'in', [...ids])
              .execute();
        if (removed.length > 0) {
          await recordActivity(tx, {
            tenantId: admin.tenantId,
            type: 'users.removed',
            by: admin,
            details: { users: removed.length, force },
          });
        }
        return { removed: removed.length, keptInitialized: kept.map(({ id }) => id) };
      });
    },
  };
}

type UserTables = Pick<Schema, 'sync_errors'> & { u: Schema['users']; a: Schema['mailbox_access'] };

function openIssues(eb: ExpressionBuilder<UserTables & Schema, 'u'>) {
  return eb
    .selectFrom('sync_errors as e')
    .select((inner) => inner.fn.countAll<number>().as('count'))
    .whereRef('e.tenant_id', '=', 'u.tenant_id')
    .whereRef('e.user_id', '=', 'u.id')
    .where('e.resolved_at', 'is', null)
    .as('open_issues');
}

function conditions(eb: ExpressionBuilder<UserTables, 'u' | 'a'>, { organizationId, status, search }: UserFilter) {
  return [
    ...(organizationId ? [eb('u.organization_id', '=', organizationId)] : []),
    ...(status ? [eb('a.status', '=', status)] : []),
    ...(search ? [eb('u.search', 'like', containing(search))] : []),
  ];
}

interface UserRow {
  id: UserId;
  display_name: string;
  user_principal_name: string;
  mail: string | null;
  organization_id: OrganizationId;
  organization_name: string;
  organization_sync_enabled: boolean;
  connection_type: User['connectionType'];
  mailbox_state: User['mailboxState'];
  sync_enabled: boolean;
  open_issues: number | null;
  status: AccessStatus;
  reason: User['access']['reason'];
  checked_at: Date | null;
  attempt_reason: User['access']['reason'];
  attempt_at: Date | null;
  last_sync_at: Date | null;
  created_at: Date;
}

function toUser(row: UserRow): User {
  const { attempt_reason: attemptReason, attempt_at: attemptAt } = row;
  return {
    id: row.id,
    displayName: row.display_name,
    userPrincipalName: row.user_principal_name,
    mail: row.mail,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    connectionType: row.connection_type,
    mailboxState: row.mailbox_state,
    syncEnabled: row.organization_sync_enabled && row.sync_enabled,
    openIssues: row.open_issues ?? 0,
    access: {
      status: row.status,
      reason: row.reason,
      checkedAt: row.checked_at?.toISOString() ?? null,
      lastAttempt: attemptReason && attemptAt ? { reason: attemptReason, at: attemptAt.toISOString() } : null,
    },
    lastSyncAt: row.last_sync_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}
