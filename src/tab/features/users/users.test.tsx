import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { startConnectivityCheck, watchConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { forceSynchronization } from '../../../contract/mailbox-sync.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import { listSavedViews, type SavedView, saveView } from '../../../contract/saved-views.ts';
import {
  cancelUserCommand,
  getUserCommand,
  listUserCommandResults,
  startUserCommand,
} from '../../../contract/user-commands.ts';
import {
  countUserFacet,
  countUsers,
  getUser,
  getUserHistory,
  listUsers,
  moveUsers,
  removeUsers,
  type SyncSession,
} from '../../../contract/users.ts';
import type { SyncSessionId } from '../../../domain/ids.ts';
import {
  aCheck,
  aCommandRun,
  anOrganization,
  aUser,
  checkIdOf,
  countsOf,
  detailsOf,
  organizationIdOf,
  runIdOf,
  savedViewIdOf,
  userIdOf,
} from '../../testing/fixtures.ts';
import { findDialog, findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer, neverAnswer, refuse, stream } from '../../testing/service.ts';

const blocked = aUser(1, {
  connectionType: 'ews_impersonation',
  mailboxState: 'not_initialized',
  access: { status: 'blocked', reason: 'mailbox.none', checkedAt: '2026-11-23T10:00:00.000Z' },
});
const people = [blocked, aUser(2), aUser(3)];
const aPage = { users: people, nextCursor: null, counts: countsOf({ blocked: 1, working: 2 }), total: 3 };
const session = {
  id: '6e3b5b41-0000-4000-8000-000000000001' as SyncSessionId,
  state: 'queued',
  startedBy: 'admin',
  requestedAt: '2026-11-23T10:00:00.000Z',
  startedAt: null,
  endedAt: null,
  changes: 0,
  issues: 0,
  reason: null,
  errorCategory: null,
  errorSource: null,
  restarted: [],
  retryAt: null,
} satisfies SyncSession;

function organizations() {
  answer(listOrganizations, {
    organizations: [anOrganization(), anOrganization({ id: organizationIdOf(2), name: 'Sales', externalId: 'sales' })],
  });
}

test('while users are on their way, filters show and no grid', async () => {
  organizations();
  neverAnswer(listUsers);
  renderTab('/users');
  expect(await screen.findByRole('searchbox', { name: 'Search name or address' })).toBeVisible();
  expect(screen.queryByRole('grid')).not.toBeInTheDocument();
});

test('without users there is one thing to do', async () => {
  organizations();
  answer(listUsers, { users: [], nextCursor: null, counts: countsOf(), total: 0 });
  renderTab('/users');
  expect(await screen.findByRole('heading', { name: 'No users yet' })).toBeVisible();
  expect(screen.getAllByRole('button', { name: 'Add users' })).not.toHaveLength(0);
});

test('a list that cannot be loaded says so and comes back', async () => {
  organizations();
  refuse(listUsers, 'internal');
  const { user } = renderTab('/users');
  expect(await screen.findByText('Something went wrong here')).toBeVisible();
  answer(listUsers, aPage);
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('grid', { name: 'Users' })).toBeVisible();
});

test('the grid says how many rows there are and what each says', async () => {
  organizations();
  answer(listUsers, { ...aPage, total: 2_000 });
  renderTab('/users');
  const grid = await screen.findByRole('grid', { name: 'Users' });
  expect(grid).toHaveAttribute('aria-rowcount', '2001');
  const row = within(grid).getByRole('row', { name: /Person 1/ });
  expect(row).toHaveAttribute('aria-rowindex', '2');
  expect(within(row).getByText('Blocked')).toBeVisible();
  expect(within(row).getByText('EWS impersonation')).toBeVisible();
  expect(within(row).getByText('Not initialized')).toBeVisible();
  expect(screen.getByText(/3 users/)).toHaveTextContent('3 users · 1 needs attention');
});

test('a status pill filters, says so in the address, and shows its count', async () => {
  organizations();
  const calls = answer(listUsers, aPage);
  const { user } = renderTab('/users');
  const pill = await screen.findByRole('button', { name: 'Blocked 1' });
  await user.click(pill);
  expect(pill).toHaveAttribute('aria-pressed', 'true');
  expect(window.location.search).toBe('?status=blocked');
  await waitFor(() => expect(calls.at(-1)?.url.searchParams.get('status')).toBe('blocked'));
});

test('typing searches; / goes to the search', async () => {
  organizations();
  const calls = answer(listUsers, aPage);
  const { user } = renderTab('/users');
  await screen.findByRole('grid');
  await user.keyboard('/');
  expect(screen.getByRole('searchbox')).toHaveFocus();
  await user.keyboard('ada');
  await waitFor(() => expect(window.location.search).toBe('?search=ada'));
  await waitFor(() => expect(calls.at(-1)?.url.searchParams.get('search')).toBe('ada'));
});

test('a space at the end stays while rows come, and another list begins at its top', async () => {
  organizations();
  answer(listUsers, aPage);
  const { user } = renderTab('/users');
  const grid = await screen.findByRole('grid');
  grid.scrollTop = 500;
  await user.keyboard('/ada ');
  await waitFor(() => expect(window.location.search).toBe('?search=ada'));
  expect(screen.getByRole('searchbox')).toHaveValue('ada ');
  expect(grid.scrollTop).toBe(0);
  await user.keyboard('l');
  await waitFor(() => expect(window.location.search).toBe('?search=ada+l'));
});

test('rows do not wait for their numbers, which come once they are counted', async () => {
  organizations();
  answer(listUsers, { ...aPage, counts: null, total: null });
  const calls = answer(countUsers, { counts: countsOf({ blocked: 900, working: 9_000 }) });
  renderTab('/users?search=person');
  const grid = await screen.findByRole('grid');
  expect(grid).toHaveAttribute('aria-rowcount', '-1');
  expect(screen.getByText('Counting users…')).toBeVisible();
  expect(await screen.findByRole('button', { name: 'Blocked 900' })).toBeVisible();
  expect(grid).toHaveAttribute('aria-rowcount', '9901');
  expect(calls.map(({ url }) => url.searchParams.get('search'))).toEqual(['person']);
});

test('mailboxes that were disabled are found by their mailbox status', async () => {
  organizations();
  const lists = answer(listUsers, aPage);
  answer(countUserFacet, {
    facet: 'mailboxState',
    counts: { not_initialized: 1, switching: 0, initialized: 900, disabled_due_to_error: 7 },
  });
  const { user } = renderTab('/users');
  await screen.findByRole('grid');
  await user.click(screen.getByRole('combobox', { name: 'Mailbox Status' }));
  await user.click(await screen.findByRole('option', { name: /^Disabled due to an error ?7$/ }));

  await waitFor(() => expect(window.location.search).toBe('?mailbox=disabled_due_to_error'));
  await waitFor(() => expect(lists.at(-1)?.url.searchParams.get('mailboxState')).toBe('disabled_due_to_error'));
  await user.click(screen.getByRole('combobox', { name: 'Mailbox Status' }));
  await user.click(await screen.findByRole('option', { name: 'Any mailbox status' }));
  await waitFor(() => expect(window.location.search).toBe(''));
});

test('a filter’s menu counts what each choice would leave once it is opened; the choice stands in the address', async () => {
  organizations();
  const lists = answer(listUsers, aPage);
  const counted = answer(countUserFacet, {
    facet: 'connection',
    counts: { none: 12, graph_app_only: 3_400, ews_impersonation: 0, ews_on_premises: 0, hybrid: 5 },
  });
  const { user } = renderTab('/users?status=blocked&sync=enabled');
  await screen.findByRole('grid');
  expect(counted).toHaveLength(0);
  await user.click(screen.getByRole('combobox', { name: 'Connection' }));
  await user.click(await screen.findByRole('option', { name: /^Microsoft Graph ?3,400$/ }));

  expect(Object.fromEntries(counted[0]?.url.searchParams ?? [])).toEqual({
    facet: 'connection',
    status: 'blocked',
    sync: 'enabled',
  });
  await waitFor(() => expect(window.location.search).toBe('?status=blocked&connection=graph_app_only&sync=enabled'));
  await waitFor(() => expect(lists.at(-1)?.url.searchParams.get('connection')).toBe('graph_app_only'));
  expect(screen.getByRole('combobox', { name: 'Connection' })).toHaveTextContent('Microsoft Graph');
});

test('arrows move, Space selects, Enter opens, Escape closes and focus returns', async () => {
  organizations();
  answer(listUsers, aPage);
  answer(getUser, ({ url }) => detailsOf(people.find(({ id }) => url.pathname.endsWith(id)) ?? blocked));
  const { user } = renderTab('/users');
  const grid = await screen.findByRole('grid');
  const cell = (name: RegExp | string) => within(grid).getByRole('gridcell', { name });

  act(() => grid.querySelector<HTMLElement>('[tabindex="0"]')?.focus());
  await user.keyboard('{ArrowRight}{ArrowDown}');
  expect(cell('Person 2')).toHaveFocus();
  await user.keyboard(' ');
  expect(within(grid).getByRole('row', { name: /Person 2/ })).toHaveAttribute('aria-selected', 'true');
  expect(screen.getByText('1 selected')).toBeVisible();

  await user.keyboard('{Enter}');
  const drawer = await findDialog();
  expect(await within(drawer).findByRole('heading', { name: /Person 2/ })).toBeVisible();
  expect(window.location.search).toBe(`?user=${userIdOf(2)}`);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(window.location.search).toBe(''));
  await waitFor(() => expect(cell('Person 2')).toHaveFocus());
});

test('one tab stop in the grid, however many rows', async () => {
  organizations();
  answer(listUsers, aPage);
  renderTab('/users');
  const grid = await screen.findByRole('grid');
  expect(grid.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
});

test('the next page comes when the end comes near', async () => {
  organizations();
  const calls = answer(listUsers, ({ url }) =>
    url.searchParams.has('cursor')
      ? { ...aPage, users: [aUser(9)], total: 4 }
      : { ...aPage, nextCursor: 'next', total: 4 },
  );
  renderTab('/users');
  expect(await screen.findByRole('row', { name: /Person 9/ })).toBeVisible();
  expect(calls.map(({ url }) => url.searchParams.get('cursor'))).toEqual([null, 'next']);
});

test('with a selection the command bar has the verbs of the row menu, and those that are off say why', async () => {
  organizations();
  answer(listUsers, aPage);
  const { user } = renderTab('/users');
  await user.click(await screen.findByRole('checkbox', { name: 'Select Person 1' }));
  const bar = screen.getByRole('toolbar', { name: 'Actions' });
  const verbs = [
    'Check Mailbox Connectivity',
    'Force Synchronization',
    'Enable synchronization',
    'Disable synchronization',
    'Reset mailbox',
    'Re-initialize mailbox',
    'Move to organization',
    'Remove',
    'Force remove',
  ];
  const inBar = within(bar)
    .getAllByRole('button')
    .map((button) => button.textContent);
  expect(inBar.filter((name) => verbs.includes(name ?? ''))).toEqual(verbs);
  const sync = within(bar).getByRole('button', { name: 'Force Synchronization' });
  expect(sync).toHaveAttribute('aria-disabled', 'true');
  expect(sync).toHaveAccessibleDescription(/Not connected over Microsoft Graph/);

  await user.click(screen.getByRole('button', { name: 'Actions for Person 1' }));
  const menu = await screen.findByRole('menu');
  expect(
    within(menu)
      .getAllByRole('menuitem')
      .map((item) => item.textContent),
  ).toEqual(verbs);
});

test('a command on all that match is a run that says of each what became of it', async () => {
  organizations();
  answer(listUsers, { ...aPage, total: 4_000 });
  let run = aCommandRun({ state: 'running', total: 4_000, done: 300, filter: {}, finishedAt: null });
  const calls = answer(startUserCommand, () => ({ run, joined: false }));
  answer(getUserCommand, () => run);
  answer(listUserCommandResults, {
    results: [{ userId: userIdOf(2), displayName: 'Person 2', outcome: 'unchanged' }],
    next: null,
  });

  const { user } = renderTab('/users?search=person');
  await user.click(await screen.findByRole('checkbox', { name: 'Select Person 1' }));
  await user.click(screen.getByRole('button', { name: 'Select all 4,000 matching' }));
  expect(screen.getByText('4,000 selected')).toBeVisible();
  expect(screen.getByRole('checkbox', { name: 'Select Person 3' })).toBeChecked();
  await user.click(screen.getByRole('button', { name: 'Disable synchronization' }));

  const drawer = await findDialog();
  expect(window.location.search).toBe(`?search=person&run=${runIdOf(1)}`);
  expect(calls[0]?.body).toEqual({ command: 'disableSync', filter: { search: 'person' } });
  expect(await within(drawer).findByText('300 of 4,000 users')).toBeVisible();
  run = aCommandRun({
    total: 4_000,
    done: 4_000,
    outcomes: [
      { outcome: 'done', count: 3_999 },
      { outcome: 'unchanged', count: 1 },
    ],
  });
  expect(await within(drawer).findByText('Completed', {}, { timeout: 5_000 })).toBeVisible();
  await user.click(within(await findDialog()).getByRole('button', { name: '1 · It was like that before' }));
  expect(await within(await findDialog()).findByRole('link', { name: 'Person 2' })).toHaveAttribute(
    'href',
    `/users?user=${userIdOf(2)}`,
  );
});

test('heads sort, with Shift after what is sorted already; the order stands in the address', async () => {
  organizations();
  const calls = answer(listUsers, aPage);
  const { user } = renderTab('/users');
  const head = (name: string) => screen.getByRole('columnheader', { name: new RegExp(`^${name}`) });
  const sortedBy = () => calls.at(-1)?.url.searchParams.get('sort');
  await screen.findByRole('grid');
  expect(head('Status')).toHaveAttribute('aria-sort', 'ascending');

  await user.click(within(head('Connection')).getByRole('button'));
  await waitFor(() => expect(sortedBy()).toBe('connection'));
  await user.keyboard('{Shift>}');
  await user.click(within(head('Organization')).getByRole('button'));
  await user.click(within(head('Organization')).getByRole('button'));
  await user.keyboard('{/Shift}');

  await waitFor(() => expect(sortedBy()).toBe('connection,-organization'));
  expect(window.location.search).toBe('?sort=connection%2C-organization');
  expect(head('Organization')).toHaveAttribute('aria-sort', 'descending');
});

test('columns are chosen, also those that do not show at first; the name stays', async () => {
  window.localStorage.clear();
  organizations();
  const licensed = aUser(1, { directory: { isLicensed: false, accountEnabled: true, mailboxType: 'shared' } });
  answer(listUsers, { ...aPage, users: [licensed] });
  const { user } = renderTab('/users');
  await screen.findByRole('grid');
  expect(screen.queryByRole('columnheader', { name: 'Mailbox type' })).not.toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Columns' }));
  expect(await screen.findByRole('menuitemcheckbox', { name: 'Name' })).toHaveAttribute('aria-disabled', 'true');
  await user.click(screen.getByRole('menuitemcheckbox', { name: 'Mailbox type' }));
  await user.click(screen.getByRole('menuitemcheckbox', { name: 'Issues' }));
  await user.keyboard('{Escape}');

  expect(await screen.findByText('Shared or resource')).toBeVisible();
  expect(screen.queryByRole('columnheader', { name: 'Issues' })).not.toBeInTheDocument();
  expect(new URLSearchParams(window.location.search).get('columns')).toContain('mailboxType');
  window.localStorage.clear();
});

test('what is shown is kept as a view; the page opens with the one that was chosen for it', async () => {
  organizations();
  answer(listUsers, aPage);
  let views: SavedView[] = [];
  answer(listSavedViews, () => ({ views }));
  const calls = answer(saveView, ({ body }) => {
    const saved = { ...(body as Omit<SavedView, 'id'>), id: savedViewIdOf(1) };
    views = [saved];
    return saved;
  });
  const first = renderTab('/users?status=blocked&sort=-lastSync&columns=name,issues');
  await first.user.click(await screen.findByRole('button', { name: 'Views' }));
  await first.user.click(await screen.findByRole('menuitem', { name: 'Save this view' }));
  const dialog = await findDialog();
  await first.user.type(within(dialog).getByRole('textbox', { name: 'Name of the view' }), 'To fix');
  await first.user.click(within(dialog).getByRole('checkbox', { name: 'Open Users with this view' }));
  await first.user.click(within(dialog).getByRole('button', { name: 'Save' }));
  await findToast('View To fix saved');
  expect(calls[0]?.body).toEqual({
    name: 'To fix',
    isDefault: true,
    view: { list: 'users', filter: { status: 'blocked' }, sort: '-lastSync', columns: ['name', 'issues'] },
  });
  first.unmount();

  renderTab('/users');
  expect(await screen.findByRole('button', { name: 'To fix' })).toBeVisible();
  expect(window.location.search).toBe('?status=blocked&sort=-lastSync&columns=name%2Cissues');
});

test('a user taken out of all that match leaves those that are loaded', async () => {
  organizations();
  answer(listUsers, { ...aPage, total: 4_000 });
  const { user } = renderTab('/users');
  await user.click(await screen.findByRole('checkbox', { name: 'Select Person 1' }));
  await user.click(screen.getByRole('button', { name: 'Select all 4,000 matching' }));
  await user.click(screen.getByRole('checkbox', { name: 'Select Person 2' }));
  expect(await screen.findByText('2 selected')).toBeVisible();
});

test('a run that is under way can be cancelled; who has no result is named', async () => {
  organizations();
  answer(listUsers, aPage);
  let run = aCommandRun({ state: 'running', done: 1, outcomes: [{ outcome: 'done', count: 1 }], finishedAt: null });
  answer(getUserCommand, () => run);
  const calls = answer(cancelUserCommand, () => {
    run = aCommandRun({ state: 'cancelled', done: 1, outcomes: [{ outcome: 'done', count: 1 }] });
    return run;
  });
  const { user } = renderTab(`/users?run=${runIdOf(1)}`);
  const drawer = await findDialog();
  await user.click(await within(drawer).findByRole('button', { name: 'Cancel' }));
  expect(await within(drawer).findByText('2 users left as they were.')).toBeVisible();
  expect(calls).toHaveLength(1);
});

test('switching 4: Check Mailbox Connectivity on one user starts a check and tells its result', async () => {
  organizations();
  answer(listUsers, aPage);
  const calls = answer(startConnectivityCheck, {
    check: aCheck({ state: 'running', total: 1, done: 0, counts: countsOf(), finishedAt: null }),
    joined: false,
  });
  stream(watchConnectivityCheck, () => aCheck({ total: 1, done: 1, counts: countsOf({ working: 1 }) }));
  const { user } = renderTab('/users');
  await user.click(await screen.findByRole('button', { name: 'Actions for Person 1' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Check Mailbox Connectivity' }));

  await findToast('Status: Success');
  await findToast('Check Results: connected successfully');
  expect(calls[0]?.body).toEqual({ userIds: [userIdOf(1)] });
});

test('Force Synchronization tells what was started and what was refused', async () => {
  organizations();
  answer(listUsers, aPage);
  answer(forceSynchronization, session);
  const { user } = renderTab('/users');
  await user.click(await screen.findByRole('button', { name: 'Actions for Person 2' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Force Synchronization' }));
  await findToast('Synchronization started for 1 user');

  refuse(forceSynchronization, 'sync.too_soon');
  await user.click(screen.getByRole('button', { name: 'Actions for Person 2' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Force Synchronization' }));
  await findToast('Synchronized less than a minute ago');
});

test('users move to another organization', async () => {
  organizations();
  answer(listUsers, aPage);
  const calls = answer(moveUsers, { moved: 1, notFound: [] });
  const { user } = renderTab('/users');
  await screen.findByRole('combobox', { name: 'Organization' });
  await user.click(await screen.findByRole('button', { name: 'Actions for Person 2' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Move to organization' }));
  const dialog = await findDialog();
  expect(dialog).toHaveAccessibleName('Move 1 user');
  await user.click(within(dialog).getByRole('button', { name: 'Move' }));
  await findToast('1 user moved to Sales');
  expect(calls[0]?.url.pathname).toBe(`/api/organizations/${organizationIdOf(2)}/moved-users`);
});

test('an initialized user is removed by force alone, after being told what goes', async () => {
  organizations();
  answer(listUsers, aPage);
  const calls = answer(removeUsers, { removed: 1, keptInitialized: [] });
  const { user } = renderTab('/users');
  await user.click(await screen.findByRole('button', { name: 'Actions for Person 2' }));
  const remove = await screen.findByRole('menuitem', { name: 'Remove' });
  expect(remove).toHaveAttribute('aria-disabled', 'true');
  expect(remove).toHaveAccessibleDescription('The mailbox is initialized: use Force remove.');
  await user.click(screen.getByRole('menuitem', { name: 'Force remove' }));
  const dialog = await findDialog();
  expect(dialog).toHaveAccessibleName('Force the removal of 1 user?');
  await user.click(within(dialog).getByRole('button', { name: 'Force remove' }));
  await findToast('1 user removed');
  expect(calls.map(({ body }) => body)).toEqual([{ userIds: [userIdOf(2)], force: true }]);
});

test('a blocked user’s drawer has the verdict, its reason, what to do and who can', async () => {
  organizations();
  answer(listUsers, aPage);
  answer(getUser, detailsOf(blocked));
  renderTab(`/users?user=${userIdOf(1)}`);
  const drawer = await screen.findByRole('dialog');
  expect(
    await within(drawer).findByText('The application cannot open Person 1’s mailbox: the user has no mailbox.'),
  ).toBeVisible();
  expect(within(drawer).getByText('What to do')).toBeVisible();
  expect(within(drawer).getByText(/Assign a licence that includes Exchange Online/)).toBeVisible();
  expect(within(drawer).getByText(/Who can fix it: User or License Administrator/)).toBeVisible();
});

test('fault 119: the drawer of a user whom Microsoft put off for long says when the mailbox is asked again', async () => {
  organizations();
  answer(listUsers, aPage);
  const rescheduledUntil = '2026-11-24T10:00:00.000Z';
  const checkedAt = '2026-11-23T10:00:00.000Z';
  const access = { status: 'could_not_tell', reason: 'microsoft.throttled', checkedAt, rescheduledUntil } as const;
  answer(getUser, detailsOf(aUser(1, { access })));
  renderTab(`/users?user=${userIdOf(1)}`);
  const drawer = await screen.findByRole('dialog');
  const sentence = await within(drawer).findByText(
    /Microsoft put this mailbox off for long\. It is asked again by itself:/,
  );
  expect(within(sentence).getByRole('time')).toHaveAttribute('dateTime', rescheduledUntil);
});

test('a switching user’s drawer has the guide’s words; Cancelled tells the detail', async () => {
  organizations();
  answer(listUsers, aPage);
  answer(
    getUser,
    detailsOf(aUser(2, { mailboxState: 'switching', openIssues: 1 }), {
      syncErrors: [
        {
          kind: 'connection_switching',
          title: 'Cancelled',
          detail: 'The connection type is being switched.',
          reason: null,
          source: null,
          firstSeenAt: '2026-11-23T10:00:00.000Z',
          lastSeenAt: '2026-11-23T10:00:00.000Z',
          count: 1,
          resolvedAt: null,
        },
      ],
      capabilities: [{ capability: 'mail', reason: 'connected', httpStatus: 200, errorCode: null, requestId: 'r' }],
    }),
  );
  const { user } = renderTab(`/users?user=${userIdOf(2)}`);
  const drawer = await screen.findByRole('dialog');
  expect(await within(drawer).findByText('Success')).toBeVisible();
  expect(within(drawer).getByText('Mailbox Status')).toBeVisible();
  expect(within(drawer).getByText('Switching…')).toBeVisible();
  expect(within(drawer).getByRole('heading', { name: 'Sync Error' })).toBeVisible();
  expect(screen.queryByText('The connection type is being switched.')).not.toBeInTheDocument();
  await user.click(within(drawer).getByRole('button', { name: 'Cancelled' }));
  expect(within(drawer).getByText('The connection type is being switched.')).toBeVisible();
});

test('a user’s drawer has the verdicts so far, what was done and by whom, and a link to share', async () => {
  organizations();
  answer(listUsers, aPage);
  answer(getUser, detailsOf(people[1] ?? blocked));
  answer(getUserHistory, {
    verdicts: [
      { checkId: checkIdOf(2), status: 'working', reason: 'connected', at: '2026-11-23T10:00:00.000Z' },
      { checkId: checkIdOf(1), status: 'blocked', reason: 'mailbox.none', at: '2026-11-22T10:00:00.000Z' },
    ],
    audit: [
      {
        at: '2026-11-23T09:00:00.000Z',
        by: 'Megan Bowen',
        what: { kind: 'command', runId: runIdOf(1), command: 'move', outcome: 'done', target: 'Sales' },
      },
      { at: '2026-11-22T09:00:00.000Z', by: null, what: { kind: 'activity', type: 'sync.disabled_due_to_error' } },
    ],
  });
  const { user } = renderTab(`/users?user=${userIdOf(2)}`);
  const drawer = await findDialog();

  const verdicts = within(await within(drawer).findByRole('table', { name: 'Verdicts so far' })).getAllByRole('row');
  expect(verdicts[2]).toHaveTextContent('Blocked');
  expect(verdicts[2]).toHaveTextContent('the user has no mailbox');
  const audit = within(within(drawer).getByRole('table', { name: 'What was done' }));
  expect(audit.getAllByRole('row')[1]).toHaveTextContent('Move to organization: Sales Done');
  expect(audit.getByRole('link', { name: 'Move to organization: Sales' })).toHaveAttribute(
    'href',
    `/users?run=${runIdOf(1)}`,
  );
  expect(audit.getAllByRole('row')[2]).toHaveTextContent('Mailbox Access');
  await user.click(within(drawer).getByRole('button', { name: 'Share a link to this user' }));
  await findToast('Link copied');
  expect(await navigator.clipboard.readText()).toMatch(new RegExp(`/users\\?user=${userIdOf(2)}$`));
});

test('a link to a user who is not here says so', async () => {
  organizations();
  answer(listUsers, aPage);
  refuse(getUser, 'user.not_found');
  renderTab(`/users?user=${userIdOf(77)}`);
  expect(await screen.findByText('The user does not exist here')).toBeVisible();
});

test('a name that looks like markup is text (fault 89)', async () => {
  organizations();
  answer(listUsers, { ...aPage, users: [aUser(1, { displayName: '<img src=x onerror=alert(1)>' })], total: 1 });
  renderTab('/users');
  expect(await screen.findByText('<img src=x onerror=alert(1)>')).toBeVisible();
  expect(document.querySelector('img')).toBeNull();
});
