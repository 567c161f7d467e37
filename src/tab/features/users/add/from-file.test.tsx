import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { listOrganizations } from '../../../../contract/organizations.ts';
import { addUsers, listUsers } from '../../../../contract/users.ts';
import { anOrganization, countsOf, organizationIdOf, userIdOf } from '../../../testing/fixtures.ts';
import { aSignIn, findDialog, renderTab } from '../../../testing/render-tab.tsx';
import { answer, refuse } from '../../../testing/service.ts';

const person = (n: number) => ({
  id: userIdOf(n),
  displayName: `Person ${n}`,
  userPrincipalName: `person${n}@contoso.example`,
  mail: null,
});
const head = 'Object Id;User principal name;Display name';
const line = (n: number) => `${userIdOf(n)};person${n}@contoso.example;Person ${n}`;
const csv = (...lines: string[]) => new File([lines.join('\r\n')], 'people.csv', { type: 'text/csv' });
const added = (...ids: number[]) => ({ added: ids.map(userIdOf), alreadyHere: [], inAnotherOrganization: [] });

async function openDialog(options: Parameters<typeof renderTab>[1] = {}) {
  answer(listOrganizations, { organizations: [anOrganization({ userCount: 0 })] });
  answer(listUsers, { users: [], nextCursor: null, counts: countsOf(), total: 0 });
  const { user } = renderTab(`/users?organization=${organizationIdOf(1)}`, options);
  await user.click((await screen.findAllByRole('button', { name: 'Add users' }))[0] as HTMLElement);
  const dialog = within(await findDialog());
  const choose = async (file: File) => user.upload(await dialog.findByLabelText('CSV file with users'), file);
  // Choosing a file takes the focus out of the dialog, which then now and again counts as hidden: see findDialog.
  const add = () => user.click(dialog.getByRole('button', { name: 'Add', hidden: true }));
  return { user, dialog, choose, add };
}

test('a file brings people, and nobody is added before the admin says so', async () => {
  const calls = answer(addUsers, added(1, 2));
  const { dialog, choose, add } = await openDialog();
  expect(await dialog.findByRole('button', { name: 'Choose a CSV file' })).toBeVisible();

  await choose(csv(head, line(1), line(2), line(2)));

  expect(await dialog.findByText('2 users found; 1 row names somebody again.')).toBeVisible();
  expect(await dialog.findByText('people.csv')).toBeVisible();
  expect(await dialog.findByText('2 selected')).toBeVisible();
  expect(calls).toEqual([]);
  await add();
  expect(await screen.findByText('2 users added.')).toBeVisible();
  expect(calls[0]?.body).toEqual({ users: [person(1), person(2)] });
});

test('fault 85: rows that are not understood are named, and left out only by the admin’s word', async () => {
  const calls = answer(addUsers, added(1));
  const { user, dialog, choose, add } = await openDialog();

  await choose(csv(head, line(1), 'nobody;x@contoso.example;X', `${userIdOf(2)};nowhere;Y`));

  const list = await dialog.findByRole('list', { name: '2 rows are not understood' });
  expect(
    within(list)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual(['Line 3: the object id is missing or is none', 'Line 4: the user principal name is missing or is none']);
  expect(dialog.getByText('0 selected')).toBeVisible();
  expect(dialog.getByRole('button', { name: 'Add' })).toHaveAttribute('aria-disabled', 'true');

  await user.click(dialog.getByRole('checkbox', { name: 'Leave out 2 rows and take the other 1 user' }));
  expect(await dialog.findByText('1 selected')).toBeVisible();
  await add();
  expect(await screen.findByText('1 user added.')).toBeVisible();
  expect(calls[0]?.body).toEqual({ users: [person(1)] });
});

test.each([
  [new File(['PK\x03\x04'], 'people.csv'), /It is a workbook/],
  [new File([`${head}\n"${line(1)}`], 'people.csv'), /Line \d: A quotation mark is not closed/],
  [new File([line(1)], 'people.csv'), /does not name the columns/],
])('fault 85: a file that cannot be used says why and brings nobody', async (file, words) => {
  const { dialog, choose } = await openDialog();
  await choose(file);
  expect(await dialog.findByText(words)).toBeVisible();
  expect(dialog.getByText('Nothing was taken from this file')).toBeVisible();
  expect(dialog.getByText('0 selected')).toBeVisible();
});

test('another file takes the place of the one before; a pasted list stays', async () => {
  const calls = answer(addUsers, added(1, 2, 3));
  const { user, dialog, choose, add } = await openDialog();
  await user.click(dialog.getByRole('textbox', { name: 'Users, one per line' }));
  await user.paste(line(1));
  await choose(csv(head, line(1), line(2)));
  expect(await dialog.findByText('2 selected')).toBeVisible();
  await choose(csv(head, line(3)));
  expect(await dialog.findByText('1 user found.')).toBeVisible();
  expect(dialog.getByText('2 selected')).toBeVisible();
  await add();
  await screen.findByText('3 users added.');
  expect(calls[0]?.body).toEqual({ users: [person(3), person(1)] });
});

test('where the directory can be searched, a file is another way', async () => {
  const calls = answer(addUsers, added(1));
  const { user, dialog, choose, add } = await openDialog({
    signIn: aSignIn({ way: 'nested', getGraphToken: async () => 'graph-token' }),
  });
  await user.click(dialog.getByRole('tab', { name: 'CSV file' }));
  await choose(csv(head, line(1)));
  expect(await dialog.findByText('1 selected')).toBeVisible();
  await user.click(dialog.getByRole('tab', { name: 'People' }));
  expect(await dialog.findByRole('checkbox', { name: /Person 1/ })).toBeChecked();
  await add();
  await screen.findByText('1 user added.');
  expect(calls[0]?.body).toEqual({ users: [person(1)] });
});

test('fault 85: more people than one request takes go part by part, and a part that fails says how far it came', async () => {
  const people = Array.from({ length: 1_500 }, (_, index) => index + 1);
  const { dialog, choose, add } = await openDialog();
  await choose(csv(head, ...people.map(line)));
  await dialog.findByText('1,500 selected');
  const calls = answer(addUsers, ({ body }) => {
    const { users } = body as { users: { id: ReturnType<typeof userIdOf> }[] };
    if (calls.length === 1) refuse(addUsers, 'service.unavailable');
    return { added: users.map(({ id }) => id), alreadyHere: [], inAnotherOrganization: [] };
  });
  await add();
  expect(await dialog.findByText('The service is not ready')).toBeVisible();
  expect(dialog.getByText(/^1,000 users were added before/)).toBeVisible();

  answer(addUsers, added(...people));
  await add();
  expect(await screen.findByText('3,000 users added.')).toBeVisible();
});
