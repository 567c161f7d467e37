import type { AdministrativeUnitId, AppId, GroupId } from '../ids.ts';
import {
  type ApplicationAccessPolicy,
  decideByPolicies,
  permissionsUnderPolicies,
} from './application-access-policy.ts';
import { permissionsOfExchangeRole } from './exchange-role.ts';

/** Which mailboxes a role assignment covers. */
export type AssignmentScope =
  | { readonly kind: 'organization' }
  /**
   * A management scope `MemberOfGroup`, or `RecipientGroupScope`: direct members of any of the groups, or every mailbox
   * that is a direct member of none of them.
   */
  | {
      readonly kind: 'direct_members';
      readonly groupIds: readonly GroupId[];
      readonly covers: 'members' | 'everybody_else';
    }
  | { readonly kind: 'administrative_unit'; readonly administrativeUnitId: AdministrativeUnitId }
  /** A filter that this rule does not read; nothing is guessed about it. */
  | { readonly kind: 'other_filter'; readonly filter: string };

/** A management role assignment of RBAC for Applications. */
export interface RoleAssignment {
  readonly role: string;
  readonly scope: AssignmentScope;
}

/** All that decides about one application in one tenant. */
export interface AccessConfiguration {
  readonly appId: AppId;
  /** Values of the application permissions granted in Entra, such as `Mail.Read`. */
  readonly entraGrants: ReadonlySet<string>;
  readonly policies: readonly ApplicationAccessPolicy[];
  readonly assignments: readonly RoleAssignment[];
}

/** What decides about one mailbox. */
export interface MailboxMembership {
  readonly directGroups: ReadonlySet<GroupId>;
  readonly transitiveGroups: ReadonlySet<GroupId>;
  readonly administrativeUnits: ReadonlySet<AdministrativeUnitId>;
  /** What may hold the mailbox or not, because its members could not be listed. Absent: everything is known. */
  readonly unknown?: {
    readonly directGroups: ReadonlySet<GroupId>;
    readonly transitiveGroups: ReadonlySet<GroupId>;
    readonly administrativeUnits: ReadonlySet<AdministrativeUnitId>;
  };
}

/** One way by which a permission reaches a mailbox. */
export type AccessPath =
  | { readonly via: 'entra_grant'; readonly limitedBy: 'nothing' | 'restrict_policy' }
  | { readonly via: 'role_assignment'; readonly role: string; readonly scope: AssignmentScope };

export type EffectiveAccess =
  | { readonly access: 'reachable'; readonly paths: readonly [AccessPath, ...AccessPath[]] }
  | { readonly access: 'closed'; readonly because: ClosedReason }
  /** An assignment may or may not hold the mailbox, and nothing else opens it. */
  | { readonly access: 'unknown'; readonly because: 'filter_not_understood'; readonly filters: readonly string[] }
  /** It depends on groups or administrative units whose members could not be listed. */
  | { readonly access: 'unknown'; readonly because: 'members_unknown'; readonly ids: readonly string[] };

export type ClosedReason = 'not_granted' | 'outside_assignment_scope' | 'inside_deny_scope' | 'outside_restrict_scope';

/**
 * The access rule: (granted in Entra AND allowed by the policies) OR (an assignment whose scope holds the mailbox).
 * Total, pure, and the only place of the product that decides access. Either way of access works without the other, so
 * a scoped assignment beside an Entra grant limits nothing.
 * @param permission one application permission, such as `Mail.Read`
 * @see Microsoft Learn, RBAC for Applications in Exchange Online; New-ApplicationAccessPolicy
 */
export function effectiveAccess(
  permission: string,
  mailbox: MailboxMembership,
  configuration: AccessConfiguration,
): EffectiveAccess {
  const paths: AccessPath[] = [];
  const filters: string[] = [];
  const unlisted: string[] = [];
  let perhaps = false;
  let closed: ClosedReason = 'not_granted';

  if (configuration.entraGrants.has(permission)) {
    const decision = decideByPolicies(
      configuration.appId,
      mailbox.transitiveGroups,
      configuration.policies,
      mailbox.unknown?.transitiveGroups,
    );
    // Policies confine only the permissions that Microsoft lists; any other grant is open to the whole tenant.
    if (!permissionsUnderPolicies.has(permission)) paths.push({ via: 'entra_grant', limitedBy: 'nothing' });
    else if (decision.allows === 'unknown') {
      perhaps = true;
      unlisted.push(...decision.groupIds.filter((id) => id !== null));
    } else if (!decision.allows) closed = decision.because;
    else {
      const limitedBy = decision.because === 'inside_restrict_scope' ? 'restrict_policy' : 'nothing';
      paths.push({ via: 'entra_grant', limitedBy });
    }
  }

  for (const { role, scope } of configuration.assignments) {
    if (!permissionsOfExchangeRole[role]?.includes(permission)) continue;
    if (scope.kind === 'other_filter') {
      filters.push(scope.filter);
      continue;
    }
    const answer = holds(scope, mailbox);
    if (answer === 'unknown') {
      perhaps = true;
      unlisted.push(...namesOf(scope));
    } else if (answer) paths.push({ via: 'role_assignment', role, scope });
    else if (closed === 'not_granted') closed = 'outside_assignment_scope';
  }

  const [first, ...others] = paths;
  if (first) return { access: 'reachable', paths: [first, ...others] };
  if (filters.length > 0) return { access: 'unknown', because: 'filter_not_understood', filters };
  if (perhaps) return { access: 'unknown', because: 'members_unknown', ids: [...new Set(unlisted)] };
  return { access: 'closed', because: closed };
}

/** Access for a call that one of several permissions allows, such as `Mail.Read` or `Mail.ReadWrite`. */
export function effectiveAccessToAny(
  permissions: readonly [string, ...string[]],
  mailbox: MailboxMembership,
  configuration: AccessConfiguration,
): EffectiveAccess {
  const each = permissions.map((permission) => effectiveAccess(permission, mailbox, configuration));
  const paths = each.flatMap((access) => (access.access === 'reachable' ? access.paths : []));
  const [first, ...others] = paths;
  if (first) return { access: 'reachable', paths: [first, ...others] };
  const unknown = each.find((access) => access.access === 'unknown');
  if (unknown) return unknown;
  const closed = each.flatMap((access) => (access.access === 'closed' ? [access.because] : []));
  // A permission that is held but kept out tells more than one that nobody granted.
  return { access: 'closed', because: closed.find((because) => because !== 'not_granted') ?? 'not_granted' };
}

type ReadableScope = Exclude<AssignmentScope, { kind: 'other_filter' }>;

function holds(scope: ReadableScope, mailbox: MailboxMembership): boolean | 'unknown' {
  switch (scope.kind) {
    case 'organization':
      return true;
    case 'direct_members': {
      const isMember = isIn(scope.groupIds, mailbox.directGroups, mailbox.unknown?.directGroups);
      return isMember === 'unknown' || scope.covers === 'members' ? isMember : !isMember;
    }
    case 'administrative_unit':
      return isIn([scope.administrativeUnitId], mailbox.administrativeUnits, mailbox.unknown?.administrativeUnits);
  }
}

function isIn<Id>(ids: readonly Id[], known: ReadonlySet<Id>, unknown?: ReadonlySet<Id>): boolean | 'unknown' {
  if (ids.some((id) => known.has(id))) return true;
  return ids.some((id) => unknown?.has(id)) ? 'unknown' : false;
}

function namesOf(scope: ReadableScope): readonly string[] {
  if (scope.kind === 'direct_members') return scope.groupIds;
  return scope.kind === 'administrative_unit' ? [scope.administrativeUnitId] : [];
}
