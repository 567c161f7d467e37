import type { Generated } from 'kysely';
import type { ScopeGroup } from '../../../contract/mailbox-scope.ts';
import type { StepOutcome } from '../../../domain/exchange-plan/plan-result.ts';
import type { ScopeChangeId, ScopeDriftId, ScopeProofId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { ExchangeConfiguration } from '../../../domain/mailbox-access/exchange-configuration.ts';
import type { ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import type { DriftKind as ScopeDriftKind } from '../../../domain/mailbox-scope/drift.ts';
import type { ScopeChangeKind, ScopeMechanism } from '../../../domain/mailbox-scope/scope-change.ts';
import type { ScopePlans } from '../../../domain/mailbox-scope/scope-plans.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { Json } from './json.ts';

/** People of the directory who can have a mailbox: what a reach is counted over. */
export interface DirectoryMailboxesTable {
  tenant_id: TenantId;
  user_id: UserId;
  display_name: string;
  address: string | null;
  /** A shared mailbox, a room or equipment: nobody signs in to it, or it has no licence. */
  is_shared: Generated<boolean>;
  /** Null for somebody who was read by an earlier release. */
  account_enabled: Generated<boolean | null>;
  is_licensed: Generated<boolean | null>;
  /** When the directory showed it last. */
  seen_at: Date;
}

export interface DirectoryReadingsTable {
  tenant_id: TenantId;
  read_at: Date;
}

/** What Exchange enforces for an application, as it was read last. */
export interface ExchangeReadingsTable {
  tenant_id: TenantId;
  registration: Generated<RegistrationName>;
  read_at: Date;
  source: 'script' | 'gateway';
  configuration: Json<ExchangeConfiguration>;
}

/** The limit that an admin wants; one per tenant and application. */
export interface MailboxScopesTable {
  tenant_id: TenantId;
  registration: Generated<RegistrationName>;
  change_id: ScopeChangeId;
  mechanism: ScopeMechanism;
  list: 'allow' | 'block';
  group: Json<ScopeGroup>;
  includes_nested: boolean;
  set_at: Date;
  set_by: UserId | null;
  set_by_name: string | null;
}

/** People whom the limit names: those it lets in, or with a block-list those it keeps out. */
export interface MailboxScopeMembersTable {
  tenant_id: TenantId;
  registration: Generated<RegistrationName>;
  user_id: UserId;
  is_nested: boolean;
  since: Date;
}

export interface ScopeChangesTable {
  tenant_id: TenantId;
  registration: Generated<RegistrationName>;
  id: ScopeChangeId;
  kind: ScopeChangeKind;
  mechanism: ScopeMechanism;
  list: 'allow' | 'block';
  group: Json<ScopeGroup>;
  includes_nested: boolean;
  plans: Json<ScopePlans>;
  /** What the last script or run did. */
  report: Json<StoredStepReport[]>;
  state: 'open' | 'done' | 'undone';
  made_at: Date | null;
  roles_proved: boolean | null;
  caches_know_at: Date | null;
  grants_gone_at: Date | null;
  assignments_removed_at: Date | null;
  policies_removed_at: Date | null;
  created_at: Date;
  created_by: UserId;
  created_by_name: string;
  ended_at: Date | null;
}

export interface StoredStepReport {
  kind: string;
  subject: string;
  outcome: StepOutcome;
  detail: string;
}

export interface ScopeProofsTable {
  tenant_id: TenantId;
  registration: Generated<RegistrationName>;
  id: ScopeProofId;
  state: 'running' | 'completed' | 'failed';
  is_sweep: boolean;
  /** Until then a finding is called waiting. */
  expected_by: Date | null;
  fence: Generated<number>;
  started_at: Date;
  finished_at: Date | null;
}

export interface ScopeProofResultsTable {
  tenant_id: TenantId;
  proof_id: ScopeProofId;
  user_id: UserId;
  side: 'inside' | 'outside';
  why: 'nested_group' | 'recently_moved' | 'shared' | 'other';
  /** Null until it was tried. */
  outcome: 'reachable' | 'closed' | 'could_not_tell' | 'no_mailbox' | null;
  reason: ReasonCode | null;
}

export interface ScopeDriftsTable {
  tenant_id: TenantId;
  registration: Generated<RegistrationName>;
  id: ScopeDriftId;
  what: ScopeDriftKind;
  subject: string;
  capabilities: Capability[];
  by: string | null;
  found_at: Date;
  dismissed_at: Date | null;
}

/** When a tenant was last looked at for changes that were not made here. */
export interface DriftLooksTable {
  tenant_id: TenantId;
  looked_at: Date;
}

export interface MailboxScopeSchema {
  directory_mailboxes: DirectoryMailboxesTable;
  directory_readings: DirectoryReadingsTable;
  exchange_readings: ExchangeReadingsTable;
  mailbox_scopes: MailboxScopesTable;
  mailbox_scope_members: MailboxScopeMembersTable;
  scope_changes: ScopeChangesTable;
  scope_proofs: ScopeProofsTable;
  scope_proof_results: ScopeProofResultsTable;
  scope_drifts: ScopeDriftsTable;
  drift_looks: DriftLooksTable;
}
