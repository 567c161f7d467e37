import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { OrganizationId, UserId } from '../../src/domain/ids.ts';
import type { Capability } from '../../src/domain/mailbox-access/capability.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { asNewUser, type Bench, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';

test('a tenant has its default organization from the first request on', async () => {
  await using bench = await startBench();
  const admin = bench.signIn('ada@contoso.example');

  const [first, second] = await Promise.all([admin.call(api.listOrganizations), admin.call(api.listOrganizations)]);

  expect(first.organizations).toMatchObject([
    {
      name: 'Default organization',
      externalId: 'default',
      connectionType: 'ews_impersonation',
      isDefault: true,
      userCount: 0,
      consentState: 'not_requested',
    },
  ]);
  expect(second.organizations.map(({ id }) => id)).toEqual(first.organizations.map(({ id }) => id));
  const { activities } = await admin.call(api.listActivity);
  expect(activities).toMatchObject([{ type: 'organization.created', by: null }]);
});

test('an organization is created with app-only access, renamed, switched off and deleted, each with one audit row', async () => {
  await using bench = await startBench();
  const admin = bench.signIn('ada@contoso.example');

  const created = await admin.call(api.createOrganization, {
    body: { name: '  Head office ', externalId: 'head-office' },
  });
  const params = { organizationId: created.id };
  const renamed = await admin.call(api.updateOrganization, {
    params,
    body: { name: 'Main office', syncEnabled: false },
  });
  await admin.call(api.updateOrganization, { params, body: { name: 'Main office' } });
  await admin.call(api.deleteOrganization, { params });

  expect(created).toMatchObject({
    name: 'Head office',
    externalId: 'head-office',
    connectionType: 'graph_app_only',
    capabilities: ['mail', 'calendar', 'contacts'],
    isDefault: false,
  });
  expect(renamed).toMatchObject({ name: 'Main office', syncEnabled: false, externalId: 'head-office' });
  const { activities } = await admin.call(api.listActivity);
  expect(activities.map(({ type, by }) => `${type} ${by}`)).toEqual([
    'organization.deleted Ada Lovelace',
    'organization.updated Ada Lovelace',
    'organization.created Ada Lovelace',
    'organization.created null',
  ]);
});

test('an External Id is unique in the tenant, whatever its case', async () => {
  await using bench = await startBench();
  const admin = bench.signIn('ada@contoso.example');
  await admin.call(api.createOrganization, { body: { name: 'One', externalId: 'branch' } });

  await expect(
    admin.call(api.createOrganization, { body: { name: 'Two', externalId: 'BRANCH' } }),
  ).rejects.toMatchObject({
    status: 409,
    problem: { code: 'organization.external_id_taken', details: { externalId: 'BRANCH' } },
  });
});

describe('an organization that stays', () => {
  test('the default one', async () => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const { organizations } = await admin.call(api.listOrganizations);
    const organizationId = organizations[0]?.id;

    await expect(
      admin.call(api.deleteOrganization, {
        params: { organizationId: organizationId as NonNullable<typeof organizationId> },
      }),
    ).rejects.toMatchObject({ problem: { code: 'organization.is_default' } });
  });

  test('one with users', async () => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, [bench.sandbox.tenant.person(namedPeople.grace.id)]);

    await expect(admin.call(api.deleteOrganization, { params: { organizationId } })).rejects.toMatchObject({
      problem: { code: 'organization.has_users' },
    });
  });
});

/** An organization of Grace, whose mailbox is initialized, and Linus, whose is not. */
async function withInitialized(bench: Bench, admin: TestAdmin): Promise<OrganizationId> {
  const { tenant } = bench.sandbox;
  const people = [tenant.person(namedPeople.grace.id), tenant.person(namedPeople.linus.id)];
  const organizationId = await bench.organizationWith(admin, people, 'Sales');
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  await admin.call(api.forceSynchronization, { params: { userId: namedPeople.grace.id as UserId }, body: {} });
  await bench.queue.drain();
  return organizationId;
}

/** Tables that hold something of a user or an organization. */
const ownedTables = [
  'users',
  'mailbox_access',
  'access_tallies',
  'state_tallies',
  'checks',
  'check_results',
  'check_tallies',
  'sync_sessions',
  'sync_cursors',
  'sync_errors',
  'mailbox_syncs',
] as const;

async function rowsIn({ service }: Bench): Promise<Record<string, number>> {
  const counts = ownedTables.map(async (name) => {
    const rows = await service.database.db.selectFrom(name).select('tenant_id').execute();
    return [name, rows.length] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

describe('deleting an organization with its users', () => {
  test('users without an initialized mailbox go with it, when that is asked for', async () => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, [bench.sandbox.tenant.person(namedPeople.grace.id)]);

    await admin.call(api.deleteOrganization, { params: { organizationId }, query: { users: 'not_initialized' } });

    expect((await admin.call(api.listUsers, {})).total).toBe(0);
    const { activities } = await admin.call(api.listActivity);
    expect(activities[0]).toMatchObject({ type: 'organization.deleted', details: { users: 1 } });
  });

  test('one initialized mailbox keeps the organization and everybody in it', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await withInitialized(bench, admin);
    const before = await rowsIn(bench);

    await expect(
      admin.call(api.deleteOrganization, { params: { organizationId }, query: { users: 'not_initialized' } }),
    ).rejects.toMatchObject({ status: 409, problem: { code: 'organization.has_initialized_users' } });

    expect(await rowsIn(bench)).toEqual(before);
  });

  test('forced, all that is known of its users goes, with one audit row and without a request to a mailbox', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await withInitialized(bench, admin);
    const requests = bench.sandbox.requests.counts.requests;

    await admin.call(api.forceDeleteOrganization, { params: { organizationId }, body: { name: 'Sales' } });

    expect(Object.values(await rowsIn(bench)).every((count) => count === 0)).toBe(true);
    expect(bench.sandbox.requests.counts.requests).toBe(requests);
    const { activities } = await admin.call(api.listActivity);
    expect(activities.filter(({ type }) => type.endsWith('deleted') || type.endsWith('removed'))).toMatchObject([
      { type: 'organization.deleted', organizationName: 'Sales', details: { users: 2, force: true } },
    ]);
  });

  test.each(['sales', '', 'Head office'])('the name %j is not that of Sales: nothing goes', async (name) => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, [], 'Sales');

    await expect(
      admin.call(api.forceDeleteOrganization, { params: { organizationId }, body: { name } }),
    ).rejects.toMatchObject({ problem: { code: 'organization.name_differs' } });

    expect((await admin.call(api.getOrganization, { params: { organizationId } })).name).toBe('Sales');
  });

  test('the default organization stays, also when it is forced', async () => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const { organizations } = await admin.call(api.listOrganizations);
    const organizationId = organizations[0]?.id as OrganizationId;

    await expect(
      admin.call(api.forceDeleteOrganization, { params: { organizationId }, body: { name: 'Default organization' } }),
    ).rejects.toMatchObject({ problem: { code: 'organization.is_default' } });
  });

  test('more users than one statement removes go all the same', async () => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, [], 'Sales');
    const people = Array.from({ length: 1000 }, (_, index) => ({
      displayName: `Person ${index}`,
      userPrincipalName: `person${index}@contoso.example`,
      mail: null,
    }));
    for (let thousand = 0; thousand < 6; thousand++) {
      const users = people.map((person) => ({ ...person, id: crypto.randomUUID() as UserId }));
      await admin.call(api.addUsers, { params: { organizationId }, body: { users } });
    }

    await admin.call(api.forceDeleteOrganization, { params: { organizationId }, body: { name: 'Sales' } });

    expect((await admin.call(api.listUsers, {})).total).toBe(0);
    const { activities } = await admin.call(api.listActivity);
    expect(activities[0]).toMatchObject({ type: 'organization.deleted', details: { users: 6000 } });
  });

  test('a check that runs over it ends without a trace', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people, 'Sales');
    await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });

    await admin.call(api.forceDeleteOrganization, { params: { organizationId }, body: { name: 'Sales' } });
    await bench.queue.drain();

    expect(Object.values(await rowsIn(bench)).every((count) => count === 0)).toBe(true);
  });
});

describe('a recorded origin', () => {
  const origins = ['ews_impersonation', 'ews_on_premises', 'hybrid'] as const;

  async function createOrigin(admin: TestAdmin, connectionType: (typeof origins)[number]): Promise<OrganizationId> {
    const created = await admin.call(api.createOrganization, {
      body: { name: 'Origin', externalId: 'origin', connectionType },
    });
    return created.id;
  }

  test.each(origins)('%s is recorded of the organization and of its users, and refuses a check', async (origin) => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const admin = bench.signIn('ada@contoso.example');
    const params = { organizationId: await createOrigin(admin, origin) };
    const grace = asNewUser(bench.sandbox.tenant.person(namedPeople.grace.id));
    await admin.call(api.addUsers, { params, body: { users: [grace] } });

    const check = admin.call(api.startConnectivityCheck, { params, body: {} });

    await expect(check).rejects.toMatchObject({ status: 409, problem: { code: 'organization.not_graph' } });
    expect(await admin.call(api.getOrganization, { params })).toMatchObject({ connectionType: origin, userCount: 1 });
    expect(await admin.call(api.getUser, { params: { userId: grace.id } })).toMatchObject({ connectionType: origin });
  });

  test('"none" is no origin', async () => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const body = { name: 'x', externalId: 'x', connectionType: 'none' };
    expect((await admin.send(api.createOrganization as never, { body })).status).toBe(400);
  });

  test('converted, its users keep their connection until a check has opened them', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const admin = bench.signIn('ada@contoso.example');
    const params = { organizationId: await createOrigin(admin, 'ews_impersonation') };
    const grace = asNewUser(bench.sandbox.tenant.person(namedPeople.grace.id));
    await admin.call(api.addUsers, { params, body: { users: [grace] } });
    const connection = async () => (await admin.call(api.getUser, { params: { userId: grace.id } })).connectionType;

    const converted = await admin.call(api.convertOrganization, { params, body: {} });
    const before = await connection();
    await admin.call(api.startConnectivityCheck, { params, body: {} });
    await bench.queue.drain();

    expect(converted.connectionType).toBe('graph_app_only');
    expect([before, await connection()]).toEqual(['ews_impersonation', 'graph_app_only']);
  });

  test('converting twice at once is one conversion with one audit row', async () => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const params = { organizationId: await createOrigin(admin, 'hybrid') };

    const convert = () => admin.call(api.convertOrganization, { params, body: {} });
    await Promise.all([convert(), convert()]);

    const { activities } = await admin.call(api.listActivity);
    expect(activities.filter(({ type }) => type === 'organization.converted')).toMatchObject([
      { by: 'Ada Lovelace', organizationName: 'Origin', details: { from: 'hybrid', to: 'graph_app_only' } },
    ]);
  });
});

test('the list says how many users have each mailbox status', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await withInitialized(bench, admin);

  const { mailboxCounts } = await admin.call(api.getOrganization, { params: { organizationId } });

  const { users } = await admin.call(api.listUsers, {});
  const tallied = { not_initialized: 0, switching: 0, initialized: 0, disabled_due_to_error: 0 };
  for (const { mailboxState } of users) tallied[mailboxState] += 1;
  expect(mailboxCounts).toEqual(tallied);
  expect(mailboxCounts.initialized).toBe(1);
});

test.each(['', ' ', 'x'.repeat(121)])('the name %j is refused', async (name) => {
  await using bench = await startBench();
  const admin = bench.signIn('ada@contoso.example');
  await expect(admin.call(api.createOrganization, { body: { name, externalId: 'x' } })).rejects.toMatchObject({
    status: 400,
  });
});

test.each(['', 'with space', '-dash-first', 'ü', 'a/b', 'x'.repeat(65), 'a\u0000b'])(
  'the External Id %j is refused',
  async (externalId) => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    await expect(admin.call(api.createOrganization, { body: { name: 'x', externalId } })).rejects.toMatchObject({
      status: 400,
    });
  },
);

test.each(["Robert'); drop table users; --", '<script>alert(1)</script>', '🏢 Ελλάδα', '\u202Eevil', '\\'])(
  'the name %j is stored as it is',
  async (name) => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const created = await admin.call(api.createOrganization, { body: { name, externalId: 'x' } });
    expect((await admin.call(api.getOrganization, { params: { organizationId: created.id } })).name).toBe(name);
  },
);

test('the activity is read page by page', async () => {
  await using bench = await startBench();
  const admin = bench.signIn('ada@contoso.example');
  for (let index = 0; index < 5; index++) await bench.organizationWith(admin, []);

  const first = await admin.call(api.listActivity, { query: { limit: 4 } });
  const second = await admin.call(api.listActivity, { query: { limit: 4, cursor: first.nextCursor ?? '' } });

  expect([first.activities.length, second.activities.length, second.nextCursor]).toEqual([4, 2, null]);
});

describe('features of an organization', () => {
  test('features are switched with one audit row that names them, and the same choice again is no change', async () => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, []);
    const choose = (capabilities: Capability[]) =>
      admin.call(api.updateOrganization, { params: { organizationId }, body: { capabilities } });

    const changed = await choose(['settings', 'send', 'mail']);
    await choose(['mail', 'send', 'settings']);

    expect(changed.capabilities).toEqual(['mail', 'send', 'settings']);
    const { activities } = await admin.call(api.listActivity);
    expect(activities.filter(({ type }) => type === 'organization.updated')).toMatchObject([
      { details: { switchedOn: 'send settings', switchedOff: 'calendar contacts' } },
    ]);
  });

  test('an organization without any feature is refused', async () => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, []);

    const call = admin.call(api.updateOrganization, { params: { organizationId }, body: { capabilities: [] } });

    await expect(call).rejects.toMatchObject({ problem: { code: 'request.invalid' } });
  });
});
