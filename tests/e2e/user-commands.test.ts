import type { FrameLocator } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import type { Organization } from '../../src/contract/organizations.ts';
import type { UserCommandRun } from '../../src/contract/user-commands.ts';
import type { User } from '../../src/contract/users.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { arrangeOrganization } from './arrange.ts';
import { expect } from './expect.ts';
import { type Stack, startStack } from './stack.ts';

const { ada } = namedPeople;
const search = 'da';

let stack: Stack;
let headOffice: Organization;
beforeAll(async () => {
  stack = await startStack({ people: 900 });
  headOffice = await arrangeOrganization(stack);
  await stack.callService('POST', '/api/organizations', { name: 'Branch', externalId: 'branch' });
  // Ada's mailbox is initialized: she cannot be removed without force.
  await stack.callService('POST', `/api/organizations/${headOffice.id}/connectivity-checks`, { userIds: [ada.id] });
  await expect.poll(async () => (await adaNow()).connectionType).toBe('graph_app_only');
  await stack.callService('POST', `/api/users/${ada.id}/sync-sessions`, {});
  await expect.poll(async () => (await adaNow()).mailboxState).toBe('initialized');
});
afterAll(() => stack?.[Symbol.asyncDispose]());

const adaNow = () => stack.callService<User>('GET', `/api/users/${ada.id}`);
const matching = () =>
  stack.callService<{ total: number; users: User[] }>('GET', `/api/users?search=${search}&limit=500`);

/** Selects everybody that the search matches, of whom only a part is loaded. */
async function selectAllMatching(tab: FrameLocator, count: string): Promise<void> {
  await tab.getByRole('tab', { name: 'Users', exact: true }).click();
  await tab.getByRole('searchbox').fill(search);
  await expect(tab.getByRole('button', { name: `All ${count}` })).toBeVisible();
  await tab
    .getByRole('checkbox', { name: /^Select (?!all)/ })
    .first()
    .check();
  await tab.getByRole('button', { name: `Select all ${count} matching` }).click();
  await expect(tab.getByText(`${count} selected`)).toBeVisible();
}

test('all who match are moved: the drawer ends with a result for each, also for whom nothing changed', async () => {
  const { total } = await matching();
  expect(total).toBeGreaterThan(100);
  const count = total.toLocaleString('en-US');
  const others = (total - 1).toLocaleString('en-US');
  const [branch] = (
    await stack.callService<{ organizations: Organization[] }>('GET', '/api/organizations')
  ).organizations.filter(({ name }) => name === 'Branch');
  await stack.callService('POST', `/api/organizations/${branch?.id}/moved-users`, { userIds: [ada.id] });
  const { tab } = await stack.openTeams();
  await selectAllMatching(tab, count);

  await tab.getByRole('button', { name: 'Move to organization' }).click();
  const dialog = tab.getByRole('dialog', { name: /^Move / });
  await dialog.getByRole('combobox', { name: 'Move to' }).click();
  await tab.getByRole('option', { name: 'Branch' }).click();
  await dialog.getByRole('button', { name: 'Move', exact: true }).click();

  const drawer = tab.getByRole('dialog', { name: 'Move to organization' });
  await expect(drawer.getByText('Completed', { exact: true })).toBeVisible();
  await expect(drawer.getByText(`${count} of ${count} users`)).toBeVisible();
  await expect(drawer.getByRole('button', { name: `${others} · Done` })).toBeVisible();
  await drawer.getByRole('button', { name: '1 · It was like that before' }).click();
  await expect(drawer.getByRole('link', { name: ada.displayName })).toBeVisible();
  expect((await matching()).users.every(({ organizationName }) => organizationName === 'Branch')).toBe(true);
});

test('who cannot be removed stays and the run says why, also after the tab was closed', async () => {
  const { total } = await matching();
  const count = total.toLocaleString('en-US');
  const others = (total - 1).toLocaleString('en-US');
  const { page, tab } = await stack.openTeams();
  await selectAllMatching(tab, count);

  await tab.getByRole('button', { name: 'Remove', exact: true }).click();
  await tab.getByRole('alertdialog').or(tab.getByRole('dialog')).getByRole('button', { name: 'Remove' }).click();
  await expect(tab.getByRole('dialog', { name: 'Remove' }).getByText(`${count} of ${count} users`)).toBeVisible();
  await page.close();

  // Both ways back to it: what was done, and the address of the run.
  const { tab: again } = await stack.openTeams();
  await again.getByRole('tab', { name: 'Activity' }).click();
  await again.getByRole('link', { name: 'Show results' }).first().click();
  const [run] = (await stack.callService<{ runs: UserCommandRun[] }>('GET', '/api/user-commands')).runs;
  const { tab: linked } = await stack.openTeams({ subPageId: `users?run=${run?.id}` });
  for (const drawer of [again, linked].map((each) => each.getByRole('dialog', { name: 'Remove' }))) {
    await expect(drawer.getByText('Completed', { exact: true })).toBeVisible();
    await expect(drawer.getByText(`“${search}”`)).toBeVisible();
    await expect(drawer.getByRole('button', { name: `${others} · Done` })).toBeVisible();
    await drawer.getByRole('button', { name: '1 · Kept: the mailbox is initialized' }).click();
    await expect(drawer.getByText('Use Force remove, if the user shall leave all the same.')).toBeVisible();
    await expect(drawer.getByRole('link', { name: ada.displayName })).toBeVisible();
  }
  expect((await matching()).users.map(({ id }) => id)).toEqual([ada.id]);
  expect(stack.sandbox.requests.unknown).toEqual([]);
  expect(stack.pageErrors).toEqual([]);
});
