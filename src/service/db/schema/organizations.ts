import type { Generated } from 'kysely';
import type { AppId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { ConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import type { RegistrationName } from '../../../domain/registration.ts';

export interface OrganizationsTable {
  tenant_id: TenantId;
  id: OrganizationId;
  name: string;
  external_id: string;
  connection_type: ConnectionType;
  is_default: boolean;
  sync_enabled: Generated<boolean>;
  sync_interval_minutes: Generated<number>;
  capabilities: Capability[];
  /** The application that reaches its mailboxes. */
  registration: Generated<RegistrationName>;
  last_check_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

/** Which application a name in the configuration stood for last. */
export interface KnownRegistrationsTable {
  name: RegistrationName;
  client_id: AppId;
}

export interface OrganizationsSchema {
  organizations: OrganizationsTable;
  known_registrations: KnownRegistrationsTable;
}
