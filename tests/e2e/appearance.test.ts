import { AxeBuilder } from '@axe-core/playwright';
import type { FrameLocator, Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import type { Organization } from '../../src/contract/organizations.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { arrangeOrganization } from './arrange.ts';
import { expect } from './expect.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
let organization: Organization;
beforeAll(async () => {
  stack = await startStack({ people: 60 });
  organization = await arrangeOrganization(stack);
  // Two, so that there is something to compare and to draw.
  for (let times = 0; times < 2; times++) await checkEverybody();
});
afterAll(() => stack?.[Symbol.asyncDispose]());

async function checkEverybody(): Promise<void> {
  const { check } = await stack.callService<{ check: { id: string } }>(
    'POST',
    `/api/organizations/${organization.id}/connectivity-checks`,
    {},
  );
  const state = async () =>
    (await stack.callService<{ state: string }>('GET', `/api/connectivity-checks/${check.id}`)).state;
  await expect.poll(state, { timeout: 30_000 }).toBe('completed');
}

const pages = ['Overview', 'Organizations', 'Users', 'Connectivity', 'Leaving EWS', 'Activity'];

async function openPage(tab: FrameLocator, name: string): Promise<void> {
  const visible = tab.getByRole('tab', { name, exact: true });
  await expect(tab.getByRole('tab').first()).toBeVisible();
  if (await visible.isVisible()) await visible.click();
  else {
    await tab.getByRole('tab', { name: 'More pages' }).click();
    await tab.getByRole('menuitem', { name }).click();
  }
  await expect(tab.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(tab.getByRole('progressbar')).toHaveCount(0);
}

async function seriousFindings(page: Page): Promise<string[]> {
  // Fluent's focus manager puts hidden focusable elements beside the page's own.
  const { violations } = await new AxeBuilder({ page })
    .include('#tab')
    .exclude(['#tab', '[data-tabster-dummy]'])
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

test.each(['default', 'dark', 'contrast'] as const)(
  'axe finds nothing serious on any page in the theme %s',
  async (theme) => {
    const { page, tab } = await stack.openTeams({ theme });
    for (const name of pages) {
      await openPage(tab, name);
      expect({ name, findings: await seriousFindings(page) }).toEqual({ name, findings: [] });
    }
    await openPage(tab, 'Users');
    await tab.getByRole('row').nth(1).click();
    await expect(tab.getByRole('dialog').getByText('Check Results')).toBeVisible();
    expect(await seriousFindings(page)).toEqual([]);
  },
);

test.each([1280, 720, 480])('nothing scrolls sideways at a width of %d', async (width) => {
  const { page, tab } = await stack.openTeams({ width });
  for (const name of pages) {
    await openPage(tab, name);
    const frame = page.frames().find((each) => each.url().startsWith(stack.tabUrl));
    const overflow = await frame?.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect({ name, overflow }).toEqual({ name, overflow: 0 });
  }
});

test('the tab follows a change of the theme at once', async () => {
  const { page, tab } = await stack.openTeams();
  await expect(tab.getByRole('tab', { name: 'Overview' })).toBeVisible();
  const background = () =>
    tab
      .locator('.fui-FluentProvider')
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  const light = await background();
  await page.getByLabel('Theme').selectOption('dark');
  await expect.poll(background).not.toBe(light);
});

test('the users can be reached, opened and closed by keyboard, and focus returns', async () => {
  const { page, tab } = await stack.openTeams();
  await openPage(tab, 'Users');
  await tab.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('/');
  const search = tab.getByRole('searchbox');
  await expect(search).toBeFocused();
  await page.keyboard.type(namedPeople.grace.displayName);
  await expect(tab.getByRole('row', { name: namedPeople.grace.displayName })).toBeVisible();
  await expect(tab.getByRole('row')).toHaveCount(2);
  await tab.getByRole('gridcell', { name: namedPeople.grace.displayName, exact: true }).first().focus();
  await page.keyboard.press('Enter');
  await expect(tab.getByRole('dialog').getByText('Check Results')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tab.getByRole('dialog')).toHaveCount(0);
});

test('no page logs an error or breaks the content security policy', () => {
  expect(stack.pageErrors).toEqual([]);
});
