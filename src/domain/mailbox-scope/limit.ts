import type { GroupId } from '../ids.ts';
import type { AccessConfiguration, RoleAssignment } from '../mailbox-access/effective-access.ts';
import { exchangeRoleFor } from '../mailbox-access/exchange-role.ts';
import { mailboxGrants } from './reach.ts';
import type { ScopeMechanism } from './scope-change.ts';
import type { GroupKind } from './scope-group.ts';
import { problemOfGroup, type ScopeProblem } from './scope-problem.ts';

/** What an admin wants: only the mailboxes of some groups, or all but theirs. */
export interface WantedLimit {
  readonly mechanism: ScopeMechanism;
  readonly list: 'allow' | 'block';
  /** The chosen group, then the nested ones that are covered as well. */
  readonly groupIds: readonly [GroupId, ...GroupId[]];
  /** Application permissions that the features in use need, such as `Mail.ReadBasic.All`. */
  readonly permissions: readonly string[];
}

/** The configuration when every step of the limit is done: what a preview promises. */
export function configurationWith(limit: WantedLimit, before: AccessConfiguration): AccessConfiguration {
  if (limit.mechanism === 'application_access_policy') {
    const accessRight = limit.list === 'allow' ? 'RestrictAccess' : 'DenyAccess';
    const policy = { appId: before.appId, accessRight, scopeGroupId: limit.groupIds[0] } as const;
    return { ...before, policies: [...before.policies, policy] };
  }
  const surviving = new Set(before.entraGrants);
  for (const permission of mailboxGrants(before.entraGrants)) surviving.delete(permission);
  // Older assignments would keep open what the limit closes: they are removed with it.
  return { ...before, entraGrants: surviving, assignments: assignmentsOf(limit) };
}

function assignmentsOf({ groupIds, list, permissions }: WantedLimit): RoleAssignment[] {
  const covers = list === 'allow' ? 'members' : 'everybody_else';
  const roles = new Set(permissions.flatMap((permission) => exchangeRoleFor(permission) ?? []));
  return [...roles].map((role) => ({ role, scope: { kind: 'direct_members', groupIds, covers } }));
}

export interface FoundProblem {
  readonly problem: ScopeProblem;
  /** Groups, permissions, policies or roles that it is about. */
  readonly names: readonly string[];
}

export interface LimitCircumstances {
  readonly group: { readonly displayName: string; readonly kind: GroupKind };
  /** Groups inside the chosen one, whether covered or not. */
  readonly nestedGroupNames: readonly string[];
  readonly includesNested: boolean;
  readonly before: AccessConfiguration;
  /** Whether it is known what Exchange enforces. */
  readonly isRead: boolean;
  readonly membersKnown: boolean;
  readonly servicePrincipal: 'present' | 'absent' | 'points_elsewhere' | 'unknown';
  /** Mailboxes that the limit names, and all of the tenant. */
  readonly named: number;
  readonly mailboxes: number;
}

/** What stands against a limit, loudest first; pure, so that a preview and the change itself judge alike. */
export function problemsOfLimit(limit: WantedLimit, given: LimitCircumstances): FoundProblem[] {
  const { before, group } = given;
  const byRoles = limit.mechanism === 'role_assignments';
  const found: FoundProblem[] = [];
  const add = (problem: ScopeProblem, ...names: readonly string[]) => found.push({ problem, names });

  const ofGroup = problemOfGroup(group.kind, limit.mechanism);
  if (ofGroup) add(ofGroup, group.displayName);
  if (!given.membersKnown) add('members_unknown', group.displayName);
  else if (given.named === 0) add('nobody_inside', group.displayName);
  else if (given.named === given.mailboxes) add('everybody_inside', group.displayName);

  const grants = mailboxGrants(before.entraGrants);
  if (byRoles && grants.length > 0) add('union_trap', ...grants);
  const unlimited = before.assignments.filter(({ scope }) => scope.kind === 'organization');
  if (unlimited.length > 0) add('unlimited_assignment', ...unlimited.map(({ role }) => role));
  const unread = before.assignments.flatMap(({ scope }) => (scope.kind === 'other_filter' ? [scope.filter] : []));
  if (unread.length > 0) add('filter_not_understood', ...unread);
  if (byRoles && given.servicePrincipal === 'points_elsewhere') add('pointer_elsewhere');

  const denies = before.policies.some(({ accessRight }) => accessRight === 'DenyAccess');
  if (denies && !byRoles) add('deny_policy');
  if (byRoles && before.policies.length > 0) add('policies_beside_roles');
  if (byRoles && !given.includesNested && given.nestedGroupNames.length > 0) {
    add('nested_not_covered', ...given.nestedGroupNames);
  }
  if (!byRoles) add('policy_deprecated');
  if (!given.isRead) add('never_read');
  return found;
}
