import { type Selectable, sql } from 'kysely';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import { type ConnectionType, nextMailboxState } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { accessCountsOf, rankOf } from '../../db/access-counts.ts';
import type { ChecksTable, CheckTalliesTable, Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';
import type { MailboxResult } from './probe-run.ts';

type CheckRow = Selectable<ChecksTable>;

/** A run that this worker owns until somebody else claims it. */
export interface ClaimedCheck {
  readonly check: CheckRow;
  readonly organizationName: string;
  readonly capabilities: readonly Capability[];
}

export interface CheckProgress {
  readonly throttledUntil: Date | undefined;
  readonly mailboxesPerSecond: number | undefined;
}

export interface CheckStore {
  /** Saves the check, its audit row and its job together; joins the one that is running in the organization. */
  start(
    admin: Admin,
    organization: { readonly id: OrganizationId; readonly name: string },
    options: { readonly userIds?: readonly UserId[] | undefined; readonly changeConnection: boolean },
  ): Promise<{ check: ConnectivityCheck; joined: boolean }>;
  list(
    tenantId: TenantId,
    filter: { organizationId?: OrganizationId | undefined; limit: number },
  ): Promise<ConnectivityCheck[]>;
  find(tenantId: TenantId, id: CheckId): Promise<ConnectivityCheck | undefined>;
  /** @throws AppError `check.already_ended` */
  cancel(admin: Admin, id: CheckId): Promise<void>;

  /** Takes a run over; undefined when it has ended or is gone. */
  claim(tenantId: TenantId, id: CheckId): Promise<ClaimedCheck | undefined>;
  /** Mailboxes without a result, by id after `after`. */
  pending(claimed: ClaimedCheck, after: UserId | undefined, limit: number): Promise<UserId[]>;
  /**
   * Stores results, counts and what follows for users in one transaction. A result that is there already stays.
   * @returns the state that an admin wants; `lost` when another worker owns the run
   */
  saveResults(
    claimed: ClaimedCheck,
    results: readonly MailboxResult[],
    progress: CheckProgress,
  ): Promise<'running' | 'cancelling' | 'lost'>;
  finish(claimed: ClaimedCheck, state: 'completed' | 'cancelled' | 'failed'): Promise<void>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
}

const unfinished = ['queued', 'running', 'cancelling'] as const;
export const checkJobName = 'mailbox-connectivity.check-mailboxes';

export function createCheckStore({ db, clock, queue, recordActivity }: Dependencies): CheckStore {
  async function shown(rows: readonly CheckRow[], source: Db | Tx = db): Promise<ConnectivityCheck[]> {
    const [first] = rows;
    if (!first) return [];
    const tallies = await source
      .selectFrom('check_tallies')
      .selectAll()
      .where('tenant_id', '=', first.tenant_id)
      .where(
        'check_id',
        'in',
        rows.map(({ id }) => id),
      )
      .execute();
    const talliesOf = Map.groupBy(tallies, (tally) => tally.check_id);
    return rows.map((row) => toContract(row, talliesOf.get(row.id) ?? []));
  }

  return {
    async start(admin, organization, { userIds, changeConnection }) {
      const selection = userIds ? [...new Set(userIds)] : null;
      return inTransaction(db, async (tx) => {
        const { count } = await tx
          .selectFrom('users')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('tenant_id', '=', admin.tenantId)
          .where('organization_id', '=', organization.id)
          .$if(selection !== null, (query) => query.where('id', 'in', selection ?? []))
          .executeTakeFirstOrThrow();
        if (selection && count < selection.length) throw new AppError('user.not_found');
        if (count === 0) throw new AppError('check.nobody');

        const created = await tx
          .insertInto('checks')
          .values({
            tenant_id: admin.tenantId,
            id: crypto.randomUUID() as CheckId,
            organization_id: organization.id,
            state: 'queued',
            changes_connection: changeConnection,
            selection,
            total: count,
            throttled_until: null,
            mailboxes_per_second: null,
            started_by: admin.userId,
            started_by_name: admin.displayName,
            created_at: clock.now(),
            started_at: null,
            finished_at: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returningAll()
          .executeTakeFirst();
        const row =
          created ??
          (await tx
            .selectFrom('checks')
            .selectAll()
            .where('tenant_id', '=', admin.tenantId)
            .where('organization_id', '=', organization.id)
            .where('state', 'in', unfinished)
            .executeTakeFirst());
        // The running one ended between the two statements: the caller's next click starts a new one.
        if (!row) throw new AppError('service.unavailable', { retryAfterSeconds: 1 });
        if (created) {
          await queue.enqueue(tx, { name: checkJobName }, { tenantId: admin.tenantId, checkId: created.id });
          await recordActivity(tx, {
            tenantId: admin.tenantId,
            type: 'check.started',
            by: admin,
            organization,
            details: { mailboxes: count, changesConnection: changeConnection },
          });
        }
        const [check] = await shown([row], tx);
        if (!check) throw new Error('A check that was just read is gone');
        return { check, joined: !created };
      });
    },

    async list(tenantId, { organizationId, limit }) {
      const rows = await db
        .selectFrom('checks')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .$if(organizationId !== undefined, (query) =>
          query.where('organization_id', '=', organizationId as OrganizationId),
        )
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return shown(rows);
    },

    async find(tenantId, id) {
      const rows = await db
        .selectFrom('checks')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .execute();
      const [check] = await shown(rows);
      return check;
    },

    async cancel(admin, id) {
      await inTransaction(db, async (tx) => {
        const now = clock.now();
        const cancelled = await tx
          .updateTable('checks')
          .set({
            // Nobody works on a queued one: it ends here. A running one ends when its worker sees this.
            state: sql`case state when 'queued' then 'cancelled' else 'cancelling' end`,
            finished_at: sql`case state when 'queued' then ${now}::timestamptz end`,
          })
          .where('tenant_id', '=', admin.tenantId)
          .where('id', '=', id)
          .where('state', 'in', ['queued', 'running'])
          .returning(['organization_id'])
          .executeTakeFirst();
        if (!cancelled) {
          const { state } = await tx
            .selectFrom('checks')
            .select('state')
            .where('tenant_id', '=', admin.tenantId)
            .where('id', '=', id)
            .executeTakeFirstOrThrow();
          if (state === 'cancelling') return;
          throw new AppError('check.already_ended');
        }
        const organization = await organizationOf(tx, admin.tenantId, cancelled.organization_id);
        await recordActivity(tx, { tenantId: admin.tenantId, type: 'check.cancelled', by: admin, organization });
      });
    },

    async claim(tenantId, id) {
      return inTransaction(db, async (tx) => {
        const check = await tx
          .updateTable('checks')
          .set((eb) => ({
            fence: eb('fence', '+', 1),
            state: sql`case state when 'queued' then 'running' else state end`,
            started_at: sql`coalesce(started_at, ${clock.now()}::timestamptz)`,
          }))
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .where('state', 'in', unfinished)
          .returningAll()
          .executeTakeFirst();
        if (!check) return undefined;
        const { name, capabilities } = await tx
          .selectFrom('organizations')
          .select(['name', 'capabilities'])
          .where('tenant_id', '=', tenantId)
          .where('id', '=', check.organization_id)
          .executeTakeFirstOrThrow();
        return { check, organizationName: name, capabilities };
      });
    },

    async pending({ check }, after, limit) {
      const rows = await db
        .selectFrom('users as u')
        .select('u.id')
        .where('u.tenant_id', '=', check.tenant_id)
        .where('u.organization_id', '=', check.organization_id)
        // Who came later is not part of this run.
        .where('u.organization_since', '<=', check.created_at)
        .$if(after !== undefined, (query) => query.where('u.id', '>', after as UserId))
        .$if(check.selection !== null, (query) =>
          query.where('u.id', '=', sql<UserId>`any(${check.selection}::uuid[])`),
        )
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('check_results as r')
                .select('r.user_id')
                .where('r.tenant_id', '=', check.tenant_id)
                .where('r.check_id', '=', check.id)
                .whereRef('r.user_id', '=', 'u.id'),
            ),
          ),
        )
        .orderBy('u.id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    async saveResults({ check }, results, { throttledUntil, mailboxesPerSecond }) {
      return inTransaction(db, async (tx) => {
        const owned = await tx
          .updateTable('checks')
          .set({
            throttled_until: throttledUntil ?? null,
            ...(mailboxesPerSecond === undefined ? {} : { mailboxes_per_second: mailboxesPerSecond }),
          })
          .where('tenant_id', '=', check.tenant_id)
          .where('id', '=', check.id)
          // A worker that was paused past its lease has an older number: it must not write any more.
          .where('fence', '=', check.fence)
          .where('state', 'in', ['running', 'cancelling'])
          .returning('state')
          .executeTakeFirst();
        if (!owned) return 'lost';
        for (let start = 0; start < results.length; start += 500) {
          const inserted = await insertResults(tx, check, results.slice(start, start + 500));
          await countResults(tx, check, inserted);
          await updateAccess(tx, check, inserted);
          if (check.changes_connection) await switchConnections(tx, check, inserted, clock.now());
        }
        return owned.state === 'cancelling' ? 'cancelling' : 'running';
      });
    },

    async finish({ check, organizationName }, state) {
      await inTransaction(db, async (tx) => {
        const now = clock.now();
        const tallies = await tx
          .selectFrom('check_tallies')
          .select(['status', (eb) => eb.fn.sum<number>('count').as('count')])
          .where('tenant_id', '=', check.tenant_id)
          .where('check_id', '=', check.id)
          .groupBy('status')
          .execute();
        const done = tallies.reduce((sum, { count }) => sum + Number(count), 0);
        const ended = await tx
          .updateTable('checks')
          // Who left the organization while it ran is not part of a completed run.
          .set({ state, finished_at: now, throttled_until: null, ...(state === 'completed' ? { total: done } : {}) })
          .where('tenant_id', '=', check.tenant_id)
          .where('id', '=', check.id)
          .where('fence', '=', check.fence)
          .where('state', 'in', ['running', 'cancelling'])
          .returning('id')
          .executeTakeFirst();
        if (!ended) return;
        await tx
          .updateTable('organizations')
          .set({ last_check_at: now })
          .where('tenant_id', '=', check.tenant_id)
          .where('id', '=', check.organization_id)
          .execute();
        await recordActivity(tx, {
          tenantId: check.tenant_id,
          type: 'check.ended',
          organization: { id: check.organization_id, name: organizationName },
          details: {
            state,
            mailboxes: done,
            ...Object.fromEntries(tallies.map(({ status, count }) => [status, Number(count)])),
          },
        });
      });
    },
  };
}

/** @returns the results that are new: a second run of the same batch adds nothing */
async function insertResults(tx: Tx, check: CheckRow, results: readonly MailboxResult[]): Promise<MailboxResult[]> {
  if (results.length === 0) return [];
  const rows = await tx
    .insertInto('check_results')
    .values(
      results.map((result) => ({
        tenant_id: check.tenant_id,
        check_id: check.id,
        user_id: result.userId,
        status: result.verdict.status,
        reason: result.verdict.reason,
        capabilities: JSON.stringify(result.capabilities),
        checked_at: result.checkedAt,
      })),
    )
    .onConflict((conflict) => conflict.columns(['tenant_id', 'check_id', 'user_id']).doNothing())
    .returning('user_id')
    .execute();
  const inserted = new Set(rows.map((row) => row.user_id));
  return results.filter((result) => inserted.has(result.userId));
}

async function countResults(tx: Tx, check: CheckRow, results: readonly MailboxResult[]): Promise<void> {
  const groups = Map.groupBy(results, ({ verdict }) => `${verdict.status} ${verdict.reason}`);
  for (const group of groups.values()) {
    const verdict = group[0]?.verdict;
    if (!verdict) continue;
    await tx
      .insertInto('check_tallies')
      .values({
        tenant_id: check.tenant_id,
        check_id: check.id,
        status: verdict.status,
        reason: verdict.reason,
        count: group.length,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'check_id', 'status', 'reason'])
          .doUpdateSet((eb) => ({ count: eb('check_tallies.count', '+', group.length) })),
      )
      .execute();
  }
}

/**
 * Moves the standing verdict of each mailbox. A check that could not tell does not take the place of one that could: the
 * earlier verdict stays with its own time, and the attempt is shown beside it.
 */
async function updateAccess(tx: Tx, check: CheckRow, results: readonly MailboxResult[]): Promise<void> {
  if (results.length === 0) return;
  const ids = results.map(({ userId }) => userId);
  const statuses = results.map(({ verdict }) => verdict.status);
  const ranks = statuses.map(rankOf);
  const reasons = results.map(({ verdict }) => verdict.reason);
  const times = results.map(({ checkedAt }) => checkedAt.toISOString());
  await sql`
    with result as (
      select * from unnest(${ids}::uuid[], ${statuses}::text[], ${ranks}::int[], ${reasons}::text[], ${times}::timestamptz[])
        as r (user_id, status, rank, reason, at)
    ), compared as (
      select r.*, r.status = 'could_not_tell' and a.status not in ('could_not_tell', 'not_checked') as keeps
      from result r join mailbox_access a on a.tenant_id = ${check.tenant_id} and a.user_id = r.user_id
    )
    update mailbox_access a set
      status = case when c.keeps then a.status else c.status end,
      status_rank = case when c.keeps then a.status_rank else c.rank end,
      reason = case when c.keeps then a.reason else c.reason end,
      checked_at = case when c.keeps then a.checked_at else c.at end,
      check_id = case when c.keeps then a.check_id else ${check.id}::uuid end,
      attempt_reason = case when c.keeps then c.reason end,
      attempt_at = case when c.keeps then c.at end
    from compared c
    where a.tenant_id = ${check.tenant_id} and a.user_id = c.user_id
  `.execute(tx);
}

const connectionNames: Readonly<Record<ConnectionType, string>> = {
  none: 'no connection',
  graph_app_only: 'Microsoft Graph app-only access',
  ews_impersonation: 'Exchange Web Services (impersonation)',
  ews_on_premises: 'Exchange Web Services (on-premises)',
  hybrid: 'a hybrid deployment',
};

/**
 * Switches who was opened to the organization's connection. The mailbox then waits for its next successful sync session,
 * and its sync error says so.
 */
async function switchConnections(tx: Tx, check: CheckRow, results: readonly MailboxResult[], now: Date): Promise<void> {
  const opened = results.filter(({ verdict }) => verdict.status === 'working' || verdict.status === 'limited');
  if (opened.length === 0) return;
  const users = await tx
    .selectFrom('users')
    .select(['id', 'connection_type', 'mailbox_state'])
    .where('tenant_id', '=', check.tenant_id)
    .where('organization_id', '=', check.organization_id)
    .where('connection_type', '<>', 'graph_app_only')
    .where(
      'id',
      'in',
      opened.map(({ userId }) => userId),
    )
    .execute();
  if (users.length === 0) return;

  const states = users.map(({ connection_type: from, mailbox_state: state }) =>
    nextMailboxState(state, { type: 'check_succeeded', from, to: 'graph_app_only' }),
  );
  await sql`
    update users u set connection_type = 'graph_app_only', mailbox_state = s.state
    from unnest(${users.map(({ id }) => id)}::uuid[], ${states}::text[]) as s (id, state)
    where u.tenant_id = ${check.tenant_id} and u.id = s.id
  `.execute(tx);
  await tx
    .insertInto('sync_errors')
    .values(
      users.map(({ id, connection_type: from }) => ({
        tenant_id: check.tenant_id,
        user_id: id,
        kind: 'connection_switching' as const,
        title: 'Cancelled',
        detail:
          `The connection type is being switched from ${connectionNames[from]} to ${connectionNames.graph_app_only}. ` +
          'The switch completes after the next successful sync session.',
        first_seen_at: now,
        last_seen_at: now,
        resolved_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'user_id', 'kind'])
        .where('resolved_at', 'is', null)
        .doUpdateSet((eb) => ({ last_seen_at: now, count: eb('sync_errors.count', '+', 1) })),
    )
    .execute();
  await tx
    .updateTable('checks')
    .set((eb) => ({ switched: eb('switched', '+', users.length) }))
    .where('tenant_id', '=', check.tenant_id)
    .where('id', '=', check.id)
    .execute();
}

function organizationOf(tx: Tx, tenantId: TenantId, id: OrganizationId) {
  return tx
    .selectFrom('organizations')
    .select(['id', 'name'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

function toContract(row: CheckRow, tallies: readonly Selectable<CheckTalliesTable>[]): ConnectivityCheck {
  const done = tallies.reduce((sum, { count }) => sum + count, 0);
  const causes = tallies
    .filter(({ status }) => status !== 'working')
    .map(({ reason, status, count }) => ({ reason, status, count }))
    .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
  return {
    id: row.id,
    organizationId: row.organization_id,
    state: row.state,
    changesConnection: row.changes_connection,
    total: row.total,
    done,
    counts: accessCountsOf(tallies),
    causes,
    switched: row.switched,
    mailboxesPerSecond: row.mailboxes_per_second,
    throttledUntil: row.throttled_until?.toISOString() ?? null,
    startedBy: { userId: row.started_by, displayName: row.started_by_name },
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
