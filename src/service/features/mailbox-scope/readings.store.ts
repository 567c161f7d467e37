import type { TenantId } from '../../../domain/ids.ts';
import type { ExchangeConfiguration } from '../../../domain/mailbox-access/exchange-configuration.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';

/** What Exchange enforced for one application when it was read last. */
export interface Reading {
  readonly readAt: Date;
  readonly source: 'script' | 'gateway';
  readonly configuration: ExchangeConfiguration;
}

export interface ReadingStore {
  find(tenantId: TenantId, tx?: Tx): Promise<Reading | undefined>;
  /** Keeps a reading in the place of the one before. */
  save(tx: Tx, tenantId: TenantId, source: Reading['source'], configuration: ExchangeConfiguration): Promise<void>;
}

export function createReadingStore({
  db,
  clock,
  registration,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly registration: RegistrationName;
}): ReadingStore {
  return {
    async find(tenantId, tx) {
      const row = await (tx ?? db)
        .selectFrom('exchange_readings')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('registration', '=', registration)
        .executeTakeFirst();
      return row && { readAt: row.read_at, source: row.source, configuration: row.configuration };
    },

    async save(tx, tenantId, source, configuration) {
      const values = { read_at: clock.now(), source, configuration: JSON.stringify(configuration) };
      await tx
        .insertInto('exchange_readings')
        .values({ tenant_id: tenantId, registration, ...values })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'registration']).doUpdateSet(values))
        .execute();
    },
  };
}
