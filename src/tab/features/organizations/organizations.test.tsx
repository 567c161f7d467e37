import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { listActivity } from '../../../contract/activity.ts';
import {
  convertOrganization,
  createOrganization,
  deleteOrganization,
  forceDeleteOrganization,
  listOrganizations,
  updateOrganization,
} from '../../../contract/organizations.ts';
import { anOrganization, organizationIdOf } from '../../testing/fixtures.ts';
import { findDialog, findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer, failToConnect, neverAnswer, refuse } from '../../testing/service.ts';

test('while the list is on its way, its outline shows', async () => {
  neverAnswer(listOrganizations);
  renderTab('/organizations');
  expect(await screen.findByRole('heading', { name: 'Organizations' })).toBeVisible();
  expect(screen.queryByRole('table')).not.toBeInTheDocument();
});

test('without organizations there is one thing to do', async () => {
  answer(listOrganizations, { organizations: [] });
  renderTab('/organizations');
  expect(await screen.findByRole('heading', { name: 'No organizations yet' })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Create the first organization' })).toBeVisible();
});

test('a refusal shows its title, remedy and request id, and trying again mends it', async () => {
  refuse(listOrganizations, 'service.unavailable');
  const { user } = renderTab('/organizations');
  expect(await screen.findByText('The service is not ready')).toBeVisible();
  expect(screen.getByText(/Try again in a minute/)).toBeVisible();
  expect(screen.getByText(/request-1/)).toBeVisible();

  answer(listOrganizations, { organizations: [anOrganization()] });
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'Head office' })).toBeVisible();
});

test('a service that cannot be reached has its own words', async () => {
  failToConnect(listOrganizations);
  renderTab('/organizations');
  expect(await screen.findByText('The service cannot be reached', {}, { timeout: 5_000 })).toBeVisible();
});

test('1.2 and 1.3: New, Name, External Id, Save creates an organization and opens it', async () => {
  const created = anOrganization({ id: organizationIdOf(2), name: 'Sales', externalId: 'sales' });
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listActivity, { activities: [], nextCursor: null });
  const calls = answer(createOrganization, () => {
    answer(listOrganizations, { organizations: [anOrganization(), created] });
    return created;
  });
  const { user } = renderTab('/organizations');

  await user.click(await screen.findByRole('button', { name: 'New' }));
  await user.type(await screen.findByRole('textbox', { name: /Name/ }), 'Sales');
  await user.type(screen.getByRole('textbox', { name: /External Id/ }), 'sales');
  await user.click(screen.getByRole('button', { name: 'Save' }));

  expect(await screen.findByRole('heading', { name: 'Sales', level: 1 })).toBeVisible();
  expect(calls.map(({ body }) => body)).toEqual([
    { name: 'Sales', externalId: 'sales', connectionType: 'graph_app_only' },
  ]);
  expect(window.location.pathname).toBe(`/organizations/${created.id}`);
});

test('what is missing is said beside the field, the first has the focus, and nothing is sent', async () => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  const { user } = renderTab('/organizations');
  await user.click(await screen.findByRole('button', { name: 'New' }));
  await user.type(await screen.findByRole('textbox', { name: /External Id/ }), 'no spaces');
  await user.click(screen.getByRole('button', { name: 'Save' }));

  const name = screen.getByRole('textbox', { name: /Name/ });
  expect(name).toBeInvalid();
  expect(name).toHaveFocus();
  expect(screen.getByText('Enter a name.')).toBeVisible();
  expect(screen.getByText(/at most 64, beginning with/)).toBeVisible();

  await user.type(name, 'Sales');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(screen.getByRole('textbox', { name: /External Id/ })).toHaveFocus();
});

test('an External Id in use is said beside its field', async () => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  refuse(createOrganization, 'organization.external_id_taken');
  const { user } = renderTab('/organizations');
  await user.click(await screen.findByRole('button', { name: 'New' }));
  await user.type(await screen.findByRole('textbox', { name: /Name/ }), 'Sales');
  await user.type(screen.getByRole('textbox', { name: /External Id/ }), 'head-office');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText(/The External Id is in use/)).toBeVisible();
  const externalId = screen.getByRole('textbox', { name: /External Id/ });
  expect(externalId).toBeInvalid();
  await waitFor(() => expect(externalId).toHaveFocus());
});

test('an organization can be renamed; its External Id is read-only', async () => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listActivity, { activities: [], nextCursor: null });
  const calls = answer(updateOrganization, anOrganization({ name: 'Main office' }));
  const { user } = renderTab(`/organizations/${organizationIdOf(1)}`);

  const general = await screen.findByRole('region', { name: 'General' });
  expect(within(general).getByRole('textbox', { name: 'External Id' })).toHaveAttribute('readonly');
  const name = within(general).getByRole('textbox', { name: 'Name' });
  await user.clear(name);
  await user.type(name, 'Main office');
  await user.click(within(general).getByRole('button', { name: 'Save' }));
  await findToast('Main office was saved');
  expect(calls.map(({ body }) => body)).toEqual([{ name: 'Main office' }]);
});

test('an organization with initialized users cannot be deleted, and says why', async () => {
  answer(listOrganizations, { organizations: [anOrganization({ userCount: 3, initializedCount: 2 })] });
  answer(listActivity, { activities: [], nextCursor: null });
  renderTab(`/organizations/${organizationIdOf(1)}`);
  const button = await screen.findByRole('button', { name: 'Delete' });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  expect(button).toHaveAccessibleDescription(
    '2 users with an initialized mailbox: move or remove them first, or force the deletion.',
  );
});

test('users who are not initialized go with their organization, and that is said before', async () => {
  answer(listOrganizations, { organizations: [anOrganization({ userCount: 3 })] });
  answer(listActivity, { activities: [], nextCursor: null });
  const calls = answer(deleteOrganization, undefined);
  const { user } = renderTab(`/organizations/${organizationIdOf(1)}`);
  await user.click(await screen.findByRole('button', { name: 'Delete' }));
  const dialog = await findDialog();
  expect(dialog).toHaveTextContent('its 3 users go, with all check results');
  await user.click(within(dialog).getByRole('button', { name: 'Delete' }));
  await findToast('Head office was deleted');
  expect(calls.map(({ url }) => url.search)).toEqual(['?users=not_initialized']);
});

test('force delete says what goes and waits for the name', async () => {
  answer(listOrganizations, { organizations: [anOrganization({ userCount: 3, initializedCount: 2 })] });
  answer(listActivity, { activities: [], nextCursor: null });
  const calls = answer(forceDeleteOrganization, undefined);
  const { user } = renderTab(`/organizations/${organizationIdOf(1)}`);
  await user.click(await screen.findByRole('button', { name: 'Force delete' }));
  const dialog = await findDialog();
  expect(dialog).toHaveTextContent('3 users, 2 of them with an initialized mailbox');
  expect(dialog).toHaveTextContent('No mailbox is touched');

  const force = within(dialog).getByRole('button', { name: 'Force delete' });
  await user.type(within(dialog).getByRole('textbox'), 'head office');
  expect(force).toHaveAttribute('aria-disabled', 'true');
  await user.clear(within(dialog).getByRole('textbox'));
  await user.type(within(dialog).getByRole('textbox', { name: 'Type Head office to confirm' }), 'Head office');
  await user.click(force);
  await findToast('Head office was deleted');
  expect(calls.map(({ body }) => body)).toEqual([{ name: 'Head office' }]);
});

test('the default organization stays, and cannot be forced either', async () => {
  answer(listOrganizations, { organizations: [anOrganization({ isDefault: true, initializedCount: 1 })] });
  answer(listActivity, { activities: [], nextCursor: null });
  renderTab(`/organizations/${organizationIdOf(1)}`);
  const button = await screen.findByRole('button', { name: 'Delete' });
  expect(button).toHaveAccessibleDescription('The default organization stays.');
  expect(screen.queryByRole('button', { name: 'Force delete' })).not.toBeInTheDocument();
});

test('another connection than Microsoft Graph is recorded as an origin, and the form says what that means', async () => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listActivity, { activities: [], nextCursor: null });
  const calls = answer(createOrganization, anOrganization());
  const { user } = renderTab('/organizations');
  await user.click(await screen.findByRole('button', { name: 'New' }));
  expect(await screen.findByRole('radio', { name: 'Microsoft Graph app-only' })).toBeChecked();
  await user.click(screen.getByRole('radio', { name: 'Hybrid deployment' }));
  expect(screen.getByText(/does not synchronize over this connection/)).toBeVisible();
  await user.type(screen.getByRole('textbox', { name: /Name/ }), 'Plant');
  await user.type(screen.getByRole('textbox', { name: /External Id/ }), 'plant');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await findToast('Head office was created');
  expect(calls.map(({ body }) => body)).toEqual([{ name: 'Plant', externalId: 'plant', connectionType: 'hybrid' }]);
});

test('a recorded origin says that it is not synchronized, and is converted after telling what changes and what stays', async () => {
  answer(listOrganizations, { organizations: [anOrganization({ connectionType: 'ews_on_premises' })] });
  answer(listActivity, { activities: [], nextCursor: null });
  const calls = answer(convertOrganization, () => {
    answer(listOrganizations, { organizations: [anOrganization()] });
    return anOrganization();
  });
  const { user } = renderTab(`/organizations/${organizationIdOf(1)}`);
  expect(await screen.findByText(/does not synchronize over this connection/)).toBeVisible();

  await user.click(screen.getByRole('button', { name: 'Convert to Microsoft Graph app-only' }));
  const dialog = await findDialog();
  expect(dialog).toHaveTextContent('switched by the next check that opens the mailbox');
  expect(dialog).toHaveTextContent('Every user keeps the recorded connection until then');
  expect(dialog).toHaveTextContent('mailboxes of Exchange Online only');
  await user.click(within(dialog).getByRole('button', { name: 'Convert' }));

  await findToast('Head office uses Microsoft Graph now');
  expect(calls).toHaveLength(1);
  await waitFor(() => expect(screen.queryByText('A recorded origin')).not.toBeInTheDocument());
});

test('an empty organization is deleted after asking', async () => {
  answer(listOrganizations, { organizations: [anOrganization({ userCount: 0 })] });
  answer(listActivity, { activities: [], nextCursor: null });
  const calls = answer(deleteOrganization, undefined);
  const { user } = renderTab(`/organizations/${organizationIdOf(1)}`);
  await user.click(await screen.findByRole('button', { name: 'Delete' }));
  const dialog = await screen.findByRole('dialog', { name: 'Delete Head office?' });
  await user.click(within(dialog).getByRole('button', { name: 'Delete' }));
  await findToast('Head office was deleted');
  expect(calls).toHaveLength(1);
  expect(window.location.pathname).toBe('/organizations');
});

test('a link to a section of the page puts the focus there', async () => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listActivity, { activities: [], nextCursor: null });
  const { user } = renderTab(`/organizations/${organizationIdOf(1)}`);
  await user.click(await screen.findByRole('link', { name: 'Rules' }));
  const rules = screen.getByRole('region', { name: 'Rules' });
  expect(within(rules).getByRole('heading', { name: 'Rules' })).toHaveFocus();
});

test('an address of an organization that does not exist leads back to the list', async () => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  renderTab(`/organizations/${organizationIdOf(7)}`);
  expect(await screen.findByRole('heading', { name: 'This organization does not exist' })).toBeVisible();
  expect(screen.getByRole('link', { name: 'Organizations' })).toBeVisible();
});
