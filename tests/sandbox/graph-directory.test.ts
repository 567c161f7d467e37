import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { graphAppId } from '../../src/sandbox/tenant/permissions.ts';
import { type Bench, eventual, json, startBench } from './bench.ts';

const { ada, apostrophe, appAdmin, grace, guest, softDeleted } = namedPeople;

let bench: Bench;
let token: string;
beforeAll(async () => {
  bench = await startBench({ people: 250 });
  token = await bench.appToken('User.Read.All', 'GroupMember.Read.All', 'Application.Read.All');
});
afterAll(() => bench[Symbol.asyncDispose]());

const names = (reply: { body: { value: { displayName: string }[] } }) =>
  reply.body.value.map((user) => user.displayName);

test('pages of users hold everybody once, and nobody from the deleted items', async () => {
  const ids: string[] = [];
  let next: string | undefined = '/users?$select=id&$top=60';
  while (next) {
    const reply: { body: { value: { id: string }[]; '@odata.nextLink'?: string } } = await bench.graph(token, next);
    ids.push(...reply.body.value.map((user) => user.id));
    next = reply.body['@odata.nextLink'];
  }

  expect(ids).toEqual(bench.sandbox.tenant.people.map((person) => person.id));
  expect(ids).not.toContain(softDeleted.id);
});

test('a page has a hundred users, and at most 999', async () => {
  const standard = await bench.graph(token, '/users');
  const tooMany = await bench.graph(token, '/users?$top=1000');

  expect(standard.body.value).toHaveLength(100);
  expect(Object.keys(standard.body.value[0])).toContain('businessPhones');
  expect(Object.keys(standard.body.value[0])).not.toContain('accountEnabled');
  expect(tooMany.status).toBe(400);
});

test.each([
  ["startsWith(displayName,'Grace')", ['Grace Hopper']],
  [`userPrincipalName eq 'GRACE@contoso.example'`, ['Grace Hopper']],
  [`mail eq '${apostrophe.userPrincipalName.replaceAll("'", "''")}'`, ["Siobhán O'Brien"]],
  ["proxyAddresses/any(x:x eq 'smtp:ada@contoso.example')", ['Ada Lovelace']],
  [`id in ('${ada.id}','${grace.id}')`, ['Ada Lovelace', 'Grace Hopper']],
  ["surname eq 'Hopper' or (givenName eq 'Ada' and accountEnabled eq true)", ['Ada Lovelace', 'Grace Hopper']],
])('$filter=%s finds %j', async (filter, expected) => {
  const reply = await bench.graph(token, `/users?$select=displayName&$filter=${encodeURIComponent(filter)}`);

  expect(names(reply)).toEqual(expected);
});

test('an in takes fifteen values and no more, whichever property it names', async () => {
  const people = bench.sandbox.tenant.people.slice(0, 16);
  const path = (property: 'userPrincipalName' | 'mail', count: number) => {
    const values = people.slice(0, count).map((person) => `'${person[property]?.replaceAll("'", "''")}'`);
    return `/users?$select=displayName&$filter=${encodeURIComponent(`${property} in (${values.join(',')})`)}`;
  };

  const most = await bench.graph(token, path('userPrincipalName', 15));
  const tooMany = [await bench.graph(token, path('userPrincipalName', 16)), await bench.graph(token, path('mail', 16))];

  expect(names(most).sort()).toEqual(
    people
      .slice(0, 15)
      .map(({ displayName }) => displayName)
      .sort(),
  );
  expect(tooMany.map(({ status }) => status)).toEqual([400, 400]);
});

test('deleted users are found among the deleted items, with a name that was given free', async () => {
  const path = '/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName&$top=999';
  const reply = await bench.graph(token, path);

  expect(reply.body.value).toContainEqual({
    id: softDeleted.id,
    userPrincipalName: `${softDeleted.id.replaceAll('-', '')}${softDeleted.userPrincipalName}`,
  });
  expect(reply.body.value.map(({ id }: { id: string }) => id)).not.toContain(ada.id);
});

test.each([
  "userType ne 'Guest'",
  "endsWith(mail,'example')",
  "not(startsWith(displayName,'A'))",
  'assignedLicenses/$count ne 0',
])('$filter=%s needs the advanced query capabilities', async (filter) => {
  const path = `/users?$select=id&$filter=${encodeURIComponent(filter)}`;

  const plain = await bench.graph(token, path);
  const advanced = await bench.graph(token, `${path}&$count=true`, eventual);

  expect(plain.status).toBe(400);
  expect(plain.body.error.code).toBe('Request_UnsupportedQuery');
  expect(advanced.status).toBe(200);
  expect(advanced.body['@odata.count']).toBeGreaterThan(0);
});

test.each([
  ['"displayName:grace"', ['Grace Hopper']],
  ['"displayName:hop gra"', ['Grace Hopper']],
  ['"displayName:race"', []],
  ['"displayName:lovelace" OR "mail:grace"', ['Ada Lovelace', 'Grace Hopper']],
  ['"displayName:hopper" AND "mail:ada"', []],
])('$search=%s finds %j by the beginnings of words', async (search, expected) => {
  const reply = await bench.graph(token, `/users?$select=displayName&$search=${encodeURIComponent(search)}`, eventual);

  expect(names(reply)).toEqual(expected);
});

test('$search needs its header and double quotes', async () => {
  const withoutHeader = await bench.graph(token, '/users?$search="displayName:grace"');
  const withoutQuotes = await bench.graph(token, '/users?$search=displayName:grace', eventual);

  expect([withoutHeader.status, withoutQuotes.status]).toEqual([400, 400]);
});

test('$count of a filter is a plain number', async () => {
  const filter = encodeURIComponent("userType eq 'Guest'");

  const reply = await bench.graph(token, `/users/$count?$filter=${filter}`, eventual);

  const guests = bench.sandbox.tenant.people.filter((person) => person.userType === 'Guest');
  expect(reply.body).toBe(String(guests.length));
});

test.each([
  ['/users?$skip=10', 400, 'Request_UnsupportedQuery'],
  ['/users?$select=id,mailboxSettings', 501, 'NotImplemented'],
  ['/users/$count', 400, 'Request_UnsupportedQuery'],
  ['/users/delta?$top=5', 400, 'Request_UnsupportedQuery'],
  ['/users?$filter=displayName eq', 400, 'BadRequest'],
  ['/users?$select=id,nickName', 400, 'BadRequest'],
  [`/users/${softDeleted.id}`, 404, 'Request_ResourceNotFound'],
  ['/users/00000000-0000-4000-a000-000000000000', 404, 'Request_ResourceNotFound'],
  ['/groups/00000000-0000-4000-a000-000000000000', 404, 'Request_ResourceNotFound'],
  ["/servicePrincipals(appId='00000000-0000-4000-a000-000000000000')", 404, 'Request_ResourceNotFound'],
  ['/me', 400, 'BadRequest'],
])('GET %s is %i %s', async (path, status, code) => {
  const reply = await bench.graph(token, path);

  expect(reply.status).toBe(status);
  expect(reply.body.error.code).toBe(code);
  expect(reply.body.error.innerError['request-id']).toBe(reply.headers.get('request-id'));
});

test('a user is found by user principal name, with odd signs in it encoded', async () => {
  const asGuest = await bench.graph(token, `/users/${encodeURIComponent(guest.userPrincipalName)}?$select=id`);
  const asKey = await bench.graph(token, `/users('${apostrophe.userPrincipalName.replaceAll("'", "''")}')?$select=id`);

  expect([asGuest.body.id, asKey.body.id]).toEqual([guest.id, apostrophe.id]);
});

test('delta of users reports who changed, who went to the deleted items, and who was deleted for good', async () => {
  const { tenant } = bench.sandbox;
  let page = await bench.graph(token, '/users/delta?$select=id,displayName');
  let seen = page.body.value.length;
  while (page.body['@odata.nextLink']) {
    page = await bench.graph(token, page.body['@odata.nextLink']);
    seen += page.body.value.length;
  }
  const people = tenant.people.length;
  const [, , first, second, third] = tenant.people.slice(-6);
  tenant.change(first?.id ?? '', { displayName: 'Renamed' });
  tenant.softDelete(second?.id ?? '');
  tenant.purge(third?.id ?? '');

  const changes = await bench.graph(token, page.body['@odata.deltaLink']);
  const nothing = await bench.graph(token, changes.body['@odata.deltaLink']);

  expect(seen).toBe(people);
  expect(changes.body.value).toEqual([
    { id: first?.id, displayName: 'Renamed' },
    { id: second?.id, '@removed': { reason: 'changed' } },
    { id: third?.id, '@removed': { reason: 'deleted' } },
  ]);
  expect(nothing.body.value).toEqual([]);
});

test('delta of users starts from now with the token latest, and forgets after seven days', async () => {
  await using own = await startBench();
  const accessToken = await own.appToken('User.Read.All');
  const latest = await own.graph(accessToken, '/users/delta?$deltatoken=latest');
  own.sandbox.clock.advance(8 * 24 * 3600_000);

  const late = await own.graph(await own.appToken(), latest.body['@odata.deltaLink']);

  expect(latest.body.value).toEqual([]);
  expect(late.status).toBe(410);
});

test('transitive members hold the people of nested groups, direct members the nested group', async () => {
  const { sales, salesEurope } = namedGroups;

  const direct = await bench.graph(token, `/groups/${sales.id}/members?$top=999`);
  const nested = await bench.graph(token, `/groups/${sales.id}/transitiveMembers/microsoft.graph.user?$top=999`);
  const count = await bench.graph(token, `/groups/${sales.id}/transitiveMembers/microsoft.graph.user/$count`, eventual);

  const groupsInside = direct.body.value.filter(
    (member: Record<string, unknown>) => member['@odata.type'] === '#microsoft.graph.group',
  );
  expect(groupsInside).toMatchObject([{ id: salesEurope.id }]);
  expect(nested.body.value.map((user: { id: string }) => user.id)).toContain(apostrophe.id);
  expect(count.body).toBe(String(nested.body.value.length));
});

test('without permission on users, members come with type and id alone', async () => {
  await using own = await startBench();
  const limited = await own.appToken('GroupMember.Read.All');

  const reply = await own.graph(limited, `/groups/${namedGroups.research.id}/members?$select=id,displayName`);

  expect(reply.body.value[0]).toEqual({
    '@odata.type': '#microsoft.graph.user',
    id: expect.any(String),
    displayName: null,
  });
});

test('the directory roles of the signed-in user have their template ids', async () => {
  const reply = await bench.graph(
    bench.userToken(ada.id, 'User.Read'),
    '/me/transitiveMemberOf/microsoft.graph.directoryRole?$select=displayName,roleTemplateId',
  );

  expect(reply.body.value).toEqual([
    { displayName: 'Global Administrator', roleTemplateId: '62e90394-69f5-4237-9190-012177145e10' },
  ]);
});

test('a Global Administrator grants and revokes a single app role; others do not, and nobody twice', async () => {
  await using own = await startBench();
  const { grants } = own.sandbox.tenant;
  const graph = grants.servicePrincipals.get(graphAppId)?.id ?? '';
  const application = grants.application?.id ?? '';
  const body = { principalId: application, resourceId: graph, appRoleId: '810c84a8-4a9e-49e6-bf7d-12d183f40d01' };
  const path = `/servicePrincipals/${graph}/appRoleAssignedTo`;
  const scopes = ['AppRoleAssignment.ReadWrite.All', 'Application.Read.All'];
  const asAda = own.userToken(ada.id, ...scopes);

  const byAppAdmin = await own.graph(own.userToken(appAdmin.id, ...scopes), path, json(body));
  const granted = await own.graph(asAda, path, json(body));
  const twice = await own.graph(asAda, path, json(body));
  const listed = await own.graph(
    asAda,
    `/servicePrincipals(appId='${own.sandbox.registration.clientId}')/appRoleAssignments`,
  );
  const roles = grants.rolesInTokens(application, graphAppId);
  const revoked = await own.graph(asAda, `${path}/${granted.body.id}`, { method: 'DELETE' });

  expect([byAppAdmin.status, granted.status, twice.status, revoked.status]).toEqual([403, 201, 400, 204]);
  expect(granted.body).toMatchObject({
    ...body,
    principalType: 'ServicePrincipal',
    resourceDisplayName: 'Microsoft Graph',
  });
  expect(listed.body.value).toMatchObject([{ appRoleId: body.appRoleId }]);
  expect(roles).toEqual(['Mail.Read']);
  expect(grants.rolesInTokens(application, graphAppId)).toEqual([]);
});

test('the registration is visible in its home tenant alone', async () => {
  await using own = await startBench();
  const fabrikam = own.sandbox.addTenant({
    id: '412b2930-4729-4739-a14f-f3d719db3ad1',
    displayName: 'Fabrikam',
    domain: 'fabrikam.example',
  });
  fabrikam.grants.grant('Application.Read.All');
  const foreign = (await own.token({}, fabrikam.id)).body.access_token;
  const path = `/applications(appId='${own.sandbox.registration.clientId}')`;

  const atHome = await own.graph(await own.appToken('Application.Read.All'), path);
  const abroad = await own.graph(foreign, path);

  expect([atHome.status, abroad.status]).toEqual([200, 404]);
  expect(atHome.body.requiredResourceAccess[0].resourceAccess).toContainEqual({
    id: '693c5e45-0940-467d-9b8a-1022fb9d42ef',
    type: 'Role',
  });
});
