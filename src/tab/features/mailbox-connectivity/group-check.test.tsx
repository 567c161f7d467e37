import { screen, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { getConsent } from '../../../contract/consent.ts';
import {
  listConnectivityChecks,
  mostNamedUsers,
  startConnectivityCheck,
  watchConnectivityCheck,
} from '../../../contract/mailbox-connectivity.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import {
  aCheck,
  anOrganization,
  authorized,
  checkIdOf,
  countsOf,
  organizationIdOf,
  userIdOf,
} from '../../testing/fixtures.ts';
import { aSignIn, findDialog, renderTab } from '../../testing/render-tab.tsx';
import { answer, service, stream } from '../../testing/service.ts';

const address = `/connectivity?organization=${organizationIdOf(1)}`;
const graph = 'https://graph.microsoft.com/v1.0';
const groupId = '0d5f2c7a-0000-4000-8000-000000000001';
const signIn = aSignIn({ getGraphToken: async () => 'graph-token' });
const running = aCheck({
  id: checkIdOf(2),
  scope: 'group',
  groupName: 'Sales',
  state: 'running',
  total: 2,
  done: 1,
  counts: countsOf({ working: 1 }),
  finishedAt: null,
});

function person(n: number) {
  return { id: userIdOf(n), displayName: `Person ${n}`, userPrincipalName: `person${n}@contoso.example`, mail: null };
}

function members(count: number) {
  service.use(
    http.get(`${graph}/groups/:id/transitiveMembers/microsoft.graph.user`, () =>
      HttpResponse.json({ value: Array.from({ length: count }, (_, n) => person(n + 1)) }),
    ),
  );
}

beforeEach(() => {
  answer(listOrganizations, { organizations: [anOrganization({ consentState: 'authorized' })] });
  answer(getConsent, authorized);
  answer(listConnectivityChecks, { checks: [] });
  service.use(
    http.get(`${graph}/groups`, () =>
      HttpResponse.json({ value: [{ id: groupId, displayName: 'Sales', mail: null }] }),
    ),
  );
});

async function chooseSales() {
  const view = renderTab(address, { signIn });
  await view.user.click(await screen.findByRole('button', { name: 'More ways to check' }));
  await view.user.click(await screen.findByRole('menuitem', { name: 'Members of a group…' }));
  await findDialog();
  await view.user.type(await screen.findByRole('searchbox', { name: 'Search groups by name' }), 'sales');
  await view.user.click(await screen.findByRole('button', { name: /Sales/ }));
  return view;
}

test('the members of a group are read as the admin and checked, and the check names the group', async () => {
  members(2);
  stream(watchConnectivityCheck);
  const calls = answer(startConnectivityCheck, () => {
    answer(listConnectivityChecks, ({ url }) => ({
      checks: url.searchParams.get('covering') === 'everybody' ? [] : [running],
    }));
    return { check: running, joined: false };
  });
  const { user } = await chooseSales();
  expect(await screen.findByText('2 members with a user account')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Check the members' }));

  await waitFor(() =>
    expect(calls[0]?.body).toEqual({
      userIds: [userIdOf(1), userIdOf(2)],
      group: { id: groupId, displayName: 'Sales' },
      changeConnection: true,
    }),
  );
  expect(await screen.findByText('Members of Sales')).toBeVisible();
  expect(screen.getByText('1 of 2 mailboxes')).toBeVisible();
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('a group with more members than can be named says so, and cannot be checked', async () => {
  members(mostNamedUsers + 1);
  await chooseSales();
  expect(await screen.findByText(/This group has more than 20,000 members\./)).toBeVisible();
  expect(screen.getByRole('button', { name: 'Check the members' })).toHaveAttribute('aria-disabled', 'true');
});

test('a group without user accounts cannot be checked', async () => {
  members(0);
  await chooseSales();
  expect(await screen.findByText('Nobody in this group has a user account.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Check the members' })).toHaveAttribute('aria-disabled', 'true');
});

test('a directory that fails says what to do', async () => {
  service.use(
    http.get(`${graph}/groups/:id/transitiveMembers/microsoft.graph.user`, () =>
      HttpResponse.json({ error: { code: 'Authorization_RequestDenied' } }, { status: 403 }),
    ),
  );
  await chooseSales();
  expect(await screen.findByText(/HTTP 403|The directory/)).toBeVisible();
});

test('where the directory cannot be read, the menu says so', async () => {
  const { user } = renderTab(address);
  await user.click(await screen.findByRole('button', { name: 'More ways to check' }));
  const item = await screen.findByRole('menuitem', { name: /Members of a group…/ });
  expect(item).toHaveAttribute('aria-disabled', 'true');
  expect(item).toHaveTextContent('The directory cannot be read from here.');
});
