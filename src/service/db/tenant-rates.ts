import type { RateMemory } from '../graph/tenant-pace.ts';
import type { Db } from './schema.ts';

/** The rate at which each tenant was asked last, so that the next process need not look for it. */
export function createTenantRates(db: Db): RateMemory {
  return {
    async find(tenantId) {
      const row = await db.selectFrom('tenant_rates').selectAll().where('tenant_id', '=', tenantId).executeTakeFirst();
      if (!row) return undefined;
      return {
        rate: { requestsPerSecond: row.requests_per_second, burst: row.burst, isLimit: row.is_limit },
        learntAt: row.learnt_at,
      };
    },

    async save(tenantId, { requestsPerSecond, burst, isLimit }, learntAt) {
      const values = { requests_per_second: requestsPerSecond, burst, is_limit: isLimit, learnt_at: learntAt };
      await db
        .insertInto('tenant_rates')
        .values({ tenant_id: tenantId, ...values })
        .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(values))
        .execute();
    },
  };
}
