import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { type Endpoint, successStatus } from '../../src/contract/endpoint.ts';
import { errorCatalogue, problem } from '../../src/contract/errors.ts';
import type { ListView } from '../../src/contract/saved-views.ts';
import type { AssignmentRuleId, GroupId, OrganizationId, ScopeDriftId, TenantId } from '../../src/domain/ids.ts';
import type { ProvisioningState } from '../../src/domain/provisioning/provisioning-state.ts';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { exchangeOnlineAppId, graphAppId } from '../../src/sandbox/tenant/permissions.ts';
import { codesOf } from '../../src/service/http/openapi.ts';
import { addressOf, asNewUser, type Bench, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';
import { intend } from '../support/intended-scope.ts';
import { runScript } from '../support/run-script.ts';

const endpoints = Object.entries(api as Record<string, Endpoint>);
const someId = '0f9b2c1e-5f53-4a7e-9a55-2b7f3f1f0c11';
const paramsWith = (id: string) => ({
  organizationId: id,
  userId: id,
  checkId: id,
  attemptId: id,
  changeId: id,
  proofId: id,
  driftId: id,
  ruleId: id,
  runId: id,
  provisioningId: id,
  migrationId: id,
  commandRunId: id,
  viewId: id,
});
const someView: ListView = { list: 'users', filter: { status: 'blocked' }, sort: 'name', columns: ['name'] };
const anyParams = { ...paramsWith(someId), purpose: 'make', ring: 'canary' };
/** Endpoints that cannot succeed beside what the tests need, and what they answer. */
const refused: Readonly<Record<string, string>> = {
  pauseConnectivityCheck: 'check.already_ended',
  resumeConnectivityCheck: 'check.already_ended',
  cancelConnectivityCheck: 'check.already_ended',
  retryConnectivityCheck: 'check.nothing_to_retry',
  cancelUserCommand: 'command.already_ended',
  startScopeChange: 'scope.change_open',
  startPolicyMigration: 'scope.change_open',
  startEwsMigration: 'migration.open',
};

/** Endpoints that take a provisioning in another state than a new one, and which. */
const provisioningStates: Readonly<Record<string, ProvisioningState>> = {
  mapProvisioningFile: 'mapping',
  cancelProvisioning: 'checking',
  resumeProvisioning: 'cancelled',
  applyProvisioning: 'ready',
};

let bench: Bench;
let admin: TestAdmin;
/** Ids of things that exist, and a body that is accepted, by endpoint. */
let params: Record<string, string>;
let bodies: Record<string, unknown>;

beforeAll(async () => {
  bench = await startBench({
    granted: [...mailboxPermissions, 'User.Read.All'],
    environment: { EXCHANGE_GATEWAY: 'delegated' },
    // Every case of every endpoint comes from one address within seconds.
    service: { rateLimits: { client: { perSecond: 1000, burst: 5000 }, admin: { perSecond: 1000, burst: 5000 } } },
  });
  admin = bench.signIn('ada@contoso.example');
  const grace = bench.sandbox.tenant.person(namedPeople.grace.id);
  const organizationId = await bench.organizationWith(admin, [grace]);
  const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  const attempt = await admin.call(api.startConsent, { params: { organizationId }, body: { returnTo: 'teams' } });
  const scope = await arrangeScope();
  const rules = await arrangeRules(organizationId);
  const ews = await arrangeEws(organizationId);
  const { run } = await admin.call(api.startUserCommand, { body: { command: 'enableSync', userIds: [grace.id] } });
  await bench.queue.drain();
  const view = await admin.call(api.saveView, { body: { name: 'Mine', view: someView } });
  params = {
    ...rules.params,
    organizationId,
    viewId: view.id,
    userId: grace.id,
    commandRunId: run.id,
    checkId: check.id,
    attemptId: attempt.attemptId,
    provisioningId: await provisioningIn('receiving', organizationId),
    ...scope.params,
    ...ews.params,
  };
  bodies = {
    createOrganization: { name: 'Branch', externalId: 'branch' },
    updateOrganization: { name: 'Renamed' },
    convertOrganization: {},
    forceDeleteOrganization: { name: 'To be deleted' },
    addUsers: { users: [asNewUser(bench.sandbox.tenant.person(namedPeople.ada.id))] },
    startProvisioning: { source: 'licensed' },
    uploadProvisioningFile: 'upn\nx@y',
    mapProvisioningFile: { mapping: { userPrincipalName: 0 } },
    moveUsers: { userIds: [grace.id] },
    removeUsers: { userIds: [someId] },
    startConsent: { returnTo: 'browser' },
    parkConsentCallback: { state: 'x'.repeat(43) },
    startConnectivityCheck: {},
    setRequestRate: { ceiling: 500 },
    ...rules.bodies,
    forceSynchronization: {},
    ...scope.bodies,
    ...ews.bodies,
    saveView: { name: 'All', view: someView },
    changeSavedView: { isDefault: true },
    startUserCommand: { command: 'enableSync', filter: { search: 'grace' } },
    switchSynchronization: { userIds: [grace.id], enabled: true },
    resetMailboxes: { userIds: [grace.id] },
    reinitializeMailboxes: { userIds: [grace.id] },
  };
});

/** A rule that is on, with a run. */
async function arrangeRules(organizationId: OrganizationId) {
  const { rules } = await admin.call(api.createAssignmentRule, {
    params: { organizationId },
    body: { condition: { kind: 'domain', domain: 'nobody.example' } },
  });
  const ruleId = rules[0]?.id as AssignmentRuleId;
  await admin.call(api.previewAssignmentRule, { params: { ruleId }, body: {} });
  await bench.queue.drain();
  await admin.call(api.updateAssignmentRule, { params: { ruleId }, body: { isOn: true } });
  await bench.queue.drain();
  const { lastRun } = await admin.call(api.listAssignmentRules);
  return {
    params: { ruleId, runId: lastRun?.id as string },
    bodies: { createAssignmentRule: { condition: { kind: 'domain', domain: 'other.example' } } },
  };
}

/** A provisioning of a file with one heading and somebody to add, as far as the state says. */
async function provisioningIn(state: ProvisioningState, organizationId: OrganizationId): Promise<string> {
  const body = { source: 'csv', name: 'people.csv', bytes: 7 } as const;
  const { id } = await admin.call(api.startProvisioning, { params: { organizationId }, body });
  const counts = JSON.stringify([{ verdict: 'eligible', count: 1 }]);
  await bench.service.database.db
    .updateTable('provisionings')
    .set({ state, headings: '["upn"]', counts })
    .where('id', '=', id)
    .execute();
  return id;
}

/** A planned limit, a finished proof, something that changed elsewhere, and files that scripts wrote. */
async function arrangeScope() {
  const { sandbox, service, queue } = bench;
  const { tenant } = sandbox;
  const tenantId = bench.tenantId as TenantId;
  tenant.grants.grantScopes(tenant.registration.clientId, graphAppId, ['GroupMember.Read.All'], null);
  tenant.grants.grantScopes(tenant.registration.clientId, exchangeOnlineAppId, ['Exchange.Manage'], null);
  const groupId = namedGroups.sales.id as GroupId;
  tenant.groups.get(groupId)?.memberIds.push(namedPeople.grace.id);
  const appId = tenant.registration.clientId;
  tenant.exchange.addPolicy({ appId, groupId, accessRight: 'RestrictAccess', description: '' });
  const wanted = { mechanism: 'role_assignments', list: 'allow', groupId } as const;
  const { id: changeId } = await admin.call(api.startScopeChange, { body: wanted });
  const script = await admin.call(api.getScopeScript, { params: { changeId, purpose: 'make' } });
  const reading = await runScript(sandbox, (await admin.call(api.getReadingScript)).text);
  await admin.call(api.bringReadingResult, { body: { text: reading } });
  await intend(bench, { memberIds: [] });
  const { id: proofId } = await admin.call(api.startScopeProof, { body: {} });
  await queue.drain();
  const driftId = crypto.randomUUID() as ScopeDriftId;
  await service.database.db
    .insertInto('scope_drifts')
    .values({
      tenant_id: tenantId,
      id: driftId,
      what: 'grant_added',
      subject: 'Mail.Read',
      capabilities: [],
      by: null,
      found_at: new Date(),
      dismissed_at: null,
    })
    .execute();
  return {
    params: { changeId, proofId, driftId, purpose: 'make' },
    bodies: {
      previewMailboxScope: wanted,
      startScopeChange: wanted,
      bringScopeResult: { text: await runScript(sandbox, script.text) },
      runScopeStep: { purpose: 'make' },
      bringReadingResult: { text: reading },
    },
  };
}

/** A migration whose only ring holds, because its only user has no mailbox, and a file that a script wrote. */
async function arrangeEws(organizationId: OrganizationId) {
  const { sandbox, queue } = bench;
  const origin = { name: 'Origin', externalId: 'origin', connectionType: 'ews_impersonation' } as const;
  const { id } = await admin.call(api.createOrganization, { body: origin });
  const linus = asNewUser(sandbox.tenant.person(namedPeople.linus.id));
  await admin.call(api.addUsers, { params: { organizationId: id }, body: { users: [linus] } });
  await admin.call(api.moveUsers, { params: { organizationId }, body: { userIds: [linus.id] } });
  const reading = await runScript(sandbox, (await admin.call(api.getEwsReadingScript)).text);
  await admin.call(api.bringEwsResult, { body: { text: reading } });
  const { id: migrationId } = await admin.call(api.startEwsMigration, { params: { organizationId }, body: {} });
  await queue.drain();
  return {
    params: { migrationId, ring: 'canary' },
    bodies: {
      bringEwsResult: { text: reading },
      startEwsMigration: {},
      steerEwsRing: { wish: 'return' },
      steerEwsMigration: { wish: 'cancel' },
    },
  };
}
afterAll(() => bench[Symbol.asyncDispose]());

describe('every endpoint answers as its schema says', () => {
  // In the order of the contract, so that what is deleted is deleted by nobody else's test.
  const last = ['deleteSavedView', 'removeUsers', 'deleteOrganization', 'forceDeleteOrganization'];
  const ordered = [...endpoints].sort(([a], [b]) => last.indexOf(a) - last.indexOf(b));

  test.each(ordered)('%s', async (name, endpoint) => {
    const own = { ...params };
    if (name === 'deleteOrganization' || name === 'forceDeleteOrganization')
      own.organizationId = await bench.organizationWith(admin, [], 'To be deleted');
    const state = provisioningStates[name];
    if (state) own.provisioningId = await provisioningIn(state, params.organizationId as OrganizationId);

    const response = await admin.send(endpoint, { params: own, body: bodies[name] ?? {} });

    const refusal = refused[name];
    if (refusal) {
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ code: refusal });
      return;
    }
    expect(response.status).toBe(successStatus(endpoint));
    expect(response.headers.get('cache-control')).toBe('no-store');
    if (endpoint.streams) {
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('data: '));
      expect(events).toHaveLength(1);
      endpoint.response?.parse(JSON.parse(events[0]?.slice('data: '.length) ?? ''));
    } else if (endpoint.response) endpoint.response.parse(await response.json());
    if (endpoint.download) {
      expect(response.headers.get('content-type')).toBe(`${endpoint.download}; charset=utf-8`);
      expect(await response.text()).not.toBe('');
    }
  });
});

const anonymous = endpoints.filter(([, { access }]) => access === 'anonymous').map(([name]) => name);

test('one endpoint answers without a token, and it is listed here', () => {
  expect(anonymous).toEqual(['parkConsentCallback']);
});

test.each(endpoints.filter(([name]) => !anonymous.includes(name)))(
  '%s refuses without a token',
  async (_name, endpoint) => {
    const response = await bench.fetch(addressOf(endpoint, { params: anyParams }), {
      method: endpoint.method,
      headers: { 'content-type': 'application/json' },
      ...(endpoint.body ? { body: '{}' } : {}),
    });

    expect(response.status).toBe(401);
    expect(problem.parse(await response.json()).code).toBe('token.invalid');
  },
);

test.each(endpoints.filter(([name]) => !anonymous.includes(name)))(
  '%s refuses who is no admin',
  async (_name, endpoint) => {
    const member = bench.signIn('grace@contoso.example');
    const response = await member.send(endpoint, { params: anyParams });

    expect(response.status).toBe(403);
    expect(problem.parse(await response.json()).code).toBe('admin.role_missing');
  },
);

const withIds = endpoints.filter(([, { path }]) => path.includes(':'));

test.each(withIds)('%s answers 404 for an id that does not exist', async (name, endpoint) => {
  const response = await admin.send(endpoint, { params: anyParams, body: bodies[name] ?? {} });

  expect(response.status).toBe(404);
  const { code } = problem.parse(await response.json());
  expect(codesOf(endpoint)).toContain(code);
});

test.each(withIds)('%s answers 400 for an id that is none', async (name, endpoint) => {
  for (const id of [
    '1',
    'x'.repeat(300),
    '../etc/passwd',
    "' or 1=1",
    '{00000000-0000-0000-0000-000000000000}',
    'null',
  ]) {
    const params = { ...paramsWith(id), purpose: 'make', ring: 'canary' };
    const response = await admin.send(endpoint, { params, body: bodies[name] ?? {} });
    expect(response.status).toBe(400);
    expect(problem.parse(await response.json()).code).toBe('request.invalid');
  }
});

const withBody = endpoints.filter(([, { body }]) => body);

describe.each(withBody)('%s and its body', (name, endpoint) => {
  const post = (body: string, contentType = 'application/json') =>
    bench.fetch(addressOf(endpoint, { params }), {
      method: endpoint.method,
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': contentType },
      body,
    });

  test.each([
    ['unknown field', () => ({ ...(bodies[name] as object), tenantId: someId })],
    ['__proto__', () => JSON.parse('{"__proto__":{"isAdmin":true},"x":1}')],
    ['a list', () => []],
    ['a text', () => 'text'],
    ['null', () => null],
  ])('refuses %s', async (_case, makeBody) => {
    const response = await post(JSON.stringify(makeBody()));
    expect(response.status).toBe(400);
    expect(problem.parse(await response.json())).toMatchObject({ code: 'request.invalid', details: { in: 'body' } });
  });

  test('refuses what is not JSON', async () => {
    expect((await post('{"name":')).status).toBe(400);
    expect((await post('name=x', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await post('{}', 'text/plain')).status).toBe(415);
  });

  test('refuses more than it takes', async () => {
    const limit = endpoint.bodyLimitBytes ?? 1024 * 1024;
    const response = await post(JSON.stringify({ name: 'x'.repeat(limit) }));
    expect(response.status).toBe(413);
    expect(problem.parse(await response.json()).code).toBe('request.too_large');
  });
});

describe('methods and addresses', () => {
  test.each([...new Set(endpoints.map(([, { path }]) => path))])('%s answers other methods with 405', async (path) => {
    const allowed = endpoints.filter(([, endpoint]) => endpoint.path === path).map(([, { method }]) => method);
    const response = await bench.fetch(path.replace(/:\w+/g, someId), { method: 'PUT' });

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')?.split(', ').sort()).toEqual([...allowed].sort());
    expect(problem.parse(await response.json()).code).toBe('request.method_not_allowed');
  });

  test.each([
    '/api',
    '/api/unknown',
    '/api/organizations/x/y/z',
    '/api/../etc/passwd',
    '/assets/missing.js',
    '/unknown',
  ])('%s is not there', async (path) => {
    const response = await bench.fetch(path);
    expect(response.status).toBe(404);
    expect(problem.parse(await response.json()).code).toBe('route.not_found');
  });
});

test('every error has a status, a title and a remedy in one sentence', () => {
  for (const [code, { title, remedy }] of Object.entries(errorCatalogue)) {
    expect(code).toMatch(/^[a-z]+(\.[a-z_]+)?$/);
    expect(title).not.toMatch(/[.!]$/);
    expect(remedy).toMatch(/\.$/);
  }
});
