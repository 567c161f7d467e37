import type { Selectable } from 'kysely';
import { reasonWords } from '../../../contract/reasons.ts';
import type { SyncSession } from '../../../contract/users.ts';
import type { PermissionGrant } from '../../../domain/consent/consent-state.ts';
import type { SyncSessionId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import { outcomeOfReason, type ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import { nextMailboxState } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { Db, SyncErrorKind, SyncSessionsTable, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';

export interface ClaimedSession {
  readonly tenantId: TenantId;
  readonly id: SyncSessionId;
  readonly userId: UserId;
  readonly capabilities: readonly Capability[];
  /** What the last verification of the organization's consent found. */
  readonly grants: readonly PermissionGrant[];
  readonly deltaLinks: ReadonlyMap<string, string>;
}

export interface SyncSessionStore {
  /**
   * Saves the session, its audit row and its job together.
   * @throws AppError `user.not_found`, `sync.not_connected`, `sync.too_soon`
   */
  force(admin: Admin, userId: UserId): Promise<SyncSession>;
  /** Undefined when it has ended or its user is gone. */
  claim(tenantId: TenantId, id: SyncSessionId): Promise<ClaimedSession | undefined>;
  succeed(session: ClaimedSession, changes: number, deltaLinks: ReadonlyMap<string, string>): Promise<void>;
  fail(session: ClaimedSession, reason: ReasonCode): Promise<void>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
}

export const syncJobName = 'mailbox-sync.synchronize-mailbox';
const leastSecondsBetween = 60;

export function createSyncSessionStore({ db, clock, queue, recordActivity }: Dependencies): SyncSessionStore {
  return {
    async force(admin, userId) {
      return inTransaction(db, async (tx) => {
        const { tenantId } = admin;
        const user = await tx
          .selectFrom('users as u')
          .innerJoin('organizations as o', (join) =>
            join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
          )
          .select(['u.connection_type', 'u.display_name', 'o.id', 'o.name'])
          .where('u.tenant_id', '=', tenantId)
          .where('u.id', '=', userId)
          // Two clicks at once: the second one waits here and then sees the first one's session.
          .forUpdate('u')
          .executeTakeFirst();
        if (!user) throw new AppError('user.not_found');
        if (user.connection_type !== 'graph_app_only') throw new AppError('sync.not_connected');

        const now = clock.now();
        const last = await tx
          .selectFrom('sync_sessions')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('user_id', '=', userId)
          .orderBy('requested_at', 'desc')
          .limit(1)
          .executeTakeFirst();
        const sinceSeconds = last ? (now.getTime() - last.requested_at.getTime()) / 1000 : Number.POSITIVE_INFINITY;
        if (sinceSeconds < leastSecondsBetween) {
          throw new AppError('sync.too_soon', { retryAfterSeconds: leastSecondsBetween - sinceSeconds });
        }
        if (last && (last.state === 'queued' || last.state === 'running')) return toContract(last);

        const session = await tx
          .insertInto('sync_sessions')
          .values({
            tenant_id: tenantId,
            id: crypto.randomUUID() as SyncSessionId,
            user_id: userId,
            state: 'queued',
            requested_at: now,
            started_at: null,
            ended_at: null,
            reason: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await queue.enqueue(tx, { name: syncJobName }, { tenantId, sessionId: session.id });
        await recordActivity(tx, {
          tenantId,
          type: 'sync.forced',
          by: admin,
          organization: { id: user.id, name: user.name },
          details: { user: user.display_name },
        });
        return toContract(session);
      });
    },

    async claim(tenantId, id) {
      return inTransaction(db, async (tx) => {
        const session = await tx
          .updateTable('sync_sessions')
          .set({ state: 'running', started_at: clock.now() })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .where('state', 'in', ['queued', 'running'])
          .returningAll()
          .executeTakeFirst();
        if (!session) return undefined;
        const { capabilities, permissions } = await tx
          .selectFrom('users as u')
          .innerJoin('organizations as o', (join) =>
            join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
          )
          .leftJoin('consents as c', (join) =>
            join.onRef('c.tenant_id', '=', 'o.tenant_id').onRef('c.organization_id', '=', 'o.id'),
          )
          .select(['o.capabilities', 'c.permissions'])
          .where('u.tenant_id', '=', tenantId)
          .where('u.id', '=', session.user_id)
          .executeTakeFirstOrThrow();
        const cursors = await tx
          .selectFrom('sync_cursors')
          .select(['resource', 'delta_link'])
          .where('tenant_id', '=', tenantId)
          .where('user_id', '=', session.user_id)
          .execute();
        return {
          tenantId,
          id,
          userId: session.user_id,
          capabilities,
          grants: permissions ?? [],
          deltaLinks: new Map(cursors.map(({ resource, delta_link: link }) => [resource, link])),
        };
      });
    },

    async succeed(session, changes, deltaLinks) {
      const { tenantId, userId } = session;
      await inTransaction(db, async (tx) => {
        const now = clock.now();
        if (!(await end(tx, session, { state: 'succeeded', changes, ended_at: now }))) return;
        for (const [resource, link] of deltaLinks) {
          await tx
            .insertInto('sync_cursors')
            .values({ tenant_id: tenantId, user_id: userId, resource, delta_link: link, updated_at: now })
            .onConflict((conflict) =>
              conflict.columns(['tenant_id', 'user_id', 'resource']).doUpdateSet({ delta_link: link, updated_at: now }),
            )
            .execute();
        }
        await moveState(tx, session, 'sync_succeeded', { last_sync_at: now });
        // The session shows that nothing stands in the way any more, and it completes a switch of the connection.
        await tx
          .updateTable('sync_errors')
          .set({ resolved_at: now })
          .where('tenant_id', '=', tenantId)
          .where('user_id', '=', userId)
          .where('resolved_at', 'is', null)
          .execute();
      });
    },

    async fail(session, reason) {
      const { tenantId, userId } = session;
      await inTransaction(db, async (tx) => {
        const now = clock.now();
        if (!(await end(tx, session, { state: 'failed', reason, ended_at: now }))) return;
        const kind = kindOf(reason);
        const words = reasonWords[reason];
        const detail = `${words.title[0]?.toUpperCase()}${words.title.slice(1)}. ${words.remedy}`;
        await tx
          .insertInto('sync_errors')
          .values({
            tenant_id: tenantId,
            user_id: userId,
            kind,
            title: titles[kind],
            detail,
            first_seen_at: now,
            last_seen_at: now,
            resolved_at: null,
          })
          .onConflict((conflict) =>
            conflict
              .columns(['tenant_id', 'user_id', 'kind'])
              .where('resolved_at', 'is', null)
              .doUpdateSet((eb) => ({ last_seen_at: now, detail, count: eb('sync_errors.count', '+', 1) })),
          )
          .execute();
        // What we could not tell does not stop a mailbox: the next session may succeed.
        if (outcomeOfReason[reason] !== 'inconclusive') await moveState(tx, session, 'sync_failed_permanently', {});
      });
    },
  };
}

async function end(
  tx: Tx,
  { tenantId, id }: ClaimedSession,
  values: { state: 'succeeded' | 'failed'; changes?: number; reason?: ReasonCode; ended_at: Date },
): Promise<boolean> {
  const ended = await tx
    .updateTable('sync_sessions')
    .set(values)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returning('id')
    .executeTakeFirst();
  return ended !== undefined;
}

async function moveState(
  tx: Tx,
  { tenantId, userId }: ClaimedSession,
  type: 'sync_succeeded' | 'sync_failed_permanently',
  values: { last_sync_at?: Date },
): Promise<void> {
  const user = await tx
    .selectFrom('users')
    .select('mailbox_state')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', userId)
    .executeTakeFirst();
  if (!user) return;
  await tx
    .updateTable('users')
    .set({ ...values, mailbox_state: nextMailboxState(user.mailbox_state, { type }) })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', userId)
    .execute();
}

const titles: Readonly<Record<Exclude<SyncErrorKind, 'connection_switching'>, string>> = {
  authorization: 'Authorization error',
  throttling: 'Throttling error',
  mailbox: 'Mailbox error',
  other: 'Synchronization error',
};

function kindOf(reason: ReasonCode): Exclude<SyncErrorKind, 'connection_switching'> {
  if (reason === 'microsoft.throttled') return 'throttling';
  if (/^(consent|policy|access)\./.test(reason) || reason === 'microsoft.token_unavailable') return 'authorization';
  if (reason.startsWith('mailbox.') || reason === 'microsoft.mailbox_moving') return 'mailbox';
  return 'other';
}

function toContract(row: Selectable<SyncSessionsTable>): SyncSession {
  return {
    id: row.id,
    state: row.state,
    requestedAt: row.requested_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    changes: row.changes,
    reason: row.reason,
  };
}
