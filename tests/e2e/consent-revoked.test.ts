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

async function latestCheck(): Promise<ConnectivityCheck> {
  const answer = await stack.callService<{ checks: ConnectivityCheck[] }>('GET', '/api/connectivity-checks');
  const [check] = answer.checks;
  if (!check) throw new Error('no check has run');
  return check;
}

test('fault 41: a revoke in the middle pauses the check, denies nobody, and once granted again it goes on to its end', async () => {
  const { tenant, registration, settings, faults } = stack.sandbox;
  settings.graphLatencyMs = 500;
  const { tab } = await stack.openTeams();
  await tab.getByRole('tab', { name: 'Connectivity' }).click();
  await tab.getByRole('button', { name: 'Check Users Exchange Impersonated Access' }).click();
  await expect(tab.getByRole('button', { name: 'Pause' })).toBeVisible();
  await verify.poll(async () => (await latestCheck()).done, { interval: 50, timeout: 30_000 }).toBeGreaterThan(0);

  tenant.grants.deleteApplication();
  const body = { error: { code: 'InvalidAuthenticationToken', message: 'refused' } };
  faults.add({ match: { path: /\/users\// }, answer: { status: 401, body } });

  const section = tab.getByRole('region', { name: 'Check', exact: true });
  const told = tab.getByText('Paused: consent was withdrawn while the check was running');
  await expect(told).toBeVisible({ timeout: 60_000 });
  await expect(told).toHaveCount(1);
  for (const untrue of [
    'the application is not known in this tenant',
    'a permission is not granted',
    'Exchange refuses the application, although the permission is granted',
  ]) {
    await expect(section.getByText(untrue)).toHaveCount(0);
  }
  await tab.getByRole('button', { name: 'Verify now' }).click();
  await expect(tab.getByText('Impersonation status: Not authorized')).toBeVisible();

  faults.clear();
  settings.graphLatencyMs = 0;
  tenant.grants.grant(...registration.requiredAppRoles);
  tenant.grants.grantScopes(registration.clientId, registration.clientId, [registration.scope.value], null);
  const paused = await latestCheck();
  verify(paused).toMatchObject({ state: 'paused', pausedBecause: 'consent_changed' });
  verify(paused.done).toBeLessThan(paused.total);
  await tab.getByRole('button', { name: 'Verify now' }).click();
  await expect(section.getByText('Consent is there again: resume the check.')).toBeVisible({ timeout: 30_000 });
  await section.getByRole('button', { name: 'Resume' }).click();

  await expect(section.getByText(/^[\d,]+ of [\d,]+ mailboxes connected successfully$/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(told).toHaveCount(0);
  const ended = await latestCheck();
  verify(ended).toMatchObject({ id: paused.id, state: 'completed', pausedBecause: null, done: ended.total });
  verify(ended.causes.map(({ reason }) => reason)).not.toContain('consent.permission_missing');
  verify(stack.pageErrors).toEqual([]);
});
