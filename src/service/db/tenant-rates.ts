import type { RateMemory } from '../graph/tenant-pace.ts';
import type { Db } from './schema.ts';

/** The rate at which each application asked each tenant last, so that the next process need not look for it. */
export function createTenantRates(db: Db): RateMemory {
  return {
    async find(tenantId, registration) {
      const row = await db
        .selectFrom('tenant_rates')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('registration', '=', registration)
        .executeTakeFirst();
      if (!row) return undefined;
      return {
        rate: { requestsPerSecond: row.requests_per_second, burst: row.burst, isLimit: row.is_limit },
        learntAt: row.learnt_at,
      };
    },

    async ceilingOf(tenantId) {
      const row = await db
        .selectFrom('tenant_ceilings')
        .select('requests_per_second')
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row?.requests_per_second;
    },

    async save(tenantId, registration, { requestsPerSecond, burst, isLimit }, learntAt) {
      const values = { requests_per_second: requestsPerSecond, burst, is_limit: isLimit, learnt_at: learntAt };
      await db
        .insertInto('tenant_rates')
        .values({ tenant_id: tenantId, registration, ...values })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'registration']).doUpdateSet(values))
        .execute();
    },
  };
}
