import type { Group } from '../tenant/group.ts';
import type { Person } from '../tenant/person.ts';
import { contextOf, directoryPage, pick, selected, top } from './collection.ts';
import { countDirectory, type DirectoryOptions, queryDirectory } from './directory-query.ts';
import { resourceNotFound } from './graph-error.ts';
import type { Call, GraphAnswer, Operation, Permissions } from './operation.ts';
import { dateTime, defaultUserProperties, userResource } from './user.ts';

const listing = [
  'Group.ReadBasic.All',
  'GroupMember.Read.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
];
const membership = [
  'GroupMember.ReadBasic.All',
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.ReadBasic.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
];
const alike = (permissions: readonly string[]): Permissions => ({ application: permissions, delegated: permissions });
const directory = { method: 'GET', service: 'directory' } as const;
const collectionQuery = ['$select', '$top', '$filter', '$search', '$count', '$orderby', '$skiptoken'];

export const groups: readonly Operation[] = [
  { ...directory, path: '/groups', permissions: alike(listing), query: collectionQuery, answer: listGroups },
  { ...directory, path: '/groups/{group-id}', permissions: alike(listing), query: ['$select'], answer: getGroup },
  ...membersOperations('members', 3, (call, group) => membersOf(call, group.memberIds)),
  ...membersOperations('transitiveMembers', 5, (call, group) =>
    membersOf(call, call.tenant.transitiveMemberIds(group.id)),
  ),
];

type Members = (call: Call, group: Group) => (Person | Group)[];

/** A list of members, the people among them, and their number. */
function membersOperations(name: string, units: number, members: Members): Operation[] {
  const operation = { ...directory, permissions: alike(membership), units };
  const people = (call: Call) => members(call, groupOf(call)).filter(isPerson);
  return [
    {
      ...operation,
      path: `/groups/{group-id}/${name}`,
      query: ['$select', '$top', '$count', '$skiptoken'],
      answer: (call) => listMembers(call, members(call, groupOf(call)), 'directoryObjects'),
    },
    {
      ...operation,
      path: `/groups/{group-id}/${name}/microsoft.graph.user`,
      query: collectionQuery,
      answer: (call) => listMembers(call, people(call), 'users'),
    },
    {
      ...operation,
      path: `/groups/{group-id}/${name}/microsoft.graph.user/$count`,
      query: ['$filter', '$search'],
      answer: (call) => countDirectory(call, people(call), memberOptions),
    },
  ];
}

const groupOptions: DirectoryOptions<Group> = {
  resource: groupResource,
  filterable: [
    'displayName',
    'groupTypes',
    'id',
    'mail',
    'mailEnabled',
    'mailNickname',
    'onPremisesSyncEnabled',
    'securityEnabled',
  ],
  searchable: ['displayName', 'description', 'mail', 'mailNickname'],
  sortable: ['displayName'],
};

const memberOptions: DirectoryOptions<Person | Group> = {
  resource: (member) => (isPerson(member) ? userResource(member) : groupResource(member)),
  filterable: ['accountEnabled', 'displayName', 'id', 'mail', 'userPrincipalName', 'userType'],
  searchable: ['displayName', 'mail', 'userPrincipalName'],
  sortable: ['displayName'],
};

function listGroups(call: Call): GraphAnswer {
  const names = selected(call);
  const found = queryDirectory(call, [...call.tenant.groups.values()], groupOptions);
  const write = (group: Group) => pick(groupResource(group), names, 'group', []);
  return directoryPage(call, found, write, `groups${names ? `(${names})` : ''}`, top(call, 100, 999));
}

function getGroup(call: Call): GraphAnswer {
  const names = selected(call);
  const context = contextOf(call, `groups${names ? `(${names})` : ''}/$entity`);
  return {
    status: 200,
    body: { '@odata.context': context, ...pick(groupResource(groupOf(call)), names, 'group', []) },
  };
}

function listMembers(
  call: Call,
  members: readonly (Person | Group)[],
  type: 'directoryObjects' | 'users',
): GraphAnswer {
  const names = selected(call);
  const found = queryDirectory(call, members, memberOptions);
  const write = (member: Person | Group) => writeMember(call, member, names, type);
  return directoryPage(call, found, write, `${type}${names ? `(${names})` : ''}`, top(call, 100, 999));
}

/** Members that the caller may not read come with type and id alone. */
function writeMember(
  call: Call,
  member: Person | Group,
  names: readonly string[] | undefined,
  type: 'directoryObjects' | 'users',
): Record<string, unknown> {
  const typeName = isPerson(member) ? 'user' : 'group';
  const odataType = type === 'directoryObjects' ? { '@odata.type': `#microsoft.graph.${typeName}` } : {};
  const readable = isPerson(member)
    ? call.holds('User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All')
    : call.holds(...listing);
  const resource = memberOptions.resource(member);
  if (!readable) {
    const asked = names ?? defaultsOf(member);
    const nothing = asked.map((name) => [name, Array.isArray(resource[name]) ? [] : null]);
    return { ...odataType, ...Object.fromEntries(nothing), id: member.id };
  }
  const present = names?.filter((name) => name in resource || type === 'users');
  return { ...odataType, ...pick(resource, present ?? defaultsOf(member), typeName, []) };
}

const defaultsOf = (member: Person | Group) =>
  isPerson(member) ? defaultUserProperties : Object.keys(groupResource(member));

function membersOf(call: Call, ids: readonly string[]): (Person | Group)[] {
  return ids.flatMap((id) => {
    const person = call.tenant.find(id);
    return (person && !person.deletedAt ? person : call.tenant.groups.get(id)) ?? [];
  });
}

/** @throws {GraphError} 404 */
function groupOf(call: Call): Group {
  const id = call.path['group-id'] ?? '';
  const group = call.tenant.groups.get(id.toLowerCase());
  if (!group) throw resourceNotFound(id);
  return group;
}

const isPerson = (member: Person | Group): member is Person => 'userPrincipalName' in member;

export function groupResource(group: Group): Record<string, unknown> {
  return {
    id: group.id,
    deletedDateTime: null,
    classification: null,
    createdDateTime: dateTime(group.createdAt),
    description: group.description,
    displayName: group.displayName,
    groupTypes: group.groupTypes,
    mail: group.mail,
    mailEnabled: group.mailEnabled,
    mailNickname: group.mailNickname,
    membershipRule: null,
    onPremisesLastSyncDateTime: null,
    onPremisesSyncEnabled: group.onPremisesSyncEnabled,
    proxyAddresses: group.mail ? [`SMTP:${group.mail}`] : [],
    renewedDateTime: dateTime(group.createdAt),
    securityEnabled: group.securityEnabled,
    visibility: group.visibility,
  };
}
