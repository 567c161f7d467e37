import type { ColumnType, Generated, GeneratedAlways, Kysely, Selectable, Transaction } from 'kysely';
import type { AssignmentRun } from '../../contract/assignment-rules.ts';
import type { CheckScope } from '../../contract/mailbox-connectivity.ts';
import type { ScopeGroup } from '../../contract/mailbox-scope.ts';
import type { FileProblem, ProvisioningSource } from '../../contract/provisioning.ts';
import type { ListView, ViewedList } from '../../contract/saved-views.ts';
import type { UserFilter } from '../../contract/users.ts';
import type { AssignmentOutcome, OutcomeReason } from '../../domain/assignment-rules/decide.ts';
import type { AssignmentRule } from '../../domain/assignment-rules/rule.ts';
import type { AssignmentProblem } from '../../domain/assignment-rules/rule-problem.ts';
import type {
  ConsentFacts,
  ConsentJudgement,
  ConsentState,
  PermissionGrant,
  RolesAnnounced,
} from '../../domain/consent/consent-state.ts';
import type { EndingConnection, EwsAccess } from '../../domain/ews-migration/ews-access.ts';
import type { MigrantState } from '../../domain/ews-migration/migrant-state.ts';
import type { HoldReason, MigrationState, RingName, RingState } from '../../domain/ews-migration/migration-state.ts';
import type { StepOutcome } from '../../domain/exchange-plan/plan-result.ts';
import type {
  AppId,
  AssignmentRuleId,
  AssignmentRunId,
  CheckId,
  CommandRunId,
  ConsentAttemptId,
  ConsentChangeId,
  EwsMigrationId,
  GroupId,
  OrganizationId,
  ProvisioningId,
  SavedViewId,
  ScopeChangeId,
  ScopeDriftId,
  ScopeProofId,
  SyncSessionId,
  TenantId,
  UserId,
} from '../../domain/ids.ts';
import type { Capability } from '../../domain/mailbox-access/capability.ts';
import type { ExchangeConfiguration } from '../../domain/mailbox-access/exchange-configuration.ts';
import type { ReasonCode } from '../../domain/mailbox-access/reason.ts';
import type { AccessStatus } from '../../domain/mailbox-access/verdict.ts';
import type { PauseReason, RunState } from '../../domain/mailbox-connectivity/run-state.ts';
import type { DriftKind as ScopeDriftKind } from '../../domain/mailbox-scope/drift.ts';
import type { ScopeChangeKind, ScopeMechanism } from '../../domain/mailbox-scope/scope-change.ts';
import type { ScopePlans } from '../../domain/mailbox-scope/scope-plans.ts';
import type { ConnectionType, MailboxState } from '../../domain/mailbox-sync/mailbox-state.ts';
import type { SyncErrorCategory, SyncReason, SyncResource } from '../../domain/mailbox-sync/sync-reason.ts';
import type { CsvMapping } from '../../domain/provisioning/csv-columns.ts';
import type { KeyKind } from '../../domain/provisioning/csv-row.ts';
import type { ProvisioningState } from '../../domain/provisioning/provisioning-state.ts';
import type { RowVerdict } from '../../domain/provisioning/row-verdict.ts';
import type { RegistrationName } from '../../domain/registration.ts';
import type { UserCommand, UserCommandOutcome } from '../../domain/users/user-command.ts';

/** jsonb: objects out, text in, so that both databases store the same. */
type Json<T> = ColumnType<T, string, string>;

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
  last_sync_at: Date | null;
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
  /** When the single results of an old run were deleted; its counts stay. */
  forgotten_at: Generated<Date | null>;
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

export interface ConsentsTable {
  tenant_id: TenantId;
  organization_id: OrganizationId;
  state: ConsentState;
  problem: string | null;
  permissions: Json<PermissionGrant[]>;
  /** What the state was judged from; null for a consent that an earlier release verified. */
  facts: Json<ConsentFacts> | null;
  evidence: ConsentJudgement['evidence'];
  verified_at: Date | null;
  granted_by: UserId | null;
  granted_by_name: string | null;
  granted_at: Date | null;
}

/** A change of an organization's consent: a clock runs until Microsoft shows it everywhere. */
export interface ConsentChangesTable {
  tenant_id: TenantId;
  id: ConsentChangeId;
  organization_id: OrganizationId;
  kind: 'consent_accepted' | 'roles_granted' | 'roles_revoked';
  /** When it was made, or seen first. */
  changed_at: Date;
  expected_by: Date;
  ended_at: Date | null;
  outcome: 'converged' | 'not_effective' | 'not_known' | 'superseded' | null;
  /** App roles that an admin reported as granted or removed; null for any other change. */
  announced: Json<RolesAnnounced> | null;
}

/** What Microsoft's redirect said; proves nothing. */
export interface ParkedCallback {
  adminConsent?: string;
  tenant?: string;
  error?: string;
  /** `AADSTS…` code found in the description; the description itself is not kept. */
  entraCode?: string;
}

export interface ConsentAttemptsTable {
  tenant_id: TenantId;
  id: ConsentAttemptId;
  organization_id: OrganizationId;
  user_id: UserId;
  /** SHA-256 of the state; the state itself is not kept. */
  state_hash: string;
  created_at: Date;
  expires_at: Date;
  callback: Json<ParkedCallback> | null;
  callback_at: Date | null;
  redeemed_at: Date | null;
}

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

/** Which application a name in the configuration stood for last. */
export interface KnownRegistrationsTable {
  name: RegistrationName;
  client_id: AppId;
}

export interface SyncSessionsTable {
  tenant_id: TenantId;
  id: SyncSessionId;
  user_id: UserId;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'postponed';
  started_by: Generated<'schedule' | 'admin'>;
  requested_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  changes: Generated<number>;
  reason: SyncReason | null;
  /** The round of the tenant that reads it; null for a session of its own. */
  round: Generated<number | null>;
  /** How often a worker took it; a writer with an older number is refused. */
  claims: Generated<number>;
  /** Sync errors that it met. */
  issues: Generated<number>;
  category: Generated<SyncErrorCategory | null>;
  error_capability: Generated<Capability | null>;
  error_resource: Generated<SyncResource | null>;
  /** What was read from scratch because Microsoft had forgotten the delta link. */
  restarted: Generated<SyncResource[]>;
  /** When the mailbox is tried again, after a session that did not end well. */
  retry_at: Generated<Date | null>;
}

/** When a mailbox is read next. Narrow on purpose: every session rewrites its row. */
export interface MailboxSyncsTable {
  tenant_id: TenantId;
  user_id: UserId;
  /** From 0 to 1: where in the interval its turn is. */
  phase: number;
  /** Null while it is not synchronized: switched off, disabled due to an error, or not connected. */
  next_sync_at: Date | null;
  /** Failed tries since the last success. */
  tries: Generated<number>;
}

/** The work on a tenant's mailboxes that are due. */
export interface SyncRoundsTable {
  tenant_id: TenantId;
  /** Counts the workers that took it; what an older one has begun is taken over. */
  fence: Generated<number>;
  /** Whether a job for it waits or runs. */
  is_open: boolean;
  touched_at: Date;
}

export interface SyncCursorsTable {
  tenant_id: TenantId;
  user_id: UserId;
  /** Which delta query, such as `inbox` or `contact_folder:…`. */
  resource: string;
  /** Stored whole and used as it is. */
  delta_link: string;
  /** The part of the calendar that the link belongs to. */
  window_start_at: Generated<Date | null>;
  window_end_at: Generated<Date | null>;
  updated_at: Date;
}

export type SyncErrorKind = 'connection_switching' | 'connection_kept' | SyncErrorCategory;

export interface SyncErrorsTable {
  tenant_id: TenantId;
  id: Generated<number>;
  user_id: UserId;
  kind: SyncErrorKind;
  /** Empty where the kind says all. */
  reason: Generated<SyncReason | ''>;
  capability: Generated<Capability | null>;
  resource: Generated<SyncResource | null>;
  title: string;
  detail: string;
  first_seen_at: Date;
  last_seen_at: Date;
  count: Generated<number>;
  resolved_at: Date | null;
}

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

/** A view of a list that an admin keeps. */
export interface SavedViewsTable {
  tenant_id: TenantId;
  id: SavedViewId;
  owner_id: UserId;
  name: string;
  view: Json<ListView>;
  /** The list that the view says. */
  list: GeneratedAlways<ViewedList>;
  /** The one that the page opens with. */
  is_default: boolean;
  created_at: Date;
}

/** One command over many users. */
export interface UserCommandRunsTable {
  tenant_id: TenantId;
  id: CommandRunId;
  command: UserCommand;
  /** Says in one text what is done for whom: of equal ones at most one has not ended. */
  covers: string;
  /** What chose the users; null when they were named one by one. */
  filter: Json<UserFilter> | null;
  /** Where to, of a move; the organization may be gone. */
  target_id: OrganizationId | null;
  target_name: string | null;
  /** Everybody it covers, by id. Up to all users of a tenant: named where it is read, never with the other columns. */
  selection: UserId[];
  /** How many of them have their result. */
  position: Generated<number>;
  state: Exclude<RunState, 'pausing' | 'paused'>;
  total: number;
  /** Counts the workers that took the run; a writer with an older number is refused. */
  fence: Generated<number>;
  /** When the single results of an old run were deleted; its counts stay. */
  forgotten_at: Generated<Date | null>;
  started_by: UserId;
  started_by_name: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface UserCommandResultsTable {
  tenant_id: TenantId;
  run_id: CommandRunId;
  outcome: UserCommandOutcome;
  user_id: UserId;
  /** As it was then; null for somebody who was not here any more. */
  display_name: string | null;
  done_at: Date;
}

/** Counts of a command, moved in the same transaction as its results. */
export interface UserCommandTalliesTable {
  tenant_id: TenantId;
  run_id: CommandRunId;
  outcome: UserCommandOutcome;
  count: number;
}

/** How fast an admin allows their tenant to be asked. */
export interface TenantCeilingsTable {
  tenant_id: TenantId;
  requests_per_second: number;
}

/** Either `domain` or the group is set. */
export interface AssignmentRulesTable {
  tenant_id: TenantId;
  id: AssignmentRuleId;
  organization_id: OrganizationId;
  position: number;
  domain: string | null;
  group_id: GroupId | null;
  group_name: string | null;
  moves_hand_placed: boolean;
  is_on: boolean;
  created_at: Date;
}

/** How far the directory was read. */
export interface AssignmentDirectoriesTable {
  tenant_id: TenantId;
  /** Graph's next or delta link, stored whole; null for from the beginning. */
  link: string | null;
  /** Counts readings from the beginning: whoever was not seen in the newest is gone. */
  round: number;
  /** Whether a reading from the beginning is under way. */
  is_whole: boolean;
  /** When all changes up to then were known last. */
  read_at: Date | null;
}

/** When the rules of a tenant were last due. */
export interface AssignmentLooksTable {
  tenant_id: TenantId;
  looked_at: Date;
}

/** People of the directory, kept in step by its delta query. */
export interface AssignmentPeopleTable {
  tenant_id: TenantId;
  user_id: UserId;
  display_name: string | null;
  user_principal_name: string | null;
  mail: string | null;
  user_type: string | null;
  round: number;
}

export interface AssignmentGroupsTable {
  tenant_id: TenantId;
  group_id: GroupId;
  /** Counts readings: members of an older one are gone. */
  round: number;
  /** When its members were read last; null when they never were. */
  read_at: Date | null;
  /** Why they could not be read this time. */
  problem: AssignmentProblem | null;
}

/** Members of groups that rules name, nested groups included. */
export interface AssignmentGroupMembersTable {
  tenant_id: TenantId;
  user_id: UserId;
  group_id: GroupId;
  round: number;
}

/** Who was put where by a rule; it holds while the user is there since then. */
export interface AssignmentPlacementsTable {
  tenant_id: TenantId;
  user_id: UserId;
  organization_id: OrganizationId;
  placed_at: Date;
}

export interface AssignmentRunsTable {
  tenant_id: TenantId;
  id: AssignmentRunId;
  /** What came after an obsolete one has taken its place: it waits to be deleted, bit by bit. */
  kind: AssignmentRun['kind'] | 'obsolete';
  state: AssignmentRun['state'];
  /** The rule that a preview is of. */
  rule_id: AssignmentRuleId | null;
  /** The rules that it judges by, in their order. */
  rules: Json<readonly AssignmentRule[]>;
  problem: AssignmentProblem | null;
  counts: Json<AssignmentRun['counts']>;
  conflicts: Json<AssignmentRun['conflicts']>;
  started_by: UserId | null;
  started_by_name: string | null;
  created_at: Date;
  finished_at: Date | null;
}

export interface AssignmentOutcomesTable {
  tenant_id: TenantId;
  run_id: AssignmentRunId;
  user_id: UserId;
  outcome: AssignmentOutcome;
  reason: OutcomeReason | null;
  organization_id: OrganizationId | null;
  from_organization_id: OrganizationId | null;
  rule_id: AssignmentRuleId | null;
  display_name: string;
  address: string | null;
  sort_name: string;
}

/** One bringing of people into an organization. */
export interface ProvisioningsTable {
  tenant_id: TenantId;
  id: ProvisioningId;
  organization_id: OrganizationId;
  source: ProvisioningSource;
  state: ProvisioningState;
  stopped_because: Generated<ReasonCode | null>;
  refusal_problem: Generated<FileProblem | null>;
  refusal_line: Generated<number | null>;
  file_name: string | null;
  file_bytes: number | null;
  received_bytes: Generated<number>;
  headings: Json<string[]>;
  sample: Json<string[][]>;
  mapping: Json<CsvMapping>;
  /** Whether every row of the source is in the table. */
  is_staged: boolean;
  /** The last line that is in the table. */
  staged_line: Generated<number>;
  /** Where reading the directory goes on: Graph's next link, as it is. */
  next_link: Generated<string | null>;
  total: Generated<number>;
  checked: Generated<number>;
  added: Generated<number>;
  counts: Json<{ verdict: RowVerdict; count: number }[]>;
  includes_fixable: Generated<boolean>;
  /** Counts the workers that took it; a writer with an older number is refused. */
  fence: Generated<number>;
  started_by: UserId;
  started_by_name: string;
  applied_by: Generated<UserId | null>;
  applied_by_name: Generated<string | null>;
  created_at: Date;
  finished_at: Generated<Date | null>;
}

export type StoredProvisioning = Selectable<ProvisioningsTable>;

/** The file as it came, until its rows are in the table. */
export interface ProvisioningPiecesTable {
  tenant_id: TenantId;
  provisioning_id: ProvisioningId;
  starts_at: number;
  content: Uint8Array;
}

export interface ProvisioningRowsTable {
  tenant_id: TenantId;
  provisioning_id: ProvisioningId;
  line: number;
  verdict: RowVerdict;
  key_kind: KeyKind;
  /** In lower case; of a row that names nobody, what stands in its place. */
  key: string;
  user_id: UserId | null;
  display_name: string | null;
  user_principal_name: string | null;
  mail: string | null;
  duplicate_of: number | null;
}

export interface Schema {
  organizations: OrganizationsTable;
  users: UsersTable;
  mailbox_access: MailboxAccessTable;
  access_tallies: AccessTalliesTable;
  state_tallies: StateTalliesTable;
  connection_tallies: ConnectionTalliesTable;
  checks: ChecksTable;
  check_results: CheckResultsTable;
  check_tallies: CheckTalliesTable;
  tenant_rates: TenantRatesTable;
  known_registrations: KnownRegistrationsTable;
  tenant_ceilings: TenantCeilingsTable;
  consents: ConsentsTable;
  consent_changes: ConsentChangesTable;
  consent_attempts: ConsentAttemptsTable;
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
  sync_sessions: SyncSessionsTable;
  mailbox_syncs: MailboxSyncsTable;
  sync_rounds: SyncRoundsTable;
  sync_cursors: SyncCursorsTable;
  sync_errors: SyncErrorsTable;
  assignment_rules: AssignmentRulesTable;
  assignment_directories: AssignmentDirectoriesTable;
  assignment_looks: AssignmentLooksTable;
  assignment_people: AssignmentPeopleTable;
  assignment_groups: AssignmentGroupsTable;
  assignment_group_members: AssignmentGroupMembersTable;
  assignment_placements: AssignmentPlacementsTable;
  assignment_runs: AssignmentRunsTable;
  assignment_outcomes: AssignmentOutcomesTable;
  ews_migrations: EwsMigrationsTable;
  ews_migration_rings: EwsMigrationRingsTable;
  ews_migration_users: EwsMigrationUsersTable;
  ews_migration_tallies: EwsMigrationTalliesTable;
  ews_readings: EwsReadingsTable;
  activities: ActivitiesTable;
  provisionings: ProvisioningsTable;
  provisioning_pieces: ProvisioningPiecesTable;
  provisioning_rows: ProvisioningRowsTable;
  saved_views: SavedViewsTable;
  user_command_runs: UserCommandRunsTable;
  user_command_results: UserCommandResultsTable;
  user_command_tallies: UserCommandTalliesTable;
}

/** The database outside a transaction. Using it inside one is refused: see `transaction.ts`. */
export type Db = Kysely<Schema>;
/** The database inside a transaction: what writes that belong together take. */
export type Tx = Transaction<Schema>;
