import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { OrganizationId, UserId } from '../../src/domain/ids.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { asNewUser, type Bench, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';

function newUser(index: number, displayName: string, mail: string | null = null) {
  const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as UserId;
  return { id, displayName, userPrincipalName: `person${index}@contoso.example`, mail };
}

async function defaultOrganization(admin: TestAdmin): Promise<OrganizationId> {
  const { organizations } = await admin.call(api.listOrganizations);
  return organizations.find(({ isDefault }) => isDefault)?.id as OrganizationId;
}

test('added users start with the connection of where they come from', async () => {
  await using bench = await startBench();
  const admin = bench.signIn('ada@contoso.example');
  const onEws = await defaultOrganization(admin);
  const onGraph = await bench.organizationWith(admin, []);

  const first = await admin.call(api.addUsers, {
    params: { organizationId: onEws },
    body: { users: [newUser(1, 'One')] },
  });
  const second = await admin.call(api.addUsers, {
    params: { organizationId: onGraph },
    body: { users: [newUser(1, 'One'), newUser(2, 'Two'), newUser(2, 'Two')] },
  });
  const third = await admin.call(api.addUsers, {
    params: { organizationId: onGraph },
    body: { users: [newUser(2, 'Two')] },
  });

  expect(first.added).toHaveLength(1);
  expect(second).toEqual({
    added: [newUser(2, '').id],
    alreadyHere: [],
    inAnotherOrganization: [{ userId: newUser(1, '').id, organizationName: 'Default organization' }],
  });
  expect(third.alreadyHere).toEqual([newUser(2, '').id]);
  const { users } = await admin.call(api.listUsers, { query: { sort: 'name' } });
  expect(users).toMatchObject([
    {
      displayName: 'One',
      connectionType: 'ews_impersonation',
      mailboxState: 'not_initialized',
      access: { status: 'not_checked' },
    },
    { displayName: 'Two', connectionType: 'none', syncEnabled: true, openIssues: 0 },
  ]);
});

test('moving keeps the connection, and says who was not found', async () => {
  await using bench = await startBench();
  const admin = bench.signIn('ada@contoso.example');
  const onEws = await defaultOrganization(admin);
  const onGraph = await bench.organizationWith(admin, []);
  await admin.call(api.addUsers, { params: { organizationId: onEws }, body: { users: [newUser(1, 'One')] } });

  const params = { organizationId: onGraph };
  const moved = await admin.call(api.moveUsers, { params, body: { userIds: [newUser(1, '').id, newUser(9, '').id] } });
  const again = await admin.call(api.moveUsers, { params, body: { userIds: [newUser(1, '').id] } });

  expect(moved).toEqual({ moved: 1, notFound: [newUser(9, '').id] });
  expect(again.moved).toBe(0);
  const user = await admin.call(api.getUser, { params: { userId: newUser(1, '').id } });
  expect(user).toMatchObject({ organizationId: onGraph, connectionType: 'ews_impersonation' });
});

test('initialized users stay unless forced', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const admin = bench.signIn('ada@contoso.example');
  const grace = bench.sandbox.tenant.person(namedPeople.grace.id);
  const linus = bench.sandbox.tenant.person(namedPeople.linus.id);
  const organizationId = await bench.organizationWith(admin, [grace, linus]);
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  await admin.call(api.forceSynchronization, { params: { userId: grace.id as UserId }, body: {} });
  await bench.queue.drain();

  const userIds = [grace.id as UserId, linus.id as UserId];
  const kept = await admin.call(api.removeUsers, { body: { userIds } });
  const forced = await admin.call(api.removeUsers, { body: { userIds, force: true } });

  expect(kept).toEqual({ removed: 1, keptInitialized: [grace.id] });
  expect(forced).toEqual({ removed: 1, keptInitialized: [] });
  expect((await admin.call(api.listUsers, {})).total).toBe(0);
});

describe('finding users', () => {
  let bench: Bench;
  let admin: TestAdmin;
  const names = [
    'Müller Straße',
    'José Álvarez',
    'Søren Ødegård',
    'İpek Ilgın',
    'Łukasz',
    "Siobhán O'Brien",
    '100% Off_ice',
    'back\\slash',
    'ﬁnance',
    'plain',
  ];

  beforeAll(async () => {
    bench = await startBench();
    admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, []);
    const users = names.map((name, index) => newUser(index, name, `mail.${index}@fabrikam.example`));
    await admin.call(api.addUsers, { params: { organizationId }, body: { users } });
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  test.each([
    ['muller', ['Müller Straße']],
    ['MÜLLER', ['Müller Straße']],
    ['mu\u0308ller', ['Müller Straße']],
    ['strasse', ['Müller Straße']],
    ['jose alv', ['José Álvarez']],
    ['soren odegard', ['Søren Ødegård']],
    ['IPEK ilgin', ['İpek Ilgın']],
    ['lukasz', ['Łukasz']],
    ["o'brien", ["Siobhán O'Brien"]],
    ['100%', ['100% Off_ice']],
    ['f_i', ['100% Off_ice']],
    ['k\\s', ['back\\slash']],
    ['finance', ['ﬁnance']],
    ['person9@', ['plain']],
    ['mail.9@FABRIKAM', ['plain']],
    ["') or 1=1 --", []],
    ['%', ['100% Off_ice']],
  ])('%j finds %j', async (search, found) => {
    const { users, total, counts } = await admin.call(api.listUsers, { query: { search } });
    expect(users.map(({ displayName }) => displayName)).toEqual(found);
    expect([total, counts?.not_checked]).toEqual([found.length, found.length]);
  });

  test.each(['name', 'status'] as const)('pages by %s neither repeat nor leave out anybody', async (sort) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await admin.call(api.listUsers, { query: { sort, limit: 3, ...(cursor ? { cursor } : {}) } });
      seen.push(...page.users.map(({ displayName }) => displayName));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);

    expect(seen).toHaveLength(names.length);
    expect(new Set(seen)).toEqual(new Set(names));
  });

  test.each([
    'x',
    'bm90IGpzb24',
    Buffer.from('[1,2,3]').toString('base64url'),
    Buffer.from('[0,"a\\u0000",1]').toString('base64url'),
  ])('the cursor %s is refused', async (cursor) => {
    await expect(admin.call(api.listUsers, { query: { cursor } })).rejects.toMatchObject({
      problem: { code: 'request.invalid' },
    });
  });

  test('a parameter given twice is refused', async () => {
    const response = await bench.fetch('/api/users?search=a&search=b', {
      headers: { authorization: `Bearer ${admin.token}` },
    });
    expect(response.status).toBe(400);
  });
});

test('statuses come loudest first, and counts ignore the status filter', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const admin = bench.signIn('ada@contoso.example');
  const people = ['grace', 'linus', 'moving'] as const;
  const organizationId = await bench.organizationWith(
    admin,
    people.map((name) => bench.sandbox.tenant.person(namedPeople[name].id)),
  );
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();

  const all = await admin.call(api.listUsers, { query: { organizationId } });
  const blocked = await admin.call(api.listUsers, { query: { status: 'blocked' } });

  expect(all.users.map(({ access }) => access.status)).toEqual(['blocked', 'could_not_tell', 'working']);
  expect(blocked).toMatchObject({ total: 1, counts: { blocked: 1, could_not_tell: 1, working: 1 } });
  expect(blocked.users).toHaveLength(1);
});

test('somebody whom a check found is described with what each capability answered', async () => {
  await using bench = await startBench({ granted: ['Mail.Read'] });
  const admin = bench.signIn('ada@contoso.example');
  const grace = bench.sandbox.tenant.person(namedPeople.grace.id);
  const organizationId = await bench.organizationWith(admin, [grace]);
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();

  const user = await admin.call(api.getUser, { params: { userId: grace.id as UserId } });

  expect(user.access).toMatchObject({ status: 'limited', reason: 'consent.permission_missing' });
  expect(user.capabilities).toEqual([
    { capability: 'mail', reason: 'connected', httpStatus: 200, errorCode: null, requestId: null },
    {
      capability: 'calendar',
      reason: 'consent.permission_missing',
      httpStatus: 403,
      errorCode: 'ErrorAccessDenied',
      requestId: expect.any(String),
    },
    expect.objectContaining({ capability: 'contacts', reason: 'consent.permission_missing' }),
  ]);
});

test('a thousand people are added at once', async () => {
  await using bench = await startBench({ sandbox: { people: 1000 } });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, []);

  const users = bench.sandbox.tenant.people.slice(0, 1000).map(asNewUser);
  const { added } = await admin.call(api.addUsers, { params: { organizationId }, body: { users } });

  expect(added).toHaveLength(1000);
  await expect(
    admin.call(api.addUsers, { params: { organizationId }, body: { users: [...users, newUser(1, 'One')] } }),
  ).rejects.toMatchObject({ status: 400 });
});
