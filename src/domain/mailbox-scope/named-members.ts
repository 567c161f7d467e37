import type { ExchangePlan } from '../exchange-plan/step.ts';
import type { GroupId, UserId } from '../ids.ts';
import type { ExchangeGroup } from '../mailbox-access/exchange-configuration.ts';

/**
 * People whom a plan's limit names, as its mechanism counts them: direct members of every group of a management scope, or
 * everybody inside the group of a policy, nested groups included.
 * @returns each person, and whether only a nested group holds them
 */
export function namedMembers(plan: ExchangePlan, groups: readonly ExchangeGroup[]): ReadonlyMap<UserId, boolean> {
  const known = new Map(groups.map((group) => [group.id, group]));
  const [chosen, ...others] = namedGroups(plan, known);
  const named = new Map<UserId, boolean>();
  for (const id of [...others].reverse()) for (const userId of known.get(id)?.memberIds ?? []) named.set(userId, true);
  if (chosen) for (const userId of known.get(chosen)?.memberIds ?? []) named.set(userId, false);
  return named;
}

function namedGroups({ steps }: ExchangePlan, known: ReadonlyMap<GroupId, ExchangeGroup>): readonly GroupId[] {
  for (const step of steps) {
    if (step.kind === 'ensure_management_scope') return step.groupIds;
    if (step.kind === 'ensure_application_access_policy') {
      const inside = new Set([step.groupId]);
      // A set is walked while it grows: each group once, also in a circle.
      for (const id of inside) for (const nested of known.get(id)?.nestedGroupIds ?? []) inside.add(nested);
      return [...inside];
    }
  }
  return [];
}
