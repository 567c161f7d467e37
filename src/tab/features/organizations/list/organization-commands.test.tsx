import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { errorCatalogue } from '../../../../contract/errors.ts';
import { startConnectivityCheck } from '../../../../contract/mailbox-connectivity.ts';
import { listOrganizations, updateOrganization } from '../../../../contract/organizations.ts';
import { aCheck, anOrganization, checkIdOf, organizationIdOf } from '../../../testing/fixtures.ts';
import { findDialog, renderTab } from '../../../testing/render-tab.tsx';
import { answer, refuse, service } from '../../../testing/service.ts';

const office = anOrganization({ id: organizationIdOf(1), name: 'Head office' });
const plant = anOrganization({ id: organizationIdOf(2), name: 'Plant', syncEnabled: false });
const origin = anOrganization({ id: organizationIdOf(3), name: 'Old servers', connectionType: 'ews_on_premises' });

async function select(...names: string[]) {
  answer(listOrganizations, { organizations: [office, plant, origin] });
  const { user } = renderTab('/organizations');
  await screen.findByRole('grid');
  for (const name of names) await user.click(screen.getByRole('checkbox', { name: `Select ${name}` }));
  return { user, bar: await screen.findByRole('toolbar', { name: 'Actions' }) };
}

const resultOf = (dialog: HTMLElement, name: string) =>
  within(dialog).getByRole('row', { name: new RegExp(`^${name}`) });

test('synchronization is disabled where it is enabled, told for each organization', async () => {
  const { user, bar } = await select('Head office', 'Plant');
  expect(bar).toHaveTextContent('2 selected');
  const calls = answer(updateOrganization, { ...office, syncEnabled: false });
  await user.click(within(bar).getByRole('button', { name: 'Disable synchronization' }));

  const dialog = await findDialog();
  await waitFor(() => expect(dialog).toHaveTextContent('2 of 2 done'));
  expect(resultOf(dialog, 'Head office')).toHaveTextContent('Synchronization disabled');
  expect(resultOf(dialog, 'Plant')).toHaveTextContent('Nothing to change');
  expect(calls.map(({ url, body }) => [url.pathname, body])).toEqual([
    [`/api/organizations/${office.id}`, { syncEnabled: false }],
  ]);
  // It was the button that stops.
  expect(within(dialog).getByRole('button', { name: 'Close' })).toHaveFocus();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(within(bar).getByRole('button', { name: 'Disable synchronization' })).toHaveFocus());
});

test('a check starts for each organization; one that is refused does not stop the others', async () => {
  const { user, bar } = await select('Head office', 'Old servers');
  const check = aCheck({ id: checkIdOf(7), state: 'queued', total: 3, finishedAt: null });
  const calls = answer(startConnectivityCheck, { check, joined: false });
  const { status, title, remedy } = errorCatalogue['organization.not_graph'];
  const problem = {
    type: 'about:blank',
    code: 'organization.not_graph',
    status,
    title,
    remedy,
    requestId: 'request-1',
  };
  service.use(
    http.post(`*/api/organizations/${origin.id}/connectivity-checks`, () => HttpResponse.json(problem, { status })),
  );
  await user.click(within(bar).getByRole('button', { name: 'Check users' }));

  const dialog = await findDialog();
  await waitFor(() => expect(dialog).toHaveTextContent('2 of 2 done · 1 refused'));
  expect(calls.map(({ url }) => url.pathname)).toEqual([`/api/organizations/${office.id}/connectivity-checks`]);
  expect(resultOf(dialog, 'Old servers')).toHaveTextContent('This organization does not use Microsoft Graph');
  expect(resultOf(dialog, 'Head office')).toHaveTextContent('Check of 3 mailboxes started');
  expect(within(resultOf(dialog, 'Head office')).getByRole('link', { name: 'Open the check' })).toHaveAttribute(
    'href',
    `/connectivity?organization=${office.id}&check=${check.id}`,
  );
});

test('a refusal shows the service’s words and remedy beside its organization', async () => {
  const { user, bar } = await select('Head office');
  refuse(startConnectivityCheck, 'check.nobody');
  await user.click(within(bar).getByRole('button', { name: 'Check users' }));

  const dialog = await findDialog();
  await waitFor(() => expect(dialog).toHaveTextContent('1 of 1 done · 1 refused'));
  expect(resultOf(dialog, 'Head office')).toHaveTextContent('There is nobody to check');
  expect(resultOf(dialog, 'Head office')).toHaveTextContent('Add users to the organization first.');
});

test('a command that makes no sense for any of them says why', async () => {
  const { bar } = await select('Old servers');
  const check = within(bar).getByRole('button', { name: 'Check users' });
  expect(check).toHaveAttribute('aria-disabled', 'true');
  expect(check).toHaveAccessibleDescription('None of them uses Microsoft Graph.');
  expect(within(bar).getByRole('button', { name: 'Enable synchronization' })).toHaveAccessibleDescription(
    'Synchronization is enabled for all of them.',
  );
});

test('what a filter hides is not selected', async () => {
  const { user, bar } = await select('Head office', 'Plant');
  await user.click(screen.getByRole('combobox', { name: 'Synchronization' }));
  await user.click(await screen.findByRole('option', { name: 'Disabled' }));
  await waitFor(() => expect(bar).toHaveTextContent('1 selected'));
});

test('the menu of a row leads to its pages and has the same commands, each off with its reason', async () => {
  answer(listOrganizations, { organizations: [office, plant, origin] });
  const { user } = renderTab('/organizations');
  await user.click(await screen.findByRole('button', { name: 'Actions for Old servers' }));
  expect(await screen.findByRole('menuitem', { name: 'Check users' })).toHaveAccessibleDescription(
    'It does not use Microsoft Graph.',
  );
  expect(screen.getByRole('menuitem', { name: 'Enable synchronization' })).toHaveAttribute('aria-disabled', 'true');
  await user.keyboard('{Escape}');

  const calls = answer(updateOrganization, { ...plant, syncEnabled: true });
  await user.click(screen.getByRole('button', { name: 'Actions for Plant' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Enable synchronization' }));
  const dialog = await findDialog();
  await waitFor(() => expect(dialog).toHaveTextContent('1 of 1 done'));
  expect(calls.map(({ url, body }) => [url.pathname, body])).toEqual([
    [`/api/organizations/${plant.id}`, { syncEnabled: true }],
  ]);
});
