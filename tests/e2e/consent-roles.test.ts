import type { FrameLocator, Page } from '@playwright/test';
import { afterAll, beforeAll, test, expect as verify } from 'vitest';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { expect } from './expect.ts';
import { type Stack, startStack, type TeamsSituation } from './stack.ts';

// Single permissions, click by click: each test stands on the ones before it.

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  const { registration, tenant } = stack.sandbox;
  tenant.grants.grant(...registration.requiredAppRoles.filter((role) => role !== 'Contacts.Read'));
  const { id } = await stack.callService<{ id: string }>('POST', '/api/organizations', {
    name: 'Head office',
    externalId: 'head-office',
  });
  const { id: userId, displayName, userPrincipalName } = namedPeople.grace;
  const users = [{ id: userId, displayName, userPrincipalName, mail: userPrincipalName }];
  await stack.callService('POST', `/api/organizations/${id}/users`, { users });
});
afterAll(() => stack?.[Symbol.asyncDispose]());

async function openConnectivity(situation: TeamsSituation = {}): Promise<{ page: Page; tab: FrameLocator }> {
  const teams = await stack.openTeams(situation);
  await teams.tab.getByRole('tab', { name: 'Connectivity' }).click();
  await teams.tab.getByRole('button', { name: 'Verify now' }).click();
  return teams;
}

async function ask(tab: FrameLocator, verb: 'Grant' | 'Remove', permission: string): Promise<void> {
  await tab.getByRole('button', { name: `${verb} ${permission}` }).click();
}

const confirm = (tab: FrameLocator, verb: string) =>
  tab.getByRole('dialog').getByRole('button', { name: verb, exact: true }).click();

async function checkAndOpenUser(tab: FrameLocator, result: string): Promise<void> {
  await tab.getByRole('button', { name: 'Check Users Exchange Impersonated Access' }).click();
  await expect(tab.getByText(result)).toBeVisible();
  await tab.getByRole('tab', { name: 'Users' }).click();
  await tab.getByRole('row', { name: namedPeople.grace.displayName }).getByText(namedPeople.grace.displayName).click();
}

const contactsIn = (tab: FrameLocator) =>
  tab
    .getByRole('dialog')
    .getByRole('listitem')
    .filter({ hasText: /^Contacts/ });

test('a feature without its permission is off on Connectivity and in the user’s results, with the reason', async () => {
  const { tab } = await openConnectivity();
  await expect(tab.getByText('Impersonation status: Partly authorized')).toBeVisible();
  await expect(tab.getByText('Off because of a missing permission: Contacts.')).toBeVisible();
  const features = tab.getByRole('region', { name: 'Features and permissions' });
  await expect(features.getByText('Off: the permission is not granted.')).toHaveCount(1);
  await checkAndOpenUser(tab, '0 of 1 mailbox connected successfully');
  await expect(contactsIn(tab)).toContainText('a permission is not granted');
});

test('Cancel in Microsoft’s window: nothing has changed, and one click tries again', async () => {
  const { page, tab } = await openConnectivity();
  await ask(tab, 'Grant', 'Contacts.Read');
  const [popup] = await Promise.all([page.waitForEvent('popup'), confirm(tab, 'Grant')]);
  await popup.getByRole('button', { name: 'Next' }).click();
  await popup.getByRole('button', { name: 'Cancel' }).click();
  await expect(tab.getByText('Microsoft’s window was closed without allowing it')).toBeVisible();
  await expect(tab.getByRole('dialog').getByRole('button', { name: 'Grant', exact: true })).toBeEnabled();
});

test('an account that may not grant: Microsoft’s refusal names who may', async () => {
  const { page, tab } = await openConnectivity({ account: namedPeople.appAdmin.userPrincipalName });
  await ask(tab, 'Grant', 'Contacts.Read');
  await expect(tab.getByText('Microsoft will probably not let your account accept')).toBeVisible();
  const [popup] = await Promise.all([page.waitForEvent('popup'), confirm(tab, 'Grant')]);
  await popup.getByRole('button', { name: 'Next' }).click();
  await popup.getByRole('button', { name: 'Accept' }).click();
  await expect(tab.getByText('Your account may not change this')).toBeVisible();
});

test('one missing permission is granted through Microsoft’s window, and the state is Authorized', async () => {
  const { page, tab } = await openConnectivity();
  const sentToUs: string[] = [];
  const sentToGraph: string[] = [];
  page.on('request', (request) => {
    const [, payload] = request.headers().authorization?.split('.') ?? [];
    if (!payload) return;
    const { scp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { scp: string };
    (request.url().startsWith(stack.tabUrl) ? sentToUs : sentToGraph).push(scp);
  });
  await ask(tab, 'Grant', 'Contacts.Read');
  await expect(tab.getByRole('dialog').getByText('Contacts starts working for 1 user.')).toBeVisible();
  const [popup] = await Promise.all([page.waitForEvent('popup'), confirm(tab, 'Grant')]);
  await popup.getByRole('button', { name: 'Next' }).click();
  await expect(popup.getByText('Manage app permission grants and app role assignments')).toBeVisible();
  await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Accept' }).click()]);
  await expect(tab.getByText('Contacts.Read was granted').last()).toBeVisible();
  await expect(tab.getByText('Impersonation status: Authorized')).toBeVisible();
  // The token with that power goes to Microsoft Graph and never to the service.
  verify(new Set(sentToUs)).toEqual(new Set(['access_as_user']));
  verify(sentToGraph.every((scopes) => scopes.includes('AppRoleAssignment.ReadWrite.All'))).toBe(true);
  verify(sentToGraph).not.toEqual([]);
  const features = tab.getByRole('region', { name: 'Features and permissions' });
  await expect(features.getByText('Off: the permission is not granted.')).toHaveCount(0);
  await checkAndOpenUser(tab, 'Check Results: connected successfully');
  await expect(contactsIn(tab)).toContainText('connected successfully');
});

test('fault 39: what is too much is removed without another question, and the red is gone', async () => {
  stack.sandbox.tenant.grants.grant('Mail.ReadWrite', 'Application.ReadWrite.All');
  const { tab } = await openConnectivity();
  await expect(tab.getByText('The application holds more than it needs')).toBeVisible();
  await expect(tab.getByText('Application.ReadWrite.All is tier 0', { exact: false })).toBeVisible();
  for (const permission of ['Application.ReadWrite.All', 'Mail.ReadWrite']) {
    await ask(tab, 'Remove', permission);
    await confirm(tab, 'Remove');
    await expect(tab.getByText(`${permission} was removed`).last()).toBeVisible();
  }
  await expect(tab.getByText('The application holds more than it needs')).toHaveCount(0);
  await expect(tab.getByText('Impersonation status: Authorized')).toBeVisible();
});

test('full access over Exchange Web Services is found with the admin’s account, and removed', async () => {
  const exchangeOnline = '00000002-0000-0ff1-ce00-000000000000';
  const { grants } = stack.sandbox.tenant;
  grants.grantFor(exchangeOnline, 'full_access_as_app');
  const { tab } = await openConnectivity();
  await tab.getByRole('button', { name: 'List all permissions' }).click();
  await expect(tab.getByRole('row', { name: /full_access_as_app/ })).toContainText('Office 365 Exchange Online');
  await ask(tab, 'Remove', 'full_access_as_app');
  await confirm(tab, 'Remove');
  await expect(tab.getByText('full_access_as_app was removed').last()).toBeVisible();
  await expect(tab.getByText('The application holds more than it needs')).toHaveCount(0);
  const held = grants.assignmentsOf(grants.application?.id ?? '').map((one) => one.resourceDisplayName);
  verify(new Set(held)).toEqual(new Set(['Microsoft Graph']));
});

test('outside Teams it is the same: a Privileged Role Administrator puts a permission back, in Microsoft’s popup', async () => {
  stack.sandbox.tenant.grants.revokeRoles('Contacts.Read');
  const tab = await stack.openBrowserTab('/connectivity');
  await tab.getByRole('radio', { name: namedPeople.privilegedRoleAdmin.userPrincipalName }).check();
  await tab.getByRole('button', { name: 'Next' }).click();
  await tab.getByRole('button', { name: 'Verify now' }).click();
  await tab.getByRole('button', { name: 'Grant Contacts.Read' }).click();
  const [popup] = await Promise.all([
    tab.waitForEvent('popup'),
    tab.getByRole('dialog').getByRole('button', { name: 'Grant', exact: true }).click(),
  ]);
  await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Accept' }).click()]);
  await expect(tab.getByText('Contacts.Read was granted').last()).toBeVisible();
  await expect(tab.getByText('Impersonation status: Authorized')).toBeVisible();
});

test('who granted and removed what is recorded', async () => {
  const { activities } = await stack.callService<{ activities: { type: string; by: string; details: object }[] }>(
    'GET',
    '/api/activity?limit=200',
  );
  const changes = activities
    .filter(({ type }) => type === 'consent.roles_changed')
    .map(({ by, details }) => [by, details]);
  verify(changes.reverse()).toEqual([
    [namedPeople.ada.displayName, { granted: 'Contacts.Read', revoked: '' }],
    [namedPeople.ada.displayName, { granted: '', revoked: 'Application.ReadWrite.All' }],
    [namedPeople.ada.displayName, { granted: '', revoked: 'Mail.ReadWrite' }],
    [namedPeople.ada.displayName, { granted: '', revoked: 'full_access_as_app' }],
    [namedPeople.privilegedRoleAdmin.displayName, { granted: 'Contacts.Read', revoked: '' }],
  ]);
});

test('the sandbox knew every request, and the page logged no error', () => {
  verify(stack.sandbox.requests.unknown).toEqual([]);
  verify(stack.pageErrors).toEqual([]);
});
