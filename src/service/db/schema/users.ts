import type { ColumnType, Generated } from 'kysely';
import type { CheckId, OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import type { ConnectionType, MailboxState } from '../../../domain/mailbox-sync/mailbox-state.ts';

export interface UsersTable {
  tenant_id: TenantId;
  id: UserId;
  organization_id: OrganizationId;
  /** When the user came into the organization; a check covers who was there when it started. */
  organization_since: Date;
  display_name: string;
  user_principal_name: string;
  mail: string | null;
  /** Name and addresses folded by `foldText`, so that search answers the same on every database. */
  search: string;
  /** The name folded by `foldText`; lists sort by it. */
  sort_name: string;
  connection_type: ConnectionType;
  mailbox_state: Generated<MailboxState>;
  sync_enabled: Generated<boolean>;
  created_at: Date;
  /** The database keeps it; a sync session is no update. */
  updated_at: Generated<Date>;
  /** The address that lists show, folded; the database keeps it. */
  sort_address: ColumnType<string, never, never>;
}

/** Narrow on purpose: a check rewrites every row of it. */
export interface MailboxAccessTable {
  tenant_id: TenantId;
  user_id: UserId;
  /** That of the user, as the name: lists are sorted by verdict and name. The database keeps both in step. */
  organization_id: OrganizationId;
  sort_name: string;
  status: Generated<AccessStatus>;
  /** Position of the status in the order of lists. */
  status_rank: number;
  reason: ReasonCode | null;
  checked_at: Date | null;
  check_id: CheckId | null;
  /** The latest check that could not tell, while an earlier verdict stands. */
  attempt_reason: ReasonCode | null;
  attempt_at: Date | null;
  /** When a mailbox that Microsoft put off for long is asked again by itself, and the check that was told so. */
  rescheduled_until: Generated<Date | null>;
  rescheduled_by: Generated<CheckId | null>;
}

/**
 * How many mailboxes have a verdict: the sum of these rows, which the database keeps whoever writes. `reason` is empty
 * where there is none.
 */
export interface AccessTalliesTable {
  tenant_id: TenantId;
  id: Generated<number>;
  organization_id: OrganizationId;
  status: AccessStatus;
  reason: ReasonCode | '';
  count: number;
}

/** How many users are in a mailbox state: the sum of these rows, kept in the same way. */
export interface StateTalliesTable {
  tenant_id: TenantId;
  id: Generated<number>;
  organization_id: OrganizationId;
  mailbox_state: MailboxState;
  count: number;
}

/** How many users have a connection: the sum of these rows, kept in the same way. */
export interface ConnectionTalliesTable {
  tenant_id: TenantId;
  id: Generated<number>;
  organization_id: OrganizationId;
  connection_type: ConnectionType;
  count: number;
}

export interface UsersSchema {
  users: UsersTable;
  mailbox_access: MailboxAccessTable;
  access_tallies: AccessTalliesTable;
  state_tallies: StateTalliesTable;
  connection_tallies: ConnectionTalliesTable;
}
