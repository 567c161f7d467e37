import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import type { AssignmentRuleId, OrganizationId } from '../../src/domain/ids.ts';
import { addressOf, asNewUser, type Bench, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';
import { foundDrift, intend } from '../support/intended-scope.ts';
import { runScript } from '../support/run-script.ts';

const beta = { id: '8c1a64f1-7d43-4b5a-9b1e-3c7c5e2f9a10', displayName: 'Beta', domain: 'beta.example' };
const endpoints = Object.entries(api as Record<string, Endpoint>);

let bench: Bench;
let alphaAdmin: TestAdmin;
let betaAdmin: TestAdmin;
/** Ids of Alpha. */
let params: Record<string, string>;
let bodies: Record<string, unknown>;
let tables: string;

/** Everything Alpha has, as text. */
async function alphaRows(): Promise<string> {
  const { db } = bench.service.database;
  const names = [
    'organizations',
    'users',
    'mailbox_access',
    'checks',
    'check_results',
    'consents',
    'consent_attempts',
    'sync_sessions',
    'directory_mailboxes',
    'mailbox_scopes',
    'mailbox_scope_members',
    'scope_proofs',
    'scope_proof_results',
    'scope_drifts',
    'mailbox_syncs',
    'assignment_rules',
    'assignment_runs',
    'assignment_outcomes',
    'assignment_people',
    'provisionings',
    'provisioning_rows',
    'ews_migrations',
    'ews_migration_rings',
    'ews_migration_users',
    'ews_readings',
    'activities',
    'user_command_runs',
    'user_command_results',
    'saved_views',
  ] as const;
  const rows = await Promise.all(
    names.map((name) =>
      db
        .selectFrom(name)
        .selectAll()
        .where('tenant_id', '=', bench.tenantId as never)
        .execute(),
    ),
  );
  return JSON.stringify(rows.map((ofTable) => ofTable.map((row) => JSON.stringify(row)).sort()));
}

/** A migration of Alpha whose canary holds, and what its Exchange said. */
async function migrated(organizationId: OrganizationId): Promise<string> {
  const { db } = bench.service.database;
  await db
    .updateTable('users')
    .set({ connection_type: 'ews_impersonation' })
    .where('mailbox_state', '=', 'not_initialized')
    .execute();
  await alphaAdmin.call(api.bringEwsResult, {
    body: { text: await runScript(bench.sandbox, (await alphaAdmin.call(api.getEwsReadingScript)).text) },
  });
  const { id } = await alphaAdmin.call(api.startEwsMigration, {
    params: { organizationId },
    body: { failureLimit: 0 },
  });
  await bench.queue.drain();
  return id;
}

beforeAll(async () => {
  bench = await startBench({ granted: [...mailboxPermissions, 'User.Read.All'], tenants: [beta] });
  alphaAdmin = bench.signIn('ada@contoso.example');
  betaAdmin = bench.signIn('ada@beta.example');
  const organizationId = await bench.organizationWith(alphaAdmin, bench.sandbox.tenant.people, 'Alpha secret');
  const { check } = await alphaAdmin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  const { attemptId } = await alphaAdmin.call(api.startConsent, {
    params: { organizationId },
    body: { returnTo: 'teams' },
  });
  const [person] = bench.sandbox.tenant.people;
  if (!person) throw new Error('nobody there');
  await intend(bench, { memberIds: [person.id] });
  const proof = await alphaAdmin.call(api.startScopeProof, { body: {} });
  await bench.queue.drain();
  const { rules } = await alphaAdmin.call(api.createAssignmentRule, {
    params: { organizationId },
    body: { condition: { kind: 'domain', domain: 'contoso.example' } },
  });
  const ruleId = rules[0]?.id as AssignmentRuleId;
  await alphaAdmin.call(api.previewAssignmentRule, { params: { ruleId }, body: {} });
  await bench.queue.drain();
  const { preview } = await alphaAdmin.call(api.listAssignmentRules);
  const brought = await alphaAdmin.call(api.startProvisioning, {
    params: { organizationId },
    body: { source: 'people', people: [asNewUser(person)] },
  });
  const { run } = await alphaAdmin.call(api.startUserCommand, { body: { command: 'enableSync', filter: {} } });
  await bench.queue.drain();
  const view = await alphaAdmin.call(api.saveView, {
    body: { name: 'Alpha secret', view: { list: 'users', filter: {}, sort: 'name', columns: ['name'] } },
  });
  params = {
    ruleId,
    runId: preview?.id as string,
    organizationId,
    provisioningId: brought.id,
    userId: person.id,
    checkId: check.id,
    commandRunId: run.id,
    viewId: view.id,
    attemptId,
    proofId: proof.id,
    driftId: await foundDrift(bench),
    migrationId: await migrated(organizationId),
    ring: 'canary',
  };
  bodies = {
    createOrganization: { name: 'Beta office', externalId: 'alpha-secret' },
    updateOrganization: { name: 'Stolen' },
    forceDeleteOrganization: { name: 'Alpha secret' },
    addUsers: { users: [asNewUser(person)] },
    startProvisioning: { source: 'licensed' },
    mapProvisioningFile: { mapping: { id: 0 } },
    moveUsers: { userIds: [person.id] },
    startConsent: { returnTo: 'teams' },
    createAssignmentRule: { condition: { kind: 'domain', domain: 'beta.example' } },
    updateAssignmentRule: { isOn: false },
    steerEwsMigration: { wish: 'cancel' },
    steerEwsRing: { wish: 'accept' },
    changeSavedView: { isDefault: true },
  };
  await betaAdmin.call(api.getOverview);
  tables = await alphaRows();
});
afterAll(() => bench[Symbol.asyncDispose]());

const withIds = endpoints.filter(([, { path }]) => path.includes(':'));

test.each(withIds)('%s: an id of another tenant is answered like one that does not exist', async (name, endpoint) => {
  const body = bodies[name] ?? {};
  const foreign = await betaAdmin.send(endpoint, { params, body });
  const random = await betaAdmin.send(endpoint, {
    params: { ...Object.fromEntries(Object.keys(params).map((key) => [key, crypto.randomUUID()])), ring: params.ring },
    body,
  });

  expect(foreign.status).toBe(404);
  const withoutRequestId = async (response: Response) => ({ ...((await response.json()) as object), requestId: '' });
  expect(await withoutRequestId(foreign)).toEqual(await withoutRequestId(random));
  expect(await alphaRows()).toBe(tables);
});

test('lists of one tenant hold nothing of another', async () => {
  const lists = [
    api.listOrganizations,
    api.listUsers,
    api.listConnectivityChecks,
    api.listUserCommands,
    api.listSavedViews,
    api.listActivity,
    api.listAssignmentRules,
    api.listProvisionings,
    api.getOverview,
    api.getEwsCockpit,
    api.listEwsMigrations,
  ] as Endpoint[];
  const texts = await Promise.all(lists.map(async (endpoint) => (await betaAdmin.send(endpoint)).text()));

  for (const text of texts) {
    expect(text).not.toContain('Alpha secret');
    expect(text).not.toContain('contoso');
    const { ring: _, ...ids } = params;
    for (const id of Object.values(ids)) expect(text).not.toContain(id);
  }
});

test('an organization id of another tenant filters everything away', async () => {
  const query = { organizationId: params.organizationId };
  const users = await (await betaAdmin.send(api.listUsers as Endpoint, { query })).json();
  expect(users).toMatchObject({ users: [], total: 0 });
});

test('External Ids are unique per tenant: another tenant learns nothing from a conflict', async () => {
  const response = await betaAdmin.send(api.createOrganization, { body: bodies.createOrganization });
  expect(response.status).toBe(201);
});

test('moving and removing reach only the own tenant', async () => {
  const { organizations } = await betaAdmin.call(api.listOrganizations);
  const organizationId = organizations[0]?.id;
  const moved = await (
    await betaAdmin.send(api.moveUsers, { params: { organizationId }, body: { userIds: [params.userId] } })
  ).json();
  const removed = await (
    await betaAdmin.send(api.removeUsers, { body: { userIds: [params.userId], force: true } })
  ).json();

  expect(moved).toEqual({ moved: 0, notFound: [params.userId] });
  expect(removed).toEqual({ removed: 0, keptInitialized: [] });
  expect(await alphaRows()).toBe(tables);
});

test('a command over everybody, or over somebody named, reaches only the own tenant', async () => {
  for (const whom of [{ filter: {} }, { userIds: [params.userId] }]) {
    await betaAdmin.send(api.startUserCommand, { body: { command: 'forceRemove', ...whom } });
  }
  await bench.queue.drain();

  const { runs } = await betaAdmin.call(api.listUserCommands, {});
  expect(runs.map(({ outcomes }) => outcomes)).toEqual([[{ outcome: 'not_found', count: 1 }]]);
  expect(await alphaRows()).toBe(tables);
});

test.each([
  ['switching', api.switchSynchronization, { enabled: false }],
  ['resetting', api.resetMailboxes, {}],
  ['re-initializing', api.reinitializeMailboxes, {}],
] as const)('%s the synchronization reaches only the own tenant', async (_name, endpoint, more) => {
  const response = await betaAdmin.send(endpoint as Endpoint, { body: { userIds: [params.userId], ...more } });

  expect(await response.json()).toEqual({ results: [{ userId: params.userId, outcome: 'not_found' }] });
  expect(await alphaRows()).toBe(tables);
});

test('the same person may be known in both tenants, each with an own state', async () => {
  const { organizations } = await betaAdmin.call(api.listOrganizations);
  const organizationId = organizations.find(({ isDefault }) => isDefault)?.id;
  await betaAdmin.send(api.addUsers, { params: { organizationId }, body: bodies.addUsers });

  const [inAlpha, inBeta] = await Promise.all(
    [alphaAdmin, betaAdmin].map(
      async (admin) =>
        (await admin.send(api.getUser as Endpoint, { params })).json() as Promise<{ organizationName: string }>,
    ),
  );

  expect([inAlpha?.organizationName, inBeta?.organizationName]).toEqual(['Alpha secret', 'Default organization']);
  expect(await alphaRows()).toBe(tables);
});

test('a tenant id that the client sends is refused or ignored', async () => {
  const inQuery = await bench.fetch(addressOf(api.listUsers, { query: { tenantId: bench.tenantId } }), {
    headers: { authorization: `Bearer ${betaAdmin.token}` },
  });
  const inHeader = await bench.fetch(addressOf(api.getSession), {
    headers: {
      authorization: `Bearer ${betaAdmin.token}`,
      'x-tenant-id': bench.tenantId,
      cookie: `tid=${bench.tenantId}`,
    },
  });

  expect(inQuery.status).toBe(400);
  expect(await inHeader.json()).toMatchObject({ tenant: { tenantId: beta.id } });
});

test('each tenant’s mailboxes are asked with the tenant’s own token', async () => {
  // The simulated Graph answers 404 to a token of another tenant: the verdicts would differ.
  const people = [...(bench.sandbox.tenants.get(beta.id)?.people ?? [])].filter(
    ({ mailbox }) => mailbox.state === 'available',
  );
  bench.sandbox.tenants.get(beta.id)?.grants.grant(...mailboxPermissions);
  const organizationId = await bench.organizationWith(betaAdmin, people, 'Beta graph');
  await betaAdmin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();

  const { counts, total } = await betaAdmin.call(api.listUsers, { query: { organizationId } });
  expect(counts?.working).toBe(total);
});
