import type { RequestRate } from '../../../contract/request-rate.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { ownRegistration, type RegistrationName } from '../../../domain/registration.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Db } from '../../db/schema.ts';
import { createTenantRates } from '../../db/tenant-rates.ts';
import { inTransaction } from '../../db/transaction.ts';

export interface RequestRateStore {
  /** Of one application; the ceiling is the same for all. */
  get(tenantId: TenantId, registration?: RegistrationName): Promise<RequestRate>;
  /** @param ceiling requests per second; null removes it */
  setCeiling(admin: Admin, ceiling: number | null): Promise<void>;
}

interface Dependencies {
  readonly db: Db;
  readonly recordActivity: RecordActivity;
  readonly operatorCeiling: number;
}

export function createRequestRateStore({ db, recordActivity, operatorCeiling }: Dependencies): RequestRateStore {
  const rates = createTenantRates(db);
  return {
    async get(tenantId, registration = ownRegistration) {
      const [ceiling, found] = await Promise.all([rates.ceilingOf(tenantId), rates.find(tenantId, registration)]);
      return {
        ceiling: ceiling ?? null,
        operatorCeiling,
        learnt: found
          ? {
              requestsPerSecond: found.rate.requestsPerSecond,
              isLimit: found.rate.isLimit,
              learntAt: found.learntAt.toISOString(),
            }
          : null,
      };
    },

    async setCeiling(admin, ceiling) {
      await inTransaction(db, async (tx) => {
        const before = await tx
          .selectFrom('tenant_ceilings')
          .select('requests_per_second')
          .where('tenant_id', '=', admin.tenantId)
          .executeTakeFirst();
        if ((before?.requests_per_second ?? null) === ceiling) return;
        if (ceiling === null) await tx.deleteFrom('tenant_ceilings').where('tenant_id', '=', admin.tenantId).execute();
        else {
          await tx
            .insertInto('tenant_ceilings')
            .values({ tenant_id: admin.tenantId, requests_per_second: ceiling })
            .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ requests_per_second: ceiling }))
            .execute();
        }
        await recordActivity(tx, {
          tenantId: admin.tenantId,
          type: 'rate.ceiling_changed',
          by: admin,
          details: ceiling === null ? {} : { requestsPerSecond: ceiling },
        });
      });
    },
  };
}
