import { expect } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Stack, startStack, type TeamsSituation } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.[Symbol.asyncDispose]());

test('nested app authentication signs the admin in without a click, through the host’s bridge', async () => {
  const { page, tab } = await stack.openTeams();
  await expect(tab.getByRole('tab', { name: 'Overview' })).toBeVisible();
  const messages = await page.evaluate(
    () => (window as unknown as { teamsHost: { messages: string[] } }).teamsHost.messages,
  );
  expect(messages[0]).toBe('initialize');
  expect(messages).toContain('nestedAppAuth.execute');
  expect(messages).toContain('appInitialization.success');
  expect(messages).not.toContain('authentication.getAuthToken');
});

test.each<[string, TeamsSituation]>([
  ['offers no bridge', { bridge: 'absent' }],
  ['claims a bridge that is not there', { bridge: 'claimed_but_absent' }],
])('fault 26: a host that %s signs in with getAuthToken', async (_, situation) => {
  const { page, tab } = await stack.openTeams(situation);
  await expect(tab.getByRole('tab', { name: 'Overview' })).toBeVisible({ timeout: 20_000 });
  const messages = await page.evaluate(
    () => (window as unknown as { teamsHost: { messages: string[] } }).teamsHost.messages,
  );
  expect(messages).toContain('authentication.getAuthToken');
});

test('when Microsoft needs the user, one button signs in', async () => {
  const { tab } = await stack.openTeams({ bridge: 'interaction_required' });
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await expect(tab.getByRole('tab', { name: 'Overview' })).toBeVisible();
});

test.each<[string, TeamsSituation, string]>([
  ['the user declines', { bridge: 'declined' }, 'The sign-in was cancelled'],
  ['the bridge has no network', { bridge: 'no_network' }, 'You are offline'],
  ['the host never answers', { initialize: 'silent' }, 'Microsoft Teams did not answer'],
  [
    'the token needs consent',
    { bridge: 'absent', sso: 'resourceRequiresConsent' },
    'You have not allowed Mailbox Access to sign you in',
  ],
  [
    'the registration does not fit',
    { bridge: 'absent', sso: 'resourceDisabled' },
    'The sign-in is not set up correctly',
  ],
  [
    'the account has no role',
    { account: namedPeople.grace.userPrincipalName },
    'You are not an admin of Mailbox Access',
  ],
])('fault 24, 25: %s: a screen with the cause and one next step, never a blank tab', async (_, situation, title) => {
  const { tab } = await stack.openTeams(situation);
  await expect(tab.getByRole('heading', { name: title })).toBeVisible({ timeout: 30_000 });
  await expect(tab.getByRole('button').first()).toBeVisible();
});

test('outside Teams the tab signs in with a redirect to Microsoft and comes back to its page', async () => {
  const page = await stack.openBrowserTab('/organizations');
  await page.getByRole('radio', { name: namedPeople.ada.userPrincipalName }).check({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByRole('tab', { name: 'Organizations' })).toHaveAttribute('aria-selected', 'true', {
    timeout: 20_000,
  });
});

test('fault 27: the token for our API is in no storage, address or history', async () => {
  const { page, tab } = await stack.openTeams();
  await expect(tab.getByRole('tab', { name: 'Overview' })).toBeVisible();
  const frame = page.frames().find((each) => each.url().startsWith(stack.tabUrl));
  const stored = await frame?.evaluate(() => {
    const read = (storage: () => Storage) => {
      try {
        return JSON.stringify({ ...storage() });
      } catch {
        return 'blocked';
      }
    };
    return [read(() => localStorage), location.href, document.cookie].join('\n');
  });
  expect(stored).not.toMatch(/eyJ[\w-]+\.eyJ/);
});
