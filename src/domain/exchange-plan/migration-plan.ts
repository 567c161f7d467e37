import type { GroupId } from '../ids.ts';
import type { ExchangeGroup, ExchangePolicy } from '../mailbox-access/exchange-configuration.ts';
import { exchangeRoleFor } from '../mailbox-access/exchange-role.ts';
import { assignRoles, type LimitRequest, testSteps } from './limit-plan.ts';
import type { ExchangePlan } from './step.ts';

/** "Say the same with role assignments as these policies say now." */
export interface MigrationRequest extends Omit<LimitRequest, 'groupIds' | 'list' | 'mechanism'> {
  /** All policies of the application. */
  readonly policies: readonly ExchangePolicy[];
  /** The groups of the policies and every group nested in them, as Exchange lists them. */
  readonly groups: readonly ExchangeGroup[];
}

export type MigrationRefusal =
  | { readonly refused: 'no_policy' }
  /** A scope allows; turned into one, a policy that denies would mean its opposite. */
  | { readonly refused: 'deny_policy'; readonly policies: readonly ExchangePolicy[] }
  | { readonly refused: 'scope_unknown'; readonly policies: readonly ExchangePolicy[] }
  /** Policies count nested groups and scopes do not: without knowing them the scope would be another one. */
  | { readonly refused: 'members_unknown'; readonly groupIds: readonly GroupId[] }
  | { readonly refused: 'no_role' };

/**
 * The plan that replaces policies by one management scope and role assignments. Removing the Entra grants and then the
 * policies comes later, when the tests have passed and Graph's caches know: see `planPolicyRemoval`.
 * @see Microsoft Learn, RBAC for Applications in Exchange Online, migration from application access policies
 */
export function planMigration(request: MigrationRequest): ExchangePlan | MigrationRefusal {
  const { tenantId, appId, policies, permissions } = request;
  if (policies.length === 0) return { refused: 'no_policy' };
  const denying = policies.filter((policy) => policy.accessRight === 'DenyAccess');
  if (denying.length > 0) return { refused: 'deny_policy', policies: denying };
  if (!permissions.some((permission) => exchangeRoleFor(permission))) return { refused: 'no_role' };

  const groupOf = new Map(request.groups.map((group) => [group.id, group]));
  const unresolved = policies.filter(({ groupId }) => groupId === null || !groupOf.has(groupId));
  if (unresolved.length > 0) return { refused: 'scope_unknown', policies: unresolved };

  // A set keeps its order and is walked while it grows: each group once, also in a circle.
  const covered = new Set(policies.flatMap(({ groupId }) => groupId ?? []));
  for (const id of covered) for (const nested of groupOf.get(id)?.nestedGroupIds ?? []) covered.add(nested);
  const unlisted = [...covered].filter((id) => !groupOf.get(id)?.membersKnown);
  if (unlisted.length > 0) return { refused: 'members_unknown', groupIds: unlisted };

  const [first, ...others] = covered;
  if (first === undefined) return { refused: 'no_policy' };
  const make = assignRoles({ ...request, groupIds: [first, ...others], list: 'allow' });
  const tests = testSteps({ ...request, mechanism: 'role_assignments' });
  return { tenantId, steps: [...make, ...tests, { kind: 'read_configuration', appId }] };
}
