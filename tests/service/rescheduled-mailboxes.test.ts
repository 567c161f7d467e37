import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { CheckId, OrganizationId, UserId } from '../../src/domain/ids.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

const grace = namedPeople.grace.id as UserId;
const toGrace = /users\/47378190/;
const dayMs = 24 * 3600_000;
const forADay = { status: 429, headers: { 'Retry-After': '86400' }, body: { error: { code: 'TooManyRequests' } } };

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

const databases = {
  PGlite: async () => ({}),
  PostgreSQL: async () => ({ database: { kind: 'postgres', url: await server.createDatabase() } as const }),
};

describe.each(Object.entries(databases))('on %s', (_name, database) => {
  async function startWith(people: number) {
    const bench = await startBench({ granted: mailboxPermissions, sandbox: { people }, ...(await database()) });
    const admin = bench.signIn('ada@contoso.example');
    const licensed = bench.sandbox.tenant.people.filter(({ mailbox }) => mailbox.state === 'available');
    const organizationId = await bench.organizationWith(admin, licensed);
    return { bench, admin, organizationId, total: licensed.length };
  }

  /** Checks everybody as far as it goes without waiting for a day. */
  async function check(bench: Bench, admin: TestAdmin, organizationId: OrganizationId) {
    const started = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
    await bench.service.queue.drain();
    return checkOf(admin, started.check.id);
  }

  const checkOf = (admin: TestAdmin, checkId: CheckId) => admin.call(api.getConnectivityCheck, { params: { checkId } });
  const accessOf = async (admin: TestAdmin) => (await admin.call(api.getUser, { params: { userId: grace } })).access;
  const retriesOf = async (admin: TestAdmin) =>
    (await admin.call(api.listConnectivityChecks)).checks.filter(({ scope }) => scope === 'retry');

  test('fault 119: a mailbox that is put off for a day keeps no run waiting, and is asked again by itself a day later', async () => {
    const { bench, admin, organizationId, total } = await startWith(30);
    await using _ = bench;
    bench.sandbox.faults.add({ match: { path: toGrace, times: 1 }, answer: forADay });
    const startedAtMs = bench.clock.now().getTime();

    const first = await check(bench, admin, organizationId);
    const parked = await accessOf(admin);
    const asked = bench.sandbox.requests.to(toGrace).length;
    await bench.queue.drain();
    const [again, ...others] = await retriesOf(admin);
    const last = bench.sandbox.requests.to(toGrace).at(-1);

    expect(first).toMatchObject({ state: 'completed', done: total, counts: { could_not_tell: 1, working: total - 1 } });
    expect(parked).toMatchObject({ status: 'could_not_tell', reason: 'microsoft.throttled' });
    expect(parked.rescheduledUntil).toBe(first.rescheduledUntil);
    expect(Date.parse(first.rescheduledUntil ?? '')).toBeGreaterThanOrEqual(startedAtMs + dayMs);
    // One call for each capability that a call can try.
    expect(asked).toBeLessThanOrEqual(4);
    expect(again).toMatchObject({
      state: 'completed',
      retryOf: first.id,
      total: 1,
      counts: { working: 1 },
      switched: 1,
    });
    expect(others).toEqual([]);
    expect(last?.at.getTime()).toBeGreaterThanOrEqual(startedAtMs + dayMs);
    expect(await accessOf(admin)).toMatchObject({ status: 'working', rescheduledUntil: null });
    expect((await checkOf(admin, first.id)).rescheduledUntil).toBeNull();
  });

  test('fault 119: an earlier verdict stands meanwhile, with the attempt and its time beside it', async () => {
    const { bench, admin, organizationId } = await startWith(1);
    await using _ = bench;
    await check(bench, admin, organizationId);
    const before = await accessOf(admin);
    bench.sandbox.faults.add({ match: { path: toGrace }, answer: forADay });

    await check(bench, admin, organizationId);

    expect(before).toMatchObject({ status: 'working', rescheduledUntil: null });
    expect(await accessOf(admin)).toEqual({
      ...before,
      lastAttempt: { reason: 'microsoft.throttled', at: expect.any(String) },
      rescheduledUntil: expect.any(String),
    });
  });

  test('fault 119: a whole call that is refused for a day puts everybody off, and a few calls are all that is sent', async () => {
    const { bench, admin, organizationId, total } = await startWith(1_500);
    await using _ = bench;
    const end = bench.sandbox.faults.add({ match: { path: /\$batch/ }, answer: forADay });
    bench.sandbox.requests.clear();

    const first = await check(bench, admin, organizationId);
    const calls = bench.sandbox.requests.to(/\$batch/).length;
    end();
    await bench.queue.drain();
    const retries = await retriesOf(admin);

    expect(first).toMatchObject({ state: 'completed', done: total, counts: { could_not_tell: total } });
    expect(first.causes).toEqual([{ reason: 'microsoft.throttled', status: 'could_not_tell', count: total }]);
    // What was on its way when the first refusal came.
    expect(calls).toBeLessThanOrEqual(32);
    expect(retries.reduce((sum, { counts }) => sum + counts.working, 0)).toBe(total);
    expect(retries.map(({ state }) => state)).not.toContain('queued');
  });

  test('fault 119: a check that an admin starts meanwhile makes the later one needless', async () => {
    const { bench, admin, organizationId, total } = await startWith(1);
    await using _ = bench;
    bench.sandbox.faults.add({ match: { path: toGrace, times: 1 }, answer: forADay });
    await check(bench, admin, organizationId);

    const second = await check(bench, admin, organizationId);
    await bench.queue.drain();

    expect(second.counts.working).toBe(total);
    expect(await accessOf(admin)).toMatchObject({ status: 'working', rescheduledUntil: null });
    expect(await retriesOf(admin)).toEqual([]);
  });
});
