import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { UserId } from '../../src/domain/ids.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { mailboxPermissions, startBench } from '../support/bench.ts';

const grace = namedPeople.grace.id as UserId;

test('one mailbox that an admin asks for is done long before the large check that is going on', async () => {
  await using bench = await startBench({
    granted: mailboxPermissions,
    environment: { GRAPH_REQUESTS_PER_SECOND: '60' },
    sandbox: { people: 400, settings: { graphLatencyMs: 50 } },
  });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
  const params = { organizationId };
  const { check: large } = await admin.call(api.startConnectivityCheck, { params, body: {} });
  const find = (checkId: typeof large.id) => admin.call(api.getConnectivityCheck, { params: { checkId } });
  await expect.poll(async () => (await find(large.id)).done, { timeout: 10_000 }).toBeGreaterThan(0);

  const small = await admin.call(api.startConnectivityCheck, { params, body: { userIds: [grace] } });
  const again = await admin.call(api.startConnectivityCheck, { params, body: { userIds: [grace] } });

  expect(small).toMatchObject({ joined: false, check: { total: 1 } });
  expect(again).toMatchObject({ joined: true, check: { id: small.check.id } });
  await expect.poll(async () => (await find(small.check.id)).state, { timeout: 10_000 }).toBe('completed');
  expect((await find(large.id)).state).toBe('running');
  await admin.call(api.cancelConnectivityCheck, { params: { checkId: large.id }, body: {} });
  await bench.queue.drain();
});

test('what a run learnt of the rate is kept for the tenant', async () => {
  await using bench = await startBench({
    granted: mailboxPermissions,
    sandbox: {
      people: 200,
      settings: { throttle: { requestsPerSecond: 200, burst: 40, retryAfterSeconds: 1 }, graphLatencyMs: 20 },
    },
  });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);

  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();

  const { rows } = await sql<{ requests_per_second: number; tenant_id: string }>`select * from tenant_rates`.execute(
    bench.service.database.db,
  );
  expect(rows).toMatchObject([{ tenant_id: bench.tenantId }]);
  expect(rows[0]?.requests_per_second).toBeLessThan(1_600);
});

test('a batch that is refused whole stops everybody for as long as it says, and nobody is denied for it', async () => {
  await using bench = await startBench({
    granted: mailboxPermissions,
    sandbox: {
      people: 200,
      settings: {
        throttle: { requestsPerSecond: 200, burst: 40, retryAfterSeconds: 2, wholeBatchShare: 0.5 },
        graphLatencyMs: 20,
      },
    },
  });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);

  const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();

  const done = await admin.call(api.getConnectivityCheck, { params: { checkId: check.id } });
  expect(done).toMatchObject({ state: 'completed', done: check.total });
  expect(done.causes.map(({ reason }) => reason)).not.toContain('access.denied_by_exchange');
});

test('runs that were handed over are no failures: after many of them, one failure of ours ends nothing', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, [bench.sandbox.tenant.person(grace)]);
  const { db } = bench.service.database;
  await sql`alter table check_results rename to check_results_away`.execute(db);
  const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await sql`update pgboss.job set retry_count = 9 where state in ('created', 'retry', 'active')`.execute(db);

  await expect
    .poll(async () => (await db.selectFrom('checks').select('failures').executeTakeFirst())?.failures, {
      timeout: 20_000,
    })
    .toBeGreaterThan(0);
  await sql`alter table check_results_away rename to check_results`.execute(db);
  const ended = async () => {
    // The tenth try would come half a minute later.
    await sql`update pgboss.job set start_after = now() where state = 'retry'`.execute(db);
    return (await admin.call(api.getConnectivityCheck, { params: { checkId: check.id } })).finishedAt;
  };
  await expect.poll(ended, { timeout: 20_000 }).not.toBeNull();

  const done = await admin.call(api.getConnectivityCheck, { params: { checkId: check.id } });
  expect(done).toMatchObject({ state: 'completed', done: 1 });
});
