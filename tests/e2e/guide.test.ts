import type { FrameLocator, Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import type { Answer } from '../../src/contract/endpoint.ts';
import type { listOrganizations } from '../../src/contract/organizations.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { expect } from './expect.ts';
import { type Stack, startStack } from './stack.ts';

// GUIDE.md from step 1.1 to 3.3 in one browser: each test is one step, and stands on the steps before it.

let stack: Stack;
let page: Page;
let tab: FrameLocator;

/** Somebody who was connected over Exchange Web Services before this product used Microsoft Graph. */
const moved = namedPeople.appAdmin;

beforeAll(async () => {
  stack = await startStack();
  ({ page, tab } = await stack.openTeams({ account: namedPeople.ada.userPrincipalName }));
});
afterAll(() => stack?.[Symbol.asyncDispose]());

const openPage = (name: string) => tab.getByRole('tab', { name, exact: true }).click();
async function pickOrganization(name: string): Promise<void> {
  await tab.getByRole('combobox', { name: 'Organization' }).click();
  await tab.getByRole('option', { name }).click();
}
const rowOf = (name: string) => tab.getByRole('row', { name: new RegExp(name) });
const fact = (name: string) =>
  tab.getByRole('dialog').locator('dt', { hasText: name }).first().locator('xpath=following-sibling::dd[1]');

test('1.1 the admin opens the tab in Teams, is signed in, and Overview shows first', async () => {
  await expect(tab.getByRole('tab', { name: 'Overview' })).toHaveAttribute('aria-selected', 'true');
  await expect(tab.getByRole('button', { name: 'Create the first organization' }).first()).toBeVisible();
});

test('1.2 Organizations, New in the upper right corner, Name and External Id', async () => {
  await openPage('Organizations');
  await tab.getByRole('button', { name: 'New', exact: true }).click();
  await tab.getByRole('textbox', { name: 'Name' }).fill('Head office');
  await tab.getByRole('textbox', { name: 'External Id' }).fill('head-office');
  await expect(tab.getByText('It cannot be changed after saving.', { exact: false })).toBeVisible();
});

test('1.3 Save in the upper right corner completes creation', async () => {
  await tab.getByRole('button', { name: 'Save' }).click();
  await expect(tab.getByText('Head office was created').last()).toBeVisible();
  await expect(tab.getByRole('heading', { name: 'Head office' })).toBeVisible();
});

test('1.4 an Office 365 user who is here already is moved to the organization', async () => {
  const { organizations } = await stack.callService<Answer<typeof listOrganizations>>('GET', '/api/organizations');
  const { id, displayName, userPrincipalName } = moved;
  await stack.callService('POST', `/api/organizations/${organizations.find(({ isDefault }) => isDefault)?.id}/users`, {
    users: [{ id, displayName, userPrincipalName, mail: userPrincipalName }],
  });
  await openPage('Users');
  await pickOrganization('All organizations');
  await tab.getByRole('button', { name: `Actions for ${moved.displayName}` }).click();
  await tab.getByRole('menuitem', { name: 'Move to organization' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click();
  await expect(tab.getByText('1 user moved to Head office').last()).toBeVisible();
  await expect(rowOf(moved.displayName)).toContainText('Head office');
  await expect(rowOf(moved.displayName)).toContainText('EWS impersonation');
  await pickOrganization('Head office');
});

test('1.4 users of the directory are provisioned within the organization', async () => {
  await openPage('Users');
  await tab.getByRole('button', { name: 'Add users' }).first().click();
  const dialog = tab.getByRole('dialog');
  for (const { displayName } of [namedPeople.grace, namedPeople.linus]) {
    await dialog.getByRole('searchbox', { name: 'Search people by name or address' }).fill(displayName);
    await dialog.getByRole('checkbox', { name: displayName }).check();
  }
  await expect(dialog.getByText('2 selected')).toBeVisible();
  await dialog.getByRole('button', { name: 'Next' }).click();
  // Nobody has consented yet, so the pre-flight cannot ask the directory, and says so.
  await expect(dialog.getByText('2: could not be looked up.')).toBeVisible();
  await dialog.getByRole('checkbox', { name: 'Also add the 2 users' }).check();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByText('2 users added.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(tab.getByRole('row', { name: namedPeople.grace.displayName })).toBeVisible();
});

test('2.1 and 2.2 the organization’s Connectivity says that nobody has consented', async () => {
  await openPage('Connectivity');
  await expect(tab.getByText('Impersonation status: Not requested')).toBeVisible();
});

test('2.3 Microsoft 365 OAuth (Graph API) tells what will open, who may accept and what changes', async () => {
  await tab.getByRole('button', { name: 'Microsoft 365 OAuth (Graph API)' }).click();
  const dialog = tab.getByRole('dialog');
  await expect(dialog.getByText('login.microsoftonline.com', { exact: false })).toBeVisible();
  await expect(dialog.getByText('Mail.ReadBasic.All')).toBeVisible();
});

test('2.4 and 2.5 in Microsoft’s window the admin picks an account and accepts', async () => {
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    tab.getByRole('button', { name: 'Continue to Microsoft' }).click(),
  ]);
  await popup.getByRole('radio', { name: namedPeople.ada.userPrincipalName }).check();
  await popup.getByRole('button', { name: 'Next' }).click();
  await expect(popup.getByText('Mail.ReadBasic.All')).toBeVisible();
  await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Accept' }).click()]);
  // Announced to screen readers, and shown.
  await expect(tab.getByText('Signed in successfully').last()).toBeVisible();
  await expect(tab.getByText('Impersonation status: Authorized')).toBeVisible();
});

test('switching 1 to 3: Users, and in it the user', async () => {
  await openPage('Users');
  await rowOf(moved.displayName).getByText(moved.displayName).click();
  await expect(fact('Connection')).toHaveText('EWS impersonation');
});

test('switching 4: Check Mailbox Connectivity in the Actions menu switches the user to Microsoft Graph', async () => {
  await tab.getByRole('dialog').getByRole('button', { name: 'Actions' }).click();
  await tab.getByRole('menuitem', { name: 'Check Mailbox Connectivity' }).click();
  await expect(tab.getByText('Status: Success').last()).toBeVisible();
  await expect(fact('Connection')).toHaveText('Microsoft Graph');
});

test('switching, after 4: the Sync Error line Cancelled tells that the connection type is being switched', async () => {
  await expect(fact('Mailbox Status')).toHaveText('Switching…');
  await tab.getByRole('button', { name: 'Cancelled' }).click();
  await expect(tab.getByText('connection type is being switched', { exact: false })).toBeVisible();
});

test('switching, after 4: Force Synchronization completes it, and Mailbox Status is Initialized', async () => {
  await tab.getByRole('dialog').getByRole('button', { name: 'Actions' }).click();
  await tab.getByRole('menuitem', { name: 'Force Synchronization' }).click();
  await expect(fact('Mailbox Status')).toHaveText('Initialized', { timeout: 60_000 });
  await expect(tab.getByText('Cancelled · Resolved')).toBeVisible();
  await tab.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
});

test('3.1 to 3.3 Check Users Exchange Impersonated Access checks and re-configures everybody', async () => {
  await openPage('Connectivity');
  await tab.getByRole('button', { name: 'Check Users Exchange Impersonated Access' }).click();
  await expect(tab.getByText('2 of 3 mailboxes connected successfully')).toBeVisible();
  await expect(tab.getByText('1 user switched to Microsoft Graph')).toBeVisible();
});

test('3.3 the user that connected shows Status: Success and connected successfully', async () => {
  await openPage('Users');
  await tab.getByRole('row', { name: namedPeople.grace.displayName }).getByText(namedPeople.grace.displayName).click();
  await expect(fact('Status')).toHaveText('Success');
  await expect(fact('Check Results')).toHaveText('connected successfully');
});

test('the user without a mailbox is blocked, with the reason and what to do', async () => {
  await tab.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await tab.getByRole('row', { name: namedPeople.linus.displayName }).getByText(namedPeople.linus.displayName).click();
  await expect(fact('Status')).toHaveText('Blocked');
  await expect(tab.getByRole('dialog').getByText('What to do')).toBeVisible();
});

test('the sandbox knew every request, and the page logged no error', () => {
  expect(stack.sandbox.requests.unknown).toEqual([]);
  expect(stack.pageErrors).toEqual([]);
});
