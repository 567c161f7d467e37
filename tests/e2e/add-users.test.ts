import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, test } from 'vitest';
import type { Organization } from '../../src/contract/organizations.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { expect } from './expect.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ people: 300 });
  stack.sandbox.tenant.grants.grant('User.Read.All');
  await stack.callService<Organization>('POST', '/api/organizations', {
    name: 'Head office',
    externalId: 'head-office',
  });
});
afterAll(() => stack?.[Symbol.asyncDispose]());

test('a CSV file: its columns, who is ready and who is not and why, stopped by nothing, added, and a result for each', async () => {
  const { page, tab } = await stack.openTeams({ width: 720 });
  const { ada, grace, linus, guest } = namedPeople;
  const lines = ['Who;Address', `Ada;${ada.userPrincipalName}`, `Grace;${grace.userPrincipalName}`];
  lines.push(
    `Linus;${linus.userPrincipalName}`,
    `Pat;${guest.userPrincipalName}`,
    'Nobody;nowhere',
    'Ada again;ADA@contoso.example',
  );
  const axe = async () => {
    // Fluent's focus manager puts hidden focusable elements beside the page's own.
    const { violations } = await new AxeBuilder({ page })
      .include('#tab')
      .exclude(['#tab', '[data-tabster-dummy]'])
      .analyze();
    const found = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
  };

  await tab.getByRole('tab', { name: 'Users', exact: true }).click();
  await tab.getByRole('button', { name: 'Add users' }).first().click();
  const dialog = tab.getByRole('dialog', { name: 'Add users to Head office' });
  await dialog.getByRole('tab', { name: 'CSV file' }).click();
  await dialog.getByLabel('CSV file with users').setInputFiles({
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`),
  });
  await dialog.getByRole('button', { name: 'Next' }).click();

  // No heading of the file says that it is an address.
  await expect(dialog.getByRole('heading', { name: 'Columns of the file' })).toBeFocused();
  await expect(dialog.getByRole('alert')).toContainText('Choose the column');
  await dialog.getByRole('combobox', { name: 'User principal name' }).focus();
  await page.keyboard.press('Enter');
  await tab.getByRole('option', { name: 'Address' }).click();
  await axe();
  await dialog.getByRole('button', { name: 'Next' }).click();

  await expect(dialog.getByRole('heading', { name: 'Before anything changes' })).toBeFocused({ timeout: 30_000 });
  await expect(dialog.getByRole('region', { name: '2 ready' })).toBeVisible();
  const fixable = dialog.getByRole('region', { name: '2 to fix first' });
  await fixable.getByRole('button', { name: 'Show' }).click();
  await expect(fixable.getByText('Line 6: nowhere: not an e-mail address')).toBeVisible();
  await expect(dialog.getByRole('region', { name: '1 impossible' })).toContainText('1: guest.');
  await expect(dialog.getByRole('region', { name: '1 with nothing to do' })).toContainText('named before');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save what needs attention as CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^add-users_attention_\d{8}T\d{6}Z\.csv$/);
  await axe();

  // Closed and opened again, it waits where it was: nobody was added.
  await page.reload();
  await tab.getByRole('tab', { name: 'Users', exact: true }).click();
  await tab.getByRole('button', { name: 'Add users' }).first().click();
  await dialog.getByRole('button', { name: 'Open: people.csv' }).click();
  await expect(dialog.getByText('2 users will be added')).toBeVisible();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();

  await expect(dialog.getByRole('heading', { name: '2 users added.' })).toBeFocused({ timeout: 30_000 });
  await axe();
  await dialog.getByRole('button', { name: 'Close' }).click();
  for (const { displayName } of [ada, grace]) await expect(tab.getByRole('row', { name: displayName })).toBeVisible();
  await expect(tab.getByRole('row', { name: linus.displayName })).toHaveCount(0);
  expect(stack.sandbox.requests.unknown).toEqual([]);
  expect(stack.pageErrors).toEqual([]);
});
