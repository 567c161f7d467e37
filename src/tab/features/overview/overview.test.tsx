import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { listOrganizations } from '../../../contract/organizations.ts';
import { getOverview } from '../../../contract/overview.ts';
import { listUsers } from '../../../contract/users.ts';
import { anOrganization, anOverview, countsOf, organizationIdOf } from '../../testing/fixtures.ts';
import { renderTab } from '../../testing/render-tab.tsx';
import { answer, neverAnswer, refuse } from '../../testing/service.ts';

const filled = anOverview({
  counts: countsOf({ working: 1_874, blocked: 80, limited: 46 }),
  total: 2_000,
  causes: [
    { reason: 'mailbox.none', status: 'blocked', count: 80 },
    { reason: 'consent.permission_missing', status: 'limited', count: 46 },
  ],
  lastCheckAt: '2026-11-23T10:00:00.000Z',
  stages: {
    organization: { isDone: true, organizations: 1, users: 2_000 },
    consent: {
      isDone: false,
      organizations: [{ organizationId: organizationIdOf(1), name: 'Head office', state: 'partly_authorized' }],
      verifiedAt: null,
      grantedBy: null,
    },
    verification: { isDone: false, isRunning: false },
  },
});

test('waiting shows neither numbers nor an invitation', async () => {
  answer(listOrganizations, { organizations: [] });
  neverAnswer(getOverview);
  renderTab('/');
  expect(await screen.findByRole('tab', { name: 'Overview', selected: true })).toBeVisible();
  expect(screen.queryByRole('heading', { level: 1 })).not.toBeInTheDocument();
});

test('an empty tenant is invited: three stages, one button', async () => {
  answer(getOverview, anOverview());
  answer(listOrganizations, { organizations: [] });
  const { user } = renderTab('/');
  const stages = await screen.findByRole('list', { name: 'Stages' });
  expect(within(stages).getAllByRole('listitem')).toHaveLength(3);
  expect(within(stages).getAllByRole('button')).toHaveLength(1);
  await user.click(within(stages).getByRole('button', { name: 'Create the first organization' }));
  expect(await screen.findByRole('textbox', { name: /External Id/ })).toBeVisible();
});

test('a default organization alone still invites to create the first one', async () => {
  answer(
    getOverview,
    anOverview({ stages: { ...anOverview().stages, organization: { isDone: false, organizations: 1, users: 0 } } }),
  );
  answer(listOrganizations, { organizations: [anOrganization({ isDefault: true, userCount: 0 })] });
  renderTab('/');
  expect(await screen.findByRole('button', { name: 'Create the first organization' })).toBeVisible();
});

test('the sentence answers first; what needs attention follows, most people first', async () => {
  answer(getOverview, filled);
  answer(listOrganizations, { organizations: [anOrganization()] });
  renderTab('/');
  expect(await screen.findByRole('heading', { level: 1, name: '1,874 of 2,000 mailboxes verified.' })).toBeVisible();
  expect(screen.getByText('126 need attention.')).toBeVisible();
  const causes = within(screen.getByRole('list', { name: 'Needs attention' })).getAllByRole('listitem');
  expect(causes[0]).toHaveTextContent('80 mailboxes: the user has no mailbox');
  expect(causes[0]).toHaveTextContent('Who can fix it: User or License Administrator');
  expect(causes[1]).toHaveTextContent('46 mailboxes: a permission is not granted');
});

test('only the next stage has the primary button; done ones show their evidence', async () => {
  answer(getOverview, filled);
  answer(listOrganizations, { organizations: [anOrganization()] });
  renderTab('/');
  const stages = within(await screen.findByRole('list', { name: 'Stages' })).getAllByRole('listitem');
  expect(stages[0]).toHaveTextContent('Done');
  expect(stages[0]).toHaveTextContent('1 organization with 2,000 users.');
  expect(within(stages[1] as HTMLElement).getByRole('button', { name: 'Grant consent' })).toBeVisible();
  expect(within(stages[2] as HTMLElement).queryByRole('button')).not.toBeInTheDocument();
});

test('a part of the split opens the users behind it', async () => {
  answer(getOverview, filled);
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listUsers, { users: [], nextCursor: null, counts: countsOf(), total: 0 });
  const { user } = renderTab('/');
  await user.click(await screen.findByRole('link', { name: 'Blocked 80: show these users' }));
  expect(window.location.pathname + window.location.search).toBe('/users?status=blocked');
});

test('a failure says what to do', async () => {
  answer(listOrganizations, { organizations: [] });
  refuse(getOverview, 'service.unavailable');
  renderTab('/');
  expect(await screen.findByText('The service is not ready')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
});
