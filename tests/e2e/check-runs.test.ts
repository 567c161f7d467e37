import { afterAll, beforeAll, test } from 'vitest';
import type { ConnectivityCheck } from '../../src/contract/mailbox-connectivity.ts';
import { arrangeOrganization } from './arrange.ts';
import { expect } from './expect.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ people: 1500 });
  await arrangeOrganization(stack);
});
afterAll(() => stack?.[Symbol.asyncDispose]());

test('a check is paused, outlives the tab, is resumed and completes, and Earlier checks opens it', async () => {
  const { settings, requests } = stack.sandbox;
  settings.graphLatencyMs = 300;
  const checks = async () =>
    (await stack.callService<{ checks: ConnectivityCheck[] }>('GET', '/api/connectivity-checks')).checks;
  const { page, tab } = await stack.openTeams();
  await tab.getByRole('tab', { name: 'Connectivity' }).click();
  await tab.getByRole('button', { name: 'Check Users Exchange Impersonated Access' }).click();
  const section = tab.getByRole('region', { name: 'Check', exact: true });
  await expect.poll(async () => (await checks())[0]?.done, { timeout: 30_000 }).toBeGreaterThan(0);

  const pause = section.getByRole('button', { name: 'Pause' });
  await pause.focus();
  await page.keyboard.press('Enter');
  const resume = section.getByRole('button', { name: 'Resume' });
  await expect(section.getByText(/^What was found stays\. [\d,]+ mailboxes? waits? for Resume\.$/)).toBeVisible();
  await expect(resume).toBeFocused();
  const found = (await checks())[0];
  expect(found).toMatchObject({ state: 'paused', pausedBecause: 'admin' });

  await page.reload();
  await tab.getByRole('tab', { name: 'Connectivity' }).click();
  await expect(section.getByText(/mailboxes? waits? for Resume/)).toBeVisible();
  expect((await checks())[0]).toMatchObject({ state: 'paused', done: found?.done });
  settings.graphLatencyMs = 0;
  await resume.click();
  await expect(section.getByText(/^[\d,]+ of 1,500 mailboxes connected successfully$/)).toBeVisible({
    timeout: 60_000,
  });
  const [ended] = await checks();
  expect(ended).toMatchObject({ id: found?.id, state: 'completed', done: 1500 });

  await tab.getByRole('button', { name: 'Check Users Exchange Impersonated Access' }).click();
  await expect(section.getByText(/^Nothing has changed since the check/)).toBeVisible({ timeout: 60_000 });
  const row = tab.getByRole('table', { name: 'Earlier checks' }).getByRole('link', { name: 'Everybody in' });
  await row.focus();
  await page.keyboard.press('Enter');
  const dialog = tab.getByRole('dialog');
  await expect(dialog.getByText(/^[\d,]+ of 1,500 mailboxes connected successfully$/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(row).toBeFocused();

  expect(requests.unknown).toEqual([]);
  expect(stack.pageErrors).toEqual([]);
});

test('Overview checks everybody in the tenant, and the organization shows the same check', async () => {
  stack.sandbox.settings.graphLatencyMs = 300;
  const { tab } = await stack.openTeams();
  await tab.getByRole('button', { name: 'Check everybody' }).click();
  await expect(tab.getByRole('progressbar', { name: 'Checking mailboxes' })).toBeVisible();
  await tab
    .getByRole('list', { name: 'Stages' })
    .getByRole('listitem')
    .nth(2)
    .getByRole('button', { name: 'Open' })
    .click();
  const section = tab.getByRole('region', { name: 'Check', exact: true });
  await expect(section.getByText('Everybody in every organization')).toBeVisible();
  stack.sandbox.settings.graphLatencyMs = 0;
  await expect(section.getByText(/mailboxes connected successfully$/)).toBeVisible({ timeout: 60_000 });
});
