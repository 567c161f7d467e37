import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, eventual, startBench } from './bench.ts';

const { ada, grace, guest, linus, member } = namedPeople;
const user = `/users/${grace.id}`;
const range = 'startDateTime=2026-01-01T00:00:00Z&endDateTime=2027-12-31T00:00:00Z';

// What Microsoft's permission data says about application permissions: one that is enough, one that is not.
const cases: readonly (readonly [path: string, enough: readonly string[], notEnough: readonly string[]])[] = [
  [
    '/users?$select=id,displayName',
    ['User.ReadBasic.All', 'User.Read.All', 'Directory.Read.All'],
    ['Mail.Read', 'Group.Read.All'],
  ],
  ['/users?$select=id,accountEnabled', ['User.Read.All'], ['User.ReadBasic.All']],
  ['/users/delta', ['User.Read.All'], ['User.ReadBasic.All']],
  [user, ['User.ReadBasic.All'], ['Mail.Read']],
  [`${user}/licenseDetails`, ['LicenseAssignment.Read.All', 'User.Read.All'], ['User.ReadBasic.All']],
  ['/groups', ['Group.ReadBasic.All', 'GroupMember.Read.All'], ['GroupMember.ReadBasic.All', 'User.Read.All']],
  [`/groups/${namedGroups.sales.id}/members`, ['GroupMember.ReadBasic.All', 'GroupMember.Read.All'], ['User.Read.All']],
  ['/organization', ['Organization.Read.All', 'User.Read.All'], ['User.ReadBasic.All']],
  ['/subscribedSkus', ['LicenseAssignment.Read.All'], ['User.Read.All']],
  ["/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')", ['Application.Read.All'], ['User.Read.All']],
  [`${user}/mailboxSettings`, ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'], ['Mail.Read']],
  [
    `${user}/mailFolders/inbox`,
    ['Mail.ReadBasic.All', 'Mail.Read', 'Mail.ReadWrite'],
    ['MailboxSettings.Read', 'Mail.Send'],
  ],
  [`${user}/mailFolders/inbox/messages/delta`, ['Mail.ReadBasic.All'], ['Calendars.Read']],
  [`${user}/calendar`, ['Calendars.ReadBasic.All', 'Calendars.Read'], ['Mail.Read']],
  [`${user}/calendarView?${range}`, ['Calendars.ReadBasic.All'], ['Mail.Read']],
  [`${user}/calendarView/delta?${range}`, ['Calendars.Read'], ['Calendars.ReadBasic.All']],
  [`${user}/contacts`, ['Contacts.Read', 'Contacts.ReadWrite'], ['Mail.Read']],
];

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

async function withRoles(...roles: string[]): Promise<string> {
  bench.sandbox.tenant.grants.revokeRoles();
  return bench.appToken(...roles);
}

test.each(cases.flatMap(([path, enough]) => enough.map((role) => [role, path] as const)))(
  '%s opens %s',
  async (role, path) => {
    const reply = await bench.graph(await withRoles(role), path);

    expect(reply.status).toBe(200);
  },
);

test.each(cases.flatMap(([path, , notEnough]) => notEnough.map((role) => [role, path] as const)))(
  '%s does not open %s',
  async (role, path) => {
    const reply = await bench.graph(await withRoles(role), path);

    const isOutlook = /mail|calendar|contacts/i.test(path);
    expect(reply.status).toBe(403);
    expect(reply.body.error.code).toBe(isOutlook ? 'ErrorAccessDenied' : 'Authorization_RequestDenied');
  },
);

test('without permission the answer is 403 also where there is no mailbox', async () => {
  const reply = await bench.graph(await withRoles('User.Read.All'), `/users/${linus.id}/mailFolders/inbox`);

  expect(reply.status).toBe(403);
});

test('ReadBasic shows messages without their bodies, and refuses to select them', async () => {
  const token = await withRoles('Mail.ReadBasic.All');

  const basic = await bench.graph(token, `${user}/messages`);
  const selected = await bench.graph(token, `${user}/messages?$select=id,body`);
  const full = await bench.graph(await withRoles('Mail.Read'), `${user}/messages?$select=id,body`);

  expect(Object.keys(basic.body.value[0])).toContain('subject');
  expect(Object.keys(basic.body.value[0])).not.toContain('body');
  expect(selected.body.error.code).toBe('ErrorAccessDenied');
  expect(full.body.value[0].body.content).toContain('Grace');
});

test('only what is selected is answered, beside id and etag', async () => {
  const token = await withRoles('Mail.Read', 'MailboxSettings.Read');

  const messages = await bench.graph(token, `${user}/messages?$select=receivedDateTime&$top=1`);
  const inbox = await bench.graph(token, `${user}/mailFolders/inbox?$select=totalItemCount`);
  const settings = await bench.graph(token, `${user}/mailboxSettings?$select=userPurpose`);

  expect(Object.keys(messages.body.value[0]).sort()).toEqual(['@odata.etag', 'id', 'receivedDateTime']);
  expect(Object.keys(inbox.body).sort()).toEqual(['@odata.context', 'id', 'totalItemCount']);
  expect(Object.keys(settings.body).sort()).toEqual(['@odata.context', 'userPurpose']);
});

test('a signed-in user searches people with User.ReadBasic.All, and sees their basic properties alone', async () => {
  const token = bench.userToken(member.id, 'User.ReadBasic.All');

  const found = await bench.graph(token, '/users?$search="displayName:grace"&$select=id,displayName,mail', eventual);
  const more = await bench.graph(token, '/users?$select=id,department');
  const standard = await bench.graph(token, `/users/${grace.id}`);

  expect(found.body.value).toEqual([{ id: grace.id, displayName: 'Grace Hopper', mail: grace.userPrincipalName }]);
  expect(more.status).toBe(403);
  expect(standard.body).toMatchObject({ displayName: 'Grace Hopper', jobTitle: null });
});

test('User.Read reaches the own profile alone', async () => {
  await using own = await startBench();
  own.sandbox.tenant.grants.revokeScopes();
  const token = own.userToken(grace.id, 'User.Read');

  const me = await own.graph(token, '/me?$select=id,jobTitle');
  const byId = await own.graph(token, `/users/${grace.id}?$select=id,jobTitle`);
  const other = await own.graph(token, `/users/${ada.id}`);

  expect([me.status, byId.status, other.status]).toEqual([200, 200, 403]);
  expect(me.body.jobTitle).toBe('Engineer');
});

test('a guest may not list the directory', async () => {
  const reply = await bench.graph(bench.userToken(guest.id, 'User.ReadBasic.All'), '/users?$select=id');

  expect(reply.body.error.code).toBe('Authorization_RequestDenied');
});

test('delegated scopes open the own mailbox alone, even for an admin', async () => {
  const token = bench.userToken(ada.id, 'Mail.Read');

  const own = await bench.graph(token, '/me/mailFolders/inbox');
  const other = await bench.graph(token, `${user}/mailFolders/inbox`);

  expect([own.status, other.status]).toEqual([200, 403]);
});

test.each<[what: string, token: (bench: Bench) => Promise<string> | string]>([
  ['no token', () => ''],
  ['rubbish', () => 'a.b.c'],
  ['a token for our own API', ({ sandbox }) => sandbox.signIn(ada.id)],
  [
    'a token that somebody signed anew',
    async (own) => {
      const [header, payload] = (await own.appToken('User.Read.All')).split('.');
      return `${header}.${payload}.${Buffer.from('signature').toString('base64url')}`;
    },
  ],
  [
    'an expired token',
    async (own) => {
      const token = await own.appToken('User.Read.All');
      own.sandbox.clock.advance(2 * 3600_000);
      return token;
    },
  ],
  [
    'a token of a tenant that is not here',
    ({ sandbox }) =>
      sandbox.keys.sign({
        aud: sandbox.url,
        tid: 'elsewhere',
        exp: Date.now() / 1000 + 600,
        nbf: 0,
        appid: 'x',
        roles: ['User.Read.All'],
      }),
  ],
])('%s is refused with 401 and a challenge', async (_what, makeToken) => {
  await using own = await startBench();

  const reply = await own.graph(await makeToken(own), '/users');

  expect(reply.status).toBe(401);
  expect(reply.body.error.code).toBe('InvalidAuthenticationToken');
  expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer realm="", authorization_uri="/);
});
