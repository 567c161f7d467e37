import type { AppId, GroupId, ServicePrincipalId, TenantId, UserId } from '../ids.ts';
import { exchangeRoleFor } from '../mailbox-access/exchange-role.ts';
import { assignmentName, scopeName } from './object-name.ts';
import type { ExchangePlan, ExchangeStep } from './step.ts';

/** "Limit the application to these mailboxes", or to all others. */
export interface LimitRequest {
  readonly tenantId: TenantId;
  readonly appId: AppId;
  readonly servicePrincipalId: ServicePrincipalId;
  readonly applicationName: string;
  /** The group that the admin chose, and then the groups nested in it, which role assignments must name themselves. */
  readonly groupIds: readonly [GroupId, ...GroupId[]];
  /** `allow`: only the group's mailboxes; `block`: all but the group's. */
  readonly list: 'allow' | 'block';
  readonly mechanism: 'role_assignments' | 'application_access_policy';
  /** Application permissions to limit, such as `Mail.Read`. */
  readonly permissions: readonly string[];
  /** Mailboxes on which the limit is proved, from both sides. */
  readonly mustReach: readonly UserId[];
  readonly mustNotReach: readonly UserId[];
}

/**
 * The plan that sets a limit: what to make, the tests from both sides, and what Exchange enforces afterwards. With role assignments the matching grants in
 * Entra must be removed afterwards, or they limit nothing; that is not Exchange's part and not in this plan.
 * Permissions without a role of RBAC for Applications, such as directory permissions, are left out.
 */
export function planLimit(request: LimitRequest): ExchangePlan {
  const make = request.mechanism === 'role_assignments' ? assignRoles(request) : createPolicy(request);
  const read: ExchangeStep = { kind: 'read_configuration', appId: request.appId };
  return { tenantId: request.tenantId, steps: [...make, ...testSteps(request), read] };
}

/** Pointer, scope and one assignment per role; permissions without a role are left out. */
export function assignRoles(
  request: Pick<LimitRequest, 'appId' | 'servicePrincipalId' | 'applicationName' | 'groupIds' | 'list' | 'permissions'>,
): ExchangeStep[] {
  const { appId, servicePrincipalId, applicationName, groupIds, list } = request;
  const limit = { appId, groupId: groupIds[0], list };
  const name = scopeName(limit);
  const roles = request.permissions.flatMap((permission) => exchangeRoleFor(permission) ?? []);
  return [
    { kind: 'ensure_service_principal', appId, servicePrincipalId, displayName: applicationName },
    { kind: 'ensure_management_scope', name, groupIds, covers: list === 'allow' ? 'members' : 'everybody_else' },
    ...[...new Set(roles)].map(
      (role): ExchangeStep => ({
        kind: 'ensure_role_assignment',
        name: assignmentName(role, limit),
        servicePrincipalId,
        role,
        scopeName: name,
      }),
    ),
  ];
}

function createPolicy({ appId, groupIds, list }: LimitRequest): ExchangeStep[] {
  return [
    {
      kind: 'ensure_application_access_policy',
      appId,
      // A policy expands nested groups by itself.
      groupId: groupIds[0],
      accessRight: list === 'allow' ? 'RestrictAccess' : 'DenyAccess',
      // All policies of a tenant share one size limit, so the description is short.
      description: 'Mailbox Access',
    },
  ];
}

/** Questions to Exchange that prove a limit from both sides. */
export function testSteps(
  request: Pick<LimitRequest, 'mechanism' | 'appId' | 'servicePrincipalId' | 'mustReach' | 'mustNotReach'>,
): ExchangeStep[] {
  const { mechanism, appId, servicePrincipalId, mustReach, mustNotReach } = request;
  const test = (mailboxId: UserId, reach: boolean): ExchangeStep =>
    mechanism === 'role_assignments'
      ? {
          kind: 'test_role_assignments',
          servicePrincipalId,
          mailboxId,
          expected: reach ? 'in_scope' : 'out_of_scope',
        }
      : { kind: 'test_application_access_policy', appId, mailboxId, expected: reach ? 'granted' : 'denied' };
  return [...mustReach.map((id) => test(id, true)), ...mustNotReach.map((id) => test(id, false))];
}
