import type { AppId, GroupId, ServicePrincipalId, TenantId, UserId } from '../ids.ts';
import { exchangeRoleFor } from '../mailbox-access/exchange-role.ts';
import type { ExchangePlan, ExchangeStep } from './step.ts';

/** "Limit the application to these mailboxes", or to all others. */
export interface LimitRequest {
  readonly tenantId: TenantId;
  readonly appId: AppId;
  readonly servicePrincipalId: ServicePrincipalId;
  readonly applicationName: string;
  readonly groupId: GroupId;
  /** `allow`: only the group's mailboxes; `block`: all but the group's. */
  readonly list: 'allow' | 'block';
  readonly mechanism: 'role_assignments' | 'application_access_policy';
  /** Application permissions to limit, such as `Mail.Read`. */
  readonly permissions: readonly string[];
  /** Mailboxes on which the limit is proved, from both sides. */
  readonly mustReach: readonly UserId[];
  readonly mustNotReach: readonly UserId[];
}

/** Exchange's limit for the names of scopes and assignments, in characters. */
const nameLength = 64;

/**
 * The plan that sets a limit: what to make, then the tests from both sides. With role assignments the matching grants in
 * Entra must be removed afterwards, or they limit nothing; that is not Exchange's part and not in this plan.
 * Permissions without a role of RBAC for Applications, such as directory permissions, are left out.
 */
export function planLimit(request: LimitRequest): ExchangePlan {
  const make = request.mechanism === 'role_assignments' ? assignRoles(request) : createPolicy(request);
  return { tenantId: request.tenantId, steps: [...make, ...tests(request)] };
}

/**
 * The plan that takes a limit back, in reverse order. Exchange's pointer to the service principal stays: it grants
 * nothing, and others may use it.
 */
export function planUndo(plan: ExchangePlan): ExchangePlan {
  const steps = plan.steps.flatMap((step): ExchangeStep[] => {
    switch (step.kind) {
      case 'ensure_role_assignment':
        return [{ kind: 'remove_role_assignment', name: step.name }];
      case 'ensure_management_scope':
        return [{ kind: 'remove_management_scope', name: step.name }];
      case 'ensure_application_access_policy': {
        const { appId, groupId, accessRight } = step;
        return [{ kind: 'remove_application_access_policy', appId, groupId, accessRight }];
      }
      default:
        return [];
    }
  });
  return { tenantId: plan.tenantId, steps: steps.reverse() };
}

function assignRoles(request: LimitRequest): ExchangeStep[] {
  const { appId, servicePrincipalId, applicationName, groupId } = request;
  const scopeName = nameOf('Mailbox Access', request.list, groupId);
  const roles = request.permissions.flatMap((permission) => exchangeRoleFor(permission) ?? []);
  return [
    { kind: 'ensure_service_principal', appId, servicePrincipalId, displayName: applicationName },
    {
      kind: 'ensure_management_scope',
      name: scopeName,
      groupId,
      covers: request.list === 'allow' ? 'members' : 'everybody_else',
    },
    ...[...new Set(roles)].map((role): ExchangeStep => {
      const name = nameOf('MA', role.replace('Application ', ''), appId.slice(0, 8), groupId.slice(0, 8), request.list);
      return { kind: 'ensure_role_assignment', name, servicePrincipalId, role, scopeName };
    }),
  ];
}

function createPolicy(request: LimitRequest): ExchangeStep[] {
  return [
    {
      kind: 'ensure_application_access_policy',
      appId: request.appId,
      groupId: request.groupId,
      accessRight: request.list === 'allow' ? 'RestrictAccess' : 'DenyAccess',
      // All policies of a tenant share one size limit, so the description is short.
      description: 'Mailbox Access',
    },
  ];
}

function tests({ mechanism, appId, servicePrincipalId, mustReach, mustNotReach }: LimitRequest): ExchangeStep[] {
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

function nameOf(...parts: readonly string[]): string {
  return parts.join(' ').slice(0, nameLength).trim();
}
