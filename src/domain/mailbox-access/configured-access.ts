import { readScopeFilter } from '../exchange-plan/scope-filter.ts';
import type { AdministrativeUnitId, AppId, GroupId, ServicePrincipalId, UserId } from '../ids.ts';
import type { AccessConfiguration, AssignmentScope, MailboxMembership } from './effective-access.ts';
import type { ExchangeAssignment, ExchangeConfiguration, ExchangeGroup } from './exchange-configuration.ts';

/**
 * What Exchange enforces, together with Entra's grants, in the words of the access rule.
 * @param servicePrincipalId the one in the tenant now; assignments of a pointer to another one grant nothing
 */
export function accessConfigurationOf(
  configuration: ExchangeConfiguration,
  {
    appId,
    entraGrants,
    servicePrincipalId,
  }: Pick<AccessConfiguration, 'appId' | 'entraGrants'> & { readonly servicePrincipalId?: ServicePrincipalId },
): AccessConfiguration {
  const pointer = configuration.servicePrincipal?.objectId.toLowerCase();
  const isStale = servicePrincipalId !== undefined && pointer !== servicePrincipalId.toLowerCase();
  return {
    appId: appId.toLowerCase() as AppId,
    entraGrants,
    policies: configuration.policies.map(({ accessRight, groupId }) => ({
      appId: appId.toLowerCase() as AppId,
      accessRight,
      scopeGroupId: groupId,
    })),
    assignments: (isStale ? [] : configuration.assignments).map(({ role, scope }) => ({
      role,
      scope: readScope(scope, configuration),
    })),
  };
}

/**
 * The groups of a mailbox, as far as Exchange could list them. Administrative units are not listed by Exchange: whether one
 * of them holds the mailbox stays unknown.
 */
export function membershipOf(configuration: ExchangeConfiguration, userId: UserId): MailboxMembership {
  const groups = new Map(configuration.groups.map((group) => [group.id, group]));
  const directGroups = new Set<GroupId>();
  const transitiveGroups = new Set<GroupId>();
  const unknownDirectly = new Set<GroupId>();
  const unknownTransitively = new Set<GroupId>();
  for (const id of groupsNamed(configuration)) {
    const inside = [...withNested(id, groups)].map((each) => groups.get(each));
    if (groups.get(id)?.memberIds.includes(userId)) directGroups.add(id);
    else if (!groups.get(id)?.membersKnown) unknownDirectly.add(id);
    if (inside.some((group) => group?.memberIds.includes(userId))) transitiveGroups.add(id);
    else if (inside.some((group) => !group?.membersKnown)) unknownTransitively.add(id);
  }
  const administrativeUnits = new Set<AdministrativeUnitId>(
    configuration.assignments.flatMap(({ scope }) => (scope.kind === 'administrative_unit' ? [scope.id] : [])),
  );
  return {
    directGroups,
    transitiveGroups,
    administrativeUnits: new Set(),
    unknown: { directGroups: unknownDirectly, transitiveGroups: unknownTransitively, administrativeUnits },
  };
}

function readScope(scope: ExchangeAssignment['scope'], configuration: ExchangeConfiguration): AssignmentScope {
  switch (scope.kind) {
    case 'organization':
      return { kind: 'organization' };
    case 'group':
      return { kind: 'direct_members', groupIds: [scope.groupId], covers: 'members' };
    case 'administrative_unit':
      return { kind: 'administrative_unit', administrativeUnitId: scope.id };
    case 'unknown':
      return { kind: 'other_filter', filter: scope.text };
    case 'management_scope': {
      const filter = configuration.scopes.find(({ name }) => name === scope.name)?.filter;
      return filter === undefined ? { kind: 'other_filter', filter: scope.name } : readFilter(filter, configuration);
    }
  }
}

function readFilter(filter: string, { groups }: ExchangeConfiguration): AssignmentScope {
  const read = readScopeFilter(filter);
  const groupIds = read?.distinguishedNames.map(
    (name) => groups.find((group) => group.distinguishedName.toLowerCase() === name.toLowerCase())?.id,
  );
  // A name that no group has any more holds nobody today and somebody tomorrow: it is not read as nothing.
  if (!read || !groupIds?.every((id) => id !== undefined)) return { kind: 'other_filter', filter };
  return { kind: 'direct_members', groupIds, covers: read.covers };
}

/** Groups of the configuration, and those that it names and does not list. */
function groupsNamed({ groups, policies, assignments }: ExchangeConfiguration): Set<GroupId> {
  return new Set([
    ...groups.flatMap(({ id, nestedGroupIds }) => [id, ...nestedGroupIds]),
    ...policies.flatMap(({ groupId }) => groupId ?? []),
    ...assignments.flatMap(({ scope }) => (scope.kind === 'group' ? [scope.groupId] : [])),
  ]);
}

function withNested(id: GroupId, groups: ReadonlyMap<GroupId, ExchangeGroup>): Set<GroupId> {
  const inside = new Set([id]);
  // A set is walked while it grows: each group once, also in a circle.
  for (const each of inside) for (const nested of groups.get(each)?.nestedGroupIds ?? []) inside.add(nested);
  return inside;
}
