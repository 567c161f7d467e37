import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { UserId } from '../../src/domain/ids.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { mailboxPermissions, startBench } from '../support/bench.ts';
import { changeMadeAt, intend } from '../support/intended-scope.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

test('fault 170: the whole procedure on a PostgreSQL server: organization, people, consent, check, synchronization', async () => {
  await using bench = await startBench({ database: { kind: 'postgres', url: await server.createDatabase() } });
  const admin = bench.signIn('ada@contoso.example');
  const grace = namedPeople.grace.id as UserId;

  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
  bench.sandbox.tenant.grants.grant(...mailboxPermissions);
  const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
  const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  const done = await admin.call(api.getConnectivityCheck, { params: { checkId: check.id } });
  await admin.call(api.forceSynchronization, { params: { userId: grace }, body: {} });
  await bench.queue.drain();
  const user = await admin.call(api.getUser, { params: { userId: grace } });
  const overview = await admin.call(api.getOverview);

  expect(consent.state).toBe('authorized');
  expect(done).toMatchObject({ state: 'completed', done: bench.sandbox.tenant.people.length });
  expect(user).toMatchObject({ mailboxState: 'initialized', access: { status: 'working' }, openIssues: 0 });
  expect(overview.stages).toMatchObject({
    consent: { isDone: true },
    verification: { isDone: true, isRunning: false },
  });
});

test('fault 170: a limit on a PostgreSQL server: the directory, a check, a proof and a look for drift', async () => {
  await using bench = await startBench({
    granted: ['User.Read.All', ...mailboxPermissions],
    database: { kind: 'postgres', url: await server.createDatabase() },
    environment: { RECHECK_MINUTES: '60' },
  });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
  await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
  await intend(bench, { memberIds: [namedPeople.grace.id] });
  await changeMadeAt(bench, bench.clock.now(), { state: 'done' });

  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  const { counts } = await admin.call(api.getOverview);
  const { id: proofId } = await admin.call(api.startScopeProof, { body: { sweep: true } });
  await bench.queue.drain();
  const proof = await admin.call(api.getScopeProof, { params: { proofId } });
  bench.sandbox.tenant.grants.grant('Mail.Send');
  await bench.service.lookForDrift();
  bench.clock.advance(61 * 60_000);
  await bench.service.lookForDrift();
  await bench.queue.drain();
  const { activities } = await admin.call(api.listActivity, { query: { limit: 50 } });

  expect(counts.working).toBe(1);
  expect(counts.exposed).toBeGreaterThan(5);
  expect(proof).toMatchObject({ state: 'completed', verdict: 'leaks', inside: { total: 1, reachable: 1 } });
  const found = activities.filter(({ type }) => type === 'drift.found').map(({ details }) => details.what);
  expect(found.sort()).toEqual(['grant_added', 'mailboxes_exposed']);
});

test('two workers look for mailboxes that are due at the same time: each mailbox is read once', async () => {
  const database = { kind: 'postgres', url: await server.createDatabase() } as const;
  await using one = await startBench({ granted: mailboxPermissions, database, sandbox: { people: 200 } });
  const admin = one.signIn('ada@contoso.example');
  const organizationId = await one.organizationWith(admin, one.sandbox.tenant.people);
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await one.queue.drain();
  await using other = await startBench({
    granted: mailboxPermissions,
    database,
    environment: { ROLES: 'worker' },
    sandbox: { people: 200, registration: { tenantId: one.tenantId } },
  });
  const { db } = one.service.database;
  const scheduled = await db
    .selectFrom('mailbox_syncs')
    .select('user_id')
    .where('next_sync_at', 'is not', null)
    .execute();
  for (const bench of [one, other]) bench.clock.advance(31 * 60_000);

  const opened = await Promise.all([one, other].map((bench) => bench.service.syncs.sweep()));
  await one.queue.drain();

  const sessions = await db.selectFrom('sync_sessions').select(['user_id', 'state']).execute();
  expect(opened.sort()).toEqual([0, 1]);
  expect(scheduled.length).toBeGreaterThan(100);
  // A turn that comes while the round runs is one more.
  expect(new Set(sessions.map(({ user_id }) => user_id)).size).toBe(scheduled.length);
  expect(sessions.length).toBeLessThan(scheduled.length + 5);
  expect(new Set(sessions.map(({ state }) => state))).toEqual(new Set(['succeeded']));
  const [initialized] = await admin
    .call(api.listOrganizations)
    .then(({ organizations }) => organizations.filter(({ id }) => id === organizationId));
  expect(initialized?.initializedCount).toBe(scheduled.length);
});

test('two services share one database: jobs of one are done by the other, each once', async () => {
  const database = { kind: 'postgres', url: await server.createDatabase() } as const;
  await using web = await startBench({ granted: mailboxPermissions, database, environment: { ROLES: 'web' } });
  const admin = web.signIn('ada@contoso.example');
  const organizationId = await web.organizationWith(admin, web.sandbox.tenant.people);
  const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });

  await using worker = await startBench({
    granted: mailboxPermissions,
    database,
    environment: { ROLES: 'worker' },
    sandbox: { registration: { tenantId: web.tenantId } },
  });
  await worker.queue.drain();

  const done = await admin.call(api.getConnectivityCheck, { params: { checkId: check.id } });
  expect(done).toMatchObject({ state: 'completed', done: web.sandbox.tenant.people.length });
  expect((await worker.fetch('/api/session')).status).toBe(404);
  expect((await worker.fetch('/readyz')).status).toBe(200);
});
