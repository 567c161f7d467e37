import { expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { GroupId, UserId } from '../../src/domain/ids.ts';
import { capabilities, isProbed } from '../../src/domain/mailbox-access/capability.ts';
import { calendarWindowAt } from '../../src/domain/mailbox-sync/calendar-window.ts';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';
import { batchOf } from '../../src/service/graph/batch.ts';
import { calendarDeltaPath } from '../../src/service/graph/calendar.ts';
import { contactFolderPath, contactFoldersPath, contactsDeltaPath } from '../../src/service/graph/contacts.ts';
import { messagesDeltaPath } from '../../src/service/graph/mail.ts';
import {
  deletedPeoplePath,
  licenceDetailsPath,
  licensedPeoplePath,
  peoplePath,
} from '../../src/service/graph/people.ts';
import { probeOf } from '../../src/service/graph/probes.ts';
import { transitiveMembersPath } from '../../src/service/graph/transitive-members.ts';
import { usersPath } from '../../src/service/graph/users.ts';
import { usersDeltaPath } from '../../src/service/graph/users-delta.ts';
import { mailboxPermissions, startBench } from '../support/bench.ts';
import { operationOf, validateRequest } from '../support/graph-openapi.ts';
import { intend } from '../support/intended-scope.ts';

const mailbox = '47378190-96da-4dac-b2ff-5d2a386ecbe0' as UserId;
const window = calendarWindowAt(new Date('2026-11-23T10:00:00Z'));

test.each([
  [probeOf.mail.path(mailbox), 'GET /users/{user-id}/mailFolders/{mailFolder-id}'],
  [probeOf.calendar.path(mailbox), 'GET /users/{user-id}/calendar'],
  [probeOf.contacts.path(mailbox), 'GET /users/{user-id}/contacts'],
  [probeOf.settings.path(mailbox), 'GET /users/{user-id}/mailboxSettings'],
  [messagesDeltaPath(mailbox, 'inbox'), 'GET /users/{user-id}/mailFolders/{mailFolder-id}/messages/delta()'],
  [messagesDeltaPath(mailbox, 'sentitems'), 'GET /users/{user-id}/mailFolders/{mailFolder-id}/messages/delta()'],
  [calendarDeltaPath(mailbox, window), 'GET /users/{user-id}/calendarView/delta()'],
  [contactFolderPath(mailbox), 'GET /users/{user-id}/contacts'],
  [contactFoldersPath(mailbox), 'GET /users/{user-id}/contactFolders'],
  [contactFoldersPath(mailbox, 'AAMkAGI2-_'), 'GET /users/{user-id}/contactFolders/{contactFolder-id}/childFolders'],
  [contactsDeltaPath(mailbox, 'AAMkAGI2-_'), 'GET /users/{user-id}/contactFolders/{contactFolder-id}/contacts/delta()'],
  [usersPath, 'GET /users'],
  [usersDeltaPath, 'GET /users/delta()'],
  [transitiveMembersPath(namedGroups.sales.id as GroupId), 'GET /groups/{group-id}/transitiveMembers'],
  [peoplePath('userPrincipalName', ["o'brien@contoso.example", 'a#b@c.example']), 'GET /users'],
  [licensedPeoplePath, 'GET /users'],
  [licenceDetailsPath(mailbox), 'GET /users/{user-id}/licenseDetails'],
  [deletedPeoplePath, 'GET /directory/deletedItems/graph.user'],
])('%s is %s, as Microsoft describes it', (path, operation) => {
  expect(operationOf('GET', path)).toBe(operation);
  expect(validateRequest('GET', path, { consistencylevel: 'eventual' })).toEqual([]);
});

test('a batch of all probes is one that Microsoft describes', () => {
  const paths = capabilities.filter(isProbed).map((capability) => probeOf[capability].path(mailbox));
  expect(validateRequest('POST', '/$batch', { 'content-type': 'application/json' }, batchOf(paths))).toEqual([]);
});

/**
 * Every request to Microsoft Graph of a verification, a check, a proof and a look for drift: the operation, exactly what
 * it selects, and why. Whoever adds one argues here why it cannot be less. None reads a subject, a body, an attachment,
 * an address of a correspondent, or whole objects.
 */
const allowedRequests: Readonly<Record<string, string>> = {
  // Carries the requests below, up to 20 at once.
  'POST /$batch': '',
  // Whether mail opens: a folder's id and how many items it has, never an item.
  'GET /users/{user-id}/mailFolders/{mailFolder-id}': 'id,totalItemCount',
  // Whether the calendar opens: its id, never an event.
  'GET /users/{user-id}/calendar': 'id',
  // Whether contacts open: the id of one at most.
  'GET /users/{user-id}/contacts': 'id',
  // Whether settings open; the kind of mailbox is the least telling of them.
  'GET /users/{user-id}/mailboxSettings': 'userPurpose',
  // Who can have a mailbox, to choose mailboxes outside a limit.
  'GET /users': 'id,displayName,userPrincipalName,mail,userType,accountEnabled,assignedLicenses',
  // What is granted, where the application may read it.
  "GET /servicePrincipals(appId='{appId}')": 'id',
  'GET /servicePrincipals/{servicePrincipal-id}/appRoleAssignments': 'appRoleId,resourceId',
  'GET /servicePrincipals/{servicePrincipal-id}': 'appRoles',
};

test('fault 140: whatever a whole run asks Microsoft Graph for is on the written list, and nothing more', async () => {
  await using bench = await startBench({
    granted: [
      'User.Read.All',
      'Application.Read.All',
      'TeamsActivity.Send',
      'Mail.Send',
      ...mailboxPermissions.slice(0, 3),
    ],
    environment: { RECHECK_MINUTES: '60' },
    sandbox: { people: 1_100, settings: { exchangePropagationSeconds: 0 } },
  });
  const admin = bench.signIn('ada@contoso.example');
  const { tenant, requests } = bench.sandbox;
  const organizationId = await bench.organizationWith(admin, tenant.everybody.slice(0, 60));
  const params = { organizationId };
  await admin.call(api.updateOrganization, { params, body: { capabilities: [...capabilities] } });
  requests.clear();

  // Settings lack their permission: verification tries them on a few mailboxes.
  await admin.call(api.verifyConsent, { params, body: {} });
  await admin.call(api.startConnectivityCheck, { params, body: {} });
  await bench.queue.drain();
  await intend(bench, { memberIds: tenant.transitiveMemberIds(namedGroups.sales.id) });
  for (const sweep of [false, true]) {
    await admin.call(api.startScopeProof, { body: { sweep } });
    await bench.queue.drain();
  }
  tenant.grants.grant('MailboxSettings.Read');
  await bench.service.lookForDrift();
  bench.clock.advance(61 * 60_000);
  await bench.service.lookForDrift();
  await bench.queue.drain();

  const ofGraph = requests.all.filter(({ service }) => service === 'graph');
  const asked = new Map<string, Set<string>>();
  for (const { method, path, query } of ofGraph) {
    const operation = path.endsWith('/$batch') ? `${method} /$batch` : operationOf(method, path);
    // Links that Graph wrote are followed as they are.
    const others = Object.keys(query).filter((name) => !['$select', '$top', '$skiptoken'].includes(name));
    const what = [query.$select ?? '', ...others].join(' ');
    asked.set(operation ?? path, (asked.get(operation ?? path) ?? new Set()).add(what));
  }
  expect(Object.fromEntries([...asked].map(([operation, whats]) => [operation, [...whats].join(' | ')]))).toEqual(
    allowedRequests,
  );
  expect(ofGraph.every(({ path }) => !/attachments|\/messages|\/events|\$value|sendMail/i.test(path))).toBe(true);
  expect(requests.unknown).toEqual([]);
});

/** The same for bringing people in: what is asked of the directory, and why. */
const allowedForProvisioning: Readonly<Record<string, string>> = {
  // Carries the requests below, up to 20 at once.
  'POST /$batch': '',
  // Whether somebody is there, and what tells whether a mailbox can be expected: by name, or everybody with a licence.
  'GET /users':
    'id,displayName,userPrincipalName,mail,userType,accountEnabled,onPremisesSyncEnabled,assignedLicenses $filter | id,displayName,userPrincipalName,mail,userType,accountEnabled,onPremisesSyncEnabled,assignedLicenses $filter $count',
  // Whether a product includes a mailbox: once for each product, of one who has it.
  'GET /users/{user-id}/licenseDetails': 'skuId,servicePlans',
  // Whether somebody who is not there can be restored.
  'GET /directory/deletedItems/graph.user': 'id,userPrincipalName,mail',
};

test('whatever bringing people in asks Microsoft Graph for is on the written list, and no mailbox is opened', async () => {
  await using bench = await startBench({ granted: ['User.Read.All', ...mailboxPermissions], sandbox: { people: 200 } });
  const admin = bench.signIn('ada@contoso.example');
  const { tenant, requests } = bench.sandbox;
  const params = { organizationId: await bench.organizationWith(admin, []) };
  requests.clear();
  const people = tenant.everybody.map(({ id, displayName, userPrincipalName }) => ({
    id: id as UserId,
    displayName,
    userPrincipalName,
    mail: null,
  }));
  await admin.call(api.startProvisioning, { params, body: { source: 'people', people } });
  await bench.queue.drain();
  await admin.call(api.startProvisioning, { params, body: { source: 'licensed' } });
  await bench.queue.drain();

  const asked = new Map<string, Set<string>>();
  for (const { service, method, path, query } of requests.all) {
    if (service !== 'graph') continue;
    const operation = path.endsWith('/$batch') ? `${method} /$batch` : (operationOf(method, path) ?? path);
    const others = Object.keys(query).filter((name) => !['$select', '$top', '$skiptoken'].includes(name));
    asked.set(operation, (asked.get(operation) ?? new Set()).add([query.$select ?? '', ...others].join(' ')));
  }
  expect(Object.fromEntries([...asked].map(([operation, whats]) => [operation, [...whats].join(' | ')]))).toEqual(
    allowedForProvisioning,
  );
});
