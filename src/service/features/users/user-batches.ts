import { sql } from 'kysely';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { UserCommandOutcome } from '../../../domain/users/user-command.ts';
import type { Tx } from '../../db/schema.ts';
import { reschedule } from '../../db/sync-schedule.ts';
import type { CarryOutBatch } from '../../user-batch.ts';

/** Moves who is not there yet; interval and switch are those of the new organization. */
export async function moveUsers(
  tx: Tx,
  tenantId: TenantId,
  organizationId: OrganizationId,
  ids: readonly UserId[],
  now: Date,
): Promise<{ moved: UserId[]; alreadyThere: UserId[]; notFound: UserId[] }> {
  const found = await tx
    .selectFrom('users')
    .select(['id', 'organization_id'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', anyOf(ids))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  const isThere = new Map(found.map((user) => [user.id, user.organization_id === organizationId]));
  const wanted = [...new Set(ids)];
  const moved = wanted.filter((id) => isThere.get(id) === false);
  if (moved.length > 0) {
    await tx
      .updateTable('users')
      .set({ organization_id: organizationId, organization_since: now })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', anyOf(moved))
      .execute();
    await reschedule(tx, tenantId, { userIds: moved }, now);
  }
  return {
    moved,
    alreadyThere: wanted.filter((id) => isThere.get(id) === true),
    notFound: wanted.filter((id) => !isThere.has(id)),
  };
}

/** Removes users; those with an initialized mailbox stay unless forced. */
export async function deleteUsers(
  tx: Tx,
  tenantId: TenantId,
  ids: readonly UserId[],
  force: boolean,
): Promise<{ removed: UserId[]; kept: UserId[] }> {
  const removed = await tx
    .deleteFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', anyOf(ids))
    .$if(!force, (query) => query.where('mailbox_state', '<>', 'initialized'))
    .returning('id')
    .execute();
  const kept = force
    ? []
    : await tx
        .selectFrom('users')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', anyOf(ids))
        .execute();
  return { removed: removed.map(({ id }) => id), kept: kept.map(({ id }) => id) };
}

const move: CarryOutBatch = async (tx, { tenantId, targetId, now }, ids) => {
  // Held until the users are there: it cannot be deleted in between.
  const target = await tx
    .selectFrom('organizations')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', targetId ?? null)
    .forKeyShare()
    .executeTakeFirst();
  if (!target) return outcomesOf(ids, 'organization_gone');
  const { moved, alreadyThere, notFound } = await moveUsers(tx, tenantId, target.id, ids, now);
  return [...outcomesOf(moved, 'done'), ...outcomesOf(alreadyThere, 'unchanged'), ...outcomesOf(notFound, 'not_found')];
};

const removeBatch =
  (force: boolean): CarryOutBatch =>
  async (tx, { tenantId }, ids) => {
    const { removed, kept } = await deleteUsers(tx, tenantId, ids, force);
    const known = new Set([...removed, ...kept]);
    return [
      ...outcomesOf(removed, 'done'),
      ...outcomesOf(kept, 'kept_initialized'),
      ...outcomesOf(
        ids.filter((id) => !known.has(id)),
        'not_found',
      ),
    ];
  };

/** The commands of this feature, for runs over many users. */
export const userBatches = { move, remove: removeBatch(false), forceRemove: removeBatch(true) };

function outcomesOf(ids: readonly UserId[], outcome: UserCommandOutcome) {
  return ids.map((userId) => ({ userId, outcome }));
}

function anyOf(ids: readonly UserId[]) {
  return sql<UserId>`any(${ids}::uuid[])`;
}
