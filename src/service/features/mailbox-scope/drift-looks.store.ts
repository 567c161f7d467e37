import { sql } from 'kysely';
import type { TenantId } from '../../../domain/ids.ts';
import { ownRegistration, type RegistrationName } from '../../../domain/registration.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';

/** When tenants are looked at for changes that were not made here. */
export interface DriftLooks {
  /** Adds a job for each tenant whose last look is older than the configured time; the first look comes after it. */
  enqueueDue(tenantIds: readonly TenantId[]): Promise<void>;
  /** Registrations whose applications are looked at: the service's own one, and those that organizations use. */
  registrationsOf(tenantId: TenantId): Promise<RegistrationName[]>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  /** Minutes between two looks; 0 for none. */
  readonly recheckMinutes: number;
}

export const driftJobName = 'mailbox-scope.find-drift';

export function createDriftLooks({ db, clock, queue, recheckMinutes }: Dependencies): DriftLooks {
  return {
    async registrationsOf(tenantId) {
      const rows = await db
        .selectFrom('organizations')
        .select('registration')
        .distinct()
        .where('tenant_id', '=', tenantId)
        .where('connection_type', '=', 'graph_app_only')
        .orderBy('registration')
        .execute();
      return [...new Set([ownRegistration, ...rows.map(({ registration }) => registration)])];
    },

    async enqueueDue(tenantIds) {
      if (recheckMinutes === 0) return;
      for (const tenantId of tenantIds) {
        await inTransaction(db, async (tx) => {
          const now = clock.now();
          if (await isDue(tx, tenantId, now)) await queue.enqueue(tx, { name: driftJobName }, { tenantId });
        });
      }
    },
  };

  /** Takes the look for this process: of several, one adds the job. */
  async function isDue(tx: Tx, tenantId: TenantId, now: Date): Promise<boolean> {
    await tx
      .insertInto('drift_looks')
      .values({ tenant_id: tenantId, looked_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const due = await tx
      .updateTable('drift_looks')
      .set({ looked_at: now })
      .where('tenant_id', '=', tenantId)
      .where('looked_at', '<=', sql<Date>`${new Date(now.getTime() - recheckMinutes * 60_000)}::timestamptz`)
      .returning('tenant_id')
      .executeTakeFirst();
    return due !== undefined;
  }
}
