import { afterAll, beforeAll, test } from 'vitest';
import type { ConnectivityCheck } from '../../src/contract/mailbox-connectivity.ts';
import { arrangeOrganization } from './arrange.ts';
import { expect } from './expect.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ people: 2000 });
});
afterAll(() => stack?.[Symbol.asyncDispose]());

test('2,000 mailboxes: the service is killed in the middle, and the check completes with nothing twice', async () => {
  const organization = await arrangeOrganization(stack);
  // Slow enough that the middle can be hit, fast enough that nobody waits.
  stack.sandbox.settings.graphLatencyMs = 150;
  const { tab } = await stack.openTeams();
  await tab.getByRole('tab', { name: 'Connectivity' }).click();
  await tab.getByRole('button', { name: 'Check Users Exchange Impersonated Access' }).click();

  const progress = tab.getByRole('region', { name: 'Check', exact: true }).getByRole('progressbar');
  await expect(progress).toBeVisible();
  const checks = () =>
    stack.callService<{ checks: ConnectivityCheck[] }>(
      'GET',
      `/api/connectivity-checks?organizationId=${organization.id}`,
    );
  await expect.poll(async () => (await checks()).checks[0]?.done, { timeout: 60_000 }).toBeGreaterThan(200);
  await stack.killService();
  stack.sandbox.settings.graphLatencyMs = 0;
  await stack.startService();

  await expect.poll(async () => (await checks()).checks[0]?.state, { timeout: 60_000 }).toBe('completed');
  const [check] = (await checks()).checks;
  expect(check?.done).toBe(check?.total);
  const counted = Object.values(check?.counts ?? {}).reduce((sum, count) => sum + count, 0);
  expect(counted).toBe(check?.total);

  // The tab, open all the while, shows the end without a reload.
  await expect(tab.getByText(/of [\d,]+ mailboxes connected successfully/)).toBeVisible({ timeout: 30_000 });
  expect(stack.sandbox.requests.unknown).toEqual([]);
});
