import { type DirectoryRole, directoryRoles } from '../tenant/directory-roles.ts';
import { licences } from '../tenant/licences.ts';
import type { Person } from '../tenant/person.ts';
import { digestOf, guidOf } from '../tenant/random.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { contextOf, directoryPage, pick, selected, top } from './collection.ts';
import { resourceNotFound } from './graph-error.ts';
import { groupResource } from './groups.ts';
import type { Call, GraphAnswer, Operation } from './operation.ts';

const memberships = {
  application: ['GroupMember.ReadBasic.All', 'Group.ReadBasic.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  delegated: [
    'User.Read',
    'GroupMember.ReadBasic.All',
    'GroupMember.Read.All',
    'Group.ReadBasic.All',
    'Directory.Read.All',
  ],
};
const directory = { method: 'GET', service: 'directory', units: 2 } as const;
const query = ['$select', '$top', '$count', '$skiptoken'];

/** What belongs to one user and is in the directory. */
export const userRelations: readonly Operation[] = [
  {
    ...directory,
    path: '/users/{user-id}/licenseDetails',
    permissions: {
      application: ['LicenseAssignment.Read.All', 'User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'],
      delegated: [
        'LicenseAssignment.Read.All',
        'User.Read',
        'User.Read.All',
        'User.ReadWrite.All',
        'Directory.Read.All',
      ],
    },
    query: ['$select'],
    answer: listLicenseDetails,
  },
  {
    ...directory,
    path: '/users/{user-id}/memberOf',
    permissions: memberships,
    query,
    answer: (call) => listMemberOf(call, [...groupsOf(call, 'direct'), ...rolesOf(call)]),
  },
  {
    ...directory,
    path: '/users/{user-id}/transitiveMemberOf',
    permissions: memberships,
    query,
    answer: (call) => listMemberOf(call, [...groupsOf(call, 'transitive'), ...rolesOf(call)]),
  },
  ...['memberOf', 'transitiveMemberOf'].map(
    (name): Operation => ({
      ...directory,
      path: `/users/{user-id}/${name}/microsoft.graph.directoryRole`,
      permissions: memberships,
      query,
      answer: (call) => listRoles(call),
    }),
  ),
];

/** @throws {GraphError} 404 */
function personOf(call: Call): Person {
  const asked = call.path['user-id'] ?? '';
  const person = call.tenant.find(asked);
  if (!person || person.deletedAt) throw resourceNotFound(asked);
  return person;
}

function listLicenseDetails(call: Call): GraphAnswer {
  const person = personOf(call);
  const details = person.licences.map((licence) => {
    const { skuId, skuPartNumber, plans } = licences[licence];
    return {
      id: digestOf(`${person.id}/${skuId}`, 43),
      servicePlans: plans.map(({ servicePlanId, servicePlanName }) => ({
        appliesTo: 'User',
        provisioningStatus: 'Success',
        servicePlanId,
        servicePlanName,
      })),
      skuId,
      skuPartNumber,
    };
  });
  const names = selected(call);
  const context = contextOf(call, `users('${call.path['user-id']}')/licenseDetails${names ? `(${names})` : ''}`);
  return {
    status: 200,
    body: { '@odata.context': context, value: details.map((detail) => pick(detail, names, 'licenseDetails', [])) },
  };
}

function listMemberOf(call: Call, resources: readonly Record<string, unknown>[]): GraphAnswer {
  const names = selected(call);
  const write = (resource: Record<string, unknown>) =>
    pick(
      resource,
      names?.filter((name) => name in resource),
      'directoryObject',
      [],
    );
  return directoryPage(call, resources, write, 'directoryObjects', top(call, 100, 999));
}

function listRoles(call: Call): GraphAnswer {
  const names = selected(call);
  const write = ({ '@odata.type': _type, ...role }: Record<string, unknown>) => pick(role, names, 'directoryRole', []);
  return directoryPage(call, rolesOf(call), write, 'directoryRoles', top(call, 100, 999));
}

function groupsOf(call: Call, way: 'direct' | 'transitive'): Record<string, unknown>[] {
  const { id } = personOf(call);
  return [...call.tenant.groups.values()]
    .filter((group) => (way === 'direct' ? group.memberIds : call.tenant.transitiveMemberIds(group.id)).includes(id))
    .map((group) => ({ '@odata.type': '#microsoft.graph.group', ...groupResource(group) }));
}

const rolesOf = (call: Call) => personOf(call).directoryRoles.map((role) => roleResource(call.tenant, role));

const roleResource = (tenant: Tenant, role: DirectoryRole): Record<string, unknown> => ({
  '@odata.type': '#microsoft.graph.directoryRole',
  id: guidOf(`${tenant.id}/directory-role/${role}`),
  deletedDateTime: null,
  description: directoryRoles[role].displayName,
  displayName: directoryRoles[role].displayName,
  roleTemplateId: directoryRoles[role].templateId,
});
