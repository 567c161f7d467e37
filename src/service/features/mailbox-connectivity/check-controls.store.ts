import type { ActivityType } from '../../../contract/activity.ts';
import type { CheckId } from '../../../domain/ids.ts';
import { nextRunState, type RunEvent } from '../../../domain/mailbox-connectivity/run-state.ts';
import { AppError } from '../../app-error.ts';
import type { Admin, Starter } from '../../auth/admin.ts';
import type { Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { endCheck, organizationOf } from './check-end.ts';
import { type CheckRequestDependencies, enqueueCheck } from './check-requests.store.ts';

type Wish = Extract<RunEvent['type'], 'pause' | 'resume' | 'cancel'>;

/** What an admin may want of a run that goes on. Wanting it twice changes nothing and is told once. */
export interface CheckControls {
  /** @throws AppError `check.not_found`, `check.already_ended`, `check.ending` */
  steer(admin: Admin, id: CheckId, wish: Wish): Promise<void>;
  /** The same in the transaction of what wants it. @throws as {@link CheckControls.steer} */
  steerIn(tx: Tx, by: Starter, id: CheckId, wish: Wish): Promise<void>;
}

const activityOf: Readonly<Record<Wish, ActivityType>> = {
  pause: 'check.paused',
  resume: 'check.resumed',
  cancel: 'check.cancelled',
};

export function createCheckControls(dependencies: CheckRequestDependencies): CheckControls {
  const { db, clock, queue, recordActivity, onRingCheckEnded } = dependencies;

  async function steerIn(tx: Tx, by: Starter, id: CheckId, wish: Wish): Promise<void> {
    const check = await tx
      .selectFrom('checks')
      .selectAll()
      .where('tenant_id', '=', by.tenantId)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!check) throw new AppError('check.not_found');
    const step = nextRunState(check.state, { type: wish });
    if (!step.ok) throw new AppError(step.refusal === 'ending' ? 'check.ending' : 'check.already_ended');
    if (step.state === check.state) return;

    await tx
      .updateTable('checks')
      .set({ state: step.state, paused_because: step.pausedBecause ?? null, throttled_until: null })
      .where('tenant_id', '=', by.tenantId)
      .where('id', '=', id)
      .execute();
    const organization = await organizationOf(tx, check);
    await recordActivity(tx, {
      tenantId: by.tenantId,
      type: activityOf[wish],
      by,
      ...(organization ? { organization } : {}),
      ...(wish === 'pause' ? { details: { because: 'admin' } } : {}),
    });
    if (step.state === 'queued') await enqueueCheck(tx, queue, check);
    // Nobody works on it: it ends here, and not when its worker sees this.
    if (step.state === 'cancelled') {
      await endCheck(tx, check, 'cancelled', { now: clock.now(), queue, recordActivity, onRingCheckEnded });
    }
  }

  return {
    steerIn,
    steer: (admin, id, wish) => inTransaction(db, (tx) => steerIn(tx, admin, id, wish)),
  };
}
