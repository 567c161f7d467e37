import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { getConsent } from '../../../contract/consent.ts';
import {
  type ConnectivityCheck,
  cancelConnectivityCheck,
  compareConnectivityCheck,
  listConnectivityChecks,
  pauseConnectivityCheck,
  resumeConnectivityCheck,
  retryConnectivityCheck,
  startConnectivityCheck,
  watchConnectivityCheck,
} from '../../../contract/mailbox-connectivity.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import {
  aCheck,
  aComparison,
  anOrganization,
  authorized,
  checkIdOf,
  countsOf,
  organizationIdOf,
} from '../../testing/fixtures.ts';
import { renderTab } from '../../testing/render-tab.tsx';
import { answer, type FakeStream, neverAnswer, refuse, stream } from '../../testing/service.ts';

const address = `/connectivity?organization=${organizationIdOf(1)}`;
const running: ConnectivityCheck = aCheck({
  state: 'running',
  total: 2_000,
  done: 840,
  counts: countsOf({ blocked: 40, working: 800 }),
  mailboxesPerSecond: 100,
  finishedAt: null,
});
const paused = (because: 'admin' | 'consent_changed'): ConnectivityCheck => ({
  ...running,
  state: 'paused',
  pausedBecause: because,
  mailboxesPerSecond: null,
});
const button = { name: 'Check Users Exchange Impersonated Access' };
const section = () => screen.findByRole('region', { name: 'Check' });

let events: FakeStream<ConnectivityCheck>;
let checks: ConnectivityCheck[];
beforeEach(() => {
  checks = [];
  events = stream(watchConnectivityCheck);
});

function service(latest: ConnectivityCheck | undefined, organization = anOrganization({ consentState: 'authorized' })) {
  checks = latest ? [latest] : [];
  answer(listOrganizations, { organizations: [organization] });
  answer(getConsent, authorized);
  answer(listConnectivityChecks, ({ url }) => {
    const isEverybody = url.searchParams.get('covering') === 'everybody';
    return { checks: checks.filter(({ scope }) => !isEverybody || scope === 'organization' || scope === 'tenant') };
  });
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
  const calls = answer(startConnectivityCheck, { check: running, joined: false });
  const { user } = renderTab(address);
  await screen.findByText('No check has run for this organization yet.');
  await user.click(screen.getByRole('button', button));

  const bar = await screen.findByRole('progressbar', { name: 'Checking mailboxes' });
  expect(bar).toHaveAttribute('aria-valuenow', '840');
  expect(bar).toHaveAttribute('aria-valuemax', '2000');
  expect(screen.getByText(/840 of 2,000 mailboxes · 100 mailboxes per second · about 12 sec/)).toBeVisible();
  expect(screen.getByRole('button', button)).toHaveAttribute('aria-disabled', 'true');
  // The section is far below the button.
  expect(screen.getByRole('heading', { name: 'Check' })).toHaveFocus();

  await events.send(aCheck({ total: 2_000, counts: countsOf({ working: 2_000 }) }));
  expect(await screen.findByText('Status: Success')).toBeVisible();
  expect(screen.getByText('Check Results: connected successfully')).toBeVisible();
  expect(calls[0]?.body).toEqual({ changeConnection: true });
  expect(events.calls).toHaveLength(1);
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

test('counts, rate and the first causes come as the service tells them', async () => {
  service(running);
  renderTab(address);
  await screen.findByText(/840 of 2,000 mailboxes/);

  const reasons = ['mailbox.none', 'policy.application_access_policy', 'mailbox.not_in_directory', 'consent.changed'];
  await events.send({
    ...running,
    done: 1_900,
    counts: countsOf({ blocked: 100, working: 1_800 }),
    mailboxesPerSecond: 50,
    causes: reasons.map((reason, n) => ({ reason, status: 'blocked', count: 40 - n })) as ConnectivityCheck['causes'],
  });

  expect(
    await screen.findByText(/1,900 of 2,000 mailboxes · 50 mailboxes per second · about 2 secs? left/),
  ).toBeVisible();
  const causes = screen.getByRole('list', { name: 'Why mailboxes are not working, so far' });
  expect(within(causes).getAllByRole('listitem')).toHaveLength(3);
});

test('Microsoft’s wait is one line', async () => {
  service({ ...running, throttledUntil: new Date(Date.now() + 9_500).toISOString() });
  renderTab(address);
  expect(await screen.findByText(/Microsoft asked us to wait (9|10) sec/)).toBeVisible();
});

test('a check that waits for its turn says since when', async () => {
  service({ ...running, state: 'queued', done: 0, counts: countsOf(), createdAt: new Date().toISOString() });
  renderTab(address);
  expect(await screen.findByText('The check will start in a moment')).toBeVisible();
  expect(screen.getByText(/0 of 2,000 mailboxes · asked for/)).toBeVisible();
});

test('pausing keeps what was found and the focus; the same button resumes', async () => {
  service(running);
  const pauses = answer(pauseConnectivityCheck, { ...running, state: 'pausing' });
  const resumptions = answer(resumeConnectivityCheck, { ...running, state: 'queued' });
  const { user } = renderTab(address);

  await user.click(await screen.findByRole('button', { name: 'Pause' }));
  expect(await screen.findByText('Pausing the check')).toBeVisible();
  await events.send(paused('admin'));
  expect(await screen.findByText('Paused')).toBeVisible();
  expect(screen.getByText('What was found stays. 1,160 mailboxes wait for Resume.')).toBeVisible();
  expect(screen.getByRole('progressbar', { name: 'Paused' })).toHaveAttribute('aria-valuenow', '840');
  expect(screen.getByRole('button', { name: 'Resume' })).toHaveFocus();

  await user.keyboard('{Enter}');
  expect(await screen.findByText('The check will start in a moment')).toBeVisible();
  await events.send({ ...running, done: 900 });
  expect(await screen.findByText(/900 of 2,000 mailboxes/)).toBeVisible();
  expect(screen.getByRole('button', { name: 'Pause' })).toHaveFocus();
  expect([pauses.length, resumptions.length]).toEqual([1, 1]);
});

test('an answer that the stream has overtaken changes nothing', async () => {
  service(running);
  const { user } = renderTab(address);
  await screen.findByRole('button', { name: 'Pause' });
  await events.send(running);
  answer(pauseConnectivityCheck, () => {
    void events.send(paused('admin'));
    return { ...running, state: 'pausing' as const };
  });
  await user.click(screen.getByRole('button', { name: 'Pause' }));
  expect(await screen.findByText('Paused')).toBeVisible();
  await waitFor(() => expect(screen.getByRole('button', { name: 'Resume' })).not.toHaveAttribute('aria-disabled'));
  expect(screen.getByText('Paused')).toBeVisible();
});

test('fault 41: a pause because consent was withdrawn is told once, with what to do', async () => {
  service(paused('consent_changed'), anOrganization({ consentState: 'not_authorized' }));
  renderTab(address);
  expect(await screen.findAllByText('Paused: consent was withdrawn while the check was running')).toHaveLength(1);
  expect(
    screen.getByText(/What was found so far stays, and 1,160 mailboxes wait\. Verify the consent, or grant it again\./),
  ).toBeVisible();
  expect(screen.getByRole('button', { name: 'Go to consent' })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Resume' })).toBeVisible();
});

test('fault 41: once consent is there again, only resuming is left to do', async () => {
  service(paused('consent_changed'));
  renderTab(address);
  expect(await screen.findByText(/Consent is there again: resume the check\./)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Go to consent' })).not.toBeInTheDocument();
});

test('a running check can be cancelled; what it found stays', async () => {
  service(running);
  const calls = answer(cancelConnectivityCheck, { ...running, state: 'cancelling' });
  const { user } = renderTab(address);
  await user.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText('Stopping the check')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Pause' })).toHaveAttribute('aria-disabled', 'true');

  await events.send({ ...running, state: 'cancelled', finishedAt: running.createdAt });
  expect(await screen.findByText(/The check was cancelled\. Stopped\. What was found so far stays/)).toBeVisible();
  expect(calls).toHaveLength(1);
});

test('a command that comes too late says so', async () => {
  service(running);
  refuse(pauseConnectivityCheck, 'check.already_ended');
  const { user } = renderTab(address);
  await user.click(await screen.findByRole('button', { name: 'Pause' }));
  expect(await screen.findByText('The check has ended')).toBeVisible();
});

test('a check that cannot be followed any more says so, and what was known stays', async () => {
  service(running);
  refuse(watchConnectivityCheck, 'check.not_found');
  renderTab(address);
  expect(await screen.findByText('The check does not exist')).toBeVisible();
  expect(screen.getByText(/840 of 2,000 mailboxes · /)).toBeVisible();
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
  expect(screen.queryByRole('button', { name: /that could not be told/ })).not.toBeInTheDocument();
});

test('what changed since the check before comes first, loudest first, with its time', async () => {
  service(aCheck({ total: 100, counts: countsOf({ working: 90, blocked: 10 }) }));
  const finishedAt = new Date(Date.now() - 24 * 3_600_000).toISOString();
  answer(
    compareConnectivityCheck,
    aComparison({
      earlier: { id: checkIdOf(2), finishedAt },
      newly: [
        { status: 'blocked', count: 7 },
        { status: 'working', count: 2 },
      ],
      added: 1,
    }),
  );
  renderTab(address);
  const changes = await screen.findByRole('list', { name: 'Changes since the check before' });
  expect(
    within(changes)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual(['7 newly blocked', '2 newly working']);
  const region = await section();
  expect(region).toHaveTextContent(/Since the check yesterday:.*1 mailbox was not part of it\..*90 of 100 mailboxes/);
  expect(within(region).getByText('yesterday')).toHaveAttribute('dateTime', finishedAt);
});

test('nothing new is one quiet sentence', async () => {
  service(aCheck());
  const finishedAt = new Date(Date.now() - 3 * 3_600_000).toISOString();
  answer(compareConnectivityCheck, aComparison({ earlier: { id: checkIdOf(2), finishedAt } }));
  renderTab(address);
  await waitFor(async () => expect(await section()).toHaveTextContent('Nothing has changed since the check 3 hr ago.'));
  expect(screen.queryByRole('list', { name: 'Changes since the check before' })).not.toBeInTheDocument();
});

test('those that could not be told are checked again, and that check names itself', async () => {
  const latest = aCheck({ total: 100, counts: countsOf({ working: 88, could_not_tell: 12 }) });
  service(latest);
  const again = aCheck({
    id: checkIdOf(2),
    scope: 'retry',
    retryOf: latest.id,
    state: 'running',
    total: 12,
    done: 4,
    counts: countsOf({ working: 4 }),
    finishedAt: null,
  });
  const calls = answer(retryConnectivityCheck, () => {
    checks = [again, ...checks];
    return { check: again, joined: false };
  });
  const { user } = renderTab(address);
  await user.click(await screen.findByRole('button', { name: 'Check again the 12 that could not be told' }));

  expect(await screen.findByText('Again: 12 mailboxes that could not be told')).toBeVisible();
  expect(screen.getByText('4 of 12 mailboxes')).toBeVisible();
  expect(screen.getByText('88 of 100 mailboxes connected successfully')).toBeVisible();

  const ended = { ...again, state: 'completed' as const, done: 12, counts: countsOf({ working: 12 }) };
  checks = checks.map((check) => (check.id === again.id ? ended : check));
  await events.send(ended);
  expect(await screen.findByText('Status: Success')).toBeVisible();
  expect(calls).toHaveLength(1);
});

test('fault 119: mailboxes that Microsoft put off for long say when they are asked again', async () => {
  const rescheduledUntil = new Date(Date.now() + 24 * 3_600_000).toISOString();
  service(aCheck({ total: 100, counts: countsOf({ working: 99, could_not_tell: 1 }), rescheduledUntil }));
  renderTab(address);
  const sentence = await screen.findByText(
    /Microsoft put mailboxes off for long\. They are asked again by themselves, from/,
  );
  expect(within(sentence).getByRole('time')).toHaveAttribute('dateTime', rescheduledUntil);
});

test('a check over the whole tenant counts here, and says so', async () => {
  service({ ...running, scope: 'tenant', organizationId: null, organizationName: null });
  renderTab(address);
  expect(await screen.findByText('Everybody in every organization')).toBeVisible();
  expect(screen.getByRole('button', button)).toHaveAttribute('aria-disabled', 'true');
});

test('a check that could not start says why, where the focus is then', async () => {
  service(undefined);
  refuse(startConnectivityCheck, 'check.nobody');
  const { user } = renderTab(address);
  await user.click(await screen.findByRole('button', button));
  expect(await screen.findByText('There is nobody to check')).toBeVisible();
  expect(screen.getByRole('heading', { name: 'Check' })).toHaveFocus();
});

test('waiting shows no result', async () => {
  service(undefined);
  neverAnswer(listConnectivityChecks);
  renderTab(address);
  expect(await screen.findByRole('heading', { name: 'Check' })).toBeVisible();
  expect(screen.queryByText(/No check has run/)).not.toBeInTheDocument();
});
