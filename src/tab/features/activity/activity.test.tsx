import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { type Activity, listActivity } from '../../../contract/activity.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import { anOrganization } from '../../testing/fixtures.ts';
import { renderTab } from '../../testing/render-tab.tsx';
import { answer, neverAnswer, refuse } from '../../testing/service.ts';
import { en } from '../../texts/en.ts';
import { createFormat } from '../../texts/format.ts';
import { activityDetail } from './activity-detail.ts';

const created: Activity = {
  id: '1',
  at: '2026-11-23T10:00:00.000Z',
  type: 'organization.created',
  by: 'Megan Bowen',
  organizationName: 'Head office',
  details: { externalId: 'head-office' },
};

test('newest first, with who and what', async () => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listActivity, {
    activities: [
      { ...created, id: '2', type: 'check.ended', by: null, details: { mailboxes: 3, working: 3 } },
      created,
    ],
    nextCursor: null,
  });
  renderTab('/activity');
  const rows = within(await screen.findByRole('table', { name: 'Activity' })).getAllByRole('row');
  expect(rows[1]).toHaveTextContent('Check ended 3 mailboxes · Working 3');
  expect(rows[1]).toHaveTextContent('Mailbox Access');
  expect(rows[2]).toHaveTextContent('Organization created head-office');
  expect(rows[2]).toHaveTextContent('Megan Bowen');
});

test('older ones come by asking', async () => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listActivity, ({ url }) =>
    url.searchParams.has('cursor')
      ? { activities: [{ ...created, id: '2', by: 'Adele Vance' }], nextCursor: null }
      : { activities: [created], nextCursor: 'older' },
  );
  const { user } = renderTab('/activity');
  await user.click(await screen.findByRole('button', { name: 'Show older' }));
  expect(await screen.findByText('Adele Vance')).toBeVisible();
});

test('nothing yet, waiting and failed', async () => {
  answer(listOrganizations, { organizations: [] });
  answer(listActivity, { activities: [], nextCursor: null });
  const { unmount } = renderTab('/activity');
  expect(await screen.findByRole('heading', { name: 'Nothing has happened yet' })).toBeVisible();
  unmount();

  neverAnswer(listActivity);
  const waiting = renderTab('/activity');
  expect(await screen.findByRole('heading', { name: 'Activity' })).toBeVisible();
  expect(screen.queryByRole('table')).not.toBeInTheDocument();
  waiting.unmount();

  refuse(listActivity, 'internal');
  renderTab('/activity');
  expect(await screen.findByText('Something went wrong here')).toBeVisible();
});

const format = createFormat('en-GB', 'en');
test.each<[Activity['type'], Activity['details'], string]>([
  ['organization.updated', { formerName: 'A', name: 'B' }, 'A → B'],
  ['organization.updated', { syncEnabled: false }, 'Synchronization: Disabled'],
  ['users.added', { users: 1 }, '1 user'],
  ['consent.redeemed', { outcome: 'declined', entraCode: 'AADSTS65004' }, 'cancelled · AADSTS65004'],
  ['consent.verified', { state: 'authorized', granted: 4 }, 'Impersonation status: Authorized'],
  ['check.started', { mailboxes: 2_000, changesConnection: false }, '2,000 mailboxes · Check only, change nothing'],
  ['sync.forced', { user: 'Ada' }, 'Ada'],
  ['scope.leak_found', { leaks: 3, outside: 40 }, '3 of 40 mailboxes outside the group are readable'],
  ['drift.found', { what: 'grant_added', subject: 'Mail.Send' }, 'Mail.Send'],
])('%s with %o reads "%s"', (type, details, words) => {
  expect(activityDetail({ ...created, type, details }, en(format), format)).toBe(words);
});
