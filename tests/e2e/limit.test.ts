import type { FrameLocator, Page } from '@playwright/test';
import { afterAll, beforeAll, test, expect as verify } from 'vitest';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { arrangeOrganization } from './arrange.ts';
import { expect } from './expect.ts';
import { type Stack, startStack } from './stack.ts';

// GUIDE.md, stage 2, "Limiting the app to specific user accounts": each test is one step, and stands on the ones before it.

let stack: Stack;
let page: Page;
let tab: FrameLocator;

const grants = ['Mail.ReadBasic.All', 'Calendars.Read', 'Contacts.Read'];

beforeAll(async () => {
  stack = await startStack({
    people: 60,
    settings: { exchangePropagationSeconds: 0 },
    environment: { EXCHANGE_GATEWAY: 'delegated', EXCHANGE_PROPAGATION_MINUTES: '0' },
  });
  await arrangeOrganization(stack);
  ({ page, tab } = await stack.openTeams({ account: namedPeople.ada.userPrincipalName }));
  await tab.getByRole('tab', { name: 'Connectivity' }).click();
});
afterAll(() => stack?.[Symbol.asyncDispose]());

const scope = () => tab.getByRole('region', { name: 'Mailboxes in reach' });
const step = (name: string) => scope().getByRole('listitem').filter({ hasText: name });

/** Microsoft's window for a permission that only an admin may accept; it asks for the account once. */
async function allow(click: () => Promise<void>, { asksAccount = false } = {}): Promise<void> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), click()]);
  if (asksAccount) await popup.getByRole('button', { name: 'Next' }).click();
  await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Accept' }).click()]);
}

test('Exchange is read over the gateway, after Microsoft has asked the admin', async () => {
  await scope().getByRole('button', { name: 'Read from Exchange' }).click();
  const ask = scope().getByRole('button', { name: 'Allow in Microsoft’s window' });
  await allow(() => ask.click(), { asksAccount: true });
  await expect(scope().getByText('No policy and no role of this application.', { exact: false })).toBeVisible();
});

test('what the application can open is said before anything is changed', async () => {
  await expect(scope().getByText(/^This application can open all \d+ mailboxes of the tenant\.$/)).toBeVisible();
});

test('1 and 2: a group is chosen, and the preview tells who loses access before anything is changed', async () => {
  await tab.getByRole('button', { name: 'Limit to a group' }).click();
  const drawer = tab.getByRole('dialog', { name: 'Limit the application' });
  await drawer.getByRole('searchbox').fill('Sales');
  await drawer.getByRole('button', { name: /^Sales(?! Europe)/ }).click();
  await drawer.getByRole('button', { name: 'Preview' }).click();
  await expect(drawer.getByText('This application can open 8 of 67 mailboxes.')).toBeVisible();
  await expect(drawer.getByText('59 mailboxes close')).toBeVisible();
  await expect(drawer.getByText('A tenant-wide grant in Entra makes the limit without effect')).toBeVisible();
  verify(stack.sandbox.tenant.exchange.assignments).toEqual([]);
  await drawer.getByRole('button', { name: 'Plan this change' }).click();
  await expect(scope().getByText('Change under way: only the mailboxes of Sales')).toBeVisible();
});

test('3 and 4: the limit is made in Exchange, and Exchange’s own test proves it from both sides', async () => {
  await scope().getByRole('button', { name: 'Run now (experimental)' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Run now (experimental)' }).click();
  await expect(step('Make the limit in Exchange').getByText('Done', { exact: false })).toBeVisible();
  await expect(step('Exchange’s own test').getByText('Done', { exact: false })).toBeVisible();
  // A grant beside the roles still opens everything, and the page says so.
  await expect(scope().getByText(/^This application can open all \d+ mailboxes of the tenant\.$/)).toBeVisible();
});

test('the tenant-wide grants are removed as the admin, and the state is Authorized by Exchange roles only', async () => {
  await allow(() => scope().getByRole('button', { name: 'Remove tenant-wide grants' }).click());
  await expect(scope().getByText('This application can open 8 of 67 mailboxes.')).toBeVisible();
  await expect(tab.getByText('Impersonation status: Authorized by Exchange roles only')).toBeVisible();
});

test('live calls prove it from both sides, and the change is done', async () => {
  await step('Prove it with calls').getByRole('button', { name: 'Check every mailbox' }).click();
  await expect(scope().getByText('Last change done: only the mailboxes of Sales')).toBeVisible({ timeout: 30_000 });
  await expect(scope().getByText('The limit holds on both sides.')).toBeVisible();
});

test('a check says of each mailbox that it is in reach, or outside the limit', async () => {
  await tab.getByRole('button', { name: 'Check Users Exchange Impersonated Access' }).click();
  await expect(tab.getByText(/^8 of \d+ mailboxes connected successfully$/)).toBeVisible({ timeout: 30_000 });
  await tab.getByRole('tab', { name: 'Users' }).click();
  await tab.getByRole('searchbox').first().fill(namedPeople.grace.displayName);
  await tab.getByRole('row', { name: namedPeople.grace.displayName }).getByText(namedPeople.grace.displayName).click();
  const drawer = tab.getByRole('dialog');
  await expect(drawer.getByRole('heading', { name: 'Path of access' })).toBeVisible();
  await expect(drawer.getByText('Should not be in reach.')).toBeVisible();
  await drawer.getByRole('button', { name: 'Close' }).click();
});

test('fault 139: a grant that comes back makes the limit without effect: said loudly, and the mailboxes are Exposed', async () => {
  stack.sandbox.tenant.grants.grant(...grants);
  await tab.getByRole('tab', { name: 'Connectivity' }).click();
  await tab.getByRole('button', { name: 'Verify now' }).click();
  await expect(tab.getByText('Impersonation status: Authorized', { exact: true })).toBeVisible();
  await scope().getByRole('button', { name: 'Check every mailbox' }).click();
  await expect(
    scope().getByText(/^Scope not effective: \d+ of 59 mailboxes outside the group are readable\.$/),
  ).toBeVisible({
    timeout: 30_000,
  });
  await expect(scope().getByText('The limit is without effect')).toBeVisible();
  await tab.getByRole('tab', { name: 'Overview' }).click();
  await expect(tab.getByText(/^Scope not effective/)).toBeVisible();
  await tab.getByRole('tab', { name: 'Users' }).click();
  await expect(tab.getByRole('row').filter({ hasText: 'Exposed' }).first()).toBeVisible();
});

test('the sandbox knew every request, and the page logged no error', () => {
  verify(stack.sandbox.requests.unknown).toEqual([]);
  verify(stack.pageErrors).toEqual([]);
});
