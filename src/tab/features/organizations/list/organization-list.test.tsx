import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { listActivity } from '../../../../contract/activity.ts';
import { listOrganizations } from '../../../../contract/organizations.ts';
import { listSavedViews, type SavedView, saveView } from '../../../../contract/saved-views.ts';
import { anOrganization, organizationIdOf, savedViewIdOf } from '../../../testing/fixtures.ts';
import { findDialog, findToast, renderTab } from '../../../testing/render-tab.tsx';
import { answer } from '../../../testing/service.ts';

const organizations = [
  anOrganization({
    id: organizationIdOf(1),
    name: 'Default organization',
    externalId: 'default',
    isDefault: true,
    connectionType: 'ews_impersonation',
    userCount: 40,
  }),
  anOrganization({ id: organizationIdOf(2), name: 'Müller Werk 10', externalId: 'mw-10', userCount: 7 }),
  anOrganization({
    id: organizationIdOf(3),
    name: 'Müller Werk 9',
    externalId: 'mw-9',
    syncEnabled: false,
    userCount: 1200,
    initializedCount: 1000,
    mailboxCounts: { not_initialized: 150, switching: 40, initialized: 1000, disabled_due_to_error: 10 },
    consentState: 'authorized',
  }),
];

beforeEach(() => window.localStorage.clear());

async function open(address = '/organizations') {
  answer(listOrganizations, { organizations });
  answer(listActivity, { activities: [], nextCursor: null });
  const rendered = renderTab(address);
  return { ...rendered, grid: await screen.findByRole('grid', { name: 'Organizations' }) };
}

const names = () => screen.getAllByRole('link', { name: /Default|Werk/ }).map(({ textContent }) => textContent);
const head = (name: string) => screen.getByRole('columnheader', { name });

test('a row says connection, users, mailbox status, synchronization and impersonation status in words', async () => {
  await open();
  const row = screen.getByRole('row', { name: /Müller Werk 9/ });
  for (const text of ['mw-9', 'Microsoft Graph', '1,200', '1,000', 'Disabled', 'Authorized']) {
    expect(row).toHaveTextContent(text);
  }
  expect(within(row).getByRole('img', { name: 'Initialized' })).toBeVisible();
  expect(within(row).getByRole('img', { name: 'Disabled due to an error' })).toBeVisible();
  expect(screen.getByRole('row', { name: /Default organization/ })).toHaveTextContent('Not synchronized');
});

test('search finds names and External Ids without accents, and stands in the address', async () => {
  const { user } = await open();
  await user.keyboard('/');
  await user.keyboard('muller werk 9');
  await waitFor(() => expect(window.location.search).toBe('?search=muller+werk+9'));
  await waitFor(() => expect(names()).toEqual(['Müller Werk 9']));
  expect(screen.getByText('1 of 3 organizations')).toBeVisible();
});

test('the address filters and sorts', async () => {
  await open('/organizations?connection=graph_app_only&sort=-users');
  expect(names()).toEqual(['Müller Werk 9', 'Müller Werk 10']);
  expect(head('Users')).toHaveAttribute('aria-sort', 'descending');
  expect(screen.getByRole('combobox', { name: 'Connection' })).toHaveTextContent('Microsoft Graph');
});

test('a filter is chosen and cleared', async () => {
  const { user } = await open('/organizations?search=default');
  await user.click(screen.getByRole('combobox', { name: 'Synchronization' }));
  await user.click(await screen.findByRole('option', { name: 'Disabled' }));
  expect(await screen.findByRole('heading', { name: 'No organization matches' })).toBeVisible();
  expect(window.location.search).toBe('?search=default&sync=disabled');
  await user.click(screen.getByRole('button', { name: 'Clear filters' }));
  expect(names()).toHaveLength(3);
  expect(window.location.search).toBe('');
});

test('heads sort by click: up, down, and the list’s own order again', async () => {
  const { user } = await open();
  const sort = () => user.click(within(head('Name')).getByRole('button'));
  await sort();
  expect(names()).toEqual(['Default organization', 'Müller Werk 9', 'Müller Werk 10']);
  expect(head('Name')).toHaveAttribute('aria-sort', 'ascending');
  await sort();
  expect(names()).toEqual(['Müller Werk 10', 'Müller Werk 9', 'Default organization']);
  await sort();
  expect(names()).toEqual(['Default organization', 'Müller Werk 10', 'Müller Werk 9']);
  expect(window.location.search).toBe('');
});

test('a column that is switched off stays off in this browser; the name cannot be', async () => {
  const { user } = await open();
  await user.click(screen.getByRole('button', { name: 'Columns' }));
  expect(await screen.findByRole('menuitemcheckbox', { name: 'Name' })).toHaveAttribute('aria-disabled', 'true');
  await user.click(screen.getByRole('menuitemcheckbox', { name: 'External Id' }));
  await user.click(screen.getByRole('menuitemcheckbox', { name: 'Last check' }));
  await user.click(screen.getByRole('menuitemcheckbox', { name: 'Created' }));
  await user.keyboard('{Escape}');
  // While the menu is open, the page behind it is not there for whoever reads it aloud.
  expect(await screen.findByRole('columnheader', { name: 'Created' })).toBeVisible();
  expect(screen.queryByRole('columnheader', { name: 'External Id' })).not.toBeInTheDocument();
  expect(window.localStorage.getItem('mailbox-access.organization-columns')).not.toContain('externalId');
});

test('a chosen column for which there is no room is named', async () => {
  const { user } = await open();
  expect(screen.queryByText(/No room here/)).not.toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Columns' }));
  await user.click(await screen.findByRole('menuitemcheckbox', { name: 'Created' }));
  expect(await screen.findByText('No room here for: Created.')).toBeVisible();
});

test('what is shown is kept as a view of organizations alone; the list opens with the one that was chosen for it', async () => {
  const ofUsers: SavedView = {
    id: savedViewIdOf(2),
    name: 'Of users',
    view: { list: 'users', filter: {}, sort: 'name', columns: ['name'] },
    isDefault: true,
  };
  let views: SavedView[] = [ofUsers];
  answer(listSavedViews, () => ({ views }));
  const calls = answer(saveView, ({ body }) => {
    const saved = { ...(body as Omit<SavedView, 'id'>), id: savedViewIdOf(1) };
    views = [ofUsers, saved];
    return saved;
  });
  const { user, unmount } = await open('/organizations?sync=enabled&sort=-users&columns=name,users');
  await user.click(screen.getByRole('button', { name: 'Views' }));
  expect(screen.queryByRole('menuitemradio')).not.toBeInTheDocument();
  await user.click(await screen.findByRole('menuitem', { name: 'Save this view' }));
  const dialog = await findDialog();
  await user.type(await within(dialog).findByRole('textbox', { name: 'Name of the view' }), 'In sync');
  await user.click(within(dialog).getByRole('checkbox', { name: 'Open Organizations with this view' }));
  await user.click(within(dialog).getByRole('button', { name: 'Save' }));
  await findToast('View In sync saved');
  expect(calls[0]?.body).toEqual({
    name: 'In sync',
    isDefault: true,
    view: { list: 'organizations', filter: { sync: 'enabled' }, sort: '-users', columns: ['name', 'users'] },
  });
  unmount();

  // An organization's own page is not the list: the view shows once the admin comes to that.
  const again = renderTab(`/organizations/${organizationIdOf(2)}`);
  expect(await screen.findByRole('heading', { name: 'Müller Werk 10', level: 1 })).toBeVisible();
  await again.user.click(screen.getByRole('tab', { name: 'Organizations' }));
  expect(await screen.findByRole('button', { name: 'In sync' })).toBeVisible();
  expect(window.location.search).toBe('?sync=enabled&sort=-users&columns=name%2Cusers');
  expect(screen.getAllByRole('columnheader')).toHaveLength(4);
});

test('arrows move with one tab stop, Space selects, Enter opens', async () => {
  const { user, grid } = await open();
  expect(grid.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
  act(() => grid.querySelector<HTMLElement>('[tabindex="0"]')?.focus());
  await user.keyboard('{ArrowDown}{ArrowRight}');
  expect(within(screen.getByRole('row', { name: /Werk 10/ })).getByText('mw-10')).toHaveFocus();
  await user.keyboard(' ');
  expect(screen.getByRole('row', { name: /Werk 10/ })).toHaveAttribute('aria-selected', 'true');
  expect(grid.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
  await user.keyboard('{Enter}');
  expect(await screen.findByRole('heading', { name: 'Müller Werk 10', level: 1 })).toBeVisible();
});

test('Space on a link selects and Enter on it opens', async () => {
  const { user } = await open();
  act(() => screen.getByRole('link', { name: 'Müller Werk 9' }).focus());
  await user.keyboard(' ');
  expect(screen.getByRole('row', { name: /Werk 9/ })).toHaveAttribute('aria-selected', 'true');
  await user.keyboard('{Enter}');
  expect(window.location.pathname).toBe(`/organizations/${organizationIdOf(3)}`);
});
