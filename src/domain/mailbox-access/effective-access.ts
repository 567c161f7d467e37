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
  /** A management scope `MemberOfGroup`, or `RecipientGroupScope`: direct members of any of the groups. */
  | { readonly kind: 'direct_members'; readonly groupIds: readonly GroupId[] }
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
}

/** One way by which a permission reaches a mailbox. */
export type AccessPath =
  | { readonly via: 'entra_grant'; readonly limitedBy: 'nothing' | 'restrict_policy' }
  | { readonly via: 'role_assignment'; readonly role: string; readonly scope: AssignmentScope };

export type EffectiveAccess =
  | { readonly access: 'reachable'; readonly paths: readonly [AccessPath, ...AccessPath[]] }
  | { readonly access: 'closed'; readonly because: ClosedReason }
  /** An assignment may or may not hold the mailbox, and nothing else opens it. */
  | { readonly access: 'unknown'; readonly because: 'filter_not_understood'; readonly filters: readonly string[] };

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
  let closed: ClosedReason = 'not_granted';

  if (configuration.entraGrants.has(permission)) {
    const decision = decideByPolicies(configuration.appId, mailbox.transitiveGroups, configuration.policies);
    // Policies confine only the permissions that Microsoft lists; any other grant is open to the whole tenant.
    if (!permissionsUnderPolicies.has(permission)) paths.push({ via: 'entra_grant', limitedBy: 'nothing' });
    else if (!decision.allows) closed = decision.because;
    else {
      const limitedBy = decision.because === 'inside_restrict_scope' ? 'restrict_policy' : 'nothing';
      paths.push({ via: 'entra_grant', limitedBy });
    }
  }

  for (const { role, scope } of configuration.assignments) {
    if (!permissionsOfExchangeRole[role]?.includes(permission)) continue;
    if (scope.kind === 'other_filter') filters.push(scope.filter);
    else if (holds(scope, mailbox)) paths.push({ via: 'role_assignment', role, scope });
    else if (closed === 'not_granted') closed = 'outside_assignment_scope';
  }

  const [first, ...others] = paths;
  if (first) return { access: 'reachable', paths: [first, ...others] };
  if (filters.length > 0) return { access: 'unknown', because: 'filter_not_understood', filters };
  return { access: 'closed', because: closed };
}

/**
 * Access for a call that needs several permissions: all of them on the same mailbox. One on this mailbox and another one
 * elsewhere does not combine. The first permission that is not reachable decides.
 */
export function effectiveAccessToAll(
  permissions: readonly [string, ...string[]],
  mailbox: MailboxMembership,
  configuration: AccessConfiguration,
): EffectiveAccess {
  const each = permissions.map((permission) => effectiveAccess(permission, mailbox, configuration));
  const closed = each.find((access) => access.access === 'closed');
  const unknown = each.find((access) => access.access === 'unknown');
  return closed ?? unknown ?? effectiveAccess(permissions[0], mailbox, configuration);
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

function holds(scope: Exclude<AssignmentScope, { kind: 'other_filter' }>, mailbox: MailboxMembership): boolean {
  switch (scope.kind) {
    case 'organization':
      return true;
    case 'direct_members':
      return scope.groupIds.some((groupId) => mailbox.directGroups.has(groupId));
    case 'administrative_unit':
      return mailbox.administrativeUnits.has(scope.administrativeUnitId);
  }
}
