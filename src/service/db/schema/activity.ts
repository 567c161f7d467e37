import type { Generated } from 'kysely';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Json } from './json.ts';

export interface ActivitiesTable {
  tenant_id: TenantId;
  id: Generated<number>;
  at: Date;
  type: string;
  by_user_id: UserId | null;
  by_name: string | null;
  organization_id: OrganizationId | null;
  organization_name: string | null;
  /** Set where one user is concerned. */
  user_id: Generated<UserId | null>;
  details: Json<Record<string, string | number | boolean>>;
}

export interface ActivitySchema {
  activities: ActivitiesTable;
}
