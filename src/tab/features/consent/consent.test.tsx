import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { getConsent, redeemConsent, startConsent, verifyConsent } from '../../../contract/consent.ts';
import { listConnectivityChecks } from '../../../contract/mailbox-connectivity.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import type { ConsentAttemptId } from '../../../domain/ids.ts';
import { type ConsentMessage, consentChannelName } from '../../consent-channel.ts';
import { aConsent, anOrganization, authorized, configuration, organizationIdOf } from '../../testing/fixtures.ts';
import { findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer, neverAnswer, refuse } from '../../testing/service.ts';

const address = `/connectivity?organization=${organizationIdOf(1)}`;
const attemptId = '5d2a4a30-0000-4000-8000-000000000001' as ConsentAttemptId;

afterEach(() => vi.restoreAllMocks);

function service(consent = aConsent()) {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listConnectivityChecks, { checks: [] });
  answer(getConsent, consent);
  answer(startConsent, { attemptId, startPath: '/consent/start?state=x', expiresAt: '2026-11-23T10:10:00.000Z' });
}

/** A window of the browser, as far as the tab can see it. */
function aWindow(closed = false) {
  const opened = { closed, location: { href: '' }, close: vi.fn() };
  vi.spyOn(window, 'open').mockReturnValue(opened as unknown as Window);
  return opened;
}

/** What the end of Microsoft's dialog does in a plain browser. */
function endDialog() {
  const channel = new BroadcastChannel(consentChannelName);
  channel.postMessage('parked' satisfies ConsentMessage);
  channel.close();
}

async function goToMicrosoft() {
  const { user } = renderTab(address);
  await user.click(await screen.findByRole('button', { name: 'Microsoft 365 OAuth (Graph API)' }));
  const dialog = await screen.findByRole('dialog', { name: 'Before Microsoft’s window opens' });
  await user.click(within(dialog).getByRole('button', { name: 'Continue to Microsoft' }));
  return user;
}

test('the state has its words, its evidence and its permissions', async () => {
  service(authorized);
  renderTab(address);
  expect(await screen.findByText('Impersonation status: Authorized')).toBeVisible();
  expect(screen.getByText(/Granted by Megan Bowen/)).toBeVisible();
  const row = within(screen.getByRole('table', { name: 'Permissions' })).getByRole('row', {
    name: /Mail\.ReadBasic\.All/,
  });
  expect(row).toHaveTextContent('Sender, recipients and subject of mail; no bodies and no attachments');
  expect(row).toHaveTextContent('Granted');
});

test('a partial grant names the features that are off', async () => {
  service(
    aConsent({
      state: 'partly_authorized',
      permissions: [
        { permission: 'Mail.ReadBasic.All', capability: 'mail', state: 'granted' },
        { permission: 'Calendars.Read', capability: 'calendar', state: 'missing' },
        { permission: 'Directory.ReadWrite.All', capability: null, state: 'excess' },
      ],
    }),
  );
  renderTab(address);
  expect(await screen.findByText('Impersonation status: Partly authorized')).toBeVisible();
  expect(screen.getByText('Off because of a missing permission: Calendar.')).toBeVisible();
  expect(screen.getByText('The application holds more than it needs')).toBeVisible();
});

test('before leaving, the admin sees what opens, who may accept, what changes, and the application id (fault 45)', async () => {
  service();
  const { user } = renderTab(address);
  await user.click(await screen.findByRole('button', { name: 'Microsoft 365 OAuth (Graph API)' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('login.microsoftonline.com');
  expect(dialog).toHaveTextContent('A Global Administrator or a Privileged Role Administrator');
  expect(dialog).toHaveTextContent('Mail.ReadBasic.All');
  expect(dialog).toHaveTextContent(configuration.clientId);
});

test('2.3 to 2.5 in a plain browser: window, Accept, Signed in successfully, Authorized', async () => {
  service();
  const opened = aWindow();
  answer(redeemConsent, { outcome: 'accepted', entraCode: null, consent: authorized });
  await goToMicrosoft();
  await waitFor(() => expect(opened.location.href).toBe(`${window.location.origin}/consent/start?state=x`));
  expect(screen.getByText(/Microsoft’s window is open/)).toBeVisible();
  endDialog();
  await findToast('Signed in successfully');
  expect(await screen.findByText('Impersonation status: Authorized')).toBeVisible();
});

test('accepted without effect is not success (fault 37)', async () => {
  service();
  aWindow();
  answer(redeemConsent, { outcome: 'accepted', entraCode: null, consent: aConsent({ state: 'not_authorized' }) });
  const user = await goToMicrosoft();
  endDialog();
  expect(await screen.findByText('Microsoft accepted, and the permissions are not there yet')).toBeVisible();
  expect(screen.queryByText('Signed in successfully')).not.toBeInTheDocument();

  answer(verifyConsent, authorized);
  await user.click(screen.getByRole('button', { name: 'Check again' }));
  expect(await screen.findByText('Impersonation status: Authorized')).toBeVisible();
});

test.each([
  ['declined', 'The consent was cancelled', 'Start again'],
  ['not_an_admin', 'Your account may not grant this', 'Start again'],
  ['wrong_tenant', 'The consent was given in a different directory', 'Start again'],
  ['misconfigured', 'Microsoft refuses the request of this application', 'Start again'],
  ['failed', 'Microsoft could not finish the consent', 'Start again'],
  ['no_answer', 'Microsoft’s window was closed before it finished', 'Check again'],
] as const)('%s is its own state with one next step (fault 35)', async (outcome, title, next) => {
  service();
  aWindow();
  answer(redeemConsent, { outcome, entraCode: 'AADSTS90094', consent: aConsent() });
  await goToMicrosoft();
  endDialog();
  expect(await screen.findByText(title)).toBeVisible();
  expect(screen.getByText(/AADSTS90094/)).toBeVisible();
  expect(screen.getByRole('button', { name: next })).toBeVisible();
});

test('a blocked window says how to allow it, and the attempt does not hang', async () => {
  service();
  vi.spyOn(window, 'open').mockReturnValue(null);
  await goToMicrosoft();
  expect(await screen.findByText('The window was blocked')).toBeVisible();
});

test('a window that seems closed may still be finishing: the admin can ask (fault 46)', async () => {
  service();
  aWindow(true);
  answer(redeemConsent, { outcome: 'accepted', entraCode: null, consent: authorized });
  const user = await goToMicrosoft();
  await user.click(await screen.findByRole('button', { name: 'Check again' }, { timeout: 6_000 }));
  await findToast('Signed in successfully');
});

test('an attempt that took too long starts again', async () => {
  service();
  aWindow();
  refuse(redeemConsent, 'consent.attempt_expired');
  answer(verifyConsent, aConsent());
  await goToMicrosoft();
  endDialog();
  expect(await screen.findByText('The consent took too long')).toBeVisible();
});

test('a redirect that never comes: after ten minutes the attempt ends, its window closes, and one click starts again', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    service();
    const opened = aWindow();
    const redeemed = refuse(redeemConsent, 'consent.attempt_expired');
    answer(verifyConsent, aConsent());
    await goToMicrosoft();
    expect(await screen.findByText(/Microsoft’s window is open/)).toBeVisible();
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    expect(redeemed).toEqual([]);
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(await screen.findByText('The consent took too long')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
    expect(opened.close).toHaveBeenCalled();
  } finally {
    vi.useRealTimers();
  }
});

test('Entra is down: what was known stays, and the state says when to look again', async () => {
  service(aConsent({ state: 'unknown', problem: 'entra_unavailable', permissions: [] }));
  renderTab(address);
  expect(await screen.findByText('Impersonation status: Could not tell')).toBeVisible();
  expect(screen.getByText('Microsoft Entra does not answer. Check again in a few minutes.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Verify now' })).toBeVisible();
});

test('waiting and failed', async () => {
  service();
  neverAnswer(getConsent);
  const { unmount } = renderTab(address);
  expect(await screen.findByRole('heading', { name: 'Connectivity of Head office' })).toBeVisible();
  expect(screen.queryByText(/Impersonation status/)).not.toBeInTheDocument();
  unmount();

  refuse(getConsent, 'internal');
  renderTab(address);
  expect(await screen.findByText('Something went wrong here')).toBeVisible();
});

test('an organization that is not on Microsoft Graph says so', async () => {
  answer(listOrganizations, { organizations: [anOrganization({ connectionType: 'ews_impersonation' })] });
  renderTab(address);
  expect(await screen.findByRole('heading', { name: 'This organization does not use Microsoft Graph' })).toBeVisible();
});

test('with several organizations and none picked, one is asked for', async () => {
  answer(listOrganizations, {
    organizations: [anOrganization(), anOrganization({ id: organizationIdOf(2), name: 'Sales', externalId: 's' })],
  });
  service;
  renderTab('/connectivity');
  expect(await screen.findByRole('heading', { name: 'Which organization?' })).toBeVisible();
  expect(screen.getByRole('link', { name: 'Sales' })).toHaveAttribute(
    'href',
    `/connectivity?organization=${organizationIdOf(2)}`,
  );
});

const change = {
  kind: 'consent_accepted',
  changedAt: '2026-11-23T10:00:00.000Z',
  expectedBy: '2026-11-23T10:30:00.000Z',
  endedAt: null,
  outcome: null,
} as const;

test('a change on its way says since when and until when to wait, and nothing is red', async () => {
  service(
    aConsent({
      state: 'waiting',
      change,
      permissions: [{ permission: 'Mail.ReadBasic.All', capability: 'mail', state: 'waiting' }],
    }),
  );
  renderTab(address);
  expect(await screen.findByText('Impersonation status: Waiting for Microsoft')).toBeVisible();
  expect(screen.getByText('Consent accepted; waiting for Microsoft')).toBeVisible();
  expect(screen.getByText(/expected by .* at the latest/)).toBeVisible();
  expect(screen.getByText('Off until Microsoft shows the permission.')).toBeVisible();
  expect(screen.queryByText('Missing')).not.toBeInTheDocument();
});

test('after the bound it says that the change had no effect; once measured, how long it took', async () => {
  service(
    aConsent({ state: 'not_authorized', change: { ...change, endedAt: change.expectedBy, outcome: 'not_effective' } }),
  );
  const { unmount } = renderTab(address);
  expect(await screen.findByText(/Microsoft did not show everything/)).toBeVisible();
  unmount();

  service({ ...authorized, change: { ...change, endedAt: '2026-11-23T10:04:00.000Z', outcome: 'converged' } });
  renderTab(address);
  expect(await screen.findByText(/Consent accepted: it took 4 min/)).toBeVisible();
});

test('authorized by roles in Exchange only is its own state', async () => {
  service(
    aConsent({
      state: 'authorized_by_exchange',
      evidence: 'probes',
      permissions: [{ permission: 'Mail.ReadBasic.All', capability: 'mail', state: 'by_exchange' }],
    }),
  );
  renderTab(address);
  expect(await screen.findByText('Impersonation status: Authorized by Exchange roles only')).toBeVisible();
  expect(screen.getByText('By a role in Exchange')).toBeVisible();
});

test('a feature without its permission is shown as off, with the reason', async () => {
  service(
    aConsent({
      state: 'partly_authorized',
      permissions: [
        { permission: 'Mail.ReadBasic.All', capability: 'mail', state: 'granted' },
        { permission: 'Calendars.Read', capability: 'calendar', state: 'missing' },
      ],
    }),
  );
  renderTab(address);
  const features = await screen.findByRole('region', { name: 'Features and permissions' });
  expect(await within(features).findAllByText('Off: the permission is not granted.')).toHaveLength(1);
});
