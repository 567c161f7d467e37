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

  const { check: small } = await admin.call(api.startConnectivityCheck, { params, body: { userIds: [grace] } });

  await expect.poll(async () => (await find(small.id)).state, { timeout: 10_000 }).toBe('completed');
  expect((await find(large.id)).state).toBe('running');
  await admin.call(api.cancelConnectivityCheck, { params: { checkId: large.id }, body: {} });
  await bench.queue.drain();
});

test('what a run learnt of the limit is kept for the tenant', async () => {
  const throttle = { requestsPerSecond: 200, burst: 40, retryAfterSeconds: 1 };
  await using bench = await startBench({
    granted: mailboxPermissions,
    sandbox: { people: 200, settings: { throttle, graphLatencyMs: 20 } },
  });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);

  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();

  const rates = await bench.service.database.db.selectFrom('tenant_rates').selectAll().execute();
  expect(rates).toMatchObject([{ tenant_id: bench.tenantId, is_limit: true }]);
  expect(rates[0]?.requests_per_second).toBeLessThan(400);
});

test('fault 120: a batch that is refused whole stops everybody for as long as it says, and nobody is denied for it', async () => {
  const throttle = { requestsPerSecond: 200, burst: 40, retryAfterSeconds: 2, wholeBatchShare: 0.5 };
  await using bench = await startBench({
    granted: mailboxPermissions,
    sandbox: { people: 200, settings: { throttle, graphLatencyMs: 20 } },
  });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);

  const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();

  const done = await admin.call(api.getConnectivityCheck, { params: { checkId: check.id } });
  expect(done).toMatchObject({ state: 'completed', done: check.total });
  expect(done.causes.map(({ reason }) => reason)).not.toContain('access.denied_by_exchange');
});
