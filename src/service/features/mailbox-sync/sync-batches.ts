import { sql } from 'kysely';
import type { OrganizationId, SyncSessionId, TenantId, UserId } from '../../../domain/ids.ts';
import {
  type ConnectionType,
  type MailboxState,
  nextMailboxState,
} from '../../../domain/mailbox-sync/mailbox-state.ts';
import type { Tx } from '../../db/schema.ts';
import { reschedule } from '../../db/sync-schedule.ts';
import { toSyncSession } from '../../db/sync-session.ts';
import type { Queue } from '../../queue/queue.ts';
import type { CarryOutBatch } from '../../user-batch.ts';
import { openRound } from './session-claims.store.ts';

/** A command over users: what it says of each, and what it does to those for whom it can be done. */
export interface SyncBatch<Outcome extends string> {
  readonly judge: (user: StoredUser) => Outcome | 'done';
  readonly carryOut: (tx: Tx, tenantId: TenantId, users: readonly StoredUser[], now: Date) => Promise<void>;
}

type Enqueue = Pick<Queue, 'enqueue'>;

export const syncJobName = 'mailbox-sync.synchronize-mailbox';
/** A mailbox is synchronized on demand at most so often. */
export const leastSecondsBetween = 60;

export interface StoredUser {
  readonly id: UserId;
  readonly name: string;
  readonly connection: ConnectionType;
  readonly state: MailboxState;
  readonly isOn: boolean;
  readonly isOrganizationOn: boolean;
  readonly organizationId: OrganizationId;
  readonly organizationName: string;
}

/**
 * Runs a command on the users that exist, whose rows stay locked until the transaction ends.
 * @returns what became of each, and those it was done for
 */
export async function runBatch<Outcome extends string>(
  tx: Tx,
  tenantId: TenantId,
  userIds: readonly UserId[],
  { judge, carryOut }: SyncBatch<Outcome>,
  now: Date,
) {
  const wanted = [...new Set(userIds)];
  const users = await lockUsers(tx, tenantId, wanted);
  const results = wanted.map((userId): { userId: UserId; outcome: Outcome | 'done' | 'not_found' } => {
    const user = users.get(userId);
    return { userId, outcome: user ? judge(user) : 'not_found' };
  });
  const done = results.flatMap(({ userId, outcome }) => (outcome === 'done' ? (users.get(userId) ?? []) : []));
  if (done.length > 0) await carryOut(tx, tenantId, done, now);
  return { results, done };
}

export function switchSync(enabled: boolean): SyncBatch<'unchanged'> {
  return {
    judge: ({ isOn }) => (isOn === enabled ? 'unchanged' : 'done'),
    async carryOut(tx, tenantId, users, now) {
      const ids = users.map(({ id }) => id);
      await tx
        .updateTable('users')
        .set({ sync_enabled: enabled })
        .where('tenant_id', '=', tenantId)
        .where('id', 'in', ids)
        .execute();
      await reschedule(tx, tenantId, { userIds: ids }, now);
    },
  };
}

export const resetMailbox: SyncBatch<'nothing_to_reset'> = {
  judge: ({ state }) => (nextMailboxState(state, { type: 'reset' }).ok ? 'done' : 'nothing_to_reset'),
  async carryOut(tx, tenantId, users, now) {
    const ids = users.map(({ id }) => id);
    await forget(tx, tenantId, ids, now);
    await setStates(tx, tenantId, ids, 'not_initialized');
    await reschedule(tx, tenantId, { userIds: ids }, now);
  },
};

export function reinitializeMailbox(queue: Enqueue): SyncBatch<'not_connected' | 'switched_off'> {
  return {
    judge({ state, connection, isOn, isOrganizationOn }) {
      if (!nextMailboxState(state, { type: 'reinitialized', connection }).ok) return 'not_connected';
      return isOn && isOrganizationOn ? 'done' : 'switched_off';
    },
    async carryOut(tx, tenantId, users, now) {
      const ids = users.map(({ id }) => id);
      await forget(tx, tenantId, ids, now);
      await setStates(tx, tenantId, ids, 'switching');
      const [only, ...others] = ids;
      if (only && others.length === 0) {
        await reschedule(tx, tenantId, { userIds: ids }, now);
        await startSession(tx, queue, tenantId, only, now);
        return;
      }
      await readSoon(tx, queue, tenantId, ids, now);
    },
  };
}

/**
 * Forces many: they go together, in the next round of the tenant, and are synchronized at most once a minute however
 * their last session was started.
 */
function forceMany(queue: Enqueue): CarryOutBatch {
  return async (tx, { tenantId, now }, userIds) => {
    // Locked first: a session that was just begun is then seen.
    await lockUsers(tx, tenantId, userIds);
    const recently = await synchronizedSince(
      tx,
      tenantId,
      userIds,
      new Date(now.getTime() - leastSecondsBetween * 1000),
    );
    const { results } = await runBatch<'not_connected' | 'switched_off' | 'too_soon'>(
      tx,
      tenantId,
      userIds,
      {
        judge({ id, state, connection, isOn, isOrganizationOn }) {
          if (!nextMailboxState(state, { type: 'session_started', by: 'admin', connection }).ok) return 'not_connected';
          if (!isOn || !isOrganizationOn) return 'switched_off';
          return recently.has(id) ? 'too_soon' : 'done';
        },
        async carryOut(_tx, _tenantId, users) {
          const ids = users.map(({ id }) => id);
          const waiting = users.filter(({ state }) => state !== 'initialized').map(({ id }) => id);
          if (waiting.length > 0) await setStates(tx, tenantId, waiting, 'switching');
          await readSoon(tx, queue, tenantId, ids, now);
        },
      },
      now,
    );
    return results;
  };
}

/** The commands of this feature, for runs over many users. */
export function createSyncBatches(queue: Enqueue) {
  const asRun =
    <Outcome extends 'unchanged' | 'nothing_to_reset' | 'not_connected' | 'switched_off'>(
      batch: SyncBatch<Outcome>,
    ): CarryOutBatch =>
    async (tx, { tenantId, now }, userIds) =>
      (await runBatch<Outcome>(tx, tenantId, userIds, batch, now)).results;
  return {
    forceSync: forceMany(queue),
    enableSync: asRun(switchSync(true)),
    disableSync: asRun(switchSync(false)),
    reset: asRun(resetMailbox),
    reinitialize: asRun(reinitializeMailbox(queue)),
  };
}

/** Many go together, in the next round. */
async function readSoon(tx: Tx, queue: Enqueue, tenantId: TenantId, userIds: readonly UserId[], now: Date) {
  await reschedule(tx, tenantId, { userIds }, now, 'now');
  await openRound(tx, queue, tenantId, now);
}

async function synchronizedSince(
  tx: Tx,
  tenantId: TenantId,
  userIds: readonly UserId[],
  since: Date,
): Promise<ReadonlySet<UserId>> {
  const rows = await tx
    .selectFrom('sync_sessions')
    .select('user_id')
    .where('tenant_id', '=', tenantId)
    .where('user_id', '=', sql<UserId>`any(${userIds}::uuid[])`)
    .where((eb) => eb.or([eb('requested_at', '>', since), eb('state', 'in', ['queued', 'running'])]))
    .execute();
  return new Set(rows.map(({ user_id }) => user_id));
}

export async function startSession(tx: Tx, queue: Enqueue, tenantId: TenantId, userId: UserId, now: Date) {
  const session = await tx
    .insertInto('sync_sessions')
    .values({
      tenant_id: tenantId,
      id: crypto.randomUUID() as SyncSessionId,
      user_id: userId,
      state: 'queued',
      started_by: 'admin',
      requested_at: now,
      started_at: null,
      ended_at: null,
      reason: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await queue.enqueue(tx, { name: syncJobName }, { tenantId, sessionId: session.id });
  return toSyncSession(session);
}

export async function lockUsers(tx: Tx, tenantId: TenantId, ids: readonly UserId[]): Promise<Map<UserId, StoredUser>> {
  const { rows } = await sql<StoredUser>`
    select u.id, u.display_name as name, u.connection_type as connection, u.mailbox_state as state,
      u.sync_enabled as "isOn", o.sync_enabled as "isOrganizationOn", o.id as "organizationId",
      o.name as "organizationName"
    from users u
    join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id
    where u.tenant_id = ${tenantId} and u.id = any(${ids}::uuid[])
    order by u.id
    for no key update of u
  `.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}

export async function setStates(
  tx: Tx,
  tenantId: TenantId,
  ids: readonly UserId[],
  state: MailboxState,
): Promise<void> {
  await tx
    .updateTable('users')
    .set({ mailbox_state: state })
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', [...ids])
    .execute();
}

/** Forgets how far mailboxes were read, and ends the sessions that would say so again. */
async function forget(tx: Tx, tenantId: TenantId, ids: readonly UserId[], now: Date): Promise<void> {
  await tx
    .deleteFrom('sync_cursors')
    .where('tenant_id', '=', tenantId)
    .where('user_id', 'in', [...ids])
    .execute();
  await tx
    .updateTable('sync_sessions')
    .set({
      state: 'failed',
      reason: 'sync.reset',
      category: 'other',
      error_resource: 'service',
      started_at: sql`coalesce(started_at, ${now}::timestamptz)`,
      ended_at: now,
    })
    .where('tenant_id', '=', tenantId)
    .where('user_id', 'in', [...ids])
    .where('state', 'in', ['queued', 'running'])
    .execute();
}
