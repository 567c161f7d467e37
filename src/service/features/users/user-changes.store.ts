import { sql } from 'kysely';
import type { Answer } from '../../../contract/endpoint.ts';
import type { addUsers } from '../../../contract/users.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { ConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { rankOf } from '../../db/access-counts.ts';
import { isForeignKeyViolation } from '../../db/constraint.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { searchTextOf, sortNameOf, type UserNames } from '../../db/user-names.ts';
import { deleteUsers, moveUsers } from './user-batches.ts';

/** The organization that users are put into. */
export interface TargetOrganization {
  readonly id: OrganizationId;
  readonly name: string;
  readonly connection_type: ConnectionType;
}

/** What an admin changes: who is here, and in which organization. */
export interface UserChanges {
  add(admin: Admin, organization: TargetOrganization, users: readonly UserNames[]): Promise<Answer<typeof addUsers>>;
  move(
    admin: Admin,
    organization: TargetOrganization,
    ids: readonly UserId[],
  ): Promise<{ moved: number; notFound: UserId[] }>;
  /** Initialized users stay unless `force`. */
  remove(admin: Admin, ids: readonly UserId[], force: boolean): Promise<{ removed: number; keptInitialized: UserId[] }>;
}

export interface UserChangeDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
}

export function createUserChanges({ db, clock, recordActivity }: UserChangeDependencies): UserChanges {
  return {
    async add(admin, organization, newUsers) {
      const { tenantId } = admin;
      const byId = new Map(newUsers.map((user) => [user.id, user]));
      const now = clock.now();
      return unlessGone(
        inTransaction(db, async (tx) => {
          const addedIds = await insertUsers(tx, tenantId, organization, [...byId.values()], now);
          if (addedIds.length > 0) {
            await recordActivity(tx, {
              tenantId,
              type: 'users.added',
              by: admin,
              organization,
              details: { users: addedIds.length },
            });
          }
          const isAdded = new Set(addedIds);
          const others = [...byId.keys()].filter((id) => !isAdded.has(id));
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
          const { moved, notFound } = await moveUsers(tx, admin.tenantId, organization.id, ids, clock.now());
          const [only, ...others] = moved;
          if (only) {
            await recordActivity(tx, {
              tenantId: admin.tenantId,
              type: 'users.moved',
              by: admin,
              organization,
              ...(others.length === 0 ? { userId: only } : {}),
              details: { users: moved.length },
            });
          }
          return { moved: moved.length, notFound };
        }),
      );
    },

    async remove(admin, ids, force) {
      return inTransaction(db, async (tx) => {
        const { removed, kept } = await deleteUsers(tx, admin.tenantId, ids, force);
        const [only, ...others] = removed;
        if (only) {
          await recordActivity(tx, {
            tenantId: admin.tenantId,
            type: 'users.removed',
            by: admin,
            ...(others.length === 0 ? { userId: only } : {}),
            details: { users: removed.length, force },
          });
        }
        return { removed: removed.length, keptInitialized: kept };
      });
    },
  };
}

/**
 * Adds who is not here yet, as not checked and over the origin that the organization records, with a parameter per
 * column: with one per cell the database spends most of its time on reading the statement.
 */
export async function insertUsers(
  tx: Tx,
  tenantId: TenantId,
  { id, connection_type: origin }: TargetOrganization,
  users: readonly UserNames[],
  now: Date,
): Promise<UserId[]> {
  const column = (of: (user: UserNames) => string | null) => users.map(of);
  const { rows } = await sql<{ user_id: UserId }>`
    with added as (
      insert into users (tenant_id, id, organization_id, organization_since, display_name, user_principal_name, mail, search,
        sort_name, connection_type, created_at)
      select ${tenantId}::uuid, n.id, ${id}::uuid, ${now}::timestamptz, n.name, n.upn, n.mail, n.search, n.sort_name,
        ${origin === 'graph_app_only' ? 'none' : origin}, ${now}::timestamptz
      from unnest(
        ${column((user) => user.id)}::uuid[],
        ${column(({ displayName }) => displayName)}::text[],
        ${column(({ userPrincipalName }) => userPrincipalName)}::text[],
        ${column(({ mail }) => mail)}::text[],
        ${column(searchTextOf)}::text[],
        ${column(sortNameOf)}::text[]
      ) as n (id, name, upn, mail, search, sort_name)
      on conflict (tenant_id, id) do nothing
      returning tenant_id, id, organization_id, sort_name
    )
    insert into mailbox_access (tenant_id, user_id, organization_id, sort_name, status_rank)
    select tenant_id, id, organization_id, sort_name, ${rankOf('not_checked')}::smallint from added
    returning user_id
  `.execute(tx);
  return rows.map(({ user_id }) => user_id);
}

/** The organization was deleted a moment ago: the database noticed, not a look before. */
async function unlessGone<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isForeignKeyViolation(error) ? new AppError('organization.not_found', { cause: error }) : error;
  }
}
