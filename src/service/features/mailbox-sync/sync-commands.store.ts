import { sql } from 'kysely';
import type { SyncCommandOutcome } from '../../../contract/mailbox-sync.ts';
import type { SyncSession } from '../../../contract/users.ts';
import type { SyncSessionId, TenantId, UserId } from '../../../domain/ids.ts';
import {
  type ConnectionType,
  type MailboxState,
  nextMailboxState,
} from '../../../domain/mailbox-sync/mailbox-state.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { putOnSchedule, reschedule } from '../../db/sync-schedule.ts';
import { toSyncSession } from '../../db/sync-session.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';
import { openRound } from './session-claims.store.ts';

export type CommandResult = { userId: UserId; outcome: SyncCommandOutcome };

/** What an admin asks of mailboxes. Each saves its change, one audit row and its job together. */
export interface SyncCommands {
  /** @throws AppError `user.not_found`, `sync.not_connected`, `sync.switched_off`, `sync.too_soon` */
  force(admin: Admin, userId: UserId): Promise<SyncSession>;
  switch(admin: Admin, userIds: readonly UserId[], enabled: boolean): Promise<CommandResult[]>;
  reset(admin: Admin, userIds: readonly UserId[]): Promise<CommandResult[]>;
  reinitialize(admin: Admin, userIds: readonly UserId[]): Promise<CommandResult[]>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
}

export const syncJobName = 'mailbox-sync.synchronize-mailbox';
const leastSecondsBetween = 60;

interface StoredUser {
  readonly id: UserId;
  readonly name: string;
  readonly connection: ConnectionType;
  readonly state: MailboxState;
  readonly isOn: boolean;
  readonly isOrganizationOn: boolean;
  readonly organizationId: string;
  readonly organizationName: string;
}

export function createSyncCommands({ db, clock, queue, recordActivity }: Dependencies): SyncCommands {
  async function startSession(tx: Tx, tenantId: TenantId, userId: UserId, now: Date): Promise<SyncSession> {
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

  /** Runs a command on the users that exist, and says of each what became of it. */
  async function command(
    admin: Admin,
    type: 'sync.enabled' | 'sync.disabled' | 'sync.reset' | 'sync.reinitialized',
    userIds: readonly UserId[],
    judge: (user: StoredUser) => SyncCommandOutcome,
    carryOut: (tx: Tx, users: readonly StoredUser[], now: Date) => Promise<void>,
  ): Promise<CommandResult[]> {
    const { tenantId } = admin;
    return inTransaction(db, async (tx) => {
      const now = clock.now();
      const wanted = [...new Set(userIds)];
      const users = await lockUsers(tx, tenantId, wanted);
      const results = wanted.map((userId): CommandResult => {
        const user = users.get(userId);
        return { userId, outcome: user ? judge(user) : 'not_found' };
      });
      const done = results.flatMap(({ userId, outcome }) => (outcome === 'done' ? (users.get(userId) ?? []) : []));
      if (done.length > 0) {
        await carryOut(tx, done, now);
        const [first] = done;
        await recordActivity(tx, {
          tenantId,
          type,
          by: admin,
          ...(first && done.every(({ organizationId }) => organizationId === first.organizationId)
            ? { organization: { id: first.organizationId as never, name: first.organizationName } }
            : {}),
          details: { users: done.length, ...(done.length === 1 && first ? { user: first.name } : {}) },
        });
      }
      return results;
    });
  }

  return {
    async force(admin, userId) {
      const { tenantId } = admin;
      return inTransaction(db, async (tx) => {
        // Two clicks at once: the second one waits here and then sees the first one's session.
        const user = (await lockUsers(tx, tenantId, [userId])).get(userId);
        if (!user) throw new AppError('user.not_found');
        const now = clock.now();
        const step = nextMailboxState(user.state, {
          type: 'session_started',
          by: 'admin',
          connection: user.connection,
        });
        if (!step.ok) throw new AppError('sync.not_connected');
        if (!user.isOn || !user.isOrganizationOn) {
          const switchedOff = [...(user.isOn ? [] : ['user']), ...(user.isOrganizationOn ? [] : ['organization'])];
          throw new AppError('sync.switched_off', { details: { switchedOff } });
        }
        const last = await tx
          .selectFrom('sync_sessions')
          .select('requested_at')
          .where('tenant_id', '=', tenantId)
          .where('user_id', '=', userId)
          .where('started_by', '=', 'admin')
          .orderBy('requested_at', 'desc')
          .limit(1)
          .executeTakeFirst();
        const sinceSeconds = last ? (now.getTime() - last.requested_at.getTime()) / 1000 : Number.POSITIVE_INFINITY;
        if (sinceSeconds < leastSecondsBetween) {
          throw new AppError('sync.too_soon', { retryAfterSeconds: leastSecondsBetween - sinceSeconds });
        }
        const open = await tx
          .selectFrom('sync_sessions')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('user_id', '=', userId)
          .where('state', 'in', ['queued', 'running'])
          .executeTakeFirst();
        if (open) return toSyncSession(open);

        if (step.state !== user.state) await setStates(tx, tenantId, [userId], step.state);
        await putOnSchedule(tx, tenantId, [userId], now);
        const session = await startSession(tx, tenantId, userId, now);
        await recordActivity(tx, {
          tenantId,
          type: 'sync.forced',
          by: admin,
          organization: { id: user.organizationId as never, name: user.organizationName },
          details: { user: user.name },
        });
        return session;
      });
    },

    switch(admin, userIds, enabled) {
      return command(
        admin,
        enabled ? 'sync.enabled' : 'sync.disabled',
        userIds,
        ({ isOn }) => (isOn === enabled ? 'unchanged' : 'done'),
        async (tx, users, now) => {
          const ids = users.map(({ id }) => id);
          await tx
            .updateTable('users')
            .set({ sync_enabled: enabled })
            .where('tenant_id', '=', admin.tenantId)
            .where('id', 'in', ids)
            .execute();
          await reschedule(tx, admin.tenantId, { userIds: ids }, now);
        },
      );
    },

    reset(admin, userIds) {
      return command(
        admin,
        'sync.reset',
        userIds,
        ({ state }) => (nextMailboxState(state, { type: 'reset' }).ok ? 'done' : 'nothing_to_reset'),
        async (tx, users, now) => {
          const ids = users.map(({ id }) => id);
          await forget(tx, admin.tenantId, ids, now);
          await setStates(tx, admin.tenantId, ids, 'not_initialized');
          await reschedule(tx, admin.tenantId, { userIds: ids }, now);
        },
      );
    },

    reinitialize(admin, userIds) {
      return command(
        admin,
        'sync.reinitialized',
        userIds,
        ({ state, connection, isOn, isOrganizationOn }) => {
          if (!nextMailboxState(state, { type: 'reinitialized', connection }).ok) return 'not_connected';
          return isOn && isOrganizationOn ? 'done' : 'switched_off';
        },
        async (tx, users, now) => {
          const { tenantId } = admin;
          const ids = users.map(({ id }) => id);
          await forget(tx, tenantId, ids, now);
          await setStates(tx, tenantId, ids, 'switching');
          await putOnSchedule(tx, tenantId, ids, now);
          const [only, ...others] = ids;
          if (only && others.length === 0) {
            await startSession(tx, tenantId, only, now);
            return;
          }
          // Many go together, in the next round.
          await reschedule(tx, tenantId, { userIds: ids }, now, 'now');
          await openRound(tx, queue, tenantId, now);
        },
      );
    },
  };
}

async function lockUsers(tx: Tx, tenantId: TenantId, ids: readonly UserId[]): Promise<Map<UserId, StoredUser>> {
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

async function setStates(tx: Tx, tenantId: TenantId, ids: readonly UserId[], state: MailboxState): Promise<void> {
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
