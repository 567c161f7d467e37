import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { UserId } from '../../src/domain/ids.ts';
import { mailboxPermissions, startBench } from '../support/bench.ts';
import { grace, initialized, later, synchronize, userOf } from '../support/synced-mailbox.ts';

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
