import { sql } from 'kysely';
import type { SyncSessionId, TenantId, UserId } from '../../../domain/ids.ts';
import { nextMailboxState } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { ownRegistration } from '../../../domain/registration.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { isScheduledSql } from '../../db/sync-schedule.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';
import type { ClaimedSession, Cursor } from './session-outcome.ts';

/** The work on a tenant's mailboxes that are due, owned by one worker until another one takes it. */
export interface Round {
  readonly tenantId: TenantId;
  readonly fence: number;
}

export interface SessionClaims {
  /** A session of its own; undefined when it has ended or its user is gone. */
  claim(tenantId: TenantId, id: SyncSessionId): Promise<ClaimedSession | undefined>;
  /** Starts a round in every tenant where mailboxes are due and none runs. @returns how many were started */
  openRounds(tenantIds: readonly TenantId[]): Promise<number>;
  takeRound(tenantId: TenantId): Promise<Round>;
  /**
   * Sessions for mailboxes that are due, each begun by nobody else; before them those that a dead worker left.
   * @returns `lost` when another worker took the round
   */
  claimDue(round: Round, limit: number): Promise<ClaimedSession[] | 'lost'>;
  /** Ends a turn of the round; with mailboxes still due, another one stands in line behind the other tenants. */
  endTurn(round: Round): Promise<void>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
}

export const roundJobName = 'mailbox-sync.synchronize-due';
/** A round that nobody has touched for so long has lost its job. */
const abandonedSeconds = 900;

export function createSessionClaims({ db, clock, queue }: Dependencies): SessionClaims {
  return {
    async claim(tenantId, id) {
      return inTransaction(db, async (tx) => {
        const session = await tx
          .updateTable('sync_sessions')
          .set((eb) => ({ state: 'running', started_at: clock.now(), claims: eb('claims', '+', 1) }))
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .where('state', 'in', ['queued', 'running'])
          .returning(['id', 'user_id as userId', 'claims'])
          .executeTakeFirst();
        if (!session) return undefined;
        const [claimed] = await withCursors(tx, tenantId, [session]);
        return claimed;
      });
    },

    async openRounds(tenantIds) {
      let opened = 0;
      for (const tenantId of tenantIds) {
        const isOpened = await inTransaction(db, async (tx) => {
          if (!(await isAnyDue(tx, tenantId, clock.now())) && !(await isAnyLeft(tx, tenantId))) return false;
          return openRound(tx, queue, tenantId, clock.now());
        });
        if (isOpened) opened += 1;
      }
      return opened;
    },

    async takeRound(tenantId) {
      const { fence } = await db
        .insertInto('sync_rounds')
        .values({ tenant_id: tenantId, fence: 1, is_open: true, touched_at: clock.now() })
        .onConflict((conflict) =>
          conflict.column('tenant_id').doUpdateSet((eb) => ({
            fence: eb('sync_rounds.fence', '+', 1),
            is_open: true,
            touched_at: clock.now(),
          })),
        )
        .returning('fence')
        .executeTakeFirstOrThrow();
      return { tenantId, fence };
    },

    async claimDue({ tenantId, fence }, limit) {
      return inTransaction(db, async (tx) => {
        const now = clock.now();
        const owned = await tx
          .updateTable('sync_rounds')
          .set({ touched_at: now })
          .where('tenant_id', '=', tenantId)
          .where('fence', '=', fence)
          .returning('fence')
          .executeTakeFirst();
        if (!owned) return 'lost';
        const left = await takeOver(tx, tenantId, fence, limit);
        const begun = left.length < limit ? await begin(tx, tenantId, fence, now, limit - left.length) : [];
        return withCursors(tx, tenantId, [...left, ...begun]);
      });
    },

    async endTurn({ tenantId, fence }) {
      await inTransaction(db, async (tx) => {
        const now = clock.now();
        const isMore = await isAnyDue(tx, tenantId, now);
        const owned = await tx
          .updateTable('sync_rounds')
          .set({ is_open: isMore, touched_at: now })
          .where('tenant_id', '=', tenantId)
          .where('fence', '=', fence)
          .returning('fence')
          .executeTakeFirst();
        if (owned && isMore) await queue.enqueue(tx, { name: roundJobName }, { tenantId });
      });
    },
  };
}

/** Starts a round unless one is open. @returns whether it did */
export async function openRound(
  tx: Tx,
  queue: Pick<Queue, 'enqueue'>,
  tenantId: TenantId,
  now: Date,
): Promise<boolean> {
  const opened = await tx
    .insertInto('sync_rounds')
    .values({ tenant_id: tenantId, is_open: true, touched_at: now })
    .onConflict((conflict) =>
      conflict
        .column('tenant_id')
        .doUpdateSet({ is_open: true, touched_at: now })
        .where((eb) =>
          eb.or([
            eb('sync_rounds.is_open', '=', false),
            eb('sync_rounds.touched_at', '<', new Date(now.getTime() - abandonedSeconds * 1000)),
          ]),
        ),
    )
    .returning('tenant_id')
    .executeTakeFirst();
  if (!opened) return false;
  await queue.enqueue(tx, { name: roundJobName }, { tenantId });
  return true;
}

/** A session of its own reads the mailbox already, or is about to. */
const isOpenSql = sql<boolean>`exists (
  select 1 from sync_sessions x
  where x.tenant_id = s.tenant_id and x.user_id = s.user_id and x.state in ('queued', 'running')
)`;

async function isAnyDue(tx: Tx, tenantId: TenantId, now: Date): Promise<boolean> {
  const { rows } = await sql`
    select 1 from mailbox_syncs s
    where s.tenant_id = ${tenantId} and s.next_sync_at <= ${now}::timestamptz and not ${isOpenSql}
    limit 1
  `.execute(tx);
  return rows.length > 0;
}

/** Sessions of a round that has not ended them; whether a worker still does, the round itself tells. */
async function isAnyLeft(tx: Tx, tenantId: TenantId): Promise<boolean> {
  const left = await tx
    .selectFrom('sync_sessions')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'running')
    .where('round', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return left !== undefined;
}

type Claimed = Pick<ClaimedSession, 'id' | 'userId' | 'claims'>;

/** What an earlier worker of the round has begun and not ended. */
async function takeOver(tx: Tx, tenantId: TenantId, fence: number, limit: number): Promise<Claimed[]> {
  return tx
    .updateTable('sync_sessions')
    .set((eb) => ({ round: fence, claims: eb('claims', '+', 1) }))
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('sync_sessions')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('state', '=', 'running')
        .where('round', '<', fence)
        .limit(limit),
    )
    .returning(['id', 'user_id as userId', 'claims'])
    .execute();
}

async function begin(tx: Tx, tenantId: TenantId, fence: number, now: Date, limit: number): Promise<Claimed[]> {
  const { rows: due } = await sql<{
    userId: UserId;
    isScheduled: boolean;
    state: Parameters<typeof nextMailboxState>[0];
  }>`
    select s.user_id as "userId", ${isScheduledSql} as "isScheduled", u.mailbox_state as state
    from mailbox_syncs s
    join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
    join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id
    where s.tenant_id = ${tenantId} and s.next_sync_at <= ${now}::timestamptz and not ${isOpenSql}
    order by s.next_sync_at, s.user_id
    limit ${limit}
    for update of s skip locked
  `.execute(tx);
  const event = { type: 'session_started', by: 'schedule', connection: 'graph_app_only' } as const;
  const steps = due.map((user) => ({ ...user, step: nextMailboxState(user.state, event) }));
  const starting = steps.flatMap(({ userId, isScheduled, state, step }) =>
    isScheduled && step.ok ? [{ userId, isChanged: step.state !== state }] : [],
  );
  // Switched off since its turn was set.
  const resting = steps.filter(({ isScheduled, step }) => !isScheduled || !step.ok).map(({ userId }) => userId);
  if (resting.length > 0) {
    await tx
      .updateTable('mailbox_syncs')
      .set({ next_sync_at: null })
      .where('tenant_id', '=', tenantId)
      .where('user_id', 'in', resting)
      .execute();
  }
  const changing = starting.filter(({ isChanged }) => isChanged).map(({ userId }) => userId);
  if (changing.length > 0) {
    await tx
      .updateTable('users')
      .set({ mailbox_state: 'switching' })
      .where('tenant_id', '=', tenantId)
      .where('id', 'in', changing)
      .execute();
  }
  if (starting.length === 0) return [];
  return (
    tx
      .insertInto('sync_sessions')
      .values(
        starting.map(({ userId }) => ({
          tenant_id: tenantId,
          id: crypto.randomUUID() as SyncSessionId,
          user_id: userId,
          state: 'running' as const,
          started_by: 'schedule' as const,
          round: fence,
          claims: 1,
          requested_at: now,
          started_at: now,
          ended_at: null,
          reason: null,
        })),
      )
      // An admin forced one at this moment: theirs goes first.
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'user_id']).where('state', 'in', ['queued', 'running']).doNothing(),
      )
      .returning(['id', 'user_id as userId', 'claims'])
      .execute()
  );
}

/** Puts the features and the places where the sessions before have stopped beside each session. */
async function withCursors(tx: Tx, tenantId: TenantId, sessions: readonly Claimed[]): Promise<ClaimedSession[]> {
  if (sessions.length === 0) return [];
  const userIds = sessions.map(({ userId }) => userId);
  const users = await tx
    .selectFrom('users as u')
    .innerJoin('organizations as o', (join) =>
      join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
    )
    .select(['u.id', 'o.capabilities', 'o.registration'])
    .where('u.tenant_id', '=', tenantId)
    .where('u.id', 'in', userIds)
    .execute();
  const cursors = await tx
    .selectFrom('sync_cursors')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('user_id', 'in', userIds)
    .execute();
  const userOf = new Map(users.map((user) => [user.id, user]));
  const cursorsOf = Map.groupBy(cursors, (cursor) => cursor.user_id);
  return sessions.map((session) => {
    const known = (cursorsOf.get(session.userId) ?? []).map((row): [string, Cursor] => [
      row.resource,
      {
        deltaLink: row.delta_link,
        window:
          row.window_start_at && row.window_end_at ? { startAt: row.window_start_at, endAt: row.window_end_at } : null,
      },
    ]);
    return {
      ...session,
      tenantId,
      registration: userOf.get(session.userId)?.registration ?? ownRegistration,
      capabilities: userOf.get(session.userId)?.capabilities ?? [],
      cursors: new Map(known),
      wasOpen: known.length > 0,
    };
  });
}
