import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { EwsMigration } from '../../src/contract/ews-migrations.ts';
import type { EwsMigrationId, OrganizationId, UserId } from '../../src/domain/ids.ts';
import type { Person } from '../../src/sandbox/tenant/person.ts';
import type { DatabaseSource } from '../../src/service/db/database.ts';
import { channelPrefix, type StepMessage } from '../../src/service/steps.ts';
import { asNewUser, type Bench, type BenchOptions, mailboxPermissions, startBench } from '../support/bench.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { runScript } from '../support/run-script.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

/** An organization that was converted, with everybody still on Exchange Web Services; all mailboxes can be opened. */
async function arrange(options: BenchOptions & { readonly people?: number } = {}) {
  const { people = 100, ...more } = options;
  const bench = await startBench({ granted: mailboxPermissions, sandbox: { people }, ...more });
  const admin = bench.signIn('ada@contoso.example');
  const everybody = [...bench.sandbox.tenant.people].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const person of everybody) makeWorking(person);
  const { id: organizationId } = await admin.call(api.createOrganization, {
    body: { name: 'Head office', externalId: 'head-office', connectionType: 'ews_impersonation' },
  });
  const params = { organizationId };
  await admin.call(api.addUsers, { params, body: { users: everybody.map(asNewUser) } });
  await admin.call(api.convertOrganization, { params, body: {} });

  const get = (migrationId: EwsMigrationId) => admin.call(api.getEwsMigration, { params: { migrationId } });
  const start = (body = {}) => admin.call(api.startEwsMigration, { params, body });
  async function run(body = {}): Promise<EwsMigration> {
    const { id } = await start(body);
    await bench.queue.drain();
    return get(id);
  }
  const steer = (migrationId: EwsMigrationId, wish: 'pause' | 'resume' | 'cancel') =>
    admin.call(api.steerEwsMigration, { params: { migrationId }, body: { wish } });
  async function steerRing(migrationId: EwsMigrationId, ring: 'canary' | 'second' | 'rest', wish: RingWish) {
    await admin.call(api.steerEwsRing, { params: { migrationId, ring }, body: { wish } });
    await bench.queue.drain();
    return get(migrationId);
  }
  /** Has an Exchange admin bring what Exchange says now. */
  async function readExchange() {
    const { text } = await admin.call(api.getEwsReadingScript);
    return admin.call(api.bringEwsResult, { body: { text: await runScript(bench.sandbox, text) } });
  }
  const activityTypes = async () => (await admin.call(api.listActivity)).activities.map(({ type }) => type);
  return { bench, admin, everybody, organizationId, get, start, run, steer, steerRing, readExchange, activityTypes };
}
type RingWish = 'again' | 'accept' | 'return';

function makeWorking(person: Person): void {
  person.mailbox.state = 'available';
}

function fail(people: readonly Person[]): void {
  for (const person of people) person.mailbox.state = 'notEnabled';
}

/** Every user of a migration is in one state, the numbers say the same, and the states say what the users list says. */
async function expectNobodyLost({ service }: Bench, { id, total }: EwsMigration): Promise<void> {
  const { db } = service.database;
  const { rows } = await sql<{ user_id: UserId; ring: string; state: string; connection: string | null }>`
    select m.user_id, m.ring, m.state, u.connection_type as connection from ews_migration_users m
    left join ews_migrations e on e.tenant_id = m.tenant_id and e.id = m.migration_id
    left join users u on u.tenant_id = m.tenant_id and u.id = m.user_id and u.organization_id = e.organization_id
    where m.migration_id = ${id}
  `.execute(db);
  const tallies = await sql<{ ring: string; state: string; count: number }>`
    select ring, state, sum(count)::int as count from ews_migration_tallies where migration_id = ${id}
    group by ring, state having sum(count) <> 0
  `.execute(db);
  const counted = Map.groupBy(rows, ({ ring, state }) => `${ring} ${state}`);
  expect(rows).toHaveLength(total);
  expect(new Set(rows.map(({ user_id }) => user_id)).size).toBe(total);
  expect(Object.fromEntries(tallies.rows.map(({ ring, state, count }) => [`${ring} ${state}`, count]))).toEqual(
    Object.fromEntries([...counted].map(([key, list]) => [key, list.length])),
  );
  const wrong = rows.filter(({ state, connection }) => {
    if (state === 'switching') return false;
    if (state === 'gone') return connection !== null;
    return (connection === 'graph_app_only') !== (state === 'on_graph');
  });
  expect(wrong).toEqual([]);
}

const databases: [string, () => Promise<DatabaseSource | undefined>][] = [
  ['the embedded database', async () => undefined],
  ['a PostgreSQL server', async () => ({ kind: 'postgres', url: await server.createDatabase() })],
];

describe.each(databases)('on %s', (_, source) => {
  const on = async (options: Parameters<typeof arrange>[0] = {}) => {
    const database = await source();
    return arrange({ ...options, ...(database ? { database } : {}) });
  };

  test('three rings take everybody to Microsoft Graph, one after the other', async () => {
    const { bench, admin, everybody, run, activityTypes } = await on();
    await using _ = bench;

    const migration = await run({ canarySize: 5 });

    const total = everybody.length;
    const tenth = Math.ceil(total / 10);
    expect(migration).toMatchObject({ state: 'completed', total, endedAt: expect.any(String) });
    expect(migration.rings.map(({ name, state, total }) => [name, state, total])).toEqual([
      ['canary', 'proved', 5],
      ['second', 'proved', tenth],
      ['rest', 'proved', total - 5 - tenth],
    ]);
    expect(migration.rings.every(({ counts, total }) => counts.on_graph === total)).toBe(true);
    await expectNobodyLost(bench, migration);
    const cockpit = await admin.call(api.getEwsCockpit);
    expect(cockpit).toMatchObject({ users: total, onEws: 0 });
    const types = (await activityTypes()).filter((type) => type.startsWith('migration.')).reverse();
    expect(types).toEqual([
      'migration.started',
      ...['canary', 'second', 'rest'].flatMap(() => ['migration.ring_started', 'migration.ring_proved']),
      'migration.completed',
    ]);
  });

  test('a seeded failure rate makes the second ring hold; it returns, and nobody is lost between states', async () => {
    const { bench, admin, everybody, run, steerRing, readExchange, get } = await on();
    await using _ = bench;
    // One in four of the second ring; rings go by id.
    const second = everybody.slice(5, 5 + Math.ceil(everybody.length / 10));
    const failing = second.filter((_, index) => index % 4 === 0);
    fail(failing);

    const held = await run({ canarySize: 5, failureLimit: 10 });
    await expectNobodyLost(bench, held);
    const refused = steerRing(held.id, 'second', 'return');
    await expect(refused).rejects.toMatchObject({ problem: { code: 'migration.ews_not_read' } });
    await readExchange();
    const returned = await steerRing(held.id, 'second', 'return');

    expect(held.rings.map(({ state, heldBecause }) => [state, heldBecause])).toEqual([
      ['proved', null],
      ['held', 'failures'],
      ['planned', null],
    ]);
    expect(held.state).toBe('running');
    expect(returned.rings.map(({ state }) => state)).toEqual(['proved', 'returned', 'planned']);
    const { counts } = returned.rings[1] ?? {};
    expect(counts?.on_graph).toBe(0);
    expect((counts?.returned ?? 0) + (counts?.failed ?? 0) + (counts?.on_ews ?? 0)).toBe(second.length);
    expect(counts?.failed).toBeGreaterThan(0);
    await expectNobodyLost(bench, returned);
    const { users } = await admin.call(api.listEwsMigrants, {
      params: { migrationId: held.id },
      query: { ring: 'second', state: 'failed' },
    });
    expect(users.every(({ id, reason }) => failing.some((person) => person.id === id) && reason !== null)).toBe(true);

    // Nothing starts past it; mended, the ring goes again, and then the rest by itself.
    for (const person of failing) makeWorking(person);
    const again = await steerRing(held.id, 'second', 'again');
    expect(again).toMatchObject({ state: 'completed' });
    await expectNobodyLost(bench, await get(held.id));
  });

  test('users who leave, or whom another check opens, stay in the migration in the one state they are in', async () => {
    const { bench, admin, everybody, organizationId, run, steerRing } = await on();
    await using _ = bench;
    fail(everybody.slice(0, 2));
    const held = await run({ canarySize: 5 });
    const [, mended, , removed, moved] = everybody as [Person, Person, Person, Person, Person];
    makeWorking(mended);
    const userIds = [mended.id as UserId];
    await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: { userIds } });
    await bench.queue.drain();
    await admin.call(api.removeUsers, { body: { userIds: [removed.id as UserId], force: true } });
    const elsewhere = await bench.organizationWith(admin, []);
    await admin.call(api.moveUsers, { params: { organizationId: elsewhere }, body: { userIds: [moved.id as UserId] } });

    const accepted = await steerRing(held.id, 'canary', 'accept');

    expect(held.rings[0]).toMatchObject({ state: 'held', counts: { on_graph: 3, failed: 2 } });
    expect(accepted.rings[0]).toMatchObject({ state: 'accepted', counts: { on_graph: 2, failed: 1, gone: 2 } });
    expect(accepted.state).toBe('completed');
    await expectNobodyLost(bench, accepted);
  });

  test('who returned stays on EWS while a check over everybody goes, and is told so, until an admin names the user', async () => {
    const { bench, admin, organizationId, run, steerRing, readExchange, get } = await on({ people: 30 });
    await using _ = bench;
    const { id: migrationId } = await run({ canarySize: 5 });
    await readExchange();
    await steerRing(migrationId, 'canary', 'return');
    const query = { ring: 'canary' as const, state: 'returned' as const };
    const { users } = await admin.call(api.listEwsMigrants, { params: { migrationId }, query });
    const [one, other] = users.map(({ id }) => id) as [UserId, UserId];
    const check = async (body: object = {}) => {
      const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body });
      await bench.queue.drain();
      return admin.call(api.getConnectivityCheck, { params: { checkId: check.id } });
    };
    const user = async (userId: UserId) => {
      const { syncErrors, ...others } = await admin.call(api.getUser, { params: { userId } });
      return { ...others, openErrors: syncErrors.filter(({ resolvedAt }) => resolvedAt === null) };
    };

    const ofEverybody = await check();
    const kept = await user(one);
    await admin.call(api.startUserCommand, { body: { command: 'check', filter: { organizationId } } });
    await bench.queue.drain();
    const keptByFilter = await user(one);
    const named = await check({ userIds: [one] });
    const switched = await user(one);
    const after = await get(migrationId);
    const again = await steerRing(migrationId, 'canary', 'again').catch((error: unknown) => error);

    expect(users).toHaveLength(5);
    expect(ofEverybody).toMatchObject({ kept: 5, switched: 0 });
    expect(kept).toMatchObject({
      connectionType: 'ews_impersonation',
      access: { status: 'working' },
      openErrors: [{ kind: 'connection_kept', title: 'Not switched', count: 1 }],
    });
    expect(keptByFilter).toMatchObject({ connectionType: 'ews_impersonation', openErrors: [{ count: 2 }] });
    expect(named).toMatchObject({ kept: 0, switched: 1 });
    expect(switched).toMatchObject({
      connectionType: 'graph_app_only',
      openErrors: [{ kind: 'connection_switching' }],
    });
    expect(after.rings[0]?.counts).toMatchObject({ on_graph: 1, returned: 4 });
    await expectNobodyLost(bench, after);
    // The migration is over once every ring was proved; one that goes on has its ring go again.
    expect(again).toMatchObject({ problem: { code: 'migration.ended' } });
    expect((await user(other)).connectionType).toBe('ews_impersonation');
  });

  test('a ring that goes again switches those who returned with it', async () => {
    const { bench, admin, everybody, run, steerRing, readExchange } = await on({ people: 30 });
    await using _ = bench;
    fail(everybody.slice(0, 1));
    const { id: migrationId } = await run({ canarySize: 5 });
    await readExchange();
    await steerRing(migrationId, 'canary', 'return');
    makeWorking(everybody[0] as Person);

    const again = await steerRing(migrationId, 'canary', 'again');

    expect(again).toMatchObject({ state: 'completed' });
    expect(again.rings[0]?.counts).toMatchObject({ on_graph: 5, returned: 0 });
    await expectNobodyLost(bench, again);
    const { users } = await admin.call(api.listUsers, { query: { connection: 'ews_impersonation' } });
    expect(users).toEqual([]);
  });

  test('a ring that would start by itself holds, where the application holds what lets no check run', async () => {
    const { bench, admin, everybody, organizationId, run, steerRing } = await on({
      people: 30,
      environment: { BLOCK_CHECKS_ON_EXCESS: 'tier0' },
    });
    await using _ = bench;
    const { grants } = bench.sandbox.tenant;
    const verify = () => admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
    fail(everybody.slice(0, 1));
    const { id } = await run({ canarySize: 5 });
    grants.grant('AppRoleAssignment.ReadWrite.All');
    await verify();

    // To take a ring as it is needs no check; the next one begins with it.
    const held = await steerRing(id, 'canary', 'accept');
    const refusals = [];
    for (const wish of ['again', 'accept', 'return'] as const) {
      refusals.push(await steerRing(id, 'second', wish).catch((error: unknown) => error));
    }
    grants.revokeRoles('AppRoleAssignment.ReadWrite.All');
    await verify();
    const again = await steerRing(id, 'second', 'again');

    expect(held.rings.map(({ state, heldBecause }) => [state, heldBecause])).toEqual([
      ['accepted', null],
      ['held', 'blocked_by_excess'],
      ['planned', null],
    ]);
    expect(held.rings[1]).toMatchObject({ check: null, counts: { on_ews: held.rings[1]?.total } });
    expect(refusals).toMatchObject([
      { problem: { code: 'check.blocked_by_excess' } },
      { problem: { code: 'migration.wrong_state' } },
      { problem: { code: 'migration.wrong_state' } },
    ]);
    expect(again).toMatchObject({ state: 'completed' });
    await expectNobodyLost(bench, again);
  });

  test('a statement that fails anywhere loses nobody: what is half done is not done, and is done again', async () => {
    const { bench, start, get } = await on({ people: 40 });
    await using _ = bench;
    // Every 90th statement of the service fails while the migration goes on, a worker's or an admin's.
    let passed = 0;
    let failures = 0;
    const listener = (message: unknown) => {
      passed += 1;
      if (passed % 90 !== 0 || failures >= 6) return;
      failures += 1;
      (message as StepMessage).fail(new Error('the statement failed'));
    };
    const { id } = await start({ canarySize: 5 });
    subscribe(`${channelPrefix}database.statement`, listener);
    try {
      await expect.poll(() => failures, { interval: 20, timeout: 25_000 }).toBeGreaterThanOrEqual(1);
    } finally {
      unsubscribe(`${channelPrefix}database.statement`, listener);
    }
    await bench.queue.drain();

    const migration = await get(id);
    expect(migration.state).toBe('completed');
    await expectNobodyLost(bench, migration);
  });
});

describe('an admin', () => {
  test('pauses before the first ring, resumes, and cancels: what is on Graph stays there', async () => {
    const { bench, everybody, start, steer, get } = await arrange({
      // Ten seconds for the rest: time enough to cancel it on a busy machine.
      service: { pace: { startRate: 200, ceiling: 200 } },
      people: 500,
    });
    await using _ = bench;
    const { id } = await start({ canarySize: 5 });
    await steer(id, 'pause');
    await bench.queue.drain();
    const paused = await get(id);
    await steer(id, 'resume');
    await expect
      .poll(async () => (await get(id)).rings[2]?.check?.done ?? 0, { interval: 20, timeout: 20_000 })
      .toBeGreaterThan(0);
    await steer(id, 'cancel');
    await bench.queue.drain();
    const cancelled = await get(id);

    expect(paused).toMatchObject({ state: 'paused' });
    expect(paused.rings.every(({ counts }) => counts.on_graph === 0 || counts.on_ews === 0)).toBe(true);
    expect(cancelled.state).toBe('cancelled');
    expect(cancelled.rings[2]).toMatchObject({ state: 'held', heldBecause: 'not_reached' });
    const onGraph = cancelled.rings.reduce((sum, { counts }) => sum + counts.on_graph, 0);
    expect(onGraph).toBeLessThan(everybody.length);
    await expectNobodyLost(bench, cancelled);
    await expect(steer(id, 'resume')).rejects.toMatchObject({ problem: { code: 'migration.ended' } });
  });

  test('starts one migration per organization at a time, and none where nobody is on EWS', async () => {
    const { bench, admin, start } = await arrange({ people: 20 });
    await using _ = bench;
    const outcomes = await Promise.allSettled([start(), start()]);
    await bench.queue.drain();
    const fulfilled = outcomes.filter(({ status }) => status === 'fulfilled');
    const [refused] = outcomes.filter((outcome) => outcome.status === 'rejected');

    expect(fulfilled).toHaveLength(1);
    expect(refused?.reason).toMatchObject({ problem: { code: 'migration.open' } });
    await expect(start()).rejects.toMatchObject({ problem: { code: 'migration.nobody' } });
    const { migrations } = await admin.call(api.listEwsMigrations);
    expect(migrations).toHaveLength(1);
  });

  test('cannot migrate an origin that is not converted', async () => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const { organizations } = await admin.call(api.listOrganizations);
    const organizationId = organizations[0]?.id as OrganizationId;
    const start = admin.call(api.startEwsMigration, { params: { organizationId }, body: {} });
    await expect(start).rejects.toMatchObject({ problem: { code: 'organization.not_graph' } });
  });
});

describe('a ring that fails', () => {
  test('holds before its check has asked everybody, and goes back by itself where that is planned and allowed', async () => {
    const { bench, everybody, run, readExchange } = await arrange({
      people: 150,
      service: { pace: { startRate: 100, ceiling: 100 } },
    });
    await using _ = bench;
    await readExchange();
    // In the rest, all fail; its check need not ask everybody to know that.
    const tenth = Math.ceil(everybody.length / 10);
    fail(everybody.slice(5 + tenth));
    bench.sandbox.requests.clear();

    const migration = await run({ canarySize: 5, returnsHeldRings: true });

    const asked = bench.sandbox.requests.to(/mailFolders\/inbox$/).length;
    expect(migration.rings.map(({ state }) => state)).toEqual(['proved', 'proved', 'returned']);
    expect(migration.rings[2]?.check).toMatchObject({ state: 'cancelled' });
    expect(asked).toBeLessThan(everybody.length);
    await expectNobodyLost(bench, migration);
  });

  test.each([
    ['the entry is gone from the list', { enabled: true, allowedAppIds: 'another' }, 'migration.ews_not_listed'],
    ['they are switched off', { enabled: false }, 'migration.ews_switched_off'],
  ])('cannot go back when %s', async (_case, ews, code) => {
    const { bench, run, steerRing, readExchange } = await arrange({ people: 20 });
    await using _ = bench;
    const { id } = await run({ canarySize: 5 });
    Object.assign(bench.sandbox.tenant.exchange.ews, ews);
    await readExchange();
    await expect(steerRing(id, 'canary', 'return')).rejects.toMatchObject({ status: 409, problem: { code } });
  });

  test('cannot go back from the day of the shutdown on', async () => {
    const { bench, run, steerRing, readExchange, get } = await arrange({ people: 20 });
    await using _ = bench;
    const { id } = await run({ canarySize: 5 });
    bench.clock.advance(Date.parse('2027-04-01T00:00:00Z') - bench.clock.now().getTime());
    await readExchange();
    const code = 'migration.ews_shut_down';
    await expect(steerRing(id, 'canary', 'return')).rejects.toMatchObject({ problem: { code } });
    expect((await get(id)).returnRefusal).toBe('shut_down');
  });
});

describe('the cockpit', () => {
  test('counts who is still on EWS per organization, and says when the entry can be removed', async () => {
    const { bench, admin, everybody, organizationId, run, readExchange } = await arrange({ people: 20 });
    await using _ = bench;
    const { ewsAppId } = await admin.call(api.getEwsCockpit);
    Object.assign(bench.sandbox.tenant.exchange.ews, { enabled: true, allowedAppIds: `other,${ewsAppId}` });
    const before = await readExchange();
    const query = { appId: ewsAppId, change: 'remove' } as const;
    const tooEarly = admin.call(api.getEwsListScript, { query });
    await expect(tooEarly).rejects.toMatchObject({ problem: { code: 'migration.ews_still_needed' } });
    await run({ canarySize: 5 });
    const after = await admin.call(api.getEwsCockpit);
    const { text } = await admin.call(api.getEwsListScript, { query });
    const removed = await admin.call(api.bringEwsResult, { body: { text: await runScript(bench.sandbox, text) } });

    const total = everybody.length;
    expect(before).toMatchObject({ onEws: total, standing: 'allowed', isSafeToRemove: false });
    expect(before.organizations.find(({ id }) => id === organizationId)).toMatchObject({ users: total, onEws: total });
    expect(after).toMatchObject({ onEws: 0, isSafeToRemove: true });
    expect(removed).toMatchObject({
      isSafeToRemove: false,
      standing: 'not_listed',
      reading: { allowedAppIds: ['other'] },
    });
    expect(bench.sandbox.tenant.exchange.ews.allowedAppIds).toBe('other');
  });

  test('reads over the gateway where it is on, and takes no result of another plan', async () => {
    const { bench, admin } = await arrange({ people: 20, environment: { EXCHANGE_GATEWAY: 'delegated' } });
    await using _ = bench;
    const { grants, registration } = bench.sandbox.tenant;
    grants.grantScopes(registration.clientId, '00000002-0000-0ff1-ce00-000000000000', ['Exchange.Manage'], null);
    bench.sandbox.tenant.exchange.ews.enabled = false;

    const read = await admin.call(api.readEwsAccess, { body: {} });
    const scope = await runScript(bench.sandbox, (await admin.call(api.getReadingScript)).text);
    const foreign = admin.call(api.bringEwsResult, { body: { text: scope } });

    expect(read).toMatchObject({ reading: { source: 'gateway', enabled: false }, standing: 'switched_off' });
    await expect(foreign).rejects.toMatchObject({ problem: { code: 'scope.result_of_another_plan' } });
  });
});
