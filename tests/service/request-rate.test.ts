import { expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { ownRegistration } from '../../src/domain/registration.ts';
import { createTenantPaces, type RateMemory } from '../../src/service/graph/tenant-pace.ts';
import { mailboxPermissions, startBench } from '../support/bench.ts';
import { createTestClock } from '../support/test-clock.ts';

test('an admin’s ceiling is kept, told once, and taken back; a check leaves behind what it found out', async () => {
  await using bench = await startBench({
    granted: mailboxPermissions,
    sandbox: { people: 100 },
    environment: { GRAPH_REQUESTS_PER_SECOND: '800' },
  });
  const admin = bench.signIn('ada@contoso.example');
  const before = await admin.call(api.getRequestRate);
  for (const ceiling of [300, 300]) await admin.call(api.setRequestRate, { body: { ceiling } });
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  const after = await admin.call(api.getRequestRate);
  const removed = await admin.call(api.setRequestRate, { body: { ceiling: null } });
  const { activities } = await admin.call(api.listActivity);

  expect(before).toEqual({ ceiling: null, operatorCeiling: 800, learnt: null });
  expect(after).toMatchObject({ ceiling: 300, learnt: { isLimit: false } });
  expect(after.learnt?.requestsPerSecond).toBeLessThanOrEqual(300);
  expect(removed.ceiling).toBeNull();
  const changes = activities.filter(({ type }) => type === 'rate.ceiling_changed');
  expect(changes.map(({ details }) => details)).toEqual([{}, { requestsPerSecond: 300 }]);
});

test('a run that goes on follows a ceiling that is changed meanwhile, and so does the next one', async () => {
  const tenantId = '7d6a1f9c-1f5a-4a53-9d5e-6f0c5b7a2e11' as TenantId;
  let ceiling: number | undefined;
  const memory: RateMemory = { find: async () => undefined, save: async () => {}, ceilingOf: async () => ceiling };
  const paces = createTenantPaces(memory, createTestClock(), { startRate: 1_000, ceiling: 2_000 });
  const { pacer } = await paces.of(tenantId, ownRegistration);

  ceiling = 50;
  await paces.remember(tenantId, ownRegistration);
  const lowered = pacer.rate;
  ceiling = undefined;
  const again = await paces.of(tenantId, ownRegistration);
  pacer.limitTo(9_000);

  expect(lowered).toBe(50);
  expect(again.pacer).toBe(pacer);
  // Never above the operator's.
  for (let nowMs = 0; nowMs < 60_000; nowMs += 10) {
    while (pacer.take(nowMs, 20).granted > 0);
    pacer.report({ sentAtMs: nowMs - 10, nowMs, ok: 20, throttled: 0 });
  }
  expect(pacer.rate).toBeGreaterThan(50);
  expect(pacer.rate).toBeLessThanOrEqual(2_000);
});
