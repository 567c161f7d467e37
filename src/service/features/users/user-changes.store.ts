import type { Answer } from '../../../contract/endpoint.ts';
import type { addUsers } from '../../../contract/users.ts';
import type { OrganizationId, UserId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { rankOf } from '../../db/access-counts.ts';
import { isForeignKeyViolation } from '../../db/constraint.ts';
import { foldText } from '../../db/fold-text.ts';
import type { Db } from '../../db/schema.ts';
import { reschedule } from '../../db/sync-schedule.ts';
import { inTransaction } from '../../db/transaction.ts';

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

/** What an admin changes: who is here, and in which organization. */
export interface UserChanges {
  add(admin: Admin, organization: TargetOrganization, users: readonly NewUser[]): Promise<Answer<typeof addUsers>>;
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
            .returning(['id', 'sort_name'])
            .execute();
          const addedIds = added.map(({ id }) => id);
          if (addedIds.length > 0) {
            await tx
              .insertInto('mailbox_access')
              .values(
                added.map(({ id, sort_name }) => ({
                  tenant_id: tenantId,
                  user_id: id,
                  organization_id: organization.id,
                  sort_name,
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
            // Interval and switch are those of the new organization.
            await reschedule(tx, admin.tenantId, { userIds: moving }, clock.now());
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

/** The organization was deleted a moment ago: the database noticed, not a look before. */
async function unlessGone<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isForeignKeyViolation(error) ? new AppError('organization.not_found', { cause: error }) : error;
  }
}
