import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { getConsent } from '../../../contract/consent.ts';
import {
  type ConnectivityCheck,
  cancelConnectivityCheck,
  listConnectivityChecks,
  startConnectivityCheck,
} from '../../../contract/mailbox-connectivity.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import { aCheck, anOrganization, authorized, countsOf, organizationIdOf } from '../../testing/fixtures.ts';
import { renderTab } from '../../testing/render-tab.tsx';
import { answer, neverAnswer, refuse } from '../../testing/service.ts';

const address = `/connectivity?organization=${organizationIdOf(1)}`;
const running: ConnectivityCheck = aCheck({
  state: 'running',
  total: 2_000,
  done: 840,
  counts: countsOf({ blocked: 40, working: 800 }),
  mailboxesPerSecond: 100,
  finishedAt: null,
});
const button = { name: 'Check Users Exchange Impersonated Access' };

function service(check: ConnectivityCheck | undefined, organization = anOrganization({ consentState: 'authorized' })) {
  answer(listOrganizations, { organizations: [organization] });
  answer(getConsent, authorized);
  answer(listConnectivityChecks, { checks: check ? [check] : [] });
}

test('never run', async () => {
  service(undefined);
  renderTab(address);
  expect(await screen.findByText('No check has run for this organization yet.')).toBeVisible();
});

test('nobody to check: the button says why it is off', async () => {
  service(undefined, anOrganization({ userCount: 0 }));
  renderTab(address);
  expect(await screen.findByRole('button', button)).toHaveAccessibleDescription('Add users first.');
});

test('3.3: the check starts, shows its progress, and ends with the guide’s words', async () => {
  service(undefined);
  const calls = answer(startConnectivityCheck, () => {
    answer(listConnectivityChecks, { checks: [aCheck({ total: 2_000, counts: countsOf({ working: 2_000 }) })] });
    return { check: running, joined: false };
  });
  const { user } = renderTab(address);
  await screen.findByText('No check has run for this organization yet.');
  await user.click(screen.getByRole('button', button));

  const bar = await screen.findByRole('progressbar', { name: 'Checking mailboxes' });
  expect(bar).toHaveAttribute('aria-valuenow', '840');
  expect(bar).toHaveAttribute('aria-valuemax', '2000');
  expect(screen.getByText(/840 of 2,000 mailboxes · 100 mailboxes per second · about 12 sec/)).toBeVisible();
  expect(screen.getByRole('button', button)).toHaveAttribute('aria-disabled', 'true');

  expect(await screen.findByText('Status: Success', {}, { timeout: 3_000 })).toBeVisible();
  expect(screen.getByText('Check Results: connected successfully')).toBeVisible();
  expect(calls[0]?.body).toEqual({ changeConnection: true });
});

test('"check only" is sent and remembered', async () => {
  service(undefined);
  const calls = answer(startConnectivityCheck, { check: aCheck(), joined: false });
  const { user, unmount } = renderTab(address);
  await user.click(await screen.findByRole('switch', { name: 'Check only, change nothing' }));
  await user.click(screen.getByRole('button', button));
  await waitFor(() => expect(calls[0]?.body).toEqual({ changeConnection: false }));
  unmount();
  renderTab(address);
  expect(await screen.findByRole('switch', { name: 'Check only, change nothing' })).toBeChecked();
});

test('Microsoft’s wait is one line', async () => {
  service({ ...running, throttledUntil: new Date(Date.now() + 9_500).toISOString() });
  renderTab(address);
  expect(await screen.findByText(/Microsoft asked us to wait (9|10) sec/)).toBeVisible();
});

test('a running check can be cancelled; what it found stays', async () => {
  service(running);
  const calls = answer(cancelConnectivityCheck, () => {
    answer(listConnectivityChecks, { checks: [{ ...running, state: 'cancelled', finishedAt: running.createdAt }] });
    return { ...running, state: 'cancelling' as const };
  });
  const { user } = renderTab(address);
  await user.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText(/The last check was cancelled\. Stopped\. What was found so far stays/)).toBeVisible();
  expect(calls).toHaveLength(1);
});

test('the result names what is wrong, most people first, and leads to them', async () => {
  service(
    aCheck({
      total: 100,
      counts: countsOf({ working: 90, blocked: 10 }),
      causes: [{ reason: 'policy.application_access_policy', status: 'blocked', count: 10 }],
    }),
  );
  renderTab(address);
  expect(await screen.findByText('90 of 100 mailboxes connected successfully')).toBeVisible();
  const causes = screen.getByRole('list', { name: 'Why mailboxes are not working' });
  expect(causes).toHaveTextContent('10 mailboxes: an application access policy keeps the mailbox closed');
  expect(within(causes).getByRole('link')).toHaveAttribute(
    'href',
    `/users?organization=${organizationIdOf(1)}&status=blocked`,
  );
  expect(screen.queryByText('Status: Success')).not.toBeInTheDocument();
});

test('a check that could not start says why', async () => {
  service(undefined);
  refuse(startConnectivityCheck, 'check.nobody');
  const { user } = renderTab(address);
  await user.click(await screen.findByRole('button', button));
  expect(await screen.findByText('There is nobody to check')).toBeVisible();
});

test('waiting shows no result', async () => {
  service(undefined);
  neverAnswer(listConnectivityChecks);
  renderTab(address);
  expect(await screen.findByRole('heading', { name: 'Check' })).toBeVisible();
  expect(screen.queryByText(/No check has run/)).not.toBeInTheDocument();
});
