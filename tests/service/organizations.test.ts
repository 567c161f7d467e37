import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { Capability } from '../../src/domain/mailbox-access/capability.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { startBench } from '../support/bench.ts';

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
