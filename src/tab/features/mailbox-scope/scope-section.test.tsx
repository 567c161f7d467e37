import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { getConsent } from '../../../contract/consent.ts';
import { listConnectivityChecks } from '../../../contract/mailbox-connectivity.ts';
import {
  bringReadingResult,
  dismissScopeDrift,
  getMailboxScope,
  getReadingScript,
  getScopeProof,
  type MailboxScope,
  readEnforcedScope,
  startPolicyMigration,
  startScopeProof,
} from '../../../contract/mailbox-scope.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import {
  aDrift,
  aMailboxScope,
  anOrganization,
  aScopeChange,
  aScopeProof,
  authorized,
  enforcedRoles,
  leakingProof,
  organizationIdOf,
  salesOnly,
} from '../../testing/fixtures.ts';
import { aSignIn, findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer, neverAnswer, refuse } from '../../testing/service.ts';

const limited = { tenantWideGrants: [], intent: salesOnly, enforced: enforcedRoles };
const reached = { mailboxes: 12_430, reachable: 214, unknown: 0 };

function open(scope?: MailboxScope, options?: Parameters<typeof renderTab>[1]) {
  answer(listOrganizations, { organizations: [anOrganization({ consentState: 'authorized' })] });
  answer(getConsent, authorized);
  answer(listConnectivityChecks, { checks: [] });
  if (scope) answer(getMailboxScope, scope);
  return renderTab(`/connectivity?organization=${organizationIdOf(1)}`, options);
}
const section = () => screen.findByRole('region', { name: 'Mailboxes in reach' });
const button = (name: string) => screen.findByRole('button', { name });

test('nothing limited: the blast radius is a sentence, and limiting is the one thing to do', async () => {
  open(aMailboxScope());
  const view = within(await section());
  expect(await view.findByText('This application can open all 12,430 mailboxes of the tenant.')).toBeVisible();
  expect(view.getByText('No limit is intended')).toBeVisible();
  expect(view.getByText('Never read')).toBeVisible();
  expect(view.getByText(/A limit holds for the application, and so for all organizations/)).toBeVisible();
  expect(view.getByRole('button', { name: 'Limit to a group' })).toBeEnabled();
  expect(view.queryByRole('button', { name: 'Prove the limit' })).not.toBeInTheDocument();
});

test.each([
  [{ reach: reached }, 'This application can open 214 of 12,430 mailboxes.'],
  [{ reach: { ...reached, unknown: 30 } }, 'Of 30 mailboxes it is not known.'],
  [{ reach: { ...reached, reachable: 0 } }, 'This application can open none of 12,430 mailboxes.'],
  [
    { reach: { ...reached, reachable: 0, unknown: 30 } },
    'This application is not known to open any of 12,430 mailboxes.',
  ],
  [
    { reach: { ...reached, reachable: 0, unknown: 12_430 } },
    'It is not known which of 12,430 mailboxes this application can open.',
  ],
  [{ reach: null }, 'Not counted yet'],
])('the reach %j reads "%s"', async (some, words) => {
  open(aMailboxScope(some));
  expect(await screen.findByText(words)).toBeVisible();
});

test('on its way, and failed', async () => {
  neverAnswer(getMailboxScope);
  const { unmount } = open();
  expect(within(await section()).queryByText(/This application can open/)).not.toBeInTheDocument();
  unmount();
  refuse(getMailboxScope, 'internal');
  open();
  expect(await within(await section()).findByText('Something went wrong here')).toBeVisible();
});

test('a tenant-wide grant beside a scoped role is said in red, with its name and the next step', async () => {
  const problems = [{ problem: 'union_trap' as const, names: ['Mail.Read'] }];
  open(aMailboxScope({ intent: salesOnly, enforced: enforcedRoles, problems }));
  const view = within(await section());
  expect(await view.findByText('The limit is without effect')).toBeVisible();
  expect(view.getByText(/limits nothing\. Granted for every mailbox: Mail\.Read\./)).toBeVisible();
  expect(view.getByText('12,216 mailboxes more than intended can be opened.')).toBeVisible();
});

test('a leak is the first thing said, with who and why, and every mailbox can be checked', async () => {
  const { user } = open(aMailboxScope({ ...limited, reach: reached, proof: leakingProof }));
  const calls = answer(startScopeProof, aScopeProof({ state: 'running', isSweep: true, verdict: 'running' }));
  neverAnswer(getScopeProof);
  expect(
    await screen.findByText('Scope not effective: 3 of 40 mailboxes outside the group are readable.'),
  ).toBeVisible();
  const list = screen.getByRole('list', { name: 'Readable and should not be' });
  expect(
    within(list)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual([
    'Person 1 person1@contoso.example: member of a nested group',
    'Person 2 person2@contoso.example: moved recently; Exchange may still know the old group',
    'Person 3 person3@contoso.example: shared mailbox',
  ]);
  await user.click((await screen.findAllByRole('button', { name: 'Check every mailbox' }))[0] as HTMLElement);
  await waitFor(() => expect(calls[0]?.body).toEqual({ sweep: true }));
});

test('what is intended stands beside what Exchange enforces, in plain words', async () => {
  open(aMailboxScope({ ...limited, reach: reached }));
  const view = within(await section());
  expect(await view.findByText('Only the mailboxes of the group')).toBeVisible();
  expect(view.getByText('214 mailboxes')).toBeVisible();
  expect(view.getByText('Application Mail.Read: only members of Sales')).toBeVisible();
  expect(view.getByText('As many mailboxes can be opened as intended.')).toBeVisible();
  expect(view.getByText('The limit has not been proved yet.')).toBeVisible();
});

test('what stands against the limit is named with what to do', async () => {
  const problems = [{ problem: 'nested_not_covered' as const, names: ['Sales Europe'] }];
  open(aMailboxScope({ ...limited, reach: reached, problems }));
  const list = await screen.findByRole('list', { name: 'The difference' });
  expect(list).toHaveTextContent('WarningMembers of nested groups are left outSales Europe');
});

test('without the gateway, a script reads Exchange, and its result is brought here', async () => {
  answer(getReadingScript, { fileName: 'read.ps1', text: '\uFEFFGet-ManagementScope', sha256: 'abc' });
  const { user } = open(aMailboxScope());
  const calls = answer(bringReadingResult, aMailboxScope({ ...limited, reach: reached }));
  await user.click(await button('Get the reading script'));
  expect(await screen.findByText('read.ps1 · SHA-256 abc')).toBeVisible();
  const file = new File(['{"result":1}'], 'result.json', { type: 'application/json' });
  await user.upload(screen.getByLabelText('Result file (JSON)'), file);
  expect(await screen.findByText('Application Mail.Read: only members of Sales')).toBeVisible();
  expect(calls[0]?.body).toEqual({ text: '{"result":1}' });
  await findToast('What Exchange enforces is known now');
});

test('a file that is no result says so, and does not offer to send it again', async () => {
  answer(getReadingScript, { fileName: 'read.ps1', text: 'x', sha256: 'abc' });
  refuse(bringReadingResult, 'scope.result_unreadable');
  const { user } = open(aMailboxScope());
  await user.click(await button('Get the reading script'));
  await user.upload(await screen.findByLabelText('Result file (JSON)'), new File(['x'], 'result.json'));
  expect(await screen.findByText('The file is not a result of the script')).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
});

test('over the gateway, Microsoft is asked for the permission by a click, and the reading is repeated', async () => {
  const scopes = ['https://outlook.office365.com/Exchange.Manage'];
  refuse(readEnforcedScope, 'scope.sign_in_needed', { scopes });
  const asked: unknown[] = [];
  const getGraphToken = async (...with_: unknown[]) => {
    asked.push(with_);
    return 'token';
  };
  const { user } = open(aMailboxScope({ gateway: 'delegated' }), { signIn: aSignIn({ way: 'nested', getGraphToken }) });
  await user.click(await button('Read from Exchange'));
  expect(await screen.findByText('Microsoft has to ask you first')).toBeVisible();
  answer(readEnforcedScope, aMailboxScope({ gateway: 'delegated', enforced: enforcedRoles }));
  await user.click(await button('Allow in Microsoft’s window'));
  expect(await screen.findByText('Application Mail.Read: only members of Sales')).toBeVisible();
  expect(asked).toEqual([[scopes, { mayAsk: true }]]);
});

test('where the host cannot ask, it says where it can be done', async () => {
  refuse(readEnforcedScope, 'scope.sign_in_needed', { scopes: ['Exchange.Manage'] });
  const { user } = open(aMailboxScope({ gateway: 'delegated' }));
  await user.click(await button('Read from Exchange'));
  expect(await screen.findByText(/cannot ask\. Open the tab in the browser/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Allow in Microsoft’s window' })).not.toBeInTheDocument();
});

test('policies can be migrated; a deny policy says why not', async () => {
  const policies = [{ accessRight: 'DenyAccess' as const, groupName: 'Board', description: ' ' }];
  refuse(startPolicyMigration, 'scope.deny_policy');
  const { user } = open(aMailboxScope({ enforced: { ...enforcedRoles, policies, assignments: [] } }));
  expect(await screen.findByText('Everybody but Board')).toBeVisible();
  await user.click(await button('Migrate the policies'));
  expect(await screen.findByText('A policy denies access, and that cannot be translated')).toBeVisible();
});

test('while a change is open, no other one is begun, and the button says why', async () => {
  open(aMailboxScope({ ...limited, change: aScopeChange('wait', 'waiting') }));
  const change = await button('Change the limit');
  expect(change).toHaveAttribute('aria-disabled', 'true');
  expect(change).toHaveAccessibleDescription('Finish the open change first, or give it up.');
});

test('a proof runs, shows its progress, and ends with both sides', async () => {
  const none = { reachable: 0, closed: 0, couldNotTell: 0, noMailbox: 0 };
  const running = aScopeProof({
    state: 'running',
    verdict: 'running',
    inside: { ...none, total: 40, reachable: 10 },
    outside: { ...none, total: 40, closed: 20 },
    finishedAt: null,
  });
  const { user } = open(aMailboxScope({ ...limited, reach: reached }));
  answer(startScopeProof, running);
  answer(getScopeProof, running);
  await user.click(await button('Prove the limit'));
  const bar = await screen.findByRole('progressbar', { name: 'Trying mailboxes on both sides' });
  expect(bar).toHaveAttribute('aria-valuenow', '30');
  expect(screen.getByText(/A sample of both sides · 30 of 80 mailboxes/)).toBeVisible();

  answer(getScopeProof, aScopeProof());
  answer(getMailboxScope, aMailboxScope({ ...limited, reach: reached, proof: aScopeProof() }));
  expect(await screen.findByText('The limit holds on both sides.', {}, { timeout: 3_000 })).toBeVisible();
  expect(screen.getByText('40 of 40 mailboxes open')).toBeVisible();
  expect(screen.getByText('40 of 40 mailboxes closed')).toBeVisible();
});

test('a change in Microsoft 365 says what, who, and which features stop, and can be dismissed', async () => {
  const { user } = open(aMailboxScope({ drifts: [aDrift()] }));
  const calls = answer(dismissScopeDrift, undefined);
  const bars = within(await screen.findByRole('region', { name: 'Changed in Microsoft 365, not here' }));
  expect(bars.getByText('Entra no longer grants Calendars.Read')).toBeVisible();
  expect(bars.getByText(/Stops working: Calendar\./)).toBeVisible();
  expect(bars.getByText(/changed by Alex Wilber/)).toBeVisible();
  await user.click(bars.getByRole('button', { name: 'Dismiss: Entra no longer grants Calendars.Read' }));
  await waitFor(() => expect(screen.queryByText('Entra no longer grants Calendars.Read')).not.toBeInTheDocument());
  expect(calls).toHaveLength(1);
});
