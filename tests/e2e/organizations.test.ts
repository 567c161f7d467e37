import { AxeBuilder } from '@axe-core/playwright';
import type { FrameLocator, Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import type { Organization } from '../../src/contract/organizations.ts';
import { arrangeOrganization } from './arrange.ts';
import { expect } from './expect.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
let page: Page;
let tab: FrameLocator;
beforeAll(async () => {
  stack = await startStack({ people: 40 });
  await arrangeOrganization(stack);
  for (const [index, connectionType] of ['ews_impersonation', 'ews_on_premises', 'hybrid'].entries()) {
    const body = { name: `Origin ${index + 1}`, externalId: `origin-${index + 1}`, connectionType };
    await stack.callService<Organization>('POST', '/api/organizations', body);
  }
  ({ page, tab } = await stack.openTeams());
  await openOrganizations(tab);
});
afterAll(() => stack?.[Symbol.asyncDispose]());

async function openOrganizations(at: FrameLocator): Promise<void> {
  await at.getByRole('tab', { name: 'Organizations', exact: true }).click();
  await expect(at.getByRole('grid', { name: 'Organizations' })).toBeVisible();
}

const names = () => tab.getByRole('grid').getByRole('link').allTextContents();

test('the list is searched, filtered and sorted, and its address says so', async () => {
  await tab.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('origin');
  await expect.poll(names).toEqual(['Origin 1', 'Origin 2', 'Origin 3']);
  await tab.getByRole('columnheader', { name: 'Connection' }).getByRole('button').click();
  await expect(tab.getByRole('columnheader', { name: 'Connection' })).toHaveAttribute('aria-sort', 'ascending');
  await tab.getByRole('combobox', { name: 'Connection' }).click();
  await tab.getByRole('option', { name: 'Hybrid' }).click();
  await expect.poll(names).toEqual(['Origin 3']);
  const frame = page.frames().find((each) => each.url().startsWith(stack.tabUrl));
  expect(await frame?.evaluate(() => window.location.search)).toBe('?search=origin&connection=hybrid&sort=connection');
});

test('an origin is converted after telling what stays', async () => {
  await tab.getByRole('link', { name: 'Origin 3' }).click();
  await tab.getByRole('button', { name: 'Convert to Microsoft Graph app-only' }).click();
  const dialog = tab.getByRole('dialog');
  await expect(
    dialog.getByText('Every user keeps the recorded connection until then.', { exact: false }),
  ).toBeVisible();
  await dialog.getByRole('button', { name: 'Convert', exact: true }).click();
  await expect(tab.getByText('Origin 3 uses Microsoft Graph now').last()).toBeVisible();
  await expect(tab.getByText('A recorded origin')).toHaveCount(0);
});

test('a check of several organizations tells of each what became of it', async () => {
  await openOrganizations(tab);
  for (const name of ['Head office', 'Origin 1', 'Origin 3']) {
    await tab.getByRole('checkbox', { name: `Select ${name}` }).check();
  }
  await tab.getByRole('toolbar', { name: 'Actions' }).getByRole('button', { name: 'Check users' }).click();
  const dialog = tab.getByRole('dialog');
  await expect(dialog.getByText('3 of 3 done · 2 refused')).toBeVisible();
  await expect(dialog.getByRole('row', { name: /Head office/ })).toContainText('started');
  await expect(dialog.getByRole('row', { name: /Origin 1/ })).toContainText('does not use Microsoft Graph');
  await expect(dialog.getByRole('row', { name: /Origin 3/ })).toContainText('There is nobody to check');
  await dialog.getByRole('button', { name: 'Close' }).click();
});

const listed = async (name: string) => {
  const path = '/api/organizations';
  const { organizations } = await stack.callService<{ organizations: Organization[] }>('GET', path);
  return organizations.find((one) => one.name === name);
};

test('a deletion by force lists what goes and takes the name', async () => {
  await expect.poll(async () => (await listed('Head office'))?.lastCheckAt).toBeTruthy();
  const working = '/api/users?status=working';
  const { users } = await stack.callService<{ users: { id: string }[] }>('GET', working);
  await stack.callService('POST', `/api/users/${users[0]?.id}/sync-sessions`, {});
  await expect.poll(async () => (await listed('Head office'))?.initializedCount).toBeGreaterThan(0);
  const { tab: fresh } = await stack.openTeams();
  await openOrganizations(fresh);
  await fresh.getByRole('link', { name: 'Head office' }).click();
  await expect(fresh.getByRole('button', { name: 'Delete', exact: true })).toHaveAttribute('aria-disabled', 'true');

  await fresh.getByRole('button', { name: 'Force delete' }).click();
  const dialog = fresh.getByRole('dialog');
  await expect(dialog.getByText('No mailbox is touched', { exact: false })).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Type Head office to confirm' }).fill('Head office');
  await dialog.getByRole('button', { name: 'Force delete' }).click();

  await expect(fresh.getByText('Head office was deleted').last()).toBeVisible();
  await expect.poll(() => listed('Head office')).toBeUndefined();
});

test.each([1280, 720, 480])(
  'at a width of %d nothing scrolls sideways and axe finds nothing serious',
  async (width) => {
    const { page: other, tab: narrow } = await stack.openTeams({ width });
    if (width > 640) await openOrganizations(narrow);
    else {
      await narrow
        .getByRole('tab', { name: 'More pages' })
        .or(narrow.getByRole('tab', { name: 'Organizations' }))
        .first()
        .click();
      const hidden = narrow.getByRole('menuitem', { name: 'Organizations' });
      if (await hidden.isVisible()) await hidden.click();
      await expect(narrow.getByRole('grid', { name: 'Organizations' })).toBeVisible();
    }
    await narrow.getByRole('checkbox', { name: 'Select Origin 1' }).check();
    await expect(narrow.getByRole('toolbar', { name: 'Actions' })).toBeVisible();

    const frame = other.frames().find((each) => each.url().startsWith(stack.tabUrl));
    const overflow = await frame?.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    // Fluent's focus manager puts hidden focusable elements beside the page's own.
    const { violations } = await new AxeBuilder({ page: other })
      .include('#tab')
      .exclude(['#tab', '[data-tabster-dummy]'])
      .analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  },
);

test('one is created by keyboard alone: the focus is where it goes on, and no message keeps it', async () => {
  const { page: other, tab: fresh } = await stack.openTeams();
  await openOrganizations(fresh);
  await fresh.getByRole('button', { name: 'New', exact: true }).focus();
  await other.keyboard.press('Enter');
  await expect(fresh.getByRole('dialog').getByRole('textbox', { name: 'Name' })).toBeFocused();
  await other.keyboard.type('By keyboard');
  await other.keyboard.press('Enter');
  await expect(fresh.getByRole('textbox', { name: 'External Id' })).toBeFocused();
  await other.keyboard.type('by-keyboard');
  await other.keyboard.press('Enter');
  await expect(fresh.getByRole('heading', { level: 1, name: 'By keyboard' })).toBeFocused();
  const message = fresh.getByRole('listitem').filter({ hasText: 'By keyboard was created' });
  await expect(message).toBeVisible();
  await message.click();
  await expect(message).not.toBeFocused();
  await other.keyboard.press('Tab');
  await expect(message).not.toBeFocused();

  await fresh.getByRole('link', { name: 'Rules' }).focus();
  await other.keyboard.press('Enter');
  await expect(fresh.getByRole('heading', { name: 'Rules', exact: true })).toBeFocused();
  await other.keyboard.press('Tab');
  await expect(fresh.getByRole('button', { name: 'Add rule' })).toBeFocused();
});

test('no page logs an error', () => {
  expect(stack.pageErrors).toEqual([]);
});
