import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { OrganizationId, UserId } from '../../src/domain/ids.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';

const grace = namedPeople.grace.id as UserId;
const withoutCalendar = ['Mail.Read', 'Contacts.Read'];

/** Everybody with a mailbox, in one organization. */
async function arrange(bench: Bench) {
  const admin = bench.signIn('ada@contoso.example');
  const people = bench.sandbox.tenant.people.filter(({ mailbox }) => mailbox.state === 'available');
  const organizationId = await bench.organizationWith(admin, people);
  return { admin, organizationId, people };
}

async function check(bench: Bench, admin: TestAdmin, organizationId: OrganizationId) {
  const started = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  return admin.call(api.getConnectivityCheck, { params: { checkId: started.check.id } });
}

const verify = (admin: TestAdmin, organizationId: OrganizationId) =>
  admin.call(api.verifyConsent, { params: { organizationId }, body: {} });

const reasonOf = async (admin: TestAdmin, capability: string) => {
  const { capabilities } = await admin.call(api.getUser, { params: { userId: grace } });
  return capabilities.find((one) => one.capability === capability)?.reason;
};

describe('a feature without its permission', () => {
  test('limits each mailbox and says why, and comes back when granted', async () => {
    await using bench = await startBench({ granted: withoutCalendar, sandbox: { people: 60 } });
    const { admin, organizationId, people } = await arrange(bench);
    await verify(admin, organizationId);

    const limited = await check(bench, admin, organizationId);
    const reason = await reasonOf(admin, 'calendar');
    bench.sandbox.tenant.grants.grant('Calendars.Read');
    const whole = await check(bench, admin, organizationId);

    expect(reason).toBe('consent.permission_missing');
    expect(limited.causes).toEqual([{ reason: 'consent.permission_missing', status: 'limited', count: people.length }]);
    expect(whole.counts.working).toBe(people.length);
    expect((await verify(admin, organizationId)).state).toBe('authorized');
  });

  test('is off in sync sessions, and the rest is synchronized', async () => {
    await using bench = await startBench({ granted: withoutCalendar });
    const { admin, organizationId } = await arrange(bench);
    await check(bench, admin, organizationId);

    await admin.call(api.forceSynchronization, { params: { userId: grace }, body: {} });
    await bench.queue.drain();

    const user = await admin.call(api.getUser, { params: { userId: grace } });
    expect(user.syncSessions).toMatchObject([{ state: 'succeeded' }]);
    expect(user.mailboxState).toBe('initialized');
  });

  test('a role in Exchange for one mailbox opens just that one, although a sample of others found nothing', async () => {
    await using bench = await startBench({
      granted: withoutCalendar,
      sandbox: { people: 60, settings: { exchangePropagationSeconds: 0 } },
    });
    const { admin, organizationId, people } = await arrange(bench);
    const { exchange, grants } = bench.sandbox.tenant;
    const { id: objectId } = grants.addApplication();
    const last = people.at(-1) as (typeof people)[number];
    bench.sandbox.tenant.change(last.id, { displayName: 'Only One' });
    exchange.addScope({ name: 'One', recipientFilter: `DisplayName -eq '${last.displayName}'` });
    const role = 'Application Calendars.Read';
    exchange.addAssignment({ name: role, objectId, role, scope: { kind: 'management_scope', name: 'One' } });
    await verify(admin, organizationId);

    const done = await check(bench, admin, organizationId);

    expect(done.counts).toMatchObject({ working: 1, limited: people.length - 1 });
  });

  test('a role in Exchange keeps it on: checks try it, and sync sessions read it', async () => {
    await using bench = await startBench({
      granted: withoutCalendar,
      sandbox: { settings: { exchangePropagationSeconds: 0 } },
    });
    const { admin, organizationId, people } = await arrange(bench);
    const { exchange, grants } = bench.sandbox.tenant;
    const { id: objectId } = grants.addApplication();
    const role = 'Application Calendars.Read';
    exchange.addAssignment({ name: role, objectId, role, scope: { kind: 'organization' } });
    await verify(admin, organizationId);

    const done = await check(bench, admin, organizationId);
    bench.sandbox.requests.clear();
    await admin.call(api.forceSynchronization, { params: { userId: grace }, body: {} });
    await bench.queue.drain();

    expect(done.counts.working).toBe(people.length);
    expect(bench.sandbox.requests.to(/\/calendarView/).length).toBeGreaterThan(0);
  });
});

describe('a consent that changes while a check is running', () => {
  /** Begins a check that takes some seconds, and changes something as soon as it has its first results. */
  async function checkWith(change: (bench: Bench) => void) {
    const bench = await startBench({
      granted: mailboxPermissions,
      sandbox: { people: 150 },
      service: { pace: { startRate: 200, ceiling: 200 } },
    });
    const { admin, organizationId, people } = await arrange(bench);
    const started = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
    const params = { checkId: started.check.id };
    await expect
      .poll(async () => (await admin.call(api.getConnectivityCheck, { params })).done, {
        interval: 10,
        timeout: 20_000,
      })
      .toBeGreaterThan(0);
    change(bench);
    await bench.queue.drain();
    return { bench, admin, people, check: await admin.call(api.getConnectivityCheck, { params }) };
  }
  const refused = { status: 401, body: { error: { code: 'InvalidAuthenticationToken', message: 'refused' } } };

  test.each<[what: string, withdraw: (grants: Bench['sandbox']['tenant']['grants']) => void]>([
    ['deleted', (grants) => grants.deleteApplication()],
    [
      'disabled',
      (grants) => {
        if (grants.application) grants.application.accountEnabled = false;
      },
    ],
  ])(
    'fault 41: the application is %s: the run pauses, verdicts stay, the rest is pending, and the token is dropped',
    async (_what, withdraw) => {
      const {
        bench,
        admin,
        people,
        check: paused,
      } = await checkWith(({ sandbox }) => {
        withdraw(sandbox.tenant.grants);
        sandbox.faults.add({ match: { path: /\/users\// }, answer: refused });
      });
      await using _ = bench;

      expect(paused).toMatchObject({ state: 'paused', pausedBecause: 'consent_changed', finishedAt: null });
      expect(paused.done).toBeGreaterThan(0);
      expect(paused.done).toBeLessThan(people.length);
      expect(paused.counts.working).toBe(paused.done);
      expect(paused.causes).toEqual([]);
      // What was found before stands with each user, and the pause is told once.
      const query = { status: 'working', limit: 200 } as const;
      const { users } = await admin.call(api.listUsers, { query });
      expect(users).toHaveLength(paused.counts.working);
      const { activities } = await admin.call(api.listActivity);
      const told = activities.filter(({ type }) => type === 'check.paused' || type === 'check.ended');
      expect(told.map(({ type, by, details }) => ({ type, by, details }))).toEqual([
        { type: 'check.paused', by: null, details: { because: 'consent_changed' } },
      ]);
      // Whoever needs a token next asks Entra: the one of before is gone, although it would live on for an hour.
      bench.sandbox.requests.clear();
      const userId = users[0]?.id as UserId;
      await admin.call(api.forceSynchronization, { params: { userId }, body: {} });
      await bench.queue.drain();
      expect(bench.sandbox.requests.to(/\/oauth2\/v2\.0\/token$/).length).toBeGreaterThan(0);
      expect(bench.sandbox.requests.to(/\/users\//)).toEqual([]);
    },
  );

  test('fault 41, 42: one role is revoked: its feature is missing from then on, the others go on', async () => {
    const {
      bench,
      people,
      check: ended,
    } = await checkWith(({ sandbox }) => {
      sandbox.tenant.grants.revokeRoles('Calendars.Read');
      // One refusal makes the run ask for a new token.
      sandbox.faults.add({ match: { path: /\/users\//, times: 1 }, answer: refused });
    });
    await using _ = bench;

    expect(ended.counts.working + ended.counts.limited).toBe(people.length);
    expect(ended.counts.limited).toBeGreaterThan(0);
    expect(ended.causes).toEqual([
      { reason: 'consent.permission_missing', status: 'limited', count: ended.counts.limited },
    ]);
  });

  test('fault 42: a role is replaced by a lesser one that serves: nothing is lost', async () => {
    const {
      bench,
      people,
      check: ended,
    } = await checkWith(({ sandbox }) => {
      sandbox.tenant.grants.grant('Mail.Read');
      sandbox.tenant.grants.revokeRoles('Mail.ReadBasic.All');
      sandbox.faults.add({ match: { path: /\/users\//, times: 1 }, answer: refused });
    });
    await using _ = bench;

    expect(ended.counts.working).toBe(people.length);
  });
});

test('what was verified stays, with its time, while Entra cannot say anything: a block on checks holds', async () => {
  await using bench = await startBench({
    granted: [...mailboxPermissions, 'AppRoleAssignment.ReadWrite.All'],
    environment: { BLOCK_CHECKS_ON_EXCESS: 'tier0' },
  });
  const { admin, organizationId } = await arrange(bench);
  const verified = await verify(admin, organizationId);
  bench.clock.advance(60_000);
  const answer = { status: 429, headers: { 'Retry-After': '90' }, body: {} };
  bench.sandbox.faults.add({ match: { path: /oauth2\/v2\.0\/token/, times: 1 }, answer });

  const delayed = await verify(admin, organizationId);

  expect(delayed).toMatchObject({ state: 'unknown', problem: 'throttled', verifiedAt: verified.verifiedAt });
  expect(delayed.permissions).toEqual(verified.permissions);
  await expect(admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} })).rejects.toMatchObject({
    problem: { code: 'check.blocked_by_excess' },
  });
});

test.each([
  ['tier0', 'AppRoleAssignment.ReadWrite.All', 'check.blocked_by_excess'],
  ['tier0', 'Mail.Send', undefined],
  ['any', 'Mail.Send', 'check.blocked_by_excess'],
  ['nothing', 'AppRoleAssignment.ReadWrite.All', undefined],
] as const)(
  'fault 39: with BLOCK_CHECKS_ON_EXCESS=%s and %s granted beside, a check answers %s',
  async (policy, extra, code) => {
    await using bench = await startBench({
      granted: [...mailboxPermissions, extra],
      environment: { BLOCK_CHECKS_ON_EXCESS: policy },
    });
    const { admin, organizationId } = await arrange(bench);
    await verify(admin, organizationId);

    const started = admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });

    if (code)
      await expect(started).rejects.toMatchObject({
        problem: { code, details: { permissions: expect.arrayContaining([extra]) } },
      });
    else await expect(started).resolves.toMatchObject({ check: { state: 'queued' } });
    await bench.queue.drain();
  },
);
