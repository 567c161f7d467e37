import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { graphAppId } from '../../src/sandbox/tenant/permissions.ts';
import { defaultRegistration } from '../../src/sandbox/tenant/registration.ts';
import { operationOf, validateRequest } from '../support/graph-openapi.ts';
import { type Bench, startBench } from './bench.ts';

// Every operation that the sandbox knows, asked once, request and answer judged by Microsoft's description.

const { ada, grace } = namedPeople;
const { clientId } = defaultRegistration;
const range = 'startDateTime=2026-01-01T00:00:00Z&endDateTime=2027-12-31T00:00:00Z';
const inbox = `/users/${grace.id}/mailFolders/inbox`;
const eventual = { ConsistencyLevel: 'eventual' };
const byAppId = `/servicePrincipals(appId='${clientId}')`;

let bench: Bench;
let token: string;
beforeAll(async () => {
  bench = await startBench({ people: 300 });
  token = await bench.appToken(
    'User.Read.All',
    'GroupMember.Read.All',
    'GroupMember.ReadBasic.All',
    'Application.Read.All',
    'LicenseAssignment.Read.All',
    'Organization.Read.All',
    'MailboxSettings.Read',
    'Mail.Read',
    'Calendars.Read',
    'Contacts.Read',
  );
});
afterAll(() => bench[Symbol.asyncDispose]());

test.each<[name: string, url: string, headers?: Record<string, string>]>([
  ['GET /users', '/users'],
  [
    'GET /users',
    '/users?$select=id,displayName,userPrincipalName,mail,userType,accountEnabled,assignedPlans,onPremisesSyncEnabled,proxyAddresses&$top=999',
  ],
  ['GET /users', '/users?$search="displayName:ada" OR "mail:ada"&$select=id,displayName&$count=true', eventual],
  ['GET /users/$count', '/users/$count', eventual],
  ['GET /users/delta()', '/users/delta?$select=id,displayName,userPrincipalName,mail,accountEnabled'],
  ['GET /users/{user-id}', `/users/${grace.id}`],
  ['GET /users/{user-id}', `/users('${ada.userPrincipalName}')?$select=id,mail,createdDateTime,assignedLicenses`],
  ['GET /users/{user-id}/licenseDetails', `/users/${grace.id}/licenseDetails?$select=skuId,skuPartNumber,servicePlans`],
  ['GET /users/{user-id}/memberOf', `/users/${grace.id}/memberOf`],
  ['GET /groups', '/groups?$select=id,displayName,mail,mailEnabled,securityEnabled,groupTypes,onPremisesSyncEnabled'],
  ['GET /groups', '/groups?$search="displayName:sales"&$top=25&$count=true', eventual],
  ['GET /groups/{group-id}', `/groups/${namedGroups.sales.id}`],
  ['GET /groups/{group-id}/members', `/groups/${namedGroups.sales.id}/members`],
  [
    'GET /groups/{group-id}/transitiveMembers',
    `/groups/${namedGroups.sales.id}/transitiveMembers?$select=id,displayName`,
  ],
  [
    'GET /groups/{group-id}/transitiveMembers/graph.user',
    `/groups/${namedGroups.sales.id}/transitiveMembers/microsoft.graph.user?$select=id,displayName,userPrincipalName,mail,accountEnabled&$top=999&$count=true`,
    eventual,
  ],
  [
    'GET /groups/{group-id}/transitiveMembers/graph.user/$count',
    `/groups/${namedGroups.sales.id}/transitiveMembers/microsoft.graph.user/$count`,
    eventual,
  ],
  [
    "GET /servicePrincipals(appId='{appId}')",
    `${byAppId}?$select=id,appId,displayName,accountEnabled,appRoleAssignmentRequired,appOwnerOrganizationId,servicePrincipalType`,
  ],
  ["GET /servicePrincipals(appId='{appId}')", `/servicePrincipals(appId='${graphAppId}')?$select=id,appRoles`],
  ["GET /servicePrincipals(appId='{appId}')", byAppId],
  ['GET /servicePrincipals/{servicePrincipal-id}', `/servicePrincipals/${defaultRegistration.servicePrincipalId}`],
  ['GET /servicePrincipals/{servicePrincipal-id}/appRoleAssignments', `${byAppId}/appRoleAssignments?$top=999`],
  [
    'GET /servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo',
    `/servicePrincipals(appId='${graphAppId}')/appRoleAssignedTo`,
  ],
  ["GET /applications(appId='{appId}')", `/applications(appId='${clientId}')`],
  ['GET /organization', '/organization?$select=id,displayName,verifiedDomains,countryLetterCode,tenantType'],
  ['GET /organization', '/organization'],
  ['GET /subscribedSkus', '/subscribedSkus'],
  ['GET /users/{user-id}/mailboxSettings', `/users/${grace.id}/mailboxSettings`],
  ['GET /users/{user-id}/mailboxSettings', `/users/${grace.id}/mailboxSettings?$select=userPurpose,timeZone`],
  ['GET /users/{user-id}/mailboxSettings/userPurpose', `/users/${grace.id}/mailboxSettings/userPurpose`],
  ['GET /users/{user-id}/mailFolders', `/users/${grace.id}/mailFolders`],
  ['GET /users/{user-id}/mailFolders/{mailFolder-id}', `${inbox}?$select=id,totalItemCount`],
  ['GET /users/{user-id}/mailFolders/{mailFolder-id}', inbox],
  ['GET /users/{user-id}/messages', `/users/${grace.id}/messages?$select=id&$top=1`],
  ['GET /users/{user-id}/messages', `/users/${grace.id}/messages?$top=5&$orderby=receivedDateTime desc&$count=true`],
  [
    'GET /users/{user-id}/mailFolders/{mailFolder-id}/messages',
    `${inbox}/messages?$filter=receivedDateTime ge 2020-01-01T00:00:00Z`,
  ],
  [
    'GET /users/{user-id}/mailFolders/{mailFolder-id}/messages/delta()',
    `${inbox}/messages/delta?$select=id,receivedDateTime`,
  ],
  ['GET /users/{user-id}/calendar', `/users/${grace.id}/calendar`],
  ['GET /users/{user-id}/calendarView', `/users/${grace.id}/calendarView?${range}&$select=id&$top=1`],
  ['GET /users/{user-id}/calendarView/delta()', `/users/${grace.id}/calendarView/delta?${range}`],
  ['GET /users/{user-id}/events', `/users/${grace.id}/events`],
  ['GET /users/{user-id}/contacts', `/users/${grace.id}/contacts?$select=id&$top=1`],
  ['GET /users/{user-id}/contacts', `/users/${ada.id}/contacts`],
  ['GET /users/{user-id}/contactFolders', `/users/${grace.id}/contactFolders`],
])('%s answers as described: %s', async (name, url, headers = {}) => {
  expect(operationOf('GET', url)).toBe(name);
  expect(validateRequest('GET', url, headers)).toEqual([]);

  const reply = await bench.graph(token, url, { headers });

  expect(reply.status).toBe(200);
  expect(bench.sandbox.requests.unknown).toEqual([]);
});

test.each([
  ['GET /me', '/me?$select=id,displayName,userPrincipalName'],
  ['GET /me/memberOf', '/me/memberOf'],
  [
    'GET /me/transitiveMemberOf/graph.directoryRole',
    '/me/transitiveMemberOf/microsoft.graph.directoryRole?$select=id,displayName,roleTemplateId',
  ],
])('%s answers a signed-in user as described', async (name, url) => {
  expect(operationOf('GET', url)).toBe(name);

  const reply = await bench.graph(bench.userToken(ada.id, 'User.Read'), url);

  expect(reply.status).toBe(200);
});

test('GET /users/{user-id}/contactFolders/{contactFolder-id}/contacts/delta() answers as described', async () => {
  bench.sandbox.tenant.mailbox(grace.id).addContact({ displayName: 'Lise Meitner', address: 'lise@fabrikam.example' });
  const contacts = await bench.graph(token, `/users/${grace.id}/contacts?$select=parentFolderId`);
  const url = `/users/${grace.id}/contactFolders/${contacts.body.value[0].parentFolderId}/contacts/delta`;

  const reply = await bench.graph(token, url);

  expect(reply.body.value.length).toBe(bench.sandbox.tenant.mailbox(grace.id).contacts.length);
});

test('GET /users/{user-id}/messages/{message-id} and events/{event-id} answer as described', async () => {
  const messages = await bench.graph(token, `${inbox}/messages?$select=id`);
  const events = await bench.graph(token, `/users/${grace.id}/events?$select=id`);

  const message = await bench.graph(token, `/users/${grace.id}/messages/${messages.body.value[0].id}`);
  const event = await bench.graph(token, `/users/${grace.id}/events/${events.body.value[0].id}`);

  expect([message.status, event.status]).toEqual([200, 200]);
});
