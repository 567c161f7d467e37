import type { SyncCommandOutcome } from '../../../contract/mailbox-sync.ts';
import type { SyncSession } from '../../../contract/users.ts';
import type { UserId } from '../../../domain/ids.ts';
import { nextMailboxState } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/schema.ts';
import { reschedule } from '../../db/sync-schedule.ts';
import { toSyncSession } from '../../db/sync-session.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';
import {
  leastSecondsBetween,
  lockUsers,
  reinitializeMailbox,
  resetMailbox,
  runBatch,
  type SyncBatch,
  setStates,
  startSession,
  switchSync,
} from './sync-batches.ts';

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

export function createSyncCommands({ db, clock, queue, recordActivity }: Dependencies): SyncCommands {
  /** Runs a command on the users that exist, and says of each what became of it. */
  async function command<Outcome extends SyncCommandOutcome>(
    admin: Admin,
    type: 'sync.enabled' | 'sync.disabled' | 'sync.reset' | 'sync.reinitialized',
    userIds: readonly UserId[],
    batch: SyncBatch<Outcome>,
  ): Promise<CommandResult[]> {
    const { tenantId } = admin;
    return inTransaction(db, async (tx) => {
      const { results, done } = await runBatch<Outcome>(tx, tenantId, userIds, batch, clock.now());
      const [first] = done;
      if (first) {
        await recordActivity(tx, {
          tenantId,
          type,
          by: admin,
          ...(done.every(({ organizationId }) => organizationId === first.organizationId)
            ? { organization: { id: first.organizationId, name: first.organizationName } }
            : {}),
          ...(done.length === 1 ? { userId: first.id } : {}),
          details: { users: done.length, ...(done.length === 1 ? { user: first.name } : {}) },
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
        await reschedule(tx, tenantId, { userIds: [userId] }, now);
        const session = await startSession(tx, queue, tenantId, userId, now);
        await recordActivity(tx, {
          tenantId,
          type: 'sync.forced',
          by: admin,
          organization: { id: user.organizationId, name: user.organizationName },
          userId,
          details: { user: user.name },
        });
        return session;
      });
    },

    switch: (admin, userIds, enabled) =>
      command(admin, enabled ? 'sync.enabled' : 'sync.disabled', userIds, switchSync(enabled)),
    reset: (admin, userIds) => command(admin, 'sync.reset', userIds, resetMailbox),
    reinitialize: (admin, userIds) => command(admin, 'sync.reinitialized', userIds, reinitializeMailbox(queue)),
  };
}
