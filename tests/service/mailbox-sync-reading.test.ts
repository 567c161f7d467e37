import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { mailboxPermissions, startBench } from '../support/bench.ts';
import { changeMadeAt } from '../support/intended-scope.ts';
import { grace, initialized, later, switched, synchronize, userOf } from '../support/synced-mailbox.ts';

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

describe('folders that are not there', () => {
  const gone = { status: 404, body: { error: { code: 'ErrorItemNotFound', message: 'not found' } } };

  test('a calendar that was never read is a named sync error, not a success without a word', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await switched(bench);
    bench.sandbox.faults.add({ match: { path: /calendarView\/delta/ }, answer: gone });

    const user = await synchronize(bench, admin);

    expect(user.syncSessions[0]).toMatchObject({
      state: 'succeeded',
      issues: 1,
      reason: 'sync.folder_gone',
      errorSource: { capability: 'calendar', resource: 'calendar' },
    });
  });

  test('a mailbox of which nothing could be read is not initialized', async () => {
    await using bench = await startBench({ granted: ['User.Read.All', 'Mail.ReadBasic.All'] });
    const { admin } = await switched(bench);
    bench.sandbox.faults.add({ match: { path: /\/delta/ }, answer: gone });

    const user = await synchronize(bench, admin);

    expect(user).toMatchObject({ mailboxState: 'switching' });
    expect(user.syncSessions[0]).toMatchObject({ state: 'failed' });
  });

  test('an inbox that was replaced is read from scratch', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin } = await initialized(bench);
    bench.sandbox.faults.add({ match: { path: /inbox\/messages\/delta/, times: 1 }, answer: gone });

    const user = await synchronize(bench, admin);

    expect(user.syncSessions[0]).toMatchObject({ state: 'succeeded', issues: 0, restarted: ['inbox'] });
  });
});

test.each([
  [400, 'BadRequest'],
  [400, 'ErrorInvalidUrlQuery'],
  [404, 'ErrorInvalidSyncStateData'],
])('a stored link that is answered %d %s leads nowhere any more: it starts over', async (status, code) => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin } = await initialized(bench);
  const answer = { status, body: { error: { code, message: 'no such thing' } } };
  bench.sandbox.faults.add({ match: { path: /inbox\/messages\/delta/, times: 1 }, answer });

  const user = await synchronize(bench, admin);

  expect(user.syncSessions[0]).toMatchObject({ state: 'succeeded', restarted: ['inbox'] });
});

test.each([
  ['asks to wait', { status: 429, headers: { 'Retry-After': '600' }, body: {} }, 'postponed'],
  ['refuses the token twice', { status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } }, 'failed'],
] as const)('what was read before Microsoft %s is not read again', async (_name, answer, state) => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin } = await switched(bench);
  bench.sandbox.faults.add({ match: { path: /sentitems\/messages\/delta/, times: 2 }, answer });

  const interrupted = await synchronize(bench, admin);
  bench.sandbox.faults.clear();
  bench.sandbox.requests.clear();
  await later(bench, 16);
  const user = await userOf(admin);

  expect(interrupted).toMatchObject({ mailboxState: 'switching' });
  expect(interrupted.syncSessions[0]).toMatchObject({ state, changes: expect.any(Number) });
  expect(interrupted.syncSessions[0]?.changes).toBeGreaterThan(0);
  expect(user.mailboxState).toBe('initialized');
  const inbox = bench.sandbox.requests.to(/inbox\/messages\/delta/);
  expect(inbox.length).toBeGreaterThan(0);
  expect(inbox.every(({ query }) => '$deltatoken' in query)).toBe(true);
});

test('fault 137: a denial while a change of the limit spreads is waited out; after its bound it disables', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin } = await initialized(bench);
  await changeMadeAt(bench, bench.clock.now());
  const denial = { status: 403, body: { error: { code: 'ErrorAccessDenied', message: 'Access is denied.' } } };
  bench.sandbox.faults.add({ match: { path: /\/delta/ }, answer: denial });

  const during = await synchronize(bench, admin);
  await later(bench, 150);
  const after = await userOf(admin);

  expect(during).toMatchObject({ mailboxState: 'initialized', openIssues: 1 });
  expect(during.syncSessions[0]).toMatchObject({ state: 'postponed', reason: 'access.denied_by_exchange' });
  expect(after).toMatchObject({ mailboxState: 'disabled_due_to_error' });
});
