import type { Generated, Selectable } from 'kysely';
import type { CheckScope } from '../../../contract/mailbox-connectivity.ts';
import type { RingName } from '../../../domain/ews-migration/migration-state.ts';
import type { CheckId, EwsMigrationId, OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import type { PauseReason, RunState } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { Json } from './json.ts';

export interface StoredCapabilityResult {
  capability: Capability;
  reason: ReasonCode;
  httpStatus: number | null;
  errorCode: string | null;
  requestId: string | null;
}

export interface ChecksTable {
  tenant_id: TenantId;
  id: CheckId;
  /** Null for a run over the whole tenant. */
  organization_id: OrganizationId | null;
  scope: CheckScope;
  /** Says in one text whom the run covers: of equal ones at most one has not ended. */
  covers: string;
  state: RunState;
  paused_because: PauseReason | null;
  changes_connection: boolean;
  /** The users to check; null for everybody who was there at the start. */
  selection: UserId[] | null;
  group_name: string | null;
  /** The run whose mailboxes that could not be told are tried again. */
  retry_of: CheckId | null;
  /** The migration and its ring whose users it switches. */
  migration_id: Generated<EwsMigrationId | null>;
  ring: Generated<RingName | null>;
  /** Since when the single results of an old run are deleted; its counts stay. */
  forgotten_at: Generated<Date | null>;
  /** Whether that deletion has come to its end. */
  is_emptied: Generated<boolean>;
  /** How often its mailboxes were put off by Microsoft before, one check after the other. */
  reschedules: Generated<number>;
  total: number;
  switched: Generated<number>;
  /** Whether it also switches users whose ring went back to Exchange Web Services. */
  switches_returned: Generated<boolean>;
  /** Users whom it opened and left on Exchange Web Services for that. */
  kept: Generated<number>;
  /** Counts the workers that took the run; a writer with an older number is refused. */
  fence: Generated<number>;
  throttled_until: Date | null;
  mailboxes_per_second: number | null;
  started_by: UserId;
  started_by_name: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export type StoredCheck = Selectable<ChecksTable>;

export interface CheckResultsTable {
  tenant_id: TenantId;
  check_id: CheckId;
  user_id: UserId;
  status: AccessStatus;
  reason: ReasonCode;
  capabilities: Json<StoredCapabilityResult[]>;
  checked_at: Date;
}

/** Counts of a check, moved in the same transaction as its results. */
export interface CheckTalliesTable {
  tenant_id: TenantId;
  check_id: CheckId;
  status: AccessStatus;
  reason: ReasonCode;
  count: number;
}

export interface MailboxConnectivitySchema {
  checks: ChecksTable;
  check_results: CheckResultsTable;
  check_tallies: CheckTalliesTable;
}
