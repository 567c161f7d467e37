import type { Generated } from 'kysely';
import type { TenantId } from '../../../domain/ids.ts';
import type { RegistrationName } from '../../../domain/registration.ts';

/** How fast a tenant was asked last by an application. */
export interface TenantRatesTable {
  tenant_id: TenantId;
  registration: Generated<RegistrationName>;
  requests_per_second: number;
  /** What passes at once on top of it. */
  burst: number;
  /** Whether Microsoft throttled there. */
  is_limit: boolean;
  learnt_at: Date;
}

/** How fast an admin allows their tenant to be asked. */
export interface TenantCeilingsTable {
  tenant_id: TenantId;
  requests_per_second: number;
}

export interface RequestRateSchema {
  tenant_rates: TenantRatesTable;
  tenant_ceilings: TenantCeilingsTable;
}
