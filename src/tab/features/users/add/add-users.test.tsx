import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test, vi } from 'vitest';
import { listOrganizations } from '../../../../contract/organizations.ts';
import { addUsers, listUsers } from '../../../../contract/users.ts';
import { SignInFailure } from '../../../auth/sign-in-failure.ts';
import { anOrganization, countsOf, organizationIdOf, userIdOf } from '../../../testing/fixtures.ts';
import { aSignIn, renderTab } from '../../../testing/render-tab.tsx';
import { answer, service } from '../../../testing/service.ts';

const graph = 'https://graph.microsoft.com/v1.0';
const address = `/users?organization=${organizationIdOf(1)}`;
const inGraph = (n: number) => ({
  id: userIdOf(n),
  displayName: `Person ${n}`,
  userPrincipalName: `person${n}@contoso.example`,
  mail: null,
});

function emptyOrganization() {
  answer(listOrganizations, { organizations: [anOrganization({ userCount: 0 })] });
  answer(listUsers, { users: [], nextCursor: null, counts: countsOf(), total: 0 });
}

async function openDialog(options: Parameters<typeof renderTab>[1]) {
  emptyOrganization();
  const { user } = renderTab(address, options);
  await user.click((await screen.findAllByRole('button', { name: 'Add users' }))[0] as HTMLElement);
  return { user, dialog: await screen.findByRole('dialog', { name: 'Add users to Head office' }) };
}

const withDirectory = { signIn: aSignIn({ way: 'nested', getGraphToken: async () => 'graph-token' }) };

test('people of the directory are found, chosen and added, with a result for each', async () => {
  service.use(http.get(`${graph}/users`, () => HttpResponse.json({ value: [inGraph(1), inGraph(2), inGraph(3)] })));
  const calls = answer(addUsers, {
    added: [userIdOf(1)],
    alreadyHere: [],
    inAnotherOrganization: [{ userId: userIdOf(2), organizationName: 'Sales' }],
  });
  const { user, dialog } = await openDialog(withDirectory);

  await user.type(await within(dialog).findByRole('searchbox'), 'per');
  await user.click(await within(dialog).findByRole('checkbox', { name: /Person 1/ }));
  await user.click(within(dialog).getByRole('checkbox', { name: /Person 2/ }));
  expect(within(dialog).getByText('2 selected')).toBeVisible();
  await user.click(within(dialog).getByRole('button', { name: 'Add' }));

  expect(await screen.findByText('1 user added.')).toBeVisible();
  expect(screen.getByText(/belongs to another organization/)).toBeVisible();
  expect(screen.getByText('Person 2: Sales')).toBeVisible();
  expect(calls[0]?.body).toEqual({ users: [inGraph(1), inGraph(2)] });
});

test('all members of a group are added, nested groups and pages included', async () => {
  service.use(
    http.get(`${graph}/groups`, () => HttpResponse.json({ value: [{ id: 'g1', displayName: 'Sales', mail: null }] })),
    http.get(`${graph}/groups/g1/transitiveMembers/microsoft.graph.user`, ({ request }) =>
      new URL(request.url).searchParams.has('$skiptoken')
        ? HttpResponse.json({ value: [inGraph(3)] })
        : HttpResponse.json({
            value: [inGraph(1), inGraph(2)],
            '@odata.nextLink': `${graph}/groups/g1/transitiveMembers/microsoft.graph.user?$skiptoken=2`,
          }),
    ),
  );
  const calls = answer(addUsers, {
    added: [1, 2, 3].map(userIdOf),
    alreadyHere: [],
    inAnotherOrganization: [],
  });
  const { user, dialog } = await openDialog(withDirectory);

  await user.click(within(dialog).getByRole('tab', { name: 'Members of a group' }));
  await user.type(await within(dialog).findByRole('searchbox', { name: /groups/ }), 'sal');
  await user.click(await within(dialog).findByRole('button', { name: /Sales/ }));
  expect(await within(dialog).findByText('3 users, nested groups included')).toBeVisible();
  await user.click(within(dialog).getByRole('button', { name: 'Select all' }));
  await user.click(within(dialog).getByRole('button', { name: 'Add' }));
  expect(await screen.findByText('3 users added.')).toBeVisible();
  expect(calls[0]?.body).toEqual({ users: [1, 2, 3].map(inGraph) });
});

test('Microsoft’s permission for the directory is asked for by a click, and only here', async () => {
  let isAllowed = false;
  const getGraphToken = vi.fn(async (_scopes: readonly string[], { mayAsk }: { mayAsk: boolean }) => {
    if (mayAsk) isAllowed = true;
    if (!isAllowed) throw new SignInFailure('consent_required', 'consent_required');
    return 'graph-token';
  });
  const { user, dialog } = await openDialog({ signIn: aSignIn({ way: 'nested', getGraphToken }) });
  await user.click(await within(dialog).findByRole('button', { name: 'Allow the directory search' }));
  expect(await within(dialog).findByRole('searchbox')).toBeVisible();
  expect(getGraphToken.mock.calls[0]?.[0]).toEqual(['User.ReadBasic.All']);
});

test('a declined permission says so and can be asked for again', async () => {
  const getGraphToken = async () => {
    throw new SignInFailure('declined', 'user_canceled');
  };
  const { user, dialog } = await openDialog({ signIn: aSignIn({ way: 'nested', getGraphToken }) });
  await user.click(await within(dialog).findByRole('button', { name: 'Allow the directory search' }));
  expect(await within(dialog).findByRole('alert')).toHaveTextContent('The sign-in was cancelled');
  expect(within(dialog).getByRole('button', { name: 'Allow the directory search' })).toBeVisible();
});

test('a directory that refuses the search shows Graph’s code', async () => {
  service.use(
    http.get(`${graph}/users`, () =>
      HttpResponse.json({ error: { code: 'Authorization_RequestDenied', message: 'no' } }, { status: 403 }),
    ),
  );
  const { user, dialog } = await openDialog(withDirectory);
  await user.type(await within(dialog).findByRole('searchbox'), 'per');
  expect(await within(dialog).findByText('The directory could not be searched')).toBeVisible();
  expect(within(dialog).getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('a host without a token for Graph says so and takes a list instead', async () => {
  const calls = answer(addUsers, { added: [userIdOf(1)], alreadyHere: [], inAnotherOrganization: [] });
  const { user, dialog } = await openDialog({});
  expect(within(dialog).getByText('The directory cannot be searched here')).toBeVisible();
  const list = within(dialog).getByRole('textbox', { name: 'Users, one per line' });
  await user.click(list);
  await user.paste(`${userIdOf(1)},person1@contoso.example,Person 1`);
  await user.click(within(dialog).getByRole('button', { name: 'Add' }));
  expect(await screen.findByText('1 user added.')).toBeVisible();
  expect(calls[0]?.body).toEqual({ users: [inGraph(1)] });
});

test('with no organization picked, people come into one on Microsoft Graph, not into the default one', async () => {
  answer(listOrganizations, {
    organizations: [
      anOrganization({
        id: organizationIdOf(2),
        name: 'Default organization',
        connectionType: 'none',
        isDefault: true,
      }),
      anOrganization({ userCount: 0 }),
    ],
  });
  answer(listUsers, { users: [], nextCursor: null, counts: countsOf(), total: 0 });
  const { user } = renderTab('/users', withDirectory);
  await user.click((await screen.findAllByRole('button', { name: 'Add users' }))[0] as HTMLElement);
  expect(await screen.findByRole('dialog', { name: 'Add users to Head office' })).toBeVisible();
});
