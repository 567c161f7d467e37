import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { SyncSessionId, TenantId } from '../../src/domain/ids.ts';
import { type Bench, mailboxPermissions, startBench } from '../support/bench.ts';
import { grace, initialized, later, synchronize, userOf } from '../support/synced-mailbox.ts';

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
