import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { listActivity } from '../../../contract/activity.ts';
import { getConsent } from '../../../contract/consent.ts';
import { reinitializeMailboxes, resetMailboxes, switchSynchronization } from '../../../contract/mailbox-sync.ts';
import { listOrganizations, updateOrganization } from '../../../contract/organizations.ts';
import { getUser, listUsers, type SyncError, type SyncSession } from '../../../contract/users.ts';
import type { SyncSessionId } from '../../../domain/ids.ts';
import {
  aConsent,
  anOrganization,
  aUser,
  countsOf,
  detailsOf,
  organizationIdOf,
  userIdOf,
} from '../../testing/fixtures.ts';
import { findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer, refuse } from '../../testing/service.ts';

const at = '2026-11-23T10:00:00.000Z';
const succeeded: SyncSession = {
  id: '6e3b5b41-0000-4000-8000-000000000001' as SyncSessionId,
  state: 'succeeded',
  startedBy: 'schedule',
  requestedAt: at,
  startedAt: at,
  endedAt: '2026-11-23T10:00:20.000Z',
  changes: 1234,
  issues: 0,
  reason: null,
  errorCategory: null,
  errorSource: null,
  restarted: [],
  retryAt: null,
};
const lost: SyncSession = {
  ...succeeded,
  id: '6e3b5b41-0000-4000-8000-000000000002' as SyncSessionId,
  state: 'failed',
  changes: 0,
  issues: 1,
  reason: 'sync.licence_lost',
  errorCategory: 'mailbox',
  errorSource: { capability: 'mail', resource: 'inbox' },
};
const licenceLost: SyncError = {
  kind: 'mailbox',
  title: 'Mailbox error',
  detail: 'The mailbox was active and is not any more.',
  reason: 'sync.licence_lost',
  source: { capability: 'mail', resource: 'inbox' },
  firstSeenAt: at,
  lastSeenAt: at,
  count: 3,
  resolvedAt: null,
};

function users(...people: ReturnType<typeof aUser>[]) {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listUsers, {
    users: people,
    nextCursor: null,
    counts: countsOf({ working: people.length }),
    total: people.length,
  });
}

async function openDrawer() {
  const drawer = await screen.findByRole('dialog');
  return { drawer, table: await within(drawer).findByRole('table', { name: 'Sync sessions' }) };
}

test('a lost licence: state, session with category and source, what to do and who can', async () => {
  const ada = aUser(1, { mailboxState: 'disabled_due_to_error', openIssues: 1 });
  users(ada);
  answer(getUser, detailsOf(ada, { syncSessions: [lost, succeeded], syncErrors: [licenceLost] }));
  const { user } = renderTab(`/users?user=${userIdOf(1)}`);

  const { drawer, table } = await openDrawer();
  const [, failed, before] = within(table).getAllByRole('row');
  expect(
    within(failed as HTMLElement)
      .getAllByRole('cell')
      .map((cell) => cell.textContent),
  ).toEqual([expect.stringMatching(/23 Nov/), expect.stringMatching(/23 Nov/), 'Failed', '', 'Mailbox', 'Mail: Inbox']);
  expect(within(before as HTMLElement).getByText('1,234')).toBeVisible();
  expect(within(drawer).getByText('Disabled due to an error')).toBeVisible();
  expect(within(drawer).getByText('Not synchronized by schedule')).toBeVisible();

  await user.click(within(drawer).getByRole('button', { name: 'Mailbox error' }));
  expect(await within(drawer).findByText(/Assign a licence that includes Exchange Online/)).toBeVisible();
  expect(within(drawer).getByText('Who can fix it: User or License Administrator')).toBeVisible();
  expect(within(drawer).getByText(/Seen 3 times/)).toBeVisible();
});

test('410: a session that started over says what it read from the beginning', async () => {
  const ada = aUser(1);
  users(ada);
  answer(
    getUser,
    detailsOf(ada, { nextSyncAt: at, syncSessions: [{ ...succeeded, restarted: ['inbox', 'calendar'] }] }),
  );
  renderTab(`/users?user=${userIdOf(1)}`);

  const { drawer } = await openDrawer();
  expect(within(drawer).getByText(/had forgotten how far it was read: Inbox and Calendar/)).toBeVisible();
  expect(within(drawer).getByText('Next synchronization')).toBeVisible();
});

test('a session that Microsoft asked to wait is postponed, not failed, and says when it is tried again', async () => {
  const ada = aUser(1);
  users(ada);
  const postponed: SyncSession = {
    ...lost,
    state: 'postponed',
    reason: 'microsoft.throttled',
    errorCategory: 'throttling',
    retryAt: at,
  };
  answer(getUser, detailsOf(ada, { syncSessions: [postponed] }));
  renderTab(`/users?user=${userIdOf(1)}`);

  const { drawer, table } = await openDrawer();
  expect(within(table).getByText('Postponed')).toBeVisible();
  expect(within(table).getByText('Throttling')).toBeVisible();
  expect(within(drawer).getByText(/Tried again/)).toBeVisible();
});

test.each([
  ['Disable synchronization', switchSynchronization, { enabled: false }, 'Synchronization disabled for 1 user'],
  ['Reset mailbox', resetMailboxes, {}, '1 mailbox reset; the next session reads from the beginning'],
  ['Re-initialize mailbox', reinitializeMailboxes, {}, 'Re-initializing 1 mailbox'],
] as const)('%s tells what was done', async (name, endpoint, more, toast) => {
  users(aUser(1));
  const calls = answer(endpoint, { results: [{ userId: userIdOf(1), outcome: 'done' }] });
  const { user } = renderTab('/users');
  await user.click(await screen.findByRole('checkbox', { name: 'Select Person 1' }));
  await user.click(screen.getByRole('button', { name }));

  await findToast(toast);
  expect(calls[0]?.body).toEqual({ userIds: [userIdOf(1)], ...more });
});

test('for whom nothing was done, the reason is told', async () => {
  users(aUser(1));
  answer(reinitializeMailboxes, { results: [{ userId: userIdOf(1), outcome: 'switched_off' }] });
  const { user } = renderTab('/users');
  await user.click(await screen.findByRole('checkbox', { name: 'Select Person 1' }));
  await user.click(screen.getByRole('button', { name: 'Re-initialize mailbox' }));

  await findToast('Nothing was done for 1 user: the synchronization is disabled.');
});

test('a command that fails says cause and remedy', async () => {
  users(aUser(1));
  refuse(resetMailboxes, 'internal');
  const { user } = renderTab('/users');
  await user.click(await screen.findByRole('checkbox', { name: 'Select Person 1' }));
  await user.click(screen.getByRole('button', { name: 'Reset mailbox' }));

  await findToast('Something went wrong here');
});

test.each([
  ['Enable synchronization', {}, 'Synchronization is enabled.'],
  ['Disable synchronization', { syncSwitches: { user: false, organization: true } }, 'Synchronization is disabled.'],
  ['Reset mailbox', { mailboxState: 'not_initialized' }, 'The mailbox is not initialized.'],
  [
    'Force Synchronization',
    { syncEnabled: false, syncSwitches: { user: true, organization: false } },
    'The synchronization of the organization is disabled.',
  ],
  [
    'Re-initialize mailbox',
    { syncEnabled: false, syncSwitches: { user: false, organization: true } },
    'The synchronization of the user is disabled.',
  ],
  ['Re-initialize mailbox', { connectionType: 'none' }, /Not connected over Microsoft Graph/],
] as const)('%s is off and says why: %o', async (name, some, why) => {
  users(aUser(1, some));
  const { user } = renderTab('/users');
  await user.click(await screen.findByRole('checkbox', { name: 'Select Person 1' }));

  const button = screen.getByRole('button', { name });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  expect(button).toHaveAccessibleDescription(why);
});

test('the interval of an organization is saved; what is not possible is said beside the field', async () => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listActivity, { activities: [], nextCursor: null });
  answer(getConsent, aConsent());
  const calls = answer(updateOrganization, anOrganization({ syncIntervalMinutes: 60 }));
  const { user } = renderTab(`/organizations/${organizationIdOf(1)}`);
  const field = await screen.findByRole('textbox', { name: 'Synchronize every (minutes)' });

  await user.clear(field);
  await user.type(field, '3');
  expect(screen.getByText('Enter whole minutes from 5 to 1,440.')).toBeVisible();
  await user.clear(field);
  await user.type(field, '60');
  await user.click(screen.getByRole('button', { name: 'Save' }));

  await findToast('Head office was saved');
  expect(calls.map(({ body }) => body)).toEqual([{ syncIntervalMinutes: 60 }]);
});
