import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { AssignmentRuleId, GroupId, OrganizationId, UserId } from '../../src/domain/ids.ts';
import type { RegistrationName } from '../../src/domain/registration.ts';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import type { Person } from '../../src/sandbox/tenant/person.ts';
import { northRegistration } from '../../src/sandbox/tenant/registration.ts';
import type { Database } from '../../src/service/db/database.ts';
import { openDatabase } from '../../src/service/db/database.ts';
import {
  asNewUser,
  type Bench,
  type BenchOptions,
  environmentOf,
  mailboxPermissions,
  startBench,
  type TestAdmin,
} from '../support/bench.ts';
import { intend } from '../support/intended-scope.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { runScript } from '../support/run-script.ts';

const north = northRegistration.name as RegistrationName;
const asNorth = { query: { registration: north } };
const granted = ['User.Read.All', ...mailboxPermissions];
const configured = {
  REGISTRATIONS: 'north',
  REGISTRATION_NORTH_CLIENT_ID: northRegistration.clientId,
  REGISTRATION_NORTH_CLIENT_SECRET: northRegistration.clientSecret,
};
const sales = namedGroups.sales.id;

/** A tenant that knows both applications, and a service that is configured for both. */
async function arrange(options: BenchOptions = {}) {
  const bench = await startBench({
    granted,
    ...options,
    environment: { ...configured, ...options.environment },
    sandbox: { registrations: [northRegistration], settings: { exchangePropagationSeconds: 0 }, ...options.sandbox },
  });
  const [, registration] = bench.sandbox.registrations;
  if (!registration) throw new Error('There is no second application.');
  return { bench, registration, admin: bench.signIn('ada@contoso.example') };
}

async function organizationOf(
  admin: TestAdmin,
  name: string,
  people: readonly Person[],
  registration: RegistrationName | null = null,
): Promise<OrganizationId> {
  const { id } = await admin.call(api.createOrganization, { body: { name, externalId: name, registration } });
  if (people.length > 0) {
    await admin.call(api.addUsers, { params: { organizationId: id }, body: { users: people.map(asNewUser) } });
  }
  return id;
}

async function check(bench: Bench, admin: TestAdmin, organizationId: OrganizationId) {
  const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  return admin.call(api.getConnectivityCheck, { params: { checkId: check.id } });
}

const accessOf = async (admin: TestAdmin, { id }: { readonly id: string }) =>
  (await admin.call(api.getUser, { params: { userId: id as UserId } })).access;

/** Exchange confines the second application to Sales; Entra grants both everything. */
function confineNorth({ sandbox }: Bench): void {
  sandbox.tenant.exchange.addPolicy({
    appId: northRegistration.clientId,
    groupId: sales,
    accessRight: 'RestrictAccess',
    description: '',
  });
}

/** Somebody in Sales, and somebody who is not. */
function oneOfEachSide({ sandbox: { tenant } }: Bench): { inside: Person; outside: Person } {
  const insideIds = new Set(tenant.transitiveMemberIds(sales));
  const available = tenant.people.filter(
    ({ mailbox, userType }) => mailbox.state === 'available' && userType === 'Member',
  );
  const inside = available.find(({ id }) => insideIds.has(id));
  const outside = available.find(({ id }) => !insideIds.has(id));
  if (!inside || !outside) throw new Error('There is nobody on one side.');
  return { inside, outside };
}

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

const databases = {
  PGlite: async (): Promise<BenchOptions> => ({}),
  PostgreSQL: async (): Promise<BenchOptions> => ({
    database: { kind: 'postgres', url: await server.createDatabase() },
  }),
};

describe.each(Object.entries(databases))('on %s', (_name, database) => {
  test('two organizations with different applications and different limits in Exchange get different verdicts', async () => {
    const { bench, admin, registration } = await arrange(await database());
    await using _ = bench;
    bench.sandbox.tenant.grants.grantTo(registration, ...granted);
    confineNorth(bench);
    const { inside, outside } = oneOfEachSide(bench);
    const own = await organizationOf(admin, 'own', [outside]);
    const other = await organizationOf(admin, 'north', [inside], north);

    await check(bench, admin, own);
    await check(bench, admin, other);
    expect([await accessOf(admin, outside), await accessOf(admin, inside)]).toMatchObject([
      { status: 'working' },
      { status: 'working' },
    ]);

    // The same mailbox, reached by the other application: what the first one found is no verdict of this one.
    await admin.call(api.moveUsers, { params: { organizationId: other }, body: { userIds: [outside.id as UserId] } });
    expect(await accessOf(admin, outside)).toMatchObject({ status: 'not_checked', reason: null, checkedAt: null });
    await check(bench, admin, other);
    expect(await accessOf(admin, outside)).toMatchObject({ status: 'blocked' });

    // A run over the tenant tries each mailbox as the application of its organization.
    await admin.call(api.moveUsers, { params: { organizationId: own }, body: { userIds: [outside.id as UserId] } });
    bench.sandbox.requests.clear();
    await admin.call(api.startTenantCheck, { body: {} });
    await bench.queue.drain();
    expect([await accessOf(admin, outside), await accessOf(admin, inside)]).toMatchObject([
      { status: 'working' },
      { status: 'working' },
    ]);
    const askers = (id: string) =>
      new Set(bench.sandbox.requests.all.filter(({ path }) => path.includes(id)).map(({ appId }) => appId));
    expect([askers(outside.id), askers(inside.id)]).toEqual([
      new Set([bench.sandbox.registration.clientId]),
      new Set([northRegistration.clientId]),
    ]);
    // A limit of Microsoft's is one of the application, and so is what was learnt of it.
    const rates = await bench.service.database.db.selectFrom('tenant_rates').select('registration').execute();
    expect(rates.map((rate) => rate.registration).sort()).toEqual(['', 'north']);
  });

  test('another application of an organization: nothing of the former one stands, and the other needs its own consent', async () => {
    const { bench, admin, registration } = await arrange(await database());
    await using _ = bench;
    const { outside } = oneOfEachSide(bench);
    const organizationId = await organizationOf(admin, 'own', [outside]);
    await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
    await check(bench, admin, organizationId);

    const changed = await admin.call(api.updateOrganization, {
      params: { organizationId },
      body: { registration: north },
    });

    expect(changed).toMatchObject({
      registration: north,
      clientId: northRegistration.clientId,
      consentState: 'not_requested',
      accessCounts: { not_checked: 1, working: 0 },
      lastCheckAt: null,
    });
    expect(await accessOf(admin, outside)).toMatchObject({ status: 'not_checked', reason: null });
    expect(await admin.call(api.getConsent, { params: { organizationId } })).toMatchObject({ state: 'not_requested' });

    await check(bench, admin, organizationId);
    expect(await accessOf(admin, outside)).toMatchObject({ status: 'blocked', reason: 'consent.application_unknown' });

    const { startPath } = await admin.call(api.startConsent, {
      params: { organizationId },
      body: { returnTo: 'browser' },
    });
    const dialog = new URL((await bench.fetch(startPath)).headers.get('location') ?? '');
    expect(dialog.searchParams.get('client_id')).toBe(northRegistration.clientId);

    bench.sandbox.tenant.grants.grantTo(registration, ...granted);
    const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
    await check(bench, admin, organizationId);
    expect(consent.state).toBe('authorized');
    expect(await accessOf(admin, outside)).toMatchObject({ status: 'working' });
    await admin.call(api.forceSynchronization, { params: { userId: outside.id as UserId }, body: {} });
    bench.sandbox.requests.clear();
    await bench.queue.drain();
    expect(new Set(bench.sandbox.requests.to(/inbox/i).map(({ appId }) => appId))).toEqual(
      new Set([northRegistration.clientId]),
    );

    const { activities } = await admin.call(api.listActivity, { query: { limit: 50 } });
    expect(activities.find(({ type }) => type === 'organization.updated')?.details).toEqual({
      registration: 'north',
      formerRegistration: '',
    });
  });

  test('the group of a rule is read as the application of its organization, and people as the first that is let in', async () => {
    const { bench, admin, registration } = await arrange({ ...(await database()), granted: [] });
    await using _ = bench;
    const ofGroup = (groupId: string) =>
      ({ kind: 'group', groupId: groupId as GroupId, groupName: 'A group' }) as const;
    bench.sandbox.tenant.grants.grantTo(registration, 'User.Read.All', 'GroupMember.Read.All');
    const own = await organizationOf(admin, 'own', []);
    const other = await organizationOf(admin, 'north', [], north);
    for (const [organizationId, groupId] of [
      [own, namedGroups.research.id],
      [other, sales],
    ] as const) {
      const body = { condition: ofGroup(groupId) };
      await admin.call(api.createAssignmentRule, { params: { organizationId }, body });
    }
    const stateIn = async (organizationId: OrganizationId) => {
      const { permissions } = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
      return permissions.find(({ permission }) => permission === 'GroupMember.Read.All')?.state;
    };
    expect([await stateIn(own), await stateIn(other)]).toEqual(['missing', 'granted']);

    const [ofOwn, ofNorth] = (await admin.call(api.listAssignmentRules)).rules.map(({ id }) => id);
    const preview = async (ruleId: AssignmentRuleId | undefined) => {
      if (!ruleId) throw new Error('There is no such rule.');
      await admin.call(api.previewAssignmentRule, { params: { ruleId }, body: {} });
      await bench.queue.drain();
      return (await admin.call(api.listAssignmentRules)).preview;
    };
    // The own application is not let in, and no other one reads for it.
    expect(await preview(ofOwn)).toMatchObject({ state: 'failed', problem: 'directory_not_permitted' });
    bench.sandbox.requests.clear();
    const found = await preview(ofNorth);

    expect(found).toMatchObject({
      state: 'completed',
      problem: null,
      counts: expect.arrayContaining([expect.objectContaining({ organizationId: other, outcome: 'added' })]),
    });
    const asked = bench.sandbox.requests.to(/^\/v1.0\/(users\/delta|groups\/)/);
    expect(new Set(asked.map(({ appId, path }) => [appId, path.split('/')[2]].join(' ')))).toEqual(
      new Set([`${northRegistration.clientId} users`, `${northRegistration.clientId} groups`]),
    );

    // With a rule of each that is on, what the own application may not read is a problem of its own rule alone.
    bench.sandbox.tenant.grants.grant('User.Read.All', 'GroupMember.Read.All');
    for (const ruleId of [ofOwn, ofNorth] as AssignmentRuleId[]) {
      await preview(ruleId);
      await admin.call(api.updateAssignmentRule, { params: { ruleId }, body: { isOn: true } });
      await bench.queue.drain();
    }
    bench.sandbox.tenant.grants.revokeRoles('User.Read.All', 'GroupMember.Read.All');
    await bench.clock.wait(2 * 3_600_000);
    await admin.call(api.startAssignmentRun, { body: {} });
    await bench.queue.drain();
    const { rules, lastRun } = await admin.call(api.listAssignmentRules);
    expect(lastRun).toMatchObject({ state: 'completed', problem: null });
    expect(rules.map(({ problem }) => problem)).toEqual(['group_not_permitted', null]);
  });

  test('each application has its own limit: plan, script, intent, proof and drift of one leave the other alone', async () => {
    const { bench, admin, registration } = await arrange({
      ...(await database()),
      environment: { RECHECK_MINUTES: '60' },
      // Enough to try without meeting somebody who has no mailbox.
      sandbox: { people: 80 },
    });
    await using _ = bench;
    bench.sandbox.tenant.grants.grantTo(registration, ...granted);
    const { inside, outside } = oneOfEachSide(bench);
    const own = await organizationOf(admin, 'own', [outside]);
    const other = await organizationOf(admin, 'north', [inside], north);
    for (const organizationId of [own, other]) {
      await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
    }

    // The script of a reading names the application, and its result is taken for no other one.
    const script = await admin.call(api.getReadingScript, asNorth);
    expect(script.text).toContain(northRegistration.clientId);
    expect(script.text).not.toContain(bench.sandbox.registration.clientId);
    const text = await runScript(bench.sandbox, script.text);
    const foreign = await admin.send(api.bringReadingResult, { body: { text } });
    expect(await foreign.json()).toMatchObject({ code: 'scope.result_of_another_plan' });
    await admin.call(api.bringReadingResult, { ...asNorth, body: { text } });

    const wanted = { mechanism: 'application_access_policy', list: 'allow', groupId: sales } as const;
    const change = await admin.call(api.startScopeChange, { ...asNorth, body: wanted });
    const make = await admin.call(api.getScopeScript, { ...asNorth, params: { changeId: change.id, purpose: 'make' } });
    expect(make.text).toContain(northRegistration.clientId);
    const made = await runScript(bench.sandbox, make.text);
    await admin.call(api.bringScopeResult, { ...asNorth, params: { changeId: change.id }, body: { text: made } });

    const [ofOwn, ofNorth] = [await admin.call(api.getMailboxScope), await admin.call(api.getMailboxScope, asNorth)];
    expect(ofOwn).toMatchObject({ intent: null, change: null, enforced: null });
    expect(ofNorth).toMatchObject({
      intent: { list: 'allow' },
      change: { id: change.id },
      enforced: { policies: [{ accessRight: 'RestrictAccess' }] },
    });
    // Somebody outside the other application's limit is not limited by the own one.
    const access = await admin.call(api.getMailboxAccess, { params: { userId: outside.id as UserId } });
    expect(access.intended).toBe('not_limited');
    expect(await admin.call(api.getScopeDifferences, { params: { organizationId: own } })).toMatchObject({
      limit: null,
    });
    expect(await admin.call(api.getScopeDifferences, { params: { organizationId: other } })).toMatchObject({
      limit: { list: 'allow' },
      outsideScope: { people: 0 },
    });

    await bench.clock.wait(3 * 3_600_000);
    bench.sandbox.requests.clear();
    const { id: proofId } = await admin.call(api.startScopeProof, { ...asNorth, body: { sweep: true } });
    await bench.queue.drain();
    const proof = await admin.call(api.getScopeProof, { ...asNorth, params: { proofId } });
    expect(proof).toMatchObject({ state: 'completed', verdict: 'holds' });
    expect((await admin.call(api.getMailboxScope)).proof).toBeNull();
    const asked = bench.sandbox.requests.all.filter(({ service, inBatch }) => service === 'graph' && inBatch);
    expect(new Set(asked.map(({ appId }) => appId))).toEqual(new Set([northRegistration.clientId]));

    // What is granted to one is found at that one.
    bench.sandbox.tenant.grants.grantTo(registration, 'Mail.Send');
    await bench.service.lookForDrift();
    await bench.clock.wait(61 * 60_000);
    await bench.service.lookForDrift();
    await bench.queue.drain();
    expect((await admin.call(api.getMailboxScope)).drifts).toEqual([]);
    const drifts = (await admin.call(api.getMailboxScope, asNorth)).drifts;
    expect(drifts).toMatchObject([{ what: 'grant_added', subject: 'Mail.Send' }]);
  });
});

test('a leak of one application is no verdict of users whom another one serves', async () => {
  const { bench, admin, registration } = await arrange();
  await using _ = bench;
  bench.sandbox.tenant.grants.grantTo(registration, ...granted);
  const { inside, outside } = oneOfEachSide(bench);
  const own = await organizationOf(admin, 'own', [outside]);
  await organizationOf(admin, 'north', [], north);
  await check(bench, admin, own);
  // Nothing in Exchange confines it, so the other application opens everybody.
  await intend(bench, { memberIds: [inside.id], registration: north });

  const { id: proofId } = await admin.call(api.startScopeProof, { ...asNorth, body: { sweep: true } });
  await bench.queue.drain();

  const proof = await admin.call(api.getScopeProof, { ...asNorth, params: { proofId } });
  expect(proof.verdict).toBe('leaks');
  expect(await accessOf(admin, outside)).toMatchObject({ status: 'working' });
});

describe('a registration that the configuration does not have any more', () => {
  let database: Database;
  beforeEach(async () => {
    database = await openDatabase({ kind: 'postgres', url: await server.createDatabase() }, { onFault() {} });
  });
  afterEach(() => database?.close());

  test('is named in the organization; its checks and sessions end with that cause, neither denied nor fine', async () => {
    const first = await arrange({ service: { database } });
    const { outside } = oneOfEachSide(first.bench);
    first.bench.sandbox.tenant.grants.grantTo(first.registration, ...granted);
    const organizationId = await organizationOf(first.admin, 'north', [outside], north);
    await first.admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
    await first.bench[Symbol.asyncDispose]();

    await using bench = await startBench({
      granted,
      sandbox: { registrations: [northRegistration] },
      environment: { REGISTRATIONS: '' },
      service: { database },
    });
    const admin = bench.signIn('ada@contoso.example');
    expect(await admin.call(api.getOrganization, { params: { organizationId } })).toMatchObject({
      registration: north,
      clientId: null,
      consentState: 'unknown',
    });
    expect(await admin.call(api.getConsent, { params: { organizationId } })).toMatchObject({
      state: 'unknown',
      problem: 'registration_not_configured',
    });
    const done = await check(bench, admin, organizationId);
    expect(done).toMatchObject({ state: 'completed', counts: { could_not_tell: 1, working: 0, blocked: 0 } });
    expect(done.causes).toMatchObject([{ reason: 'registration.not_configured', count: 1 }]);
    expect(bench.sandbox.requests.to(/token$/)).toEqual([]);
    const started = await admin.send(api.startConsent, { params: { organizationId }, body: { returnTo: 'browser' } });
    expect(await started.json()).toMatchObject({ code: 'registration.not_configured' });
    const scope = await admin.send(api.getMailboxScope, asNorth);
    expect(await scope.json()).toMatchObject({ code: 'registration.not_configured' });
    const { stages } = await admin.call(api.getOverview);
    expect(stages.consent.isDone).toBe(false);
  });

  test('a name that stands for another application keeps nothing of the former one', async () => {
    const first = await arrange({ service: { database } });
    const { outside } = oneOfEachSide(first.bench);
    first.bench.sandbox.tenant.grants.grantTo(first.registration, ...granted);
    const organizationId = await organizationOf(first.admin, 'replaced', [outside], north);
    await first.admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
    await check(first.bench, first.admin, organizationId);
    await intend(first.bench, { memberIds: [outside.id], registration: north });
    expect(await accessOf(first.admin, outside)).toMatchObject({ status: 'working' });
    await first.bench[Symbol.asyncDispose]();

    const clientId = 'a7a0a1a2-1b2c-4d3e-8f4a-5b6c7d8e9f00';
    await using bench = await startBench({
      sandbox: { registrations: [{ ...northRegistration, clientId }] },
      environment: { ...configured, REGISTRATION_NORTH_CLIENT_ID: clientId },
      service: { database },
    });
    const admin = bench.signIn('ada@contoso.example');
    expect(await accessOf(admin, outside)).toMatchObject({ status: 'not_checked' });
    expect(await admin.call(api.getOrganization, { params: { organizationId } })).toMatchObject({
      clientId,
      consentState: 'not_requested',
    });
    expect((await admin.call(api.getMailboxScope, asNorth)).intent).toBeNull();
  });
});

test('a credential that Entra rejects is one of its own application: the other organization works on', async () => {
  const { bench, admin, registration } = await arrange({
    environment: { REGISTRATION_NORTH_CLIENT_SECRET: 'simulated-client-secret' },
  });
  await using _ = bench;
  bench.sandbox.tenant.grants.grantTo(registration, ...granted);
  const { inside, outside } = oneOfEachSide(bench);
  const own = await organizationOf(admin, 'own', [outside]);
  const other = await organizationOf(admin, 'north', [inside], north);

  await check(bench, admin, own);
  const done = await check(bench, admin, other);
  const consent = await admin.call(api.verifyConsent, { params: { organizationId: other }, body: {} });

  expect(done.causes).toMatchObject([{ reason: 'microsoft.token_unavailable' }]);
  expect(consent).toMatchObject({ state: 'unknown', problem: 'credential_rejected' });
  expect(await accessOf(admin, outside)).toMatchObject({ status: 'working' });
  const said = JSON.stringify([bench.log, await admin.call(api.listRegistrations), done, consent]);
  expect(said).not.toContain('simulated-client-secret');
});

test('a registration for one tenant is nothing to the admins of another one', async () => {
  const beta = { id: '8c1a64f1-7d43-4b5a-9b1e-3c7c5e2f9a10', displayName: 'Beta', domain: 'beta.example' };
  const { bench, admin } = await arrange({
    tenants: [beta],
    environment: { REGISTRATION_NORTH_TENANT_ID: 'bdd640fb-0667-4ad1-9c80-317fa3b1799d' },
  });
  await using _ = bench;
  const other = bench.signIn('ada@beta.example');

  expect((await admin.call(api.listRegistrations)).registrations).toHaveLength(2);
  expect((await other.call(api.listRegistrations)).registrations).toMatchObject([{ name: null }]);
  const refused = await Promise.all([
    other.send(api.createOrganization, { body: { name: 'North', externalId: 'north', registration: north } }),
    other.send(api.getMailboxScope, asNorth),
  ]);
  for (const answer of refused) expect(await answer.json()).toMatchObject({ code: 'registration.not_configured' });
});

test('people are brought in as the application of their organization, and only configured ones can be chosen', async () => {
  const { bench, admin, registration } = await arrange({ granted: [] });
  await using _ = bench;
  bench.sandbox.tenant.grants.grantTo(registration, 'User.Read.All');
  const organizationId = await organizationOf(admin, 'north', [], north);
  const refused = await admin.send(api.updateOrganization, {
    params: { organizationId },
    body: { registration: 'south' },
  });
  expect(await refused.json()).toMatchObject({ code: 'registration.not_configured' });
  expect(await admin.call(api.listRegistrations)).toEqual({
    registrations: [
      { name: null, clientId: environmentOf(bench.sandbox).CLIENT_ID },
      { name: north, clientId: northRegistration.clientId },
    ],
  });

  const grace = asNewUser(bench.sandbox.tenant.person(namedPeople.grace.id));
  const { id } = await admin.call(api.startProvisioning, {
    params: { organizationId },
    body: { source: 'people', people: [grace] },
  });
  await bench.queue.drain();
  expect(await admin.call(api.getProvisioning, { params: { provisioningId: id } })).toMatchObject({
    state: 'ready',
    counts: [{ count: 1 }],
  });
});
