import { readScopeFilter } from '../exchange-plan/scope-filter.ts';
import type { AppId, ServicePrincipalId } from '../ids.ts';
import type { AccessConfiguration, AssignmentScope } from './effective-access.ts';
import type { ExchangeAssignment, ExchangeConfiguration } from './exchange-configuration.ts';

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

/** What an assignment covers, in the words of the access rule; what is not understood stays as Exchange writes it. */
export function readScope(scope: ExchangeAssignment['scope'], configuration: ExchangeConfiguration): AssignmentScope {
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
