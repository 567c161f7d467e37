import { sql } from 'kysely';
import { wordsOfSyncReason } from '../../../contract/sync-reasons.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import { type AfterFailure, afterFailure } from '../../../domain/mailbox-sync/after-session.ts';
import { type MailboxState, nextMailboxState } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { categoryOf, type SyncErrorCategory } from '../../../domain/mailbox-sync/sync-reason.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { type NewSyncError, recordSyncErrors } from '../../db/sync-errors.ts';
import { isScheduledSql, nextTurnSql } from '../../db/sync-schedule.ts';
import { inBulkTransaction } from '../../db/transaction.ts';
import { passStep } from '../../steps.ts';
import type { EndedSession, SyncProblem } from './session-outcome.ts';
import { findSettling, type IsSettling } from './settling.ts';

export interface SessionOutcomes {
  /**
   * Ends sessions of one tenant with all that follows, in one transaction. A session that somebody else has claimed or
   * ended meanwhile stays as it is, and nothing of it is stored.
   */
  save(tenantId: TenantId, ended: readonly EndedSession[]): Promise<void>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
  /** How long a change in Exchange may need to show everywhere. */
  readonly exchangeBoundMinutes: number;
}

/** Older sessions of a mailbox are deleted; what is wrong with it stays among its sync errors. */
const keptSessions = 20;

const titles: Readonly<Record<SyncErrorCategory, string>> = {
  authorization: 'Authorization error',
  throttling: 'Throttling error',
  mailbox: 'Mailbox error',
  other: 'Synchronization error',
};

interface StoredUser {
  readonly id: UserId;
  readonly name: string;
  readonly mailbox_state: MailboxState;
  readonly tries: number;
  /** Place of the mailbox among the others, from 0 to 1. */
  readonly phase: number;
  readonly organization_id: OrganizationId;
  readonly organization_name: string;
}

interface Decided extends EndedSession {
  readonly user: StoredUser;
  readonly state: MailboxState;
  readonly failure: AfterFailure | undefined;
  readonly problems: readonly SyncProblem[];
}

export function createSessionOutcomes({
  db,
  clock,
  recordActivity,
  exchangeBoundMinutes,
}: Dependencies): SessionOutcomes {
  return {
    async save(tenantId, ended) {
      if (ended.length === 0) return;
      await inBulkTransaction(db, async (tx) => {
        const now = clock.now();
        const users = await lockUsers(tx, tenantId, ended);
        const mine = await ownSessions(tx, tenantId, ended);
        const isSettling = await findSettling(tx, tenantId, mine, { now, exchangeBoundMinutes });
        const decided = mine.flatMap((each) => decide(each, users.get(each.session.userId), isSettling) ?? []);
        if (decided.length === 0) return;
        await endSessions(tx, tenantId, decided, now);
        await moveUsers(tx, tenantId, decided, now);
        await saveCursors(tx, tenantId, decided, now);
        await resolveErrors(tx, tenantId, decided, now);
        await recordSyncErrors(tx, decided.flatMap(errorsOf), now);
        await pruneSessions(tx, tenantId, decided);
        await recordDisabled(tx, tenantId, decided, recordActivity);
        passStep('session.saving');
      });
      passStep('session.saved');
    },
  };
}

/** In the order of their ids, so that two writers cannot wait for each other. */
async function lockUsers(tx: Tx, tenantId: TenantId, ended: readonly EndedSession[]): Promise<Map<UserId, StoredUser>> {
  const { rows } = await sql<StoredUser>`
    select u.id, u.display_name as name, u.mailbox_state, s.tries, s.phase, u.organization_id,
      o.name as organization_name
    from users u
    join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id
    join mailbox_syncs s on s.tenant_id = u.tenant_id and s.user_id = u.id
    where u.tenant_id = ${tenantId} and u.id = any(${ended.map(({ session }) => session.userId)}::uuid[])
    order by u.id
    for no key update of u
  `.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}

async function ownSessions(tx: Tx, tenantId: TenantId, ended: readonly EndedSession[]): Promise<EndedSession[]> {
  const rows = await tx
    .selectFrom('sync_sessions')
    .select(['id', 'claims'])
    .where('tenant_id', '=', tenantId)
    .where(
      'id',
      'in',
      ended.map(({ session }) => session.id),
    )
    .where('state', '=', 'running')
    .execute();
  const claimsOf = new Map(rows.map((row) => [row.id, row.claims]));
  return ended.filter(({ session }) => claimsOf.get(session.id) === session.claims);
}

function decide(ended: EndedSession, user: StoredUser | undefined, isSettling: IsSettling): Decided | undefined {
  if (!user) return undefined;
  const { outcome } = ended;
  if (outcome.kind === 'read') {
    const step = nextMailboxState(user.mailbox_state, { type: 'sync_succeeded' });
    if (step.ok) return { ...ended, user, state: step.state, failure: undefined, problems: outcome.problems };
    return resetMeanwhile(ended, user);
  }
  const { problem, retryAfterSeconds } = outcome;
  const failure = afterFailure(problem.reason, { ...user, isSettling: isSettling(ended, user) }, retryAfterSeconds);
  const problems = [problem];
  if (failure.kind !== 'give_up') return { ...ended, user, state: user.mailbox_state, failure, problems };
  const step = nextMailboxState(user.mailbox_state, { type: 'sync_failed_for_good' });
  return step.ok ? { ...ended, user, state: step.state, failure, problems } : resetMeanwhile(ended, user);
}

/** What was read belongs to a state of the mailbox that nobody wants any more. */
function resetMeanwhile({ session }: EndedSession, user: StoredUser): Decided {
  const problem: SyncProblem = { reason: 'sync.reset', capability: null, resource: 'service' };
  return {
    session,
    outcome: { kind: 'failed', problem },
    user,
    state: user.mailbox_state,
    failure: { kind: 'wait', afterSeconds: 0 },
    problems: [],
  };
}

async function endSessions(tx: Tx, tenantId: TenantId, decided: readonly Decided[], now: Date): Promise<void> {
  const rows = decided.map(({ session, outcome, failure, problems }) => {
    const problem = outcome.kind === 'failed' ? outcome.problem : problems[0];
    const waitSeconds = failure && failure.kind !== 'give_up' ? failure.afterSeconds : undefined;
    return {
      id: session.id,
      state:
        outcome.kind === 'read'
          ? 'succeeded'
          : failure?.kind === 'wait' && problems.length > 0
            ? 'postponed'
            : 'failed',
      changes: outcome.changes ?? 0,
      issues: problems.length,
      reason: problem?.reason ?? null,
      category: problem ? categoryOf(problem.reason) : null,
      capability: problem?.capability ?? null,
      resource: problem?.resource ?? null,
      restarted: outcome.kind === 'read' ? [...new Set(outcome.restarted)] : [],
      retry_at: waitSeconds === undefined ? null : new Date(now.getTime() + waitSeconds * 1000),
    };
  });
  await sql`
    update sync_sessions x set
      state = r.state, ended_at = ${now}::timestamptz, changes = r.changes, issues = r.issues, reason = r.reason,
      category = r.category, error_capability = r.capability, error_resource = r.resource, restarted = r.restarted,
      retry_at = r.retry_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
      id uuid, state text, changes int, issues int, reason text, category text, capability text, resource text,
      restarted text[], retry_at timestamptz
    )
    where x.tenant_id = ${tenantId} and x.id = r.id
  `.execute(tx);
}

/** The state of each mailbox, and when its next turn is. */
async function moveUsers(tx: Tx, tenantId: TenantId, decided: readonly Decided[], now: Date): Promise<void> {
  const rows = decided.map(({ user, state, outcome, failure }) => ({
    id: user.id,
    state,
    is_read: outcome.kind === 'read',
    tries: failure === undefined ? 0 : failure.kind === 'try_again' ? failure.tries : user.tries,
    wait_seconds: failure && failure.kind !== 'give_up' ? failure.afterSeconds : null,
  }));
  const json = JSON.stringify(rows);
  await sql`
    update users u set mailbox_state = r.state
    from jsonb_to_recordset(${json}::jsonb) as r (id uuid, state text)
    where u.tenant_id = ${tenantId} and u.id = r.id and u.mailbox_state <> r.state
  `.execute(tx);
  await sql`
    update mailbox_syncs s set
      tries = r.tries,
      last_sync_at = case when r.is_read then ${now}::timestamptz else s.last_sync_at end,
      next_sync_at = case
        when not ${isScheduledSql} then null
        when r.wait_seconds is null then ${nextTurnSql(now)}
        else ${now}::timestamptz + make_interval(secs => r.wait_seconds)
      end
    from jsonb_to_recordset(${json}::jsonb) as r (id uuid, is_read boolean, tries int, wait_seconds double precision)
    join users u on u.tenant_id = ${tenantId} and u.id = r.id
    join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id
    where s.tenant_id = ${tenantId} and s.user_id = r.id
  `.execute(tx);
}

async function saveCursors(tx: Tx, tenantId: TenantId, decided: readonly Decided[], now: Date): Promise<void> {
  const cursors = decided.flatMap(({ session, outcome }) =>
    [...(outcome.cursors ?? [])].map(([resource, { deltaLink, window }]) => ({
      user_id: session.userId,
      resource,
      link: deltaLink,
      start_at: window?.startAt ?? null,
      end_at: window?.endAt ?? null,
    })),
  );
  if (cursors.length > 0) {
    await sql`
      insert into sync_cursors (tenant_id, user_id, resource, delta_link, window_start_at, window_end_at, updated_at)
      select ${tenantId}::uuid, r.user_id, r.resource, r.link, r.start_at, r.end_at, ${now}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(cursors)}::jsonb) as r (
        user_id uuid, resource text, link text, start_at timestamptz, end_at timestamptz
      )
      on conflict (tenant_id, user_id, resource) do update set
        delta_link = excluded.delta_link, window_start_at = excluded.window_start_at,
        window_end_at = excluded.window_end_at, updated_at = excluded.updated_at
      where sync_cursors.delta_link is distinct from excluded.delta_link
    `.execute(tx);
  }
  const forgotten = decided.flatMap(({ session, outcome }) =>
    outcome.kind === 'read' ? outcome.forgotten.map((resource) => ({ user_id: session.userId, resource })) : [],
  );
  if (forgotten.length > 0) {
    await sql`
      delete from sync_cursors c
      using jsonb_to_recordset(${JSON.stringify(forgotten)}::jsonb) as r (user_id uuid, resource text)
      where c.tenant_id = ${tenantId} and c.user_id = r.user_id and c.resource = r.resource
    `.execute(tx);
  }
}

/** A session that succeeds shows that nothing stands in the way any more, and completes a switch of the connection. */
async function resolveErrors(tx: Tx, tenantId: TenantId, decided: readonly Decided[], now: Date): Promise<void> {
  const userIds = decided.filter(({ outcome }) => outcome.kind === 'read').map(({ user }) => user.id);
  if (userIds.length === 0) return;
  await tx
    .updateTable('sync_errors')
    .set({ resolved_at: now })
    .where('tenant_id', '=', tenantId)
    .where('user_id', 'in', userIds)
    .where('resolved_at', 'is', null)
    .execute();
}

function errorsOf({ session, problems }: Decided): NewSyncError[] {
  // A reason that was met several times in one session is one line.
  const byReason = new Map(problems.map((problem) => [problem.reason, problem]));
  return [...byReason.values()].map(({ reason, capability, resource }) => {
    const { title, remedy } = wordsOfSyncReason(reason);
    const kind = categoryOf(reason);
    const detail = `${title[0]?.toUpperCase()}${title.slice(1)}. ${remedy}`;
    const { tenantId, userId } = session;
    return { tenantId, userId, kind, reason, capability, resource, title: titles[kind], detail };
  });
}

async function pruneSessions(tx: Tx, tenantId: TenantId, decided: readonly Decided[]): Promise<void> {
  await sql`
    delete from sync_sessions x using (
      select id, row_number() over (partition by user_id order by requested_at desc, id) as place
      from sync_sessions
      where tenant_id = ${tenantId} and user_id = any(${decided.map(({ user }) => user.id)}::uuid[])
    ) r
    where x.tenant_id = ${tenantId} and x.id = r.id and r.place > ${keptSessions}
      and x.state not in ('queued', 'running')
  `.execute(tx);
}

/** One audit row for the mailboxes of an organization that are disabled together for one reason. */
async function recordDisabled(
  tx: Tx,
  tenantId: TenantId,
  decided: readonly Decided[],
  recordActivity: RecordActivity,
): Promise<void> {
  const disabled = decided.filter(({ failure }) => failure?.kind === 'give_up');
  const groups = Map.groupBy(disabled, ({ user, problems }) => `${user.organization_id} ${problems[0]?.reason}`);
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    await recordActivity(tx, {
      tenantId,
      type: 'sync.disabled_due_to_error',
      organization: { id: first.user.organization_id, name: first.user.organization_name },
      details: {
        users: group.length,
        reason: first.problems[0]?.reason ?? 'sync.service_fault',
        ...(group.length === 1 ? { user: first.user.name } : {}),
      },
    });
  }
}
