import { groupsNamedIn } from '../../domain/exchange-plan/scope-filter.ts';
import type { AppId } from '../../domain/ids.ts';
import { type CmdletOutput, type Cmdlets, isSame, textOf } from './cmdlets.ts';
import type { Findings } from './findings.ts';
import { findGroupByName, idOf, membersOf } from './recipients.ts';

/**
 * Asks Exchange what it enforces for one application. Lists are read whole and filtered here: an unknown identity makes
 * some cmdlets answer everything. What comes back is not checked yet: see `findings`.
 */
export async function readConfiguration(cmdlets: Cmdlets, appId: AppId): Promise<Findings> {
  const roots: CmdletOutput[] = [];
  async function resolve(name: string): Promise<string> {
    const group = await findGroupByName(cmdlets, name);
    if (group && idOf(group) !== '') roots.push(group);
    return group ? idOf(group) : '';
  }

  const servicePrincipals = (await cmdlets.invoke('Get-ServicePrincipal'))
    .filter((pointer) => isSame(textOf(pointer, 'AppId'), appId))
    .map((pointer) => ({
      objectId: textOf(pointer, 'ObjectId', 'ServiceId').toLowerCase(),
      displayName: textOf(pointer, 'DisplayName'),
    }));

  const policies: Findings['policies'] = [];
  for (const policy of await cmdlets.invoke('Get-ApplicationAccessPolicy')) {
    if (!isSame(textOf(policy, 'AppId'), appId)) continue;
    policies.push({
      identity: textOf(policy, 'Identity'),
      accessRight: textOf(policy, 'AccessRight') as Findings['policies'][number]['accessRight'],
      groupId: await resolve(textOf(policy, 'ScopeIdentity')),
      scopeName: textOf(policy, 'ScopeName'),
      description: textOf(policy, 'Description'),
    });
  }

  const assignments: Findings['assignments'] = [];
  for (const { objectId } of servicePrincipals) {
    for (const assignment of await cmdlets.invoke('Get-ManagementRoleAssignment', { RoleAssignee: objectId })) {
      if (isSame(textOf(assignment, 'Enabled'), 'False')) continue;
      const writeScope = textOf(assignment, 'RecipientWriteScope');
      const resourceScope = textOf(assignment, 'CustomResourceScope', 'CustomRecipientWriteScope');
      const groupScope =
        textOf(assignment, 'RecipientGroupScope') || (isSame(writeScope, 'Group') ? resourceScope || writeScope : '');
      assignments.push({
        name: textOf(assignment, 'Name'),
        role: textOf(assignment, 'Role'),
        writeScope,
        resourceScope,
        groupScope,
        groupId: await resolve(groupScope),
        administrativeUnit: textOf(assignment, 'RecipientAdministrativeUnitScope'),
      });
    }
  }

  const scopes = (await cmdlets.invoke('Get-ManagementScope'))
    .filter((scope) => assignments.some(({ resourceScope }) => isSame(resourceScope, textOf(scope, 'Name'))))
    .map((scope) => ({ name: textOf(scope, 'Name'), filter: textOf(scope, 'RecipientFilter') }));
  for (const { filter } of scopes) for (const name of groupsNamedIn(filter)) await resolve(name);

  return { servicePrincipals, policies, assignments, scopes, groups: await readGroups(cmdlets, roots) };
}

/** These groups and all that are nested in them, each once. */
async function readGroups(cmdlets: Cmdlets, roots: readonly CmdletOutput[]): Promise<Findings['groups']> {
  const groups = new Map<string, Findings['groups'][number]>();
  const waiting = [...roots];
  for (let group = waiting.shift(); group; group = waiting.shift()) {
    const id = idOf(group);
    if (groups.has(id)) continue;
    const members = await membersOf(cmdlets, group);
    groups.set(id, {
      id,
      displayName: textOf(group, 'DisplayName'),
      address: textOf(group, 'PrimarySmtpAddress'),
      type: textOf(group, 'RecipientTypeDetails'),
      distinguishedName: textOf(group, 'DistinguishedName'),
      membersKnown: members.areKnown,
      memberIds: [...members.userIds],
      nestedGroupIds: members.groups.map(idOf),
    });
    waiting.push(...members.groups);
  }
  return [...groups.values()];
}
