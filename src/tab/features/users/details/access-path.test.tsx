import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { getMailboxAccess } from '../../../../contract/mailbox-scope.ts';
import { listOrganizations } from '../../../../contract/organizations.ts';
import { getUser, listUsers } from '../../../../contract/users.ts';
import {
  aMailboxAccess,
  anOrganization,
  aUser,
  countsOf,
  detailsOf,
  organizationIdOf,
  userIdOf,
} from '../../../testing/fixtures.ts';
import { findDialog, renderTab } from '../../../testing/render-tab.tsx';
import { answer, neverAnswer, refuse } from '../../../testing/service.ts';

const address = `/users?user=${userIdOf(1)}`;
const mail = { capability: 'mail', reason: 'connected', httpStatus: 200, errorCode: null, requestId: null } as const;

function drawer(user = aUser(1)) {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listUsers, { users: [user], nextCursor: null, counts: countsOf(), total: 1 });
  answer(getUser, detailsOf(user, { capabilities: [mail] }));
  return renderTab(address);
}
const marks = async () =>
  within(await within(await findDialog()).findByRole('list', { name: 'Path of access' }))
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);

test('the four steps each have a mark in words, and the names that decide', async () => {
  answer(
    getMailboxAccess,
    aMailboxAccess({
      intended: 'inside',
      steps: [
        { step: 'entra_grant', mark: 'opens', names: ['Mail.Read'] },
        { step: 'policy', mark: 'closes', names: ['Only Sales'] },
        { step: 'role_assignment', mark: 'silent', names: [] },
        { step: 'live_call', mark: 'closes', names: [] },
      ],
    }),
  );
  drawer();
  expect(await marks()).toEqual([
    'Entra grantOpensMail.Read',
    'PolicyClosesOnly Sales',
    'Exchange roleNo say',
    'Live callCloses',
  ]);
  expect(screen.getByText(/Should be in reach\. Exchange was read/)).toBeVisible();
});

test('where Exchange was never read, its two steps are not known, and the way to read it is a link', async () => {
  answer(
    getMailboxAccess,
    aMailboxAccess({
      enforcedReadAt: null,
      steps: [
        { step: 'entra_grant', mark: 'opens', names: ['Mail.Read'] },
        { step: 'policy', mark: 'unknown', names: [] },
        { step: 'role_assignment', mark: 'unknown', names: [] },
        { step: 'live_call', mark: 'opens', names: [] },
      ],
    }),
  );
  drawer();
  expect((await marks()).slice(1, 3)).toEqual(['PolicyUnknown', 'Exchange roleUnknown']);
  expect(screen.getByRole('link', { name: 'Read what Exchange enforces on the Connectivity page' })).toHaveAttribute(
    'href',
    `/connectivity?organization=${organizationIdOf(1)}`,
  );
});

test('a feature tells by which paths it opens', async () => {
  drawer();
  expect(await screen.findByText('By the rule it opens: Mail.Read in Entra, for the whole tenant')).toBeVisible();
  expect(screen.queryByText(/The rule says/)).not.toBeInTheDocument();
});

test.each([
  ['closed', 'connected', 'The rule says closed, and the call opened the mailbox.'],
  ['reachable', 'access.denied_by_exchange', 'The rule says it opens, and the call was refused.'],
] as const)('a rule that says %s and a call that says %s differ in words', async (predicted, reason, words) => {
  const access = { capability: 'mail', predicted, because: 'outside_assignment_scope', reason } as const;
  answer(getMailboxAccess, aMailboxAccess({ capabilities: [{ ...access, paths: [] }] }));
  drawer();
  expect(await screen.findByText(words)).toBeVisible();
});

test('what could not be told does not differ', async () => {
  const access = { capability: 'mail', predicted: 'closed', because: 'not_granted' } as const;
  answer(getMailboxAccess, aMailboxAccess({ capabilities: [{ ...access, paths: [], reason: 'microsoft.throttled' }] }));
  drawer();
  expect(await screen.findByText('By the rule it stays closed: neither Entra nor a role grants it')).toBeVisible();
  expect(screen.queryByText(/The rule says/)).not.toBeInTheDocument();
});

test('an exposed mailbox says what to do, and not that there is nothing to do', async () => {
  drawer(aUser(1, { access: { status: 'exposed', reason: 'connected', checkedAt: '2026-11-23T10:00:00.000Z' } }));
  expect(
    await screen.findByText('The application can open Person 1’s mailbox and should not: it is outside the limit.'),
  ).toBeVisible();
  expect(screen.getByText(/Take the mailbox out of reach/)).toBeVisible();
  expect(screen.queryByText('Nothing to do.')).not.toBeInTheDocument();
});

test('a mailbox that waits for Microsoft says that there is nothing to do yet', async () => {
  const access = { status: 'waiting', reason: 'access.denied_by_exchange', checkedAt: null } as const;
  drawer(aUser(1, { access }));
  expect(await screen.findByText(/Nothing to do yet/)).toBeVisible();
});

test('the path on its way, and failed, leaves the rest of the drawer', async () => {
  neverAnswer(getMailboxAccess);
  const { unmount } = drawer();
  await findDialog();
  expect(await screen.findByRole('heading', { name: 'Path of access' })).toBeVisible();
  expect(screen.getByText('connected successfully', { selector: 'li *' })).toBeVisible();
  unmount();
  refuse(getMailboxAccess, 'internal');
  drawer();
  await findDialog();
  expect(await screen.findByText('Something went wrong here')).toBeVisible();
  expect(screen.getByRole('heading', { name: 'Results by feature' })).toBeVisible();
});
