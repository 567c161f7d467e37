import { sql } from 'kysely';
import type { CheckId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Clock } from '../../clock.ts';
import { consentSpreadsUntil, intendedSideSql, scopeSpreadsUntil } from '../../db/intended-scope.ts';
import { type Db, type StoredCheck, unfinishedCheckStates } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { MailboxResult } from '../../mailbox-probes/mailbox-result.ts';
import type { ProbeProgress, RunState } from '../../mailbox-probes/probe-and-save.ts';
import type { MailboxToProbe, Spreading } from '../../mailbox-probes/probe-run.ts';
import type { Queue } from '../../queue/queue.ts';
import { passStep } from '../../steps.ts';
import { enqueueCheck } from './check-requests.store.ts';
import { saveCheckResults } from './check-results.store.ts';

/** A run that this worker owns until somebody else claims it. */
export interface ClaimedCheck {
  readonly check: StoredCheck;
  readonly organizationName: string;
  readonly capabilities: readonly Capability[];
}

/** What a worker does with a check that it took over. */
export interface CheckRuns {
  /** Takes a run over; undefined when it has ended or is gone. */
  claim(tenantId: TenantId, id: CheckId): Promise<ClaimedCheck | undefined>;
  /** Mailboxes without a result, by id after `after`. */
  pending(claimed: ClaimedCheck, after: UserId | undefined, limit: number): Promise<MailboxToProbe[]>;
  /** What Microsoft may not show everywhere yet. */
  spreading(claimed: ClaimedCheck): Promise<Spreading>;
  /**
   * Stores results, counts and what follows for users in one transaction. A result that is there already stays.
   * @returns the state that an admin wants; `lost` when another worker owns the run
   */
  saveResults(claimed: ClaimedCheck, results: readonly MailboxResult[], progress: ProbeProgress): Promise<RunState>;
  /** Puts the rest of the run behind the runs that wait; whoever takes it next goes on from there. */
  yieldTurn(claimed: ClaimedCheck): Promise<void>;
  finish(claimed: ClaimedCheck, state: 'completed' | 'cancelled' | 'failed'): Promise<void>;
}

export interface CheckRunDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
  /** Minutes until a change in Exchange counts as known everywhere. */
  readonly exchangeBoundMinutes: number;
}

export function createCheckRuns({
  db,
  clock,
  queue,
  recordActivity,
  exchangeBoundMinutes,
}: CheckRunDependencies): CheckRuns {
  return {
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
          .where('state', 'in', unfinishedCheckStates)
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
      return (
        db
          .selectFrom('users as u')
          .select(['u.id as userId', intendedSideSql('u.tenant_id', 'u.id').as('intended')])
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
          .execute()
      );
    },

    async spreading({ check: { tenant_id: tenantId, organization_id: organizationId } }) {
      const [scopeUntil, consentUntil] = await Promise.all([
        scopeSpreadsUntil(db, tenantId, exchangeBoundMinutes),
        consentSpreadsUntil(db, tenantId, organizationId),
      ]);
      return { scopeUntil, consentUntil };
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
        await saveCheckResults(tx, check, results, clock.now());
        passStep('results.saving');
        return owned.state === 'cancelling' ? 'cancelling' : 'running';
      });
    },

    async yieldTurn({ check }) {
      await inTransaction(db, async (tx) => {
        const owned = await tx
          .selectFrom('checks')
          .select('id')
          .where('tenant_id', '=', check.tenant_id)
          .where('id', '=', check.id)
          .where('fence', '=', check.fence)
          .where('state', 'in', ['running', 'cancelling'])
          .forUpdate()
          .executeTakeFirst();
        if (owned) await enqueueCheck(tx, queue, check);
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
        passStep('run.finishing');
      });
    },
  };
}
