import { AxeBuilder } from '@axe-core/playwright';
import type { FrameLocator, Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import type { Organization } from '../../src/contract/organizations.ts';
import type { Person } from '../../src/sandbox/tenant/person.ts';
import { expect } from './expect.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
let page: Page;
let tab: FrameLocator;
let people: Person[];
beforeAll(async () => {
  stack = await startStack({ people: 60 });
  const { tenant, registration } = stack.sandbox;
  tenant.grants.grant(...registration.requiredAppRoles);
  people = [...tenant.people].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const person of people) person.mailbox.state = 'available';
  const organization = await stack.callService<Organization>('POST', '/api/organizations', {
    name: 'Head office',
    externalId: 'head-office',
    connectionType: 'ews_impersonation',
  });
  const users = people.map(({ id, displayName, userPrincipalName, mail }) => ({
    id,
    displayName: displayName.slice(0, 256),
    userPrincipalName,
    mail,
  }));
  await stack.callService('POST', `/api/organizations/${organization.id}/users`, { users });
  await stack.callService('POST', `/api/organizations/${organization.id}/conversion`, {});
  ({ page, tab } = await stack.openTeams());
});
afterAll(() => stack?.[Symbol.asyncDispose]());

const ring = (name: string) => tab.getByRole('list', { name: 'Rings' }).getByRole('listitem').filter({ hasText: name });

test('a migration is started, and its second ring holds by itself where mailboxes fail', async () => {
  for (const person of people.slice(5, 8)) person.mailbox.state = 'notEnabled';
  await tab.getByRole('tab', { name: 'Leaving EWS' }).click();
  await expect(tab.getByRole('heading', { name: /users are still on Exchange Web Services/ })).toBeVisible();
  await tab.getByRole('button', { name: 'Start a migration of Head office' }).click();
  const dialog = tab.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Users in the canary' }).fill('5');
  await dialog.getByRole('button', { name: 'Start the canary' }).click();

  await expect(ring('Canary').getByText('Proved')).toBeVisible({ timeout: 60_000 });
  await expect(ring('A tenth').getByText(/Held: more mailboxes could not be opened/)).toBeVisible({ timeout: 60_000 });
  await expect(ring('Everybody else').getByText('Planned')).toBeVisible();
});

test('what became of each user is listed, and axe finds nothing serious', async () => {
  await ring('A tenth').getByRole('button', { name: 'Users: A tenth' }).click();
  const drawer = tab.getByRole('dialog');
  await expect(drawer.getByText('Failed, still on EWS').first()).toBeVisible();
  await drawer.getByRole('button', { name: 'Close' }).click();
  await expect(drawer).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page })
    .include('#tab')
    .exclude(['#tab', '[data-tabster-dummy]'])
    .analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
});

test('mended, the ring goes again, and the others follow until nobody is left', async () => {
  for (const person of people) person.mailbox.state = 'available';
  await tab.getByRole('button', { name: 'Try again: A tenth' }).click();
  await expect(tab.getByRole('heading', { name: 'Nobody is on Exchange Web Services any more.' })).toBeVisible({
    timeout: 90_000,
  });
  await expect(ring('Everybody else').getByText('Proved')).toBeVisible();
});

test('the evidence report is saved', async () => {
  const saved = page.waitForEvent('download');
  await tab.getByRole('button', { name: 'Save evidence report' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^migration-report_[\da-f]{8}_completed_.*\.html$/);
});
