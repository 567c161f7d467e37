import type { GroupKind } from './scope-group.ts';

/** What stands against a limit, loudest first. */
export const scopeProblems = [
  /** A grant in Entra beside a scoped role: the limit limits nothing until the grant is removed. */
  'union_trap',
  /** A role assignment without a scope, or with one that holds everybody. */
  'unlimited_assignment',
  'group_unknown_to_exchange',
  'group_not_security',
  'group_dynamic',
  'nobody_inside',
  'everybody_inside',
  'deny_policy',
  'members_unknown',
  'filter_not_understood',
  'pointer_elsewhere',
  'nested_not_covered',
  /** Policies confine grants of Entra only, never role assignments. */
  'policies_beside_roles',
  'policy_deprecated',
  'never_read',
] as const;
export type ScopeProblem = (typeof scopeProblems)[number];

/** Problems with which a limit cannot be set; the others are said and may be accepted. */
const stopping: ReadonlySet<ScopeProblem> = new Set([
  'group_unknown_to_exchange',
  'group_not_security',
  'group_dynamic',
  'nobody_inside',
  'members_unknown',
]);

export function stopsScope(problem: ScopeProblem): boolean {
  return stopping.has(problem);
}

/**
 * Whether a mechanism takes a group of this kind. Policies need a security principal with mail; a filter of role
 * assignments takes every group that Exchange knows, and a dynamic group has no members that Exchange could list.
 * @see Microsoft Learn, New-ApplicationAccessPolicy; RBAC for Applications in Exchange Online, resource scopes
 */
export function problemOfGroup(
  kind: GroupKind,
  mechanism: 'role_assignments' | 'application_access_policy',
): ScopeProblem | undefined {
  if (kind === 'dynamic') return 'group_dynamic';
  if (kind === 'security' || kind === 'other') return 'group_unknown_to_exchange';
  if (mechanism === 'application_access_policy' && kind !== 'mail_enabled_security') return 'group_not_security';
  return undefined;
}
