import type { AssignmentRun } from '../../../contract/assignment-rules.ts';
import type { AssignmentOutcome, OutcomeReason } from '../../../domain/assignment-rules/decide.ts';
import type { AssignmentRule } from '../../../domain/assignment-rules/rule.ts';
import type { AssignmentProblem } from '../../../domain/assignment-rules/rule-problem.ts';
import type {
  AssignmentRuleId,
  AssignmentRunId,
  GroupId,
  OrganizationId,
  TenantId,
  UserId,
} from '../../../domain/ids.ts';
import type { Json } from './json.ts';

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

export interface AssignmentRulesSchema {
  assignment_rules: AssignmentRulesTable;
  assignment_directories: AssignmentDirectoriesTable;
  assignment_looks: AssignmentLooksTable;
  assignment_people: AssignmentPeopleTable;
  assignment_groups: AssignmentGroupsTable;
  assignment_group_members: AssignmentGroupMembersTable;
  assignment_placements: AssignmentPlacementsTable;
  assignment_runs: AssignmentRunsTable;
  assignment_outcomes: AssignmentOutcomesTable;
}
