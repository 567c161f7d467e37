import { sql } from 'kysely';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, OrganizationId, UserId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { type Db, type StoredCheck, type Tx, unfinishedCheckStates } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';
import { passStep } from '../../steps.ts';
import { reportsOf } from './check-reports.store.ts';

/** What an admin asks for: that a check starts, and that it ends early. */
export interface CheckRequests {
  /** Saves the check, its audit row and its job together; joins the one that is running in the organization. */
  start(
    admin: Admin,
    organization: { readonly id: OrganizationId; readonly name: string },
    options: { readonly userIds?: readonly UserId[] | undefined; readonly changeConnection: boolean },
  ): Promise<{ check: ConnectivityCheck; joined: boolean }>;
  /** @throws AppError `check.already_ended` */
  cancel(admin: Admin, id: CheckId): Promise<void>;
}

export interface CheckRequestDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
}

export const checkJobName = 'mailbox-connectivity.check-mailboxes';

/** Puts a run behind the others that wait; the runs of one tenant go one after the other. */
export function enqueueCheck(
  tx: Tx,
  queue: Pick<Queue, 'enqueue'>,
  { tenant_id: tenantId, id: checkId }: Pick<StoredCheck, 'tenant_id' | 'id'>,
): Promise<void> {
  return queue.enqueue(tx, { name: checkJobName }, { tenantId, checkId }, { key: tenantId });
}

export function createCheckRequests({ db, clock, queue, recordActivity }: CheckRequestDependencies): CheckRequests {
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
            .where('state', 'in', unfinishedCheckStates)
            .executeTakeFirst());
        // The running one ended between the two statements: the caller's next click starts a new one.
        if (!row) throw new AppError('service.unavailable', { retryAfterSeconds: 1 });
        if (created) {
          await enqueueCheck(tx, queue, created);
          await recordActivity(tx, {
            tenantId: admin.tenantId,
            type: 'check.started',
            by: admin,
            organization,
            details: { mailboxes: count, changesConnection: changeConnection },
          });
          passStep('check.starting');
        }
        const [check] = await reportsOf(tx, [row]);
        if (!check) throw new Error('A check that was just read is gone');
        return { check, joined: !created };
      });
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
          const check = await tx
            .selectFrom('checks')
            .select('state')
            .where('tenant_id', '=', admin.tenantId)
            .where('id', '=', id)
            .executeTakeFirst();
          if (!check) throw new AppError('check.not_found');
          if (check.state === 'cancelling') return;
          throw new AppError('check.already_ended');
        }
        const organization = await tx
          .selectFrom('organizations')
          .select(['id', 'name'])
          .where('tenant_id', '=', admin.tenantId)
          .where('id', '=', cancelled.organization_id)
          .executeTakeFirstOrThrow();
        await recordActivity(tx, { tenantId: admin.tenantId, type: 'check.cancelled', by: admin, organization });
      });
    },
  };
}
