import { AxeBuilder } from '@axe-core/playwright';
import type { FrameLocator } from '@playwright/test';
import { afterAll, beforeAll, test, expect as verify } from 'vitest';
import type { Organization } from '../../src/contract/organizations.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { expect } from './expect.ts';
import { type Stack, startStack } from './stack.ts';

// A rule from its first word to what it does when the directory changes; each test stands on the ones before it.

let stack: Stack;
let tab: FrameLocator;

beforeAll(async () => {
  stack = await startStack({ people: 40 });
  stack.sandbox.tenant.grants.grant(...stack.sandbox.registration.requiredAppRoles);
  await stack.callService<Organization>('POST', '/api/organizations', { name: 'Branch', externalId: 'branch' });
  ({ tab } = await stack.openTeams());
  await tab.getByRole('tab', { name: 'Organizations', exact: true }).click();
  await tab.getByRole('link', { name: 'Branch' }).click();
});
afterAll(() => stack?.[Symbol.asyncDispose]());

const section = () => tab.getByRole('region', { name: 'Rules' });
const rule = 'Address ends in @contoso.example';

test('a rule is added and off; its preview tells who would come, and nobody has come', async () => {
  await section().getByRole('button', { name: 'Add rule' }).click();
  const dialog = tab.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'E-mail domain' }).fill('contoso.example');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(section().getByRole('button', { name: `Switch on: ${rule}` })).toHaveAttribute('aria-disabled', 'true');
  await section()
    .getByRole('button', { name: `Preview: ${rule}` })
    .click();
  await expect(section().getByText(/^\d+ users would be added$/)).toBeVisible();
  await section()
    .getByRole('button', { name: /^Show: \d+ users would be added$/ })
    .click();
  await expect(section().getByText('Ada Lovelace')).toBeVisible();
  const { total } = await stack.callService<{ total: number }>('GET', '/api/users');
  verify(total).toBe(0);
});

test('switched on it brings them in, and the page says so', async () => {
  await section()
    .getByRole('button', { name: `Switch on: ${rule}` })
    .click();
  await expect(section().getByText(/^\d+ users added$/)).toBeVisible();
  await expect(tab.getByRole('region', { name: 'Users' }).getByText(/^\d+ users/)).toBeVisible();
});

test('who leaves the directory is listed with the way to them, and stays until an admin decides', async () => {
  stack.sandbox.tenant.softDelete(namedPeople.grace.id);
  await section().getByRole('button', { name: 'Apply now' }).click();
  await section().getByRole('button', { name: 'Show: 1 user should leave' }).click();
  await expect(section().getByText('not in the directory any more', { exact: false })).toBeVisible();
  await section().getByRole('link', { name: 'Grace Hopper' }).click();
  await expect(tab.getByRole('dialog', { name: 'Grace Hopper' })).toBeVisible();
});

test.each([
  [1280, 'default'],
  [720, 'dark'],
  [480, 'contrast'],
] as const)(
  'at a width of %d in the %s theme nothing scrolls sideways and axe finds nothing serious',
  async (width, theme) => {
    const { organizations } = await stack.callService<{ organizations: Organization[] }>('GET', '/api/organizations');
    const branch = organizations.find(({ name }) => name === 'Branch');
    const { page: other, tab: narrow } = await stack.openTeams({
      width,
      theme,
      subPageId: `organizations/${branch?.id}`,
    });
    await narrow.getByRole('button', { name: 'Show: 1 user should leave' }).click();
    await expect(narrow.getByRole('link', { name: 'Grace Hopper' })).toBeVisible();

    const frame = other.frames().find((each) => each.url().startsWith(stack.tabUrl));
    const overflow = await frame?.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    verify(overflow).toBe(0);
    // Fluent's focus manager puts hidden focusable elements beside the page's own.
    const { violations } = await new AxeBuilder({ page: other })
      .include('#tab')
      .exclude(['#tab', '[data-tabster-dummy]'])
      .analyze();
    verify(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  },
);

test('no page logs an error', () => {
  verify(stack.pageErrors).toEqual([]);
});
