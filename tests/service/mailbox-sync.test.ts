import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { SyncSessionId, TenantId, UserId } from '../../src/domain/ids.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';

const grace = namedPeople.grace.id as UserId;

/** Grace in a Graph organization, checked and thereby switched. */
async function switched(bench: Bench) {
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, [bench.sandbox.tenant.person(grace)]);
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  return { admin, organizationId };
}

async function synchronize(bench: Bench, admin: TestAdmin) {
  await admin.call(api.forceSynchronization, { params: { userId: grace }, body: {} });
  await bench.queue.drain();
  return admin.call(api.getUser, { params: { userId: grace } });
}

test('a switched user shows Cancelled until the next successful sync session, then Initialized', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin } = await switched(bench);

  const before = await admin.call(api.getUser, { params: { userId: grace } });
  const after = await synchronize(bench, admin);

  expect(before).toMatchObject({ connectionType: 'graph_app_only', mailboxState: 'switching', openIssues: 1 });
  expect(before.syncErrors).toMatchObject([{ kind: 'connection_switching', title: 'Cancelled', resolvedAt: null }]);
  expect(before.syncErrors[0]?.detail).toContain('completes after the next successful sync session');
  expect(after).toMatchObject({ mailboxState: 'initialized', openIssues: 0 });
  expect(after.syncErrors[0]?.resolvedAt).not.toBeNull();
  expect(after.syncSessions).toMatchObject([{ state: 'succeeded', reason: null }]);
  expect(after.syncSessions[0]?.changes).toBeGreaterThan(0);
});

test('the second session asks only for what changed', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin } = await switched(bench);
  await synchronize(bench, admin);
  bench.clock.advance(61_000);
  bench.sandbox.tenant.mailbox(grace).deliver({ subject: 'secret subject' });

  const user = await synchronize(bench, admin);

  expect(user.syncSessions[0]?.changes).toBe(1);
  const cursors = await bench.service.database.db.selectFrom('sync_cursors').selectAll().execute();
  expect(cursors.map(({ resource }) => resource).sort()).toEqual([
    'calendar',
    expect.stringMatching(/^contacts:/),
    'inbox',
    'sent_items',
  ]);
  expect(JSON.stringify(cursors)).not.toContain('secret subject');
});

test('a forgotten delta link starts over', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin } = await switched(bench);
  const first = await synchronize(bench, admin);
  bench.clock.advance(61_000);
  bench.sandbox.tenant.mailbox(grace).forgetSyncStates();

  const second = await synchronize(bench, admin);

  expect(second.syncSessions[0]).toMatchObject({ state: 'succeeded', changes: first.syncSessions[0]?.changes });
});

test('a delta link of another Microsoft Graph, from before the endpoint was changed, starts over', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin } = await switched(bench);
  const first = await synchronize(bench, admin);
  bench.clock.advance(61_000);
  const { db } = bench.service.database;
  const elsewhere = sql<string>`replace(delta_link, ${bench.sandbox.origins.graph}, 'https://graph.microsoft.us')`;
  await db.updateTable('sync_cursors').set({ delta_link: elsewhere }).execute();

  const second = await synchronize(bench, admin);

  expect(second.syncSessions[0]).toMatchObject({
    state: 'succeeded',
    changes: first.syncSessions[0]?.changes,
    restarted: expect.arrayContaining(['inbox', 'sent_items', 'calendar']),
  });
});

test('at most once a minute', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin } = await switched(bench);
  await synchronize(bench, admin);

  await expect(admin.call(api.forceSynchronization, { params: { userId: grace }, body: {} })).rejects.toMatchObject({
    status: 429,
    problem: { code: 'sync.too_soon' },
  });
});

test('a user who is not connected over Microsoft Graph is refused', async () => {
  await using bench = await startBench();
  const admin = bench.signIn('ada@contoso.example');
  await bench.organizationWith(admin, [bench.sandbox.tenant.person(grace)]);

  await expect(admin.call(api.forceSynchronization, { params: { userId: grace }, body: {} })).rejects.toMatchObject({
    problem: { code: 'sync.not_connected' },
  });
});

describe('a session that fails leaves a named sync error', () => {
  test('lost licence: mailbox', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await switched(bench);
    bench.sandbox.tenant.setLicences(grace, []);

    const user = await synchronize(bench, admin);

    expect(user).toMatchObject({ mailboxState: 'disabled_due_to_error', openIssues: 2 });
    expect(user.syncErrors).toContainEqual(expect.objectContaining({ kind: 'mailbox', count: 1, resolvedAt: null }));
    expect(user.syncSessions[0]).toMatchObject({ state: 'failed', reason: 'mailbox.not_in_exchange_online' });
  });

  test('revoked permission: authorization', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await switched(bench);
    bench.sandbox.tenant.grants.revokeRoles();
    bench.clock.advance(2 * 3600_000);

    const user = await synchronize(bench, admin);

    expect(user.syncErrors).toContainEqual(
      expect.objectContaining({ kind: 'authorization', title: 'Authorization error' }),
    );
    expect(user.syncSessions[0]).toMatchObject({ state: 'failed', reason: 'consent.permission_missing' });
  });

  test.each([
    ['a page of HTML', { status: 200, html: '<h1>hello</h1>' }, 'other', 'microsoft.unexpected_answer'],
    ['500 for good', { status: 500, body: {} }, 'other', 'microsoft.unavailable'],
    ['resets', { body: { value: [] }, truncate: true }, 'other', 'microsoft.unreachable'],
    [
      'a link to another host',
      { status: 200, body: { value: [], '@odata.nextLink': 'https://evil.example/v1.0/x' } },
      'other',
      'microsoft.unexpected_answer',
    ],
  ] as const)('%s: state stays, error is named', async (_name, answer, kind, reason) => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await switched(bench);
    bench.sandbox.faults.add({ match: { path: /\/messages\/delta/ }, answer: { ...answer } });

    const user = await synchronize(bench, admin);

    expect(user.mailboxState).toBe('switching');
    expect(user.syncErrors).toContainEqual(expect.objectContaining({ kind, resolvedAt: null }));
    expect(user.syncSessions[0]).toMatchObject({ state: 'failed', reason });
  });
});

/** Time passes, mailboxes that are due are read. */
async function later(bench: Bench, minutes: number) {
  bench.clock.advance(minutes * 60_000);
  await bench.service.syncs.sweep();
  await bench.queue.drain();
}

const userOf = (admin: TestAdmin) => admin.call(api.getUser, { params: { userId: grace } });

/** Grace, whose mailbox a session has read. */
async function initialized(bench: Bench) {
  const { admin, organizationId } = await switched(bench);
  const user = await synchronize(bench, admin);
  expect(user.mailboxState).toBe('initialized');
  bench.clock.advance(61_000);
  return { admin, organizationId, mailbox: bench.sandbox.tenant.mailbox(grace) };
}

describe('what a session reads', () => {
  test('inbox, sent items, calendar and contacts of every folder: ids and counts only', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin, mailbox } = await initialized(bench);
    const friends = mailbox.addContactFolder('Friends');
    const close = mailbox.addContactFolder('Close friends', friends);
    mailbox.addContact({ displayName: 'Lise Meitner', address: 'lise@fabrikam.example', folderKey: close.key });
    mailbox.deliver({ folder: 'sentitems', subject: 'secret subject' });
    bench.sandbox.requests.clear();

    const user = await synchronize(bench, admin);

    expect(user.syncSessions[0]).toMatchObject({ state: 'succeeded', changes: 2, issues: 0, startedBy: 'admin' });
    const { db } = bench.service.database;
    const cursors = await db.selectFrom('sync_cursors').selectAll().execute();
    expect(cursors.filter(({ resource }) => resource.startsWith('contact_folder:'))).toHaveLength(2);
    const anew = bench.sandbox.requests
      .to(/\/users\//)
      .filter(({ query }) => !('$deltatoken' in query) && !('$skiptoken' in query));
    expect(anew.length).toBeGreaterThan(0);
    for (const { query } of anew) expect(query.$select).toBe('id');
    expect(JSON.stringify([cursors, user.syncSessions])).not.toMatch(/secret subject|fabrikam/);
  });

  test('a contact folder that vanishes is a named sync error; the session after resolves it', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin, mailbox } = await initialized(bench);
    const folder = mailbox.addContactFolder('Friends');
    await synchronize(bench, admin);
    mailbox.removeContactFolder(folder);
    bench.clock.advance(61_000);

    const noticed = await synchronize(bench, admin);
    bench.clock.advance(61_000);
    const after = await synchronize(bench, admin);

    expect(noticed.syncSessions[0]).toMatchObject({
      state: 'succeeded',
      issues: 1,
      reason: 'sync.folder_gone',
      errorCategory: 'mailbox',
      errorSource: { capability: 'contacts', resource: 'contact_folder' },
    });
    expect(noticed).toMatchObject({ mailboxState: 'initialized', openIssues: 1 });
    expect(noticed.syncErrors[0]).toMatchObject({ kind: 'mailbox', reason: 'sync.folder_gone', count: 1 });
    expect(after).toMatchObject({ openIssues: 0 });
    expect(after.syncSessions[0]).toMatchObject({ state: 'succeeded', issues: 0, reason: null });
  });

  test('the calendar’s window moves: after a week a new round begins', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    const views = () => bench.sandbox.requests.to(/calendarView\/delta/).filter(({ query }) => query.startDateTime);
    bench.clock.advance(5 * 24 * 3600_000);
    bench.sandbox.requests.clear();
    await synchronize(bench, admin);
    const early = views().length;
    bench.clock.advance(3 * 24 * 3600_000);

    await synchronize(bench, admin);

    expect(early).toBe(0);
    expect(views()).toHaveLength(1);
  });

  test('fault 131: a forgotten delta link starts over and says so; what is reported twice counts once', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin, mailbox } = await initialized(bench);
    mailbox.forgetSyncStates();
    const restarted = await synchronize(bench, admin);
    bench.clock.advance(61_000);
    const deltaLink = `${bench.sandbox.origins.graph}/v1.0/users/${grace}/x?$deltatoken=x`;
    const value = ['a', 'b', 'a'].map((id) => ({ id }));
    bench.sandbox.faults.add({
      match: { path: /inbox\/messages\/delta/ },
      answer: { body: { value, '@odata.deltaLink': deltaLink } },
    });

    const doubled = await synchronize(bench, admin);

    expect(restarted.syncSessions[0]).toMatchObject({
      state: 'succeeded',
      restarted: expect.arrayContaining(['inbox']),
    });
    expect(restarted.syncSessions[1]).toMatchObject({ restarted: [] });
    expect(doubled.syncSessions[0]).toMatchObject({ state: 'succeeded', changes: 2 });
  });

  test('fault 128: changes of another mailbox than asked are refused', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    const context = `x#users('${namedPeople.ada.id}')/mailFolders`;
    bench.sandbox.faults.add({
      match: { path: /inbox\/messages\/delta/ },
      answer: { body: { '@odata.context': context, value: [], '@odata.deltaLink': 'x' } },
    });

    const user = await synchronize(bench, admin);

    expect(user.syncSessions[0]).toMatchObject({ state: 'failed', reason: 'microsoft.unexpected_answer' });
  });

  test('a mailbox that was active and lost its licence has a reason of its own, and is disabled at once', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    bench.sandbox.tenant.setLicences(grace, []);

    const user = await synchronize(bench, admin);

    expect(user).toMatchObject({ mailboxState: 'disabled_due_to_error', nextSyncAt: null, openIssues: 1 });
    expect(user.syncErrors[0]).toMatchObject({ kind: 'mailbox', reason: 'sync.licence_lost', resolvedAt: null });
    expect(user.syncErrors[0]?.detail).toContain('Assign a licence that includes Exchange Online');
    expect(user.syncSessions[0]).toMatchObject({
      state: 'failed',
      errorCategory: 'mailbox',
      errorSource: { capability: 'mail', resource: 'inbox' },
    });
    const { activities } = await admin.call(api.listActivity);
    expect(activities[0]).toMatchObject({
      type: 'sync.disabled_due_to_error',
      by: null,
      details: { users: 1, reason: 'sync.licence_lost' },
    });
  });

  test('a mailbox that Microsoft is moving waits, without a failed try, until the move has ended', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    bench.sandbox.tenant.setMailboxState(grace, 'moving');

    await synchronize(bench, admin);
    for (let quarter = 0; quarter < 12; quarter++) await later(bench, 16);
    const moving = await userOf(admin);
    bench.sandbox.tenant.setMailboxState(grace, 'available');
    await later(bench, 16);
    const moved = await userOf(admin);

    expect(moving).toMatchObject({ mailboxState: 'initialized', openIssues: 1 });
    expect(moving.syncErrors[0]).toMatchObject({ kind: 'mailbox', reason: 'sync.mailbox_moving', count: 13 });
    expect(moving.syncSessions.filter(({ state }) => state === 'postponed')).toHaveLength(13);
    expect(moved).toMatchObject({ openIssues: 0 });
    expect(moved.syncSessions[0]?.state).toBe('succeeded');
  });
});

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

describe('commands', () => {
  test('reset forgets, refuses what is not initialized, and the next session reads from the beginning', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    const unknown = '0f9b2c1e-5f53-4a7e-9a55-2b7f3f1f0c11' as UserId;

    const first = await admin.call(api.resetMailboxes, { body: { userIds: [grace, unknown] } });
    const reset = await userOf(admin);
    const second = await admin.call(api.resetMailboxes, { body: { userIds: [grace] } });
    const { activities } = await admin.call(api.listActivity);
    const cursors = await bench.service.database.db.selectFrom('sync_cursors').selectAll().execute();
    await later(bench, 31);
    const again = await userOf(admin);

    expect(first.results).toEqual([
      { userId: grace, outcome: 'done' },
      { userId: unknown, outcome: 'not_found' },
    ]);
    expect(second.results).toEqual([{ userId: grace, outcome: 'nothing_to_reset' }]);
    expect(reset.mailboxState).toBe('not_initialized');
    expect(cursors).toEqual([]);
    expect(activities.filter(({ type }) => type === 'sync.reset')).toHaveLength(1);
    expect(again.mailboxState).toBe('initialized');
    expect(again.syncSessions[0]?.changes).toBe(again.syncSessions[1]?.changes);
  });

  test('re-initialize reads from the beginning at once, also after an error', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    const kept = [...bench.sandbox.tenant.person(grace).licences];
    bench.sandbox.tenant.setLicences(grace, []);
    const lost = await synchronize(bench, admin);
    bench.sandbox.tenant.setLicences(grace, kept);

    const { results } = await admin.call(api.reinitializeMailboxes, { body: { userIds: [grace] } });
    await bench.queue.drain();
    const user = await userOf(admin);

    expect(lost.mailboxState).toBe('disabled_due_to_error');
    expect(results).toEqual([{ userId: grace, outcome: 'done' }]);
    expect(user).toMatchObject({ mailboxState: 'initialized', openIssues: 0 });
    expect(user.syncSessions[0]?.changes).toBe(user.syncSessions[2]?.changes);
  });

  test('a successful check tries a disabled mailbox again', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin, organizationId } = await initialized(bench);
    const kept = [...bench.sandbox.tenant.person(grace).licences];
    bench.sandbox.tenant.setLicences(grace, []);
    await synchronize(bench, admin);
    bench.sandbox.tenant.setLicences(grace, kept);

    await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
    await bench.queue.drain();
    const checked = await userOf(admin);
    await later(bench, 31);
    const user = await userOf(admin);

    expect(checked.mailboxState).toBe('switching');
    expect(checked.nextSyncAt).not.toBeNull();
    expect(user).toMatchObject({ mailboxState: 'initialized', openIssues: 0 });
  });

  test('switching says of each user what became of it, in one audit row', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    const body = { userIds: [grace], enabled: false };

    const first = await admin.call(api.switchSynchronization, { body });
    const second = await admin.call(api.switchSynchronization, { body });
    const refused = await admin.call(api.reinitializeMailboxes, { body: { userIds: [grace] } });
    const { activities } = await admin.call(api.listActivity);

    expect(first.results).toEqual([{ userId: grace, outcome: 'done' }]);
    expect(second.results).toEqual([{ userId: grace, outcome: 'unchanged' }]);
    expect(refused.results).toEqual([{ userId: grace, outcome: 'switched_off' }]);
    expect(activities.filter(({ type }) => type.startsWith('sync.') && type !== 'sync.forced')).toMatchObject([
      { type: 'sync.disabled', by: 'Ada Lovelace', details: { users: 1 } },
    ]);
  });
});

describe('workers', () => {
  const left = '6e3b5b41-2a1c-4d68-8e80-3a9a6c2e8d41' as SyncSessionId;

  /** A worker that is gone has begun to read Grace’s mailbox. */
  async function abandoned(bench: Bench, claims: number) {
    const { db } = bench.service.database;
    const now = bench.clock.now();
    const touchedAt = new Date(now.getTime() - 3600_000);
    const tenantId = bench.tenantId as TenantId;
    await db
      .insertInto('sync_rounds')
      .values({ tenant_id: tenantId, fence: 7, is_open: true, touched_at: touchedAt })
      .execute();
    await db
      .insertInto('sync_sessions')
      .values({
        tenant_id: tenantId,
        id: left,
        user_id: grace,
        state: 'running',
        started_by: 'schedule',
        round: 7,
        claims,
        requested_at: now,
        started_at: now,
        ended_at: null,
        reason: null,
      })
      .execute();
  }

  test('fault 141: a session that a dead worker left is taken over by the next round', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    await abandoned(bench, 1);

    await later(bench, 0);
    const user = await userOf(admin);

    expect(user.syncSessions[0]).toMatchObject({ id: left, state: 'succeeded' });
  });

  test('fault 145: a session that took five workers with it ends as a fault of this service', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    await abandoned(bench, 5);

    await later(bench, 0);
    const user = await userOf(admin);

    expect(user.syncSessions[0]).toMatchObject({
      state: 'failed',
      reason: 'sync.service_fault',
      errorCategory: 'other',
      errorSource: { capability: null, resource: 'service' },
    });
    expect(user.mailboxState).toBe('initialized');
    expect(bench.log.join()).toContain('sync session given up');
  });

  test('fault 145: what the database does not take ends that session, and none stays running', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    const { db } = bench.service.database;
    await sql`alter table sync_cursors add constraint no_poison check (delta_link not like '%poison')`.execute(db);
    const deltaLink = `${bench.sandbox.origins.graph}/v1.0/users/x?$deltatoken=poison`;
    bench.sandbox.faults.add({
      match: { path: /inbox\/messages\/delta/ },
      answer: { body: { value: [], '@odata.deltaLink': deltaLink } },
    });

    const user = await synchronize(bench, admin);
    await sql`alter table sync_cursors drop constraint no_poison`.execute(db);

    expect(user.syncSessions[0]).toMatchObject({ state: 'failed', reason: 'sync.service_fault' });
    expect(user.syncErrors[0]).toMatchObject({ kind: 'other', reason: 'sync.service_fault' });
  });

  test('fault 143: a late writer whose session was claimed anew stores nothing', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    const { db } = bench.service.database;
    bench.sandbox.faults.add({ match: { path: /inbox\/messages\/delta/ }, answer: { delayMs: 1_000 } });
    const running = () => db.selectFrom('sync_sessions').select('claims').where('state', '=', 'running').execute();
    await admin.call(api.forceSynchronization, { params: { userId: grace }, body: {} });
    while ((await running()).length === 0) await bench.clock.wait(20);

    await db.updateTable('sync_sessions').set({ claims: 9 }).where('state', '=', 'running').execute();
    await bench.queue.drain();

    expect(await running()).toEqual([{ claims: 9 }]);
  });

  test('fault 132: a refused token is asked for anew once, not once per mailbox', async () => {
    await using bench = await startBench({ granted: mailboxPermissions, sandbox: { people: 30 } });
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
    await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
    await bench.queue.drain();
    const body = { error: { code: 'InvalidAuthenticationToken', message: 'refused' } };
    bench.sandbox.faults.add({ match: { path: /delta/ }, answer: { status: 401, body } });
    bench.sandbox.requests.clear();

    await later(bench, 31);

    expect(bench.sandbox.requests.to(/oauth2\/v2.0\/token$/).length).toBeLessThanOrEqual(3);
    const { db } = bench.service.database;
    const reasons = await db.selectFrom('sync_sessions').select('reason').distinct().execute();
    expect(reasons).toEqual([{ reason: 'microsoft.token_unavailable' }]);
  });
});
