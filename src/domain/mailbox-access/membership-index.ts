import type { AdministrativeUnitId, GroupId, UserId } from '../ids.ts';
import type { MailboxMembership } from './effective-access.ts';
import type { ExchangeConfiguration, ExchangeGroup } from './exchange-configuration.ts';

/**
 * Who is in which group, for whole tenants: reads every group once and answers for each mailbox in constant time. What
 * could not be listed stays unknown; so do administrative units, which Exchange does not list. A group inside itself
 * does no harm.
 */
export function indexMembership({
  groups,
  policies,
  assignments,
}: Pick<ExchangeConfiguration, 'groups' | 'policies' | 'assignments'>): (userId: UserId) => MailboxMembership {
  const known = new Map(groups.map((group) => [group.id, group]));
  const direct = new Map<UserId, Set<GroupId>>();
  const transitive = new Map<UserId, Set<GroupId>>();
  const unlistedDirectly = new Set<GroupId>();
  const unlistedTransitively = new Set<GroupId>();
  for (const id of namedGroups(groups, policies, assignments)) {
    const inside = withNested(id, known).map((each) => known.get(each));
    for (const userId of known.get(id)?.memberIds ?? []) add(direct, userId, id);
    if (!known.get(id)?.membersKnown) unlistedDirectly.add(id);
    for (const group of inside) for (const userId of group?.memberIds ?? []) add(transitive, userId, id);
    if (inside.some((group) => !group?.membersKnown)) unlistedTransitively.add(id);
  }
  const administrativeUnits = new Set<AdministrativeUnitId>(
    assignments.flatMap(({ scope }) => (scope.kind === 'administrative_unit' ? [scope.id] : [])),
  );
  return (userId) => {
    const directGroups = direct.get(userId) ?? nowhere;
    const transitiveGroups = transitive.get(userId) ?? nowhere;
    return {
      directGroups,
      transitiveGroups,
      administrativeUnits: nobody,
      unknown: {
        directGroups: without(unlistedDirectly, directGroups),
        transitiveGroups: without(unlistedTransitively, transitiveGroups),
        administrativeUnits,
      },
    };
  };
}

const nowhere: ReadonlySet<GroupId> = new Set();
const nobody: ReadonlySet<AdministrativeUnitId> = new Set();

/** Groups of the configuration, and those that it names and does not list. */
function namedGroups(
  groups: ExchangeConfiguration['groups'],
  policies: ExchangeConfiguration['policies'],
  assignments: ExchangeConfiguration['assignments'],
): Set<GroupId> {
  return new Set([
    ...groups.flatMap(({ id, nestedGroupIds }) => [id, ...nestedGroupIds]),
    ...policies.flatMap(({ groupId }) => groupId ?? []),
    ...assignments.flatMap(({ scope }) => (scope.kind === 'group' ? [scope.groupId] : [])),
  ]);
}

/** A group and every group nested in it, as far as they are known. */
function withNested(id: GroupId, groups: ReadonlyMap<GroupId, ExchangeGroup>): GroupId[] {
  const inside = new Set([id]);
  // A set is walked while it grows: each group once, also in a circle.
  for (const each of inside) for (const nested of groups.get(each)?.nestedGroupIds ?? []) inside.add(nested);
  return [...inside];
}

function without(ids: ReadonlySet<GroupId>, others: ReadonlySet<GroupId>): ReadonlySet<GroupId> {
  return ids.size === 0 ? ids : new Set([...ids].filter((id) => !others.has(id)));
}

function add(index: Map<UserId, Set<GroupId>>, userId: UserId, groupId: GroupId): void {
  const groups = index.get(userId);
  if (groups) groups.add(groupId);
  else index.set(userId, new Set([groupId]));
}
