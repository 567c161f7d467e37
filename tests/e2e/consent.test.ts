import type { FrameLocator, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, test } from 'vitest';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { expect } from './expect.ts';
import { type Stack, startStack, type TeamsSituation } from './stack.ts';

const beta = { id: '8c1a64f1-7d43-4b5a-9b1e-3c7c5e2f9a10', displayName: 'Beta', domain: 'beta.example' };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  stack.sandbox.addTenant(beta);
  await stack.callService('POST', '/api/organizations', { name: 'Head office', externalId: 'head-office' });
});
afterAll(() => stack?.[Symbol.asyncDispose]());
afterEach(() => stack.sandbox.tenant.grants.revokeRoles());

async function openConsent(situation: TeamsSituation = {}): Promise<{ page: Page; tab: FrameLocator }> {
  const teams = await stack.openTeams(situation);
  await teams.tab.getByRole('tab', { name: 'Connectivity' }).click();
  await teams.tab.getByRole('button', { name: 'Microsoft 365 OAuth (Graph API)' }).click();
  return teams;
}

async function openWindow({ page, tab }: { page: Page; tab: FrameLocator }): Promise<Page> {
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    tab.getByRole('button', { name: 'Continue to Microsoft' }).click(),
  ]);
  return popup;
}

async function pickAccount(popup: Page, userPrincipalName: string): Promise<void> {
  await popup.getByRole('radio', { name: userPrincipalName }).check();
  await popup.getByRole('button', { name: 'Next' }).click();
}

test('Cancel in Microsoft’s dialog: cancelled, nothing changed, start again', async () => {
  const teams = await openConsent();
  const popup = await openWindow(teams);
  await pickAccount(popup, namedPeople.ada.userPrincipalName);
  await popup.getByRole('button', { name: 'Cancel' }).click();
  await expect(teams.tab.getByText('The consent was cancelled')).toBeVisible();
  await expect(teams.tab.getByText('Signed in successfully')).toHaveCount(0);
  await expect(teams.tab.getByRole('button', { name: 'Start again' })).toBeVisible();
});

test('the window is closed: the state says so, and offers to check or to start again', async () => {
  const teams = await openConsent();
  const popup = await openWindow(teams);
  await popup.close();
  await expect(teams.tab.getByText('Microsoft’s window was closed before it finished')).toBeVisible();
});

test('an account that may not consent: the state names who may', async () => {
  const teams = await openConsent();
  const popup = await openWindow(teams);
  await pickAccount(popup, namedPeople.appAdmin.userPrincipalName);
  await popup.getByRole('button', { name: 'Return to the application without granting consent' }).click();
  await expect(teams.tab.getByText('Your account may not grant this')).toBeVisible();
});

test('wrong account: Microsoft says so in its window, and closing it is a state with a next step', async () => {
  const teams = await openConsent();
  const popup = await openWindow(teams);
  await popup.getByRole('textbox', { name: 'Use another account' }).fill('ada@beta.example');
  await popup.getByRole('button', { name: 'Next' }).click();
  await expect(popup.getByRole('alert')).toContainText('AADSTS');
  await popup.close();
  await expect(teams.tab.getByText('Microsoft’s window was closed before it finished')).toBeVisible();
  await expect(teams.tab.getByRole('button', { name: 'Start again' })).toBeVisible();
});

test('wrong tenant: consent in another directory is refused here, and nothing is authorized', async () => {
  const teams = await openConsent();
  const popup = await openWindow(teams);
  await popup.goto(popup.url().replace(stack.sandbox.tenant.id, beta.id));
  await pickAccount(popup, 'ada@beta.example');
  await popup.getByRole('button', { name: 'Accept' }).click();
  await expect(teams.tab.getByText('The consent was given in a different directory')).toBeVisible();
  await expect(teams.tab.getByRole('button', { name: 'Start again' })).toBeVisible();
  await expect(teams.tab.getByText('Impersonation status: Authorized')).toHaveCount(0);
});

test('Entra is down: the state says so after the window is closed, and says what to do', async () => {
  const faults = [/\/adminconsent$/, /\/token$/].map((path) =>
    stack.sandbox.faults.add({ match: { path }, answer: { status: 503, html: '<h1>Service unavailable</h1>' } }),
  );
  const teams = await openConsent();
  const popup = await openWindow(teams);
  await expect(popup.getByText('Service unavailable')).toBeVisible();
  await popup.close();
  await expect(teams.tab.getByText('Microsoft’s window was closed before it finished')).toBeVisible();
  await expect(teams.tab.getByText('Microsoft Entra does not answer. Check again in a few minutes.')).toBeVisible();
  for (const remove of faults) remove();
});

test('a blocked window: the state says how to go on', async () => {
  const teams = await openConsent({ popups: 'blocked' });
  await teams.tab.getByRole('button', { name: 'Continue to Microsoft' }).click();
  await expect(teams.tab.getByText('The window was blocked')).toBeVisible();
});

test('fault 37: the redirect says success and nothing is in the token: never Authorized', async () => {
  stack.sandbox.settings.grantPropagationSeconds = 3600;
  const teams = await openConsent();
  const popup = await openWindow(teams);
  await pickAccount(popup, namedPeople.ada.userPrincipalName);
  await popup.getByRole('button', { name: 'Accept' }).click();
  // The service looks again for a few seconds before it says so.
  await expect(teams.tab.getByText('Microsoft accepted, and the permissions are not there yet')).toBeVisible({
    timeout: 20_000,
  });
  await expect(teams.tab.getByText('Impersonation status: Authorized')).toHaveCount(0);
  stack.sandbox.settings.grantPropagationSeconds = 0;
});

test('fault 38: a partial grant: Partly authorized, with the feature that is off', async () => {
  const { registration } = stack.sandbox;
  const all = registration.requiredAppRoles;
  registration.requiredAppRoles = all.filter((role) => role !== 'Calendars.Read');
  const teams = await openConsent();
  const popup = await openWindow(teams);
  await pickAccount(popup, namedPeople.ada.userPrincipalName);
  await popup.getByRole('button', { name: 'Accept' }).click();
  await expect(teams.tab.getByText('Impersonation status: Partly authorized')).toBeVisible({ timeout: 20_000 });
  await expect(teams.tab.getByText('Off because of a missing permission: Calendar.')).toBeVisible();
  const features = teams.tab.getByRole('region', { name: 'Features and permissions' });
  await expect(features.getByText('Off until Microsoft shows the permission.')).toHaveCount(1);
  await expect(teams.tab.getByText('Impersonation status: Authorized')).toHaveCount(0);
  registration.requiredAppRoles = all;
});

test('a feature that is switched on is saved at once, and its permission is then missing', async () => {
  stack.sandbox.tenant.grants.grant(...stack.sandbox.registration.requiredAppRoles);
  const { tab } = await stack.openTeams();
  await tab.getByRole('tab', { name: 'Connectivity' }).click();
  await tab.getByRole('button', { name: 'Verify now' }).click();
  await expect(tab.getByText('Impersonation status: Authorized')).toBeVisible();
  await tab.getByRole('switch', { name: 'Send mail' }).click();
  await expect(tab.getByText('Send mail was switched on').last()).toBeVisible();
  await expect(tab.getByText('Impersonation status: Partly authorized')).toBeVisible();
  await expect(tab.getByText('Off because of a missing permission: Send mail.')).toBeVisible();
});
