import type { EwsAccess } from '../../../domain/ews-migration/ews-access.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';

/** What Exchange said of Exchange Web Services when it was read last. */
export interface EwsReading {
  readonly readAt: Date;
  readonly source: 'script' | 'gateway';
  readonly access: EwsAccess;
}

export interface EwsReadingStore {
  find(tenantId: TenantId, tx?: Tx): Promise<EwsReading | undefined>;
  /** Keeps a reading in the place of the one before. */
  save(admin: Admin, source: EwsReading['source'], access: EwsAccess): Promise<void>;
}

export function createEwsReadingStore({
  db,
  clock,
  recordActivity,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
}): EwsReadingStore {
  return {
    async find(tenantId, tx) {
      const row = await (tx ?? db)
        .selectFrom('ews_readings')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row && { readAt: row.read_at, source: row.source, access: row.access };
    },

    async save(admin, source, access) {
      const values = { read_at: clock.now(), source, access: JSON.stringify(access) };
      await inTransaction(db, async (tx) => {
        await tx
          .insertInto('ews_readings')
          .values({ tenant_id: admin.tenantId, ...values })
          .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(values))
          .execute();
        await recordActivity(tx, {
          tenantId: admin.tenantId,
          type: 'migration.ews_read',
          by: admin,
          details: { source, enabled: String(access.enabled), applications: access.allowedAppIds.length },
        });
      });
    },
  };
}
