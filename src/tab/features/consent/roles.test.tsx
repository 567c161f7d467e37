import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { type Consent, getConsent, verifyConsent } from '../../../contract/consent.ts';
import { listConnectivityChecks } from '../../../contract/mailbox-connectivity.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import { exchangeOnlineAppId, graphAppId } from '../../../domain/consent/app-role.ts';
import { SignInFailure, type SignInFailureKind } from '../../auth/sign-in-failure.ts';
import { aConsent, anOrganization, authorized, organizationIdOf } from '../../testing/fixtures.ts';
import { aGraph } from '../../testing/graph.ts';
import { aSignIn, findDialog, findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer, refuse } from '../../testing/service.ts';

const address = `/connectivity?organization=${organizationIdOf(1)}`;
const ofGraph = (permission: string) => ({ permission, resourceAppId: graphAppId });
const tierZero = 'AppRoleAssignment.ReadWrite.All';

const partly = aConsent({
  state: 'partly_authorized',
  permissions: [
    { permission: 'Mail.ReadBasic.All', capability: 'mail', state: 'granted' },
    { permission: 'Calendars.Read', capability: 'calendar', state: 'missing' },
  ],
});
const tooMuch: Consent = {
  ...authorized,
  permissions: [
    ...authorized.permissions,
    { permission: 'Files.Read.All', capability: null, state: 'excess' },
    { permission: tierZero, capability: null, state: 'excess' },
  ],
};

/** The scopes that Microsoft was asked for: silently, and in a window. */
let asked: { scopes: readonly string[]; mayAsk: boolean }[];
beforeEach(() => {
  asked = [];
});

function open(
  consent: Consent,
  { refusal, silently = false }: { refusal?: SignInFailureKind; silently?: boolean } = {},
) {
  answer(listOrganizations, {
    organizations: [
      anOrganization(),
      anOrganization({ id: organizationIdOf(2), name: 'Sales', userCount: 40, capabilities: ['calendar'] }),
    ],
  });
  answer(listConnectivityChecks, { checks: [] });
  answer(getConsent, consent);
  const getGraphToken = async (scopes: readonly string[], { mayAsk }: { mayAsk: boolean }) => {
    asked.push({ scopes, mayAsk });
    if (!mayAsk && !silently) throw new SignInFailure('consent_required', 'AADSTS65001');
    if (refusal) throw new SignInFailure(refusal, 'told by MSAL');
    return 'admin-token';
  };
  return renderTab(address, { signIn: aSignIn({ getGraphToken }) });
}

test('granting one missing permission: what changes, who, how many; then Microsoft, then the service verifies', async () => {
  const graph = aGraph({ held: [ofGraph('Mail.ReadBasic.All')] });
  const { user } = open(partly);
  const verified = answer(verifyConsent, authorized);

  await user.click(await screen.findByRole('button', { name: 'Grant Calendars.Read' }));
  const dialog = await findDialog();
  expect(dialog).toHaveAccessibleName('Grant Calendars.Read?');
  expect(dialog).toHaveTextContent('All calendar events');
  expect(dialog).toHaveTextContent('Calendar starts working for 43 users.');
  expect(dialog).toHaveTextContent('for this call only');
  expect(dialog).toHaveTextContent('A Global Administrator or a Privileged Role Administrator');
  expect(asked).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Grant' }));

  await findToast('Calendars.Read was granted');
  expect(graph.held.map(({ permission }) => permission)).toEqual(['Mail.ReadBasic.All', 'Calendars.Read']);
  const scopes = [tierZero, 'Application.Read.All'];
  expect(asked).toEqual([
    { scopes, mayAsk: false },
    { scopes, mayAsk: true },
  ]);
  expect(verified.map(({ body }) => body)).toEqual([{ changed: { granted: ['Calendars.Read'], revoked: [] } }]);
  // Our service gets its own token and never the admin's for Microsoft Graph.
  expect(verified.map(({ authorization }) => authorization)).toEqual(['Bearer token']);
  expect(await screen.findByText('Impersonation status: Authorized')).toBeVisible();
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('what Microsoft has allowed before opens no window', async () => {
  aGraph();
  const { user } = open(partly, { silently: true });
  answer(verifyConsent, authorized);
  await user.click(await screen.findByRole('button', { name: 'Grant Calendars.Read' }));
  await user.click(within(await findDialog()).getByRole('button', { name: 'Grant' }));
  await findToast('Calendars.Read was granted');
  expect(asked.map(({ mayAsk }) => mayAsk)).toEqual([false]);
});

test('removing a granted permission says which feature stops, for how many', async () => {
  const graph = aGraph({ held: [ofGraph('Mail.ReadBasic.All')] });
  const { user } = open(partly);
  const verified = answer(verifyConsent, aConsent({ state: 'not_authorized' }));

  await user.click(await screen.findByRole('button', { name: 'Remove Mail.ReadBasic.All' }));
  const dialog = await findDialog();
  expect(dialog).toHaveAccessibleName('Remove Mail.ReadBasic.All?');
  expect(dialog).toHaveTextContent('Mail stops working for 3 users.');
  expect(dialog).toHaveTextContent('Without it, mail is neither checked nor synchronized.');
  await user.click(within(dialog).getByRole('button', { name: 'Remove' }));

  await findToast('Mail.ReadBasic.All was removed');
  expect(graph.held).toEqual([]);
  expect(verified.map(({ body }) => body)).toEqual([{ changed: { granted: [], revoked: ['Mail.ReadBasic.All'] } }]);
  expect(await screen.findByText('Impersonation status: Not authorized')).toBeVisible();
});

test('fault 39: more than it needs is loud and red, tier 0 first and in words, and it can be removed', async () => {
  const graph = aGraph({ held: [ofGraph(tierZero)] });
  const { user } = open(tooMuch);
  answer(verifyConsent, authorized);

  const bar = (await screen.findByText('The application holds more than it needs')).closest('[role="group"]');
  expect(bar).toHaveTextContent(
    /more than it needs.*is tier 0\. With it an application can grant itself.*No feature needs/,
  );
  expect(bar).toHaveTextContent('Choose Remove in the table below.');
  const rows = within(screen.getByRole('table', { name: 'Permissions' })).getAllByRole('row');
  expect(rows.map((row) => within(row).queryByText(/\./)?.textContent).slice(1)).toEqual([
    'Mail.ReadBasic.All',
    'Calendars.Read',
    tierZero,
    'Files.Read.All',
  ]);
  expect(rows[3]).toHaveTextContent('Tier 0');

  await user.click(screen.getByRole('button', { name: `Remove ${tierZero}` }));
  expect(await findDialog()).toHaveTextContent('every feature goes on, and no user is touched');
  await user.click(within(await findDialog()).getByRole('button', { name: 'Remove' }));

  await findToast(`${tierZero} was removed`);
  expect(graph.held).toEqual([]);
  await waitFor(() => expect(screen.queryByText('The application holds more than it needs')).not.toBeInTheDocument());
});

test('tier 0 and what no feature needs cannot be granted from here', async () => {
  open(
    aConsent({
      permissions: [
        { permission: tierZero, capability: null, state: 'missing' },
        { permission: 'Mail.ReadWrite', capability: 'mail', state: 'missing' },
      ],
    }),
  );
  const table = await screen.findByRole('table', { name: 'Permissions' });
  expect(within(table).queryByRole('button')).not.toBeInTheDocument();
});

test('what Microsoft is still spreading has no verb', async () => {
  open(aConsent({ permissions: [{ permission: 'Mail.ReadBasic.All', capability: 'mail', state: 'waiting' }] }));
  const table = await screen.findByRole('table', { name: 'Permissions' });
  expect(within(table).queryByRole('button')).not.toBeInTheDocument();
});

test('permissions of other services are listed with the admin’s account: full access over Exchange Web Services', async () => {
  const fullAccess = { permission: 'full_access_as_app', resourceAppId: exchangeOnlineAppId };
  const graph = aGraph({ held: [ofGraph('Mail.ReadBasic.All'), fullAccess] });
  const { user } = open(authorized);
  answer(verifyConsent, authorized);

  await user.click(await screen.findByRole('button', { name: 'List all permissions' }));
  expect(await screen.findByText('1 more permission found.')).toBeVisible();
  expect(asked.at(-1)?.scopes).toEqual(['Application.Read.All']);
  expect(screen.getByText('The application holds more than it needs')).toBeVisible();
  const row = screen.getByRole('row', { name: /full_access_as_app/ });
  expect(row).toHaveTextContent('of Office 365 Exchange Online');
  expect(row).toHaveTextContent('Every mailbox as a whole over Exchange Web Services');

  await user.click(within(row).getByRole('button', { name: 'Remove full_access_as_app' }));
  await user.click(within(await findDialog()).getByRole('button', { name: 'Remove' }));
  await findToast('full_access_as_app was removed');
  expect(graph.held).toEqual([ofGraph('Mail.ReadBasic.All')]);
  expect(screen.queryByRole('row', { name: /full_access_as_app/ })).not.toBeInTheDocument();
});

test.each<[SignInFailureKind, string, string]>([
  ['declined', 'Microsoft’s window was closed without allowing it', 'Nothing has changed.'],
  ['popup_blocked', 'The window was blocked', 'Allow pop-up windows'],
  ['consent_required', 'Microsoft did not let your account allow it', 'Ask a Global Administrator'],
])('no permission from Microsoft (%s): the reason, one next step, nothing changed', async (refusal, title, next) => {
  const graph = aGraph();
  const { user } = open(partly, { refusal });
  await user.click(await screen.findByRole('button', { name: 'Grant Calendars.Read' }));
  await user.click(within(await findDialog()).getByRole('button', { name: 'Grant' }));
  expect(await screen.findByText(title)).toBeVisible();
  expect(await findDialog()).toHaveTextContent(next);
  expect(within(await findDialog()).getByRole('button', { name: 'Grant' })).toBeEnabled();
  expect(graph.posts).toEqual([]);
});

test('an account that may not: Microsoft’s refusal has its cause and remedy, and the service is not told of a change', async () => {
  const graph = aGraph();
  graph.onPost = () => Response.json({ error: { code: 'Authorization_RequestDenied', message: 'x' } }, { status: 403 });
  const { user } = open(partly);
  const verified = answer(verifyConsent, authorized);
  await user.click(await screen.findByRole('button', { name: 'Grant Calendars.Read' }));
  await user.click(within(await findDialog()).getByRole('button', { name: 'Grant' }));
  expect(await screen.findByText('Your account may not change this')).toBeVisible();
  expect(verified).toEqual([]);
});

test('granted, and the service cannot verify: the change is made, and the bar says how to go on', async () => {
  aGraph();
  const { user } = open(partly);
  refuse(verifyConsent, 'internal');
  await user.click(await screen.findByRole('button', { name: 'Grant Calendars.Read' }));
  await user.click(within(await findDialog()).getByRole('button', { name: 'Grant' }));
  await findToast('Calendars.Read was granted');
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeVisible();
});

test('where the host gives no token for Microsoft Graph there are no verbs, and Entra’s place is named', async () => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listConnectivityChecks, { checks: [] });
  answer(getConsent, tooMuch);
  renderTab(address);
  expect(await screen.findByText(/gives no access to Microsoft Graph.*Enterprise applications/)).toBeVisible();
  expect(screen.getByText(/Remove it in Entra under Enterprise applications/)).toBeVisible();
  expect(screen.queryByRole('button', { name: /^(Grant|Remove) / })).not.toBeInTheDocument();
});
