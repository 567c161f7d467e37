import { expect } from '@playwright/test';
import { afterAll, beforeAll, test, expect as verify } from 'vitest';
import type { ConnectivityCheck } from '../../src/contract/mailbox-connectivity.ts';
import { arrangeOrganization } from './arrange.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ people: 1000 });
  await arrangeOrganization(stack);
});
afterAll(() => stack?.[Symbol.asyncDispose]());

async function latestCheck(): Promise<ConnectivityCheck | undefined> {
  const answer = await stack.callService<{ checks: ConnectivityCheck[] }>('GET', '/api/connectivity-checks');
  return answer.checks[0];
}

test('fault 41: a revoke in the middle of a check run ends with the truth, and nobody who was not judged is denied', async () => {
  const { tenant, settings, faults } = stack.sandbox;
  settings.graphLatencyMs = 500;
  const { tab } = await stack.openTeams();
  await tab.getByRole('tab', { name: 'Connectivity' }).click();
  await tab.getByRole('button', { name: 'Check Users Exchange Impersonated Access' }).click();
  await verify.poll(async () => (await latestCheck())?.done ?? 0, { interval: 50, timeout: 30_000 }).toBeGreaterThan(0);

  tenant.grants.deleteApplication();
  const body = { error: { code: 'InvalidAuthenticationToken', message: 'refused' } };
  faults.add({ match: { path: /\/users\// }, answer: { status: 401, body } });

  await expect(tab.getByText('the consent was withdrawn while the check was running')).toBeVisible({ timeout: 60_000 });
  const section = tab.getByRole('region', { name: 'Check', exact: true });
  await expect(section.getByText(/^[1-9][\d,]* of [\d,]+ mailboxes connected successfully$/)).toBeVisible();
  for (const untrue of [
    'the application is not known in this tenant',
    'a permission is not granted',
    'Exchange refuses the application, although the permission is granted',
  ]) {
    await expect(section.getByText(untrue)).toHaveCount(0);
  }

  await tab.getByRole('button', { name: 'Verify again' }).click();
  await expect(tab.getByText('Impersonation status: Not authorized')).toBeVisible();
  verify(stack.pageErrors).toEqual([]);
});
