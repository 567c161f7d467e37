import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { getConsent } from '../../../contract/consent.ts';
import {
  type ConnectivityCheck,
  getConnectivityCheck,
  listConnectivityChecks,
  retryConnectivityCheck,
  watchConnectivityCheck,
} from '../../../contract/mailbox-connectivity.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import { aCheck, anOrganization, authorized, checkIdOf, countsOf, organizationIdOf } from '../../testing/fixtures.ts';
import { findDialog, renderTab } from '../../testing/render-tab.tsx';
import { answer, refuse, stream } from '../../testing/service.ts';

const address = `/connectivity?organization=${organizationIdOf(1)}`;
const latest = aCheck();
const ofGroup = aCheck({
  id: checkIdOf(2),
  scope: 'group',
  groupName: 'Sales',
  total: 40,
  counts: countsOf({ working: 33, blocked: 7 }),
  startedBy: { ...latest.startedBy, displayName: 'Alex Wilber' },
});
const stopped = aCheck({ id: checkIdOf(3), state: 'cancelled', total: 9, counts: countsOf({ working: 2 }) });
const all = [latest, ofGroup, stopped];

beforeEach(() => {
  answer(listOrganizations, { organizations: [anOrganization({ consentState: 'authorized' })] });
  answer(getConsent, authorized);
  answer(listConnectivityChecks, ({ url }) => ({
    checks: url.searchParams.get('covering') === 'everybody' ? [latest] : all,
  }));
  answer(getConnectivityCheck, ({ url }) => all.find(({ id }) => url.pathname.endsWith(id)) as ConnectivityCheck);
});

test('every check is listed with when, whom it covers, what it found, who started it and how it ended', async () => {
  renderTab(address);
  const table = await screen.findByRole('table', { name: 'Earlier checks' });
  const rows = within(table).getAllByRole('row').slice(1);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toHaveTextContent(/Members of Sales.*Alex Wilber.*Completed/);
  expect(within(rows[0] as HTMLElement).getByRole('img', { name: 'Blocked' })).toBeVisible();
  expect(rows[1]).toHaveTextContent(/Everybody in Head office.*Cancelled/);
});

test('a row opens the check over the page, in the address; Escape returns to where it was', async () => {
  const { user } = renderTab(address);
  const link = await screen.findByRole('link', { name: 'Members of Sales' });
  await user.click(link);
  const dialog = await findDialog();
  expect(within(dialog).getByRole('heading', { name: 'Members of Sales' })).toBeVisible();
  expect(await within(dialog).findByText('33 of 40 mailboxes connected successfully')).toBeVisible();
  expect(window.location.search).toContain(`check=${checkIdOf(2)}`);

  await user.keyboard('{Escape}');
  await waitFor(() => expect(window.location.search).toBe(`?organization=${organizationIdOf(1)}`));
});

test('a link opens a check, followed while it runs', async () => {
  const events = stream(watchConnectivityCheck);
  answer(getConnectivityCheck, { ...ofGroup, state: 'running', done: 10, finishedAt: null });
  renderTab(`${address}&check=${checkIdOf(2)}`);
  const dialog = await findDialog();
  expect(await within(dialog).findByText('10 of 40 mailboxes')).toBeVisible();
  await events.send({ ...ofGroup, done: 40 });
  expect(await within(dialog).findByText('33 of 40 mailboxes connected successfully')).toBeVisible();
});

test('those that an earlier check could not tell are checked again from there', async () => {
  const unclear = aCheck({ id: checkIdOf(4), total: 5, counts: countsOf({ working: 2, could_not_tell: 3 }) });
  const again = aCheck({ id: checkIdOf(5), scope: 'retry', retryOf: unclear.id, total: 3, state: 'running', done: 0 });
  stream(watchConnectivityCheck);
  answer(getConnectivityCheck, unclear);
  answer(retryConnectivityCheck, { check: again, joined: false });
  const { user } = renderTab(`${address}&check=${unclear.id}`);
  const dialog = await findDialog();
  await user.click(await within(dialog).findByRole('button', { name: 'Check again the 3 that could not be told' }));
  expect(await within(dialog).findByRole('heading', { name: /Again: 3 mailboxes/ })).toBeVisible();
  expect(window.location.search).toContain(`check=${again.id}`);
});

test('a check that is gone says so', async () => {
  refuse(getConnectivityCheck, 'check.not_found');
  renderTab(`${address}&check=${checkIdOf(9)}`);
  expect(await within(await findDialog()).findByText('The check does not exist')).toBeVisible();
});

test('no other check: one sentence', async () => {
  answer(listConnectivityChecks, { checks: [latest] });
  renderTab(address);
  expect(await screen.findByText('No other check has run for this organization.')).toBeVisible();
});
