import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { mailboxPermissions, startBench } from '../support/bench.ts';
import { grace, switched, synchronize } from '../support/synced-mailbox.ts';

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
