import { type ExpressionBuilder, sql } from 'kysely';
import type { CheckId, TenantId, UserId } from '../../../domain/ids.ts';
import { nextRunState, type RunState, type StopReason } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Clock } from '../../clock.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Db, Schema, Tx } from '../../db/schema.ts';
import { inBulkTransaction, inTransaction } from '../../db/transaction.ts';
import { reasonsOfRefusedTokens } from '../../entra/token-reason.ts';
import type { MailboxResult } from '../../mailbox-probes/mailbox-result.ts';
import type { ProbeProgress, Wanted } from '../../mailbox-probes/probe-and-save.ts';
import type { MailboxToProbe } from '../../mailbox-probes/probe-item.ts';
import type { Queue } from '../../queue/queue.ts';
import { passStep } from '../../steps.ts';
import { isCovered } from './check-coverage.ts';
import { endCheck, organizationOf } from './check-end.ts';
import { enqueueCheck } from './check-requests.store.ts';
import { areAlone, saveCheckResults, saveResultsAlone } from './check-results.store.ts';
import { hasNoResult, pendingMailboxes } from './pending-mailboxes.ts';

/** A run that this worker owns until somebody else claims it. */
export interface ClaimedCheck {
  readonly check: StoredCheck;
}

/** What a worker does with a check that it took over. */
export interface CheckRuns {
  /** Takes a run over; undefined when it is paused, has ended or is gone. */
  claim(tenantId: TenantId, id: CheckId): Promise<ClaimedCheck | undefined>;
  /** Applications that reach mailboxes without a result. */
  waitingFor(claimed: ClaimedCheck): Promise<RegistrationName[]>;
  /** Whether Microsoft let an application in when a worker before asked: what it found tells. */
  wasLetIn(claimed: ClaimedCheck, registration: RegistrationName): Promise<boolean>;
  /** Mailboxes of an application without a result, by id after `after`. */
  pending(
    claimed: ClaimedCheck,
    registration: RegistrationName,
    after: UserId | undefined,
    limit: number,
  ): Promise<MailboxToProbe[]>;
  /**
   * Stores results with counts and what follows for users, in one transaction. A result that is there already stays, and
   * what an application found that does not reach the mailbox any more is not stored.
   * @returns what an admin wants meanwhile; `lost` when another worker owns the run
   */
  saveResults(
    claimed: ClaimedCheck,
    registration: RegistrationName,
    results: readonly MailboxResult[],
    progress: ProbeProgress,
  ): Promise<Wanted>;
  /** Lets a run go: it ends, pauses, or waits for the next worker, as its state and the reason say. */
  stop(claimed: ClaimedCheck, because: StopReason): Promise<void>;
}

export interface CheckRunDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
  /** Minutes until a change in Exchange counts as known everywhere. */
  readonly exchangeBoundMinutes: number;
  /** Told in the transaction in which the check of a migration's ring ends. */
  readonly onRingCheckEnded: (tx: Tx, check: StoredCheck) => Promise<void>;
  /** Whether so many of a ring's mailboxes failed that its check must not go on. */
  readonly isRingToHold: (tx: Tx, check: StoredCheck) => Promise<boolean>;
}

/** A worker that was paused past its lease has an older number: it must not write any more. */
const wantedIn = (state: RunState): Wanted => (state === 'running' ? 'go_on' : 'stop');

function isOwned({ tenant_id, id, fence }: StoredCheck) {
  return ({ eb, and }: ExpressionBuilder<Schema, 'checks'>) =>
    and([
      eb('tenant_id', '=', tenant_id),
      eb('id', '=', id),
      eb('fence', '=', fence),
      eb('state', 'in', ['running', 'pausing', 'cancelling']),
    ]);
}

export function createCheckRuns(dependencies: CheckRunDependencies): CheckRuns {
  const { db, clock, queue, recordActivity, exchangeBoundMinutes, onRingCheckEnded, isRingToHold } = dependencies;

  /** The row, locked, when its state is one that a worker owns and nobody claimed it since. */
  function owned(tx: Tx, { check }: ClaimedCheck): Promise<StoredCheck | undefined> {
    return tx.selectFrom('checks').selectAll().where(isOwned(check)).forUpdate().executeTakeFirst();
  }

  /** What is on its way is kept; nobody else of the ring is asked. */
  async function holdRing(tx: Tx, check: StoredCheck): Promise<void> {
    await tx.updateTable('checks').set({ state: 'cancelling' }).where(isOwned(check)).execute();
    const organization = await organizationOf(tx, check);
    await recordActivity(tx, {
      tenantId: check.tenant_id,
      type: 'check.cancelled',
      ...(organization ? { organization } : {}),
      details: { because: 'ring_over_limit' },
    });
  }

  async function saveResults(
    { check }: ClaimedCheck,
    registration: RegistrationName,
    results: readonly MailboxResult[],
    progress: ProbeProgress,
  ): Promise<Wanted> {
    const batch = { check, registration, results, progress };
    if (check.migration_id === null && areAlone(batch)) {
      const state = await saveResultsAlone(db, batch);
      return state ? wantedIn(state) : 'lost';
    }
    return inBulkTransaction(db, async (tx) => {
      const state = await saveCheckResults(tx, batch, clock.now());
      if (!state) return 'lost';
      passStep('results.saving');
      if (state === 'running' && check.migration_id !== null && (await isRingToHold(tx, check))) {
        await holdRing(tx, check);
        return 'stop';
      }
      return wantedIn(state);
    });
  }

  return {
    async claim(tenantId, id) {
      return inTransaction(db, async (tx) => {
        const found = await tx
          .selectFrom('checks')
          .select('state')
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        const step = found && nextRunState(found.state, { type: 'claim' });
        if (!step?.ok) return undefined;
        const check = await tx
          .updateTable('checks')
          .set((eb) => ({
            fence: eb('fence', '+', 1),
            state: step.state,
            started_at: sql`coalesce(started_at, ${clock.now()}::timestamptz)`,
          }))
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow();
        return { check };
      });
    },

    async waitingFor({ check }) {
      // Most runs end so, and a look at every result would keep lists waiting for it.
      const { done } = await db
        .selectFrom('check_tallies')
        .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('count'), sql<number>`0`).as('done'))
        .where('tenant_id', '=', check.tenant_id)
        .where('check_id', '=', check.id)
        .executeTakeFirstOrThrow();
      if (Number(done) >= check.total) return [];
      const rows = await db
        .selectFrom('organizations as o')
        .select('o.registration')
        .distinct()
        .where('o.tenant_id', '=', check.tenant_id)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('users as u')
              .select('u.id')
              .whereRef('u.organization_id', '=', 'o.id')
              .where(isCovered(check))
              .where(hasNoResult(check)),
          ),
        )
        .orderBy('o.registration')
        .execute();
      return rows.map((row) => row.registration);
    },

    async wasLetIn({ check }, registration) {
      const judged = await db
        .selectFrom('check_results as r')
        .innerJoin('users as u', (join) =>
          join.onRef('u.tenant_id', '=', 'r.tenant_id').onRef('u.id', '=', 'r.user_id'),
        )
        .innerJoin('organizations as o', (join) =>
          join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
        )
        .select('r.reason')
        .where('r.tenant_id', '=', check.tenant_id)
        .where('r.check_id', '=', check.id)
        .where('r.reason', 'not in', reasonsOfRefusedTokens)
        .where('o.registration', '=', registration)
        .limit(1)
        .executeTakeFirst();
      return judged !== undefined;
    },

    pending: ({ check }, registration, after, limit) =>
      pendingMailboxes(db, check, { registration, after, limit, exchangeBoundMinutes }),

    saveResults,

    async stop(claimed, because) {
      await inTransaction(db, async (tx) => {
        const current = await owned(tx, claimed);
        const step = current && nextRunState(current.state, { type: 'stopped', because });
        if (!current || !step?.ok) return;
        const { tenant_id: tenantId, id } = current;
        if (step.state === 'completed' || step.state === 'cancelled' || step.state === 'failed') {
          await endCheck(tx, current, step.state, { now: clock.now(), queue, recordActivity, onRingCheckEnded });
          passStep('run.finishing');
          return;
        }
        await tx
          .updateTable('checks')
          .set({ state: step.state, paused_because: step.pausedBecause ?? null, throttled_until: null })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .execute();
        if (step.state === 'queued') await enqueueCheck(tx, queue, current);
        // A pause that an admin asked for was told when it was asked for.
        if (step.pausedBecause !== 'consent_changed') return;
        const organization = await organizationOf(tx, current);
        await recordActivity(tx, {
          tenantId,
          type: 'check.paused',
          ...(organization ? { organization } : {}),
          details: { because: 'consent_changed' },
        });
      });
    },
  };
}
