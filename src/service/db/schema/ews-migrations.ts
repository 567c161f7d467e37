import type { Generated } from 'kysely';
import type { EndingConnection, EwsAccess } from '../../../domain/ews-migration/ews-access.ts';
import type { MigrantState } from '../../../domain/ews-migration/migrant-state.ts';
import type { HoldReason, MigrationState, RingName, RingState } from '../../../domain/ews-migration/migration-state.ts';
import type { AppId, CheckId, EwsMigrationId, OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import type { Json } from './json.ts';

/** A migration of an organization's users from Exchange Web Services to Microsoft Graph. */
export interface EwsMigrationsTable {
  tenant_id: TenantId;
  id: EwsMigrationId;
  organization_id: OrganizationId;
  state: MigrationState;
  /** The application that reads over Exchange Web Services. */
  ews_app_id: AppId;
  /** Per cent of failures above which a ring holds. */
  failure_limit: number;
  returns_held_rings: boolean;
  total: number;
  started_by: UserId;
  started_by_name: string;
  created_at: Date;
  ended_at: Date | null;
}

export interface EwsMigrationRingsTable {
  tenant_id: TenantId;
  migration_id: EwsMigrationId;
  name: RingName;
  position: number;
  state: RingState;
  held_because: HoldReason | null;
  total: number;
  /** Its latest check; null until its users are marked as switching. */
  check_id: CheckId | null;
  started_at: Date | null;
  ended_at: Date | null;
}

export interface EwsMigrationUsersTable {
  tenant_id: TenantId;
  migration_id: EwsMigrationId;
  user_id: UserId;
  ring: RingName;
  state: MigrantState;
  /** Where the user came from, and goes back to. */
  from_connection: EndingConnection;
  /** Of the check that judged last. */
  reason: ReasonCode | null;
  changed_at: Date;
}

/** How many users of a ring are in a state: the sum of these rows, which the database keeps. */
export interface EwsMigrationTalliesTable {
  tenant_id: TenantId;
  id: Generated<number>;
  migration_id: EwsMigrationId;
  ring: RingName;
  state: MigrantState;
  count: number;
}

/** What Exchange said of Exchange Web Services when it was read last. */
export interface EwsReadingsTable {
  tenant_id: TenantId;
  read_at: Date;
  source: 'script' | 'gateway';
  access: Json<EwsAccess>;
}

export interface EwsMigrationsSchema {
  ews_migrations: EwsMigrationsTable;
  ews_migration_rings: EwsMigrationRingsTable;
  ews_migration_users: EwsMigrationUsersTable;
  ews_migration_tallies: EwsMigrationTalliesTable;
  ews_readings: EwsReadingsTable;
}
