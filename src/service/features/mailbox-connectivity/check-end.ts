import type { OrganizationId } from '../../../domain/ids.ts';
import type { RecordActivity } from '../../audit.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Tx } from '../../db/schema.ts';
import type { Queue } from '../../queue/queue.ts';
import { enqueueRescheduled, takeRescheduled } from './rescheduled-mailboxes.ts';

/** The organization of a run, for its audit rows; undefined for a run over the tenant. */
export async function organizationOf(
  tx: Tx,
  { tenant_id: tenantId, organization_id: id }: StoredCheck,
): Promise<{ id: OrganizationId; name: string } | undefined> {
  if (id === null) return undefined;
  return tx
    .selectFrom('organizations')
    .select(['id', 'name'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export interface CheckEndDependencies {
  readonly now: Date;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
  /** Told in the transaction in which the check of a migration's ring ends. */
  readonly onRingCheckEnded: (tx: Tx, check: StoredCheck) => Promise<void>;
}

/**
 * Ends a run whose row the caller holds: its last counts, the organizations it covered, and one audit row. Whom
 * Microsoft put off is asked again later, unless nobody wants the run any more.
 */
export async function endCheck(
  tx: Tx,
  check: StoredCheck,
  state: 'completed' | 'cancelled' | 'failed',
  { now, queue, recordActivity, onRingCheckEnded }: CheckEndDependencies,
): Promise<void> {
  const { tenant_id: tenantId, organization_id: organizationId } = check;
  const tallies = await tx
    .selectFrom('check_tallies')
    .select(['status', (eb) => eb.fn.sum<number>('count').as('count')])
    .where('tenant_id', '=', tenantId)
    .where('check_id', '=', check.id)
    .groupBy('status')
    .execute();
  const done = tallies.reduce((sum, { count }) => sum + Number(count), 0);
  await tx
    .updateTable('checks')
    // Who left while it ran is not part of a completed run.
    .set({
      state,
      finished_at: now,
      paused_because: null,
      throttled_until: null,
      ...(state === 'completed' ? { total: done } : {}),
    })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', check.id)
    .execute();
  if (done > 0) {
    await tx
      .updateTable('organizations')
      .set({ last_check_at: now })
      .where('tenant_id', '=', tenantId)
      .$if(organizationId !== null, (query) => query.where('id', '=', organizationId as OrganizationId))
      .where('connection_type', '=', 'graph_app_only')
      .execute();
  }
  if (state === 'cancelled') await takeRescheduled(tx, check);
  else await enqueueRescheduled(tx, queue, check, { now });
  const organization = await organizationOf(tx, check);
  await recordActivity(tx, {
    tenantId,
    type: 'check.ended',
    ...(organization ? { organization } : {}),
    details: {
      state,
      mailboxes: done,
      ...Object.fromEntries(tallies.map(({ status, count }) => [status, Number(count)])),
    },
  });
  if (check.migration_id !== null) await onRingCheckEnded(tx, check);
}
