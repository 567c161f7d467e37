import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import {
  type ConnectivityCheck,
  listConnectivityChecks,
  resumeConnectivityCheck,
  startTenantCheck,
  watchConnectivityCheck,
} from '../../../contract/mailbox-connectivity.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import { getOverview } from '../../../contract/overview.ts';
import { listUsers } from '../../../contract/users.ts';
import { aCheck, anOrganization, anOverview, countsOf, organizationIdOf } from '../../testing/fixtures.ts';
import { findDialog, renderTab } from '../../testing/render-tab.tsx';
import { answer, neverAnswer, refuse, stream } from '../../testing/service.ts';

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
  expect(await within(await findDialog()).findByRole('textbox', { name: /External Id/ })).toBeVisible();
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

const everywhere: ConnectivityCheck = aCheck({
  scope: 'tenant',
  organizationId: null,
  organizationName: null,
  state: 'running',
  total: 2_000,
  done: 500,
  counts: countsOf({ working: 500 }),
  mailboxesPerSecond: 25,
  finishedAt: null,
});
const granted = anOverview({
  ...filled,
  stages: { ...filled.stages, consent: { ...filled.stages.consent, isDone: true } },
});
const verification = async () => {
  const stages = within(await screen.findByRole('list', { name: 'Stages' })).getAllByRole('listitem');
  return within(stages[2] as HTMLElement);
};

test('everybody in the tenant is checked from here, and the card follows the check to its end', async () => {
  answer(getOverview, granted);
  answer(listOrganizations, { organizations: [anOrganization()] });
  const events = stream(watchConnectivityCheck);
  const calls = answer(startTenantCheck, { check: everywhere, joined: false });
  const { user } = renderTab('/');
  await user.click(await (await verification()).findByRole('button', { name: 'Check everybody' }));

  const card = await verification();
  expect(await card.findByText('Checking mailboxes: Everybody in every organization')).toBeVisible();
  expect(card.getByText('500 of 2,000 mailboxes · about 1 min left')).toBeVisible();
  expect(card.getByText('Running')).toBeVisible();
  expect(card.getByRole('progressbar', { name: 'Checking mailboxes' })).toHaveAttribute('aria-valuenow', '500');
  expect(calls[0]?.body).toEqual({ changeConnection: true });

  await events.send({ ...everywhere, state: 'completed', done: 2_000 });
  expect(await card.findByRole('button', { name: 'Check everybody' })).toBeVisible();
});

test('"check only" counts for everybody, too, and the card says so', async () => {
  window.localStorage.setItem('mailbox-access.check-only', 'yes');
  answer(getOverview, granted);
  answer(listOrganizations, { organizations: [anOrganization()] });
  const calls = answer(startTenantCheck, { check: aCheck({ scope: 'tenant' }), joined: false });
  const { user } = renderTab('/');
  const card = await verification();
  expect(card.getByText(/Check only: nothing will be changed\./)).toBeVisible();
  await user.click(card.getByRole('button', { name: 'Check everybody' }));
  await waitFor(() => expect(calls[0]?.body).toEqual({ changeConnection: false }));
});

test('a check that could not start says why', async () => {
  answer(getOverview, granted);
  answer(listOrganizations, { organizations: [anOrganization()] });
  refuse(startTenantCheck, 'check.blocked_by_excess');
  const { user } = renderTab('/');
  await user.click(await (await verification()).findByRole('button', { name: 'Check everybody' }));
  expect(await screen.findByText('The application holds more than it needs')).toBeVisible();
});

test('fault 41: a check that waits for consent cannot be missed, and can be resumed here', async () => {
  const waiting = { ...everywhere, state: 'paused' as const, pausedBecause: 'consent_changed' as const };
  answer(getOverview, filled);
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listConnectivityChecks, { checks: [waiting] });
  stream(watchConnectivityCheck);
  const calls = answer(resumeConnectivityCheck, { ...waiting, state: 'queued', pausedBecause: null });
  const { user } = renderTab('/');
  expect(await screen.findByText('Paused: consent was withdrawn while the check was running')).toBeVisible();
  expect(screen.getByText(/1,500 mailboxes wait\. Verify the consent, or grant it again\./)).toBeVisible();
  const card = await verification();
  expect(card.getByText('Paused: Everybody in every organization')).toBeVisible();
  await user.click(card.getByRole('button', { name: 'Resume' }));
  expect(await card.findByText(/The check will start in a moment/)).toBeVisible();
  expect(calls).toHaveLength(1);
  expect(screen.queryByText('Paused: consent was withdrawn while the check was running')).not.toBeInTheDocument();
});
