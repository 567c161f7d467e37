import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { mailboxPermissions, startBench } from '../support/bench.ts';
import { grace, initialized, later, switched, synchronize, userOf } from '../support/synced-mailbox.ts';

describe('the schedule', () => {
  test('fault 149: one turn in half an hour for everybody, spread evenly, also after hours without any', async () => {
    await using bench = await startBench({ granted: mailboxPermissions, sandbox: { people: 300 } });
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
    await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
    await bench.queue.drain();
    const { db } = bench.service.database;
    const minutesUntilTurns = async () => {
      const turns = await db
        .selectFrom('mailbox_syncs')
        .select('next_sync_at')
        .where('next_sync_at', 'is not', null)
        .execute();
      return turns.map(({ next_sync_at: at }) => ((at?.getTime() ?? 0) - bench.clock.now().getTime()) / 60_000);
    };
    const before = await minutesUntilTurns();
    await later(bench, 300);
    const after = await minutesUntilTurns();

    const sessions = await db.selectFrom('sync_sessions').select('user_id').execute();
    expect(before.length).toBeGreaterThan(200);
    expect(new Set(sessions.map(({ user_id }) => user_id)).size).toBe(before.length);
    for (const minutes of [before, after]) {
      expect(Math.min(...minutes)).toBeGreaterThan(-1);
      expect(Math.max(...minutes)).toBeLessThanOrEqual(30);
      for (let from = 0; from < 30; from += 10) {
        const share = minutes.filter((minute) => minute >= from && minute < from + 10).length / minutes.length;
        expect(share).toBeGreaterThan(0.2);
        expect(share).toBeLessThan(0.47);
      }
    }
  });

  test('the interval of the organization decides, and a new one holds at once', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin, organizationId } = await initialized(bench);
    const set = (syncIntervalMinutes: number) =>
      admin.call(api.updateOrganization, { params: { organizationId }, body: { syncIntervalMinutes } });

    await set(5);
    const { nextSyncAt } = await userOf(admin);
    const waitMs = new Date(nextSyncAt ?? 0).getTime() - bench.clock.now().getTime();
    const { syncIntervalMinutes } = await set(1440);
    const { activities } = await admin.call(api.listActivity);

    expect(nextSyncAt).not.toBeNull();
    expect(waitMs).toBeLessThanOrEqual(5 * 60_000);
    expect(syncIntervalMinutes).toBe(1440);
    expect(activities[0]).toMatchObject({ type: 'organization.updated', details: { syncIntervalMinutes: 1440 } });
    for (const wrong of [4, 1441, 7.5]) {
      await expect(set(wrong)).rejects.toMatchObject({ problem: { code: 'request.invalid' } });
    }
  });

  test.each(['user', 'organization'] as const)('off for the %s: no turn, and force says why', async (whose) => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin, organizationId } = await initialized(bench);
    const setEnabled = (enabled: boolean) =>
      whose === 'user'
        ? admin.call(api.switchSynchronization, { body: { userIds: [grace], enabled } })
        : admin.call(api.updateOrganization, { params: { organizationId }, body: { syncEnabled: enabled } });
    await setEnabled(false);
    await later(bench, 60);
    const off = await userOf(admin);
    await expect(admin.call(api.forceSynchronization, { params: { userId: grace }, body: {} })).rejects.toMatchObject({
      problem: { code: 'sync.switched_off', details: { switchedOff: [whose] } },
    });
    await setEnabled(true);
    await later(bench, 31);
    const on = await userOf(admin);

    expect(off).toMatchObject({ syncEnabled: false, nextSyncAt: null });
    expect(off.syncSessions).toHaveLength(1);
    expect(on.syncEnabled).toBe(true);
    expect(on.syncSessions[0]).toMatchObject({ state: 'succeeded', startedBy: 'schedule', changes: 0 });
  });

  test('a transient fault is tried ten times, five minutes apart, then disables; success resets', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    const mend = bench.sandbox.faults.add({ match: { path: /delta/ }, answer: { status: 500, body: {} } });

    await synchronize(bench, admin);
    for (let attempt = 2; attempt <= 9; attempt++) await later(bench, 6.1);
    const ninth = await userOf(admin);
    await later(bench, 6.1);
    const tenth = await userOf(admin);
    await later(bench, 60);
    const rested = await userOf(admin);
    mend();
    const back = await synchronize(bench, admin);

    expect(ninth).toMatchObject({ mailboxState: 'initialized', openIssues: 1 });
    expect(ninth.syncErrors[0]).toMatchObject({ count: 9, reason: 'microsoft.unavailable', kind: 'other' });
    expect(tenth).toMatchObject({ mailboxState: 'disabled_due_to_error', nextSyncAt: null });
    expect(rested.syncSessions).toHaveLength(tenth.syncSessions.length);
    expect(back).toMatchObject({ mailboxState: 'initialized', openIssues: 0 });
    const { db } = bench.service.database;
    const syncs = await db.selectFrom('mailbox_syncs').select('tries').where('user_id', '=', grace).execute();
    expect(syncs).toEqual([{ tries: 0 }]);
  });

  test('faults 118 and 119: throttled is no failed try; the mailbox waits as long as Microsoft asks', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await switched(bench);
    const answer = { status: 429, headers: { 'retry-after': '3600' }, body: {} };
    const mend = bench.sandbox.faults.add({ match: { path: /delta/ }, answer });

    const throttled = await synchronize(bench, admin);
    await later(bench, 55);
    const waiting = await userOf(admin);
    mend();
    await later(bench, 7);
    const after = await userOf(admin);

    expect(throttled.mailboxState).toBe('switching');
    expect(throttled.syncErrors).toContainEqual(
      expect.objectContaining({ kind: 'throttling', reason: 'microsoft.throttled', resolvedAt: null }),
    );
    expect(throttled.syncSessions[0]).toMatchObject({
      state: 'postponed',
      errorCategory: 'throttling',
      retryAt: throttled.nextSyncAt,
    });
    expect(waiting.syncSessions).toHaveLength(1);
    expect(after).toMatchObject({ mailboxState: 'initialized', openIssues: 0 });
  });
});

test('fault 120: in a storm of 429 the calls stay few, nothing fails, and it goes on afterwards', async () => {
  await using bench = await startBench({ granted: mailboxPermissions, sandbox: { people: 40 } });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  const { db } = bench.service.database;
  const answer = { status: 429, headers: { 'retry-after': '300' }, body: {} };
  const end = bench.sandbox.faults.add({ match: { path: /\/users\// }, answer });
  bench.sandbox.requests.clear();

  await later(bench, 31);
  const stormy = await db.selectFrom('sync_sessions').select(['state', 'reason']).execute();
  const calls = bench.sandbox.requests.to(/\$batch$/).length;
  end();
  await later(bench, 7);
  const states = await db
    .selectFrom('users')
    .select('mailbox_state')
    .where('connection_type', '=', 'graph_app_only')
    .execute();

  expect(new Set(stormy.map(({ state, reason }) => `${state} ${reason}`))).toEqual(
    new Set(['postponed microsoft.throttled']),
  );
  expect(calls).toBeLessThanOrEqual(Math.ceil(stormy.length / 20) + 3);
  expect(new Set(states.map(({ mailbox_state }) => mailbox_state))).toEqual(new Set(['initialized']));
});

test('fault 151: after an outage of ten minutes mailboxes come back spread out and at the tenant’s pace', {
  timeout: 120_000,
}, async () => {
  const people = 300;
  const throttle = { requestsPerSecond: 500, burst: 100, retryAfterSeconds: 5 };
  await using bench = await startBench({
    granted: mailboxPermissions,
    sandbox: { people: people * 1.2, settings: { throttle } },
  });
  const { sandbox } = bench;
  const admin = bench.signIn('ada@contoso.example');
  const open = sandbox.tenant.people.filter(({ mailbox }) => mailbox.state === 'available').slice(0, people);
  const organizationId = await bench.organizationWith(admin, open);
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  await later(bench, 31);

  const end = sandbox.faults.add({ match: { path: /./ }, answer: { reset: true } });
  for (let minute = 0; minute < 10; minute += 5) await later(bench, 5);
  end();
  const before = { ...sandbox.requests.counts };
  const { db } = bench.service.database;
  const failed = await db.selectFrom('mailbox_syncs').select('next_sync_at').where('tries', '>', 0).execute();
  for (let minute = 0; minute < 12; minute += 2) await later(bench, 2);

  // Those that failed together do not come back together.
  const moments = failed.map(({ next_sync_at }) => Math.floor((next_sync_at?.getTime() ?? 0) / 10_000));
  const fullest = Math.max(
    ...[...Map.groupBy(moments, (moment) => moment).values()].map((together) => together.length),
  );
  expect(failed.length).toBeGreaterThan(people / 5);
  expect(fullest).toBeLessThan(failed.length / 3);
  const requests = sandbox.requests.counts.requests - before.requests;
  expect((sandbox.requests.counts.throttled - before.throttled) / requests).toBeLessThan(0.02);
  const users = await db
    .selectFrom('users')
    .select(['mailbox_state'])
    .where('organization_id', '=', organizationId)
    .execute();
  expect(new Set(users.map(({ mailbox_state }) => mailbox_state))).toEqual(new Set(['initialized']));
  const left = await db.selectFrom('mailbox_syncs').select('user_id').where('tries', '>', 0).execute();
  expect(left).toEqual([]);
});

test('what an admin forces overtakes what is due', async () => {
  await using bench = await startBench({
    granted: mailboxPermissions,
    sandbox: { people: 150 },
    service: { pace: { startRate: 200, ceiling: 200 } },
  });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  const { db } = bench.service.database;
  const now = bench.clock.now();
  await db.updateTable('mailbox_syncs').set({ next_sync_at: now }).where('user_id', '<>', grace).execute();
  await bench.service.syncs.sweep();
  const sessions = () => db.selectFrom('sync_sessions').select(['user_id', 'ended_at', 'started_by']).execute();
  while ((await sessions()).length === 0) await bench.clock.wait(10);

  await admin.call(api.forceSynchronization, { params: { userId: grace }, body: {} });
  await bench.queue.drain();

  const ended = (await sessions()).sort((a, b) => (a.ended_at?.getTime() ?? 0) - (b.ended_at?.getTime() ?? 0));
  expect(ended.length).toBeGreaterThan(100);
  expect(ended.findIndex(({ user_id }) => user_id === grace)).toBeLessThan(ended.length / 2);
});
