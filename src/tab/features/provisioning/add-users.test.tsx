import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { listOrganizations } from '../../../contract/organizations.ts';
import {
  applyProvisioning,
  cancelProvisioning,
  discardProvisioning,
  getProvisioning,
  listProvisioningRows,
  listProvisionings,
  mapProvisioningFile,
  type Provisioning,
  type ProvisioningRow,
  resumeProvisioning,
  startProvisioning,
  uploadProvisioningFile,
} from '../../../contract/provisioning.ts';
import { listUsers } from '../../../contract/users.ts';
import type { ProvisioningId } from '../../../domain/ids.ts';
import { SignInFailure } from '../../auth/sign-in-failure.ts';
import { anOrganization, countsOf, organizationIdOf, userIdOf } from '../../testing/fixtures.ts';
import { aSignIn, findDialog, renderTab } from '../../testing/render-tab.tsx';
import { answer, refuse, service } from '../../testing/service.ts';

const graph = 'https://graph.microsoft.com/v1.0';
const address = `/users?organization=${organizationIdOf(1)}`;
const inGraph = (n: number) => ({
  id: userIdOf(n),
  displayName: `Person ${n}`,
  userPrincipalName: `person${n}@contoso.example`,
  mail: null,
});

const aProvisioning = (more: Partial<Provisioning> = {}): Provisioning => ({
  id: '4d6f8b0a-0000-4000-8000-000000000001' as ProvisioningId,
  organizationId: organizationIdOf(1),
  organizationName: 'Head office',
  source: 'people',
  state: 'ready',
  stoppedBecause: null,
  refusal: null,
  file: null,
  total: 2,
  checked: 2,
  added: 0,
  counts: [{ verdict: 'eligible', count: 2 }],
  startedBy: { userId: userIdOf(999), displayName: 'Megan Bowen' },
  createdAt: '2026-11-23T10:00:00.000Z',
  finishedAt: null,
  ...more,
});
const aRow = (more: Partial<ProvisioningRow>): ProvisioningRow => ({
  line: 2,
  verdict: 'eligible',
  reason: null,
  named: 'person1@contoso.example',
  userId: null,
  displayName: null,
  userPrincipalName: null,
  duplicateOf: null,
  organizationName: null,
  ...more,
});
const aFile = (more: Partial<NonNullable<Provisioning['file']>> = {}): NonNullable<Provisioning['file']> => ({
  name: 'people.csv',
  bytes: 30,
  receivedBytes: 0,
  headings: [],
  mapping: {},
  sample: [],
  ...more,
});

beforeEach(() => {
  answer(listOrganizations, { organizations: [anOrganization({ userCount: 0 })] });
  answer(listUsers, { users: [], nextCursor: null, counts: countsOf(), total: 0 });
  answer(listProvisionings, { provisionings: [] });
  answer(discardProvisioning, undefined);
});

async function openDialog(options: Parameters<typeof renderTab>[1]) {
  const { user } = renderTab(address, options);
  await user.click((await screen.findAllByRole('button', { name: 'Add users' }))[0] as HTMLElement);
  return { user, dialog: within(await findDialog()) };
}

const withDirectory = { signIn: aSignIn({ way: 'nested', getGraphToken: async () => 'graph-token' }) };

/** The service's word on the one provisioning, which tests move on. */
function follow(first: Provisioning) {
  let now = first;
  answer(getProvisioning, () => now);
  return {
    becomes(more: Partial<Provisioning>) {
      now = { ...now, ...more };
      return now;
    },
  };
}

test('people are chosen, sorted with causes before anything changes, added by the admin’s word, with a result for each', async () => {
  service.use(http.get(`${graph}/users`, () => HttpResponse.json({ value: [inGraph(1), inGraph(2), inGraph(3)] })));
  const preFlight = aProvisioning({
    total: 3,
    checked: 3,
    counts: [
      { verdict: 'eligible', count: 1 },
      { verdict: 'guest', count: 1 },
      { verdict: 'no_licence', count: 1 },
    ],
  });
  const { becomes } = follow(preFlight);
  const started = answer(startProvisioning, preFlight);
  const applied = answer(applyProvisioning, () =>
    becomes({
      state: 'applied',
      added: 2,
      counts: [
        { verdict: 'added', count: 2 },
        { verdict: 'guest', count: 1 },
      ],
    }),
  );
  answer(listProvisioningRows, {
    rows: [aRow({ line: 3, verdict: 'guest', displayName: 'Person 3' })],
    hasMore: false,
  });
  const { user, dialog } = await openDialog(withDirectory);

  await user.type(await dialog.findByRole('searchbox'), 'per');
  for (const n of [1, 2, 3]) await user.click(await dialog.findByRole('checkbox', { name: new RegExp(`Person ${n}`) }));
  expect(dialog.getByText('3 selected')).toBeVisible();
  await user.click(dialog.getByRole('button', { name: 'Next' }));

  expect(await dialog.findByRole('heading', { name: 'Before anything changes' })).toHaveFocus();
  expect(started[0]?.body).toEqual({ source: 'people', people: [1, 2, 3].map(inGraph) });
  expect(dialog.getByRole('region', { name: '1 ready' })).toBeVisible();
  expect(dialog.getByRole('region', { name: '1 to fix first' })).toHaveTextContent(/Assign a licence/);
  const impossible = dialog.getByRole('region', { name: '1 impossible' });
  await user.click(within(impossible).getByRole('button', { name: 'Show' }));
  expect(await within(impossible).findByText('Person 3: guest')).toBeVisible();
  expect(dialog.getByText('1 user will be added')).toBeVisible();

  await user.click(dialog.getByRole('checkbox', { name: /Also add the 1 user/ }));
  expect(dialog.getByText('2 users will be added')).toBeVisible();
  await user.click(dialog.getByRole('button', { name: 'Add' }));

  expect(await dialog.findByRole('heading', { name: '2 users added.' })).toHaveFocus();
  expect(applied[0]?.body).toEqual({ includeFixable: true });
  expect(dialog.getByRole('region', { name: '1 impossible' })).toBeVisible();
  await user.click(dialog.getByRole('button', { name: 'Close' }));
});

test('all members of a group are chosen, nested groups and pages included', async () => {
  service.use(
    http.get(`${graph}/groups`, () => HttpResponse.json({ value: [{ id: 'g1', displayName: 'Sales', mail: null }] })),
    http.get(`${graph}/groups/g1/transitiveMembers/microsoft.graph.user`, ({ request }) =>
      new URL(request.url).searchParams.has('$skiptoken')
        ? HttpResponse.json({ value: [inGraph(3)] })
        : HttpResponse.json({
            value: [inGraph(1), inGraph(2)],
            '@odata.nextLink': `${graph}/groups/g1/transitiveMembers/microsoft.graph.user?$skiptoken=2`,
          }),
    ),
  );
  const started = answer(startProvisioning, aProvisioning({ source: 'groups' }));
  follow(aProvisioning({ source: 'groups' }));
  const discarded = answer(discardProvisioning, undefined);
  const { user, dialog } = await openDialog(withDirectory);

  await user.click(dialog.getByRole('tab', { name: 'Members of a group' }));
  await user.type(await dialog.findByRole('searchbox', { name: /groups/ }), 'sal');
  await user.click(await dialog.findByRole('button', { name: /Sales/ }));
  expect(await dialog.findByText('3 users, nested groups included')).toBeVisible();
  await user.click(dialog.getByRole('button', { name: 'Select all' }));
  await user.click(dialog.getByRole('button', { name: 'Next' }));
  expect(await dialog.findByText('2 users will be added')).toBeVisible();
  expect(started[0]?.body).toEqual({ source: 'groups', people: [1, 2, 3].map(inGraph) });

  // Who goes back has lost nothing, and leaves nothing behind.
  await user.click(dialog.getByRole('button', { name: 'Start over' }));
  expect(await dialog.findByText('3 selected')).toBeVisible();
  expect(discarded).not.toHaveLength(0);
});

describe('a file', () => {
  const content = 'Mail;Name\r\nada@contoso.example;Ada\r\n';
  const file = new File([content], 'people.csv', { type: 'text/csv' });

  async function choose(options: Parameters<typeof renderTab>[1] = withDirectory) {
    const opened = await openDialog(options);
    await opened.user.click(await opened.dialog.findByRole('tab', { name: 'CSV file' }));
    await opened.user.upload(await opened.dialog.findByLabelText('CSV file with users'), file);
    expect(await opened.dialog.findByText('people.csv')).toBeVisible();
    return opened;
  }

  test('is sent, its columns are chosen, and while people are looked up it can be stopped and gone on with', async () => {
    const { becomes } = follow(
      aProvisioning({ source: 'csv', state: 'receiving', file: aFile(), total: 0, counts: [] }),
    );
    answer(startProvisioning, () => becomes({}));
    const parts = answer(uploadProvisioningFile, () =>
      becomes({
        state: 'mapping',
        file: aFile({ headings: ['Mail', 'Name'], mapping: { mail: 0 }, sample: [['ada@contoso.example', 'Ada']] }),
      }),
    );
    const mapped = answer(mapProvisioningFile, () => becomes({ state: 'checking', total: 100_000, checked: 25_000 }));
    answer(cancelProvisioning, () => becomes({ state: 'cancelled' }));
    answer(resumeProvisioning, () =>
      becomes({
        state: 'ready',
        total: 100_000,
        counts: [
          { verdict: 'eligible', count: 95_000 },
          { verdict: 'row.address', count: 5_000 },
        ],
      }),
    );
    answer(listProvisioningRows, {
      rows: [aRow({ line: 21, verdict: 'row.address', named: 'nobody' })],
      hasMore: true,
    });
    const { user, dialog } = await choose();
    await user.click(dialog.getByRole('button', { name: 'Next' }));

    expect(await dialog.findByRole('heading', { name: 'Columns of the file' })).toBeVisible();
    expect(parts).toMatchObject([{ body: content }]);
    expect(parts[0]?.url.searchParams.get('offset')).toBe('0');
    expect(dialog.getByRole('cell', { name: 'ada@contoso.example' })).toBeVisible();
    await user.click(dialog.getByRole('combobox', { name: 'Display name' }));
    await user.click(await screen.findByRole('option', { name: 'Name' }));
    await user.click(dialog.getByRole('button', { name: 'Next' }));

    expect(await dialog.findByText('25,000 of 100,000')).toBeVisible();
    expect(mapped[0]?.body).toEqual({ mapping: { mail: 0, displayName: 1 } });
    await user.click(dialog.getByRole('button', { name: 'Stop' }));
    expect(await dialog.findByText('25,000 looked up. Nobody was added.')).toBeVisible();
    await user.click(dialog.getByRole('button', { name: 'Go on' }));

    const fixable = await dialog.findByRole('region', { name: '5,000 to fix first' });
    await user.click(within(fixable).getByRole('button', { name: 'Show' }));
    expect(await within(fixable).findByText('Line 21: nobody: not an e-mail address')).toBeVisible();
    expect(within(fixable).getByRole('button', { name: 'Show more people' })).toBeVisible();
    expect(dialog.getByText('95,000 users will be added')).toBeVisible();
  });

  test('that breaks off can be sent on, and one that cannot be read says why and where', async () => {
    const { becomes } = follow(
      aProvisioning({ source: 'csv', state: 'receiving', file: aFile(), total: 0, counts: [] }),
    );
    const started = answer(startProvisioning, () => becomes({}));
    refuse(uploadProvisioningFile, 'service.unavailable');
    const { user, dialog } = await choose({});
    await user.click(dialog.getByRole('button', { name: 'Next' }));
    expect(await dialog.findByText('The service is not ready')).toBeVisible();

    answer(uploadProvisioningFile, () => becomes({ state: 'refused', refusal: { problem: 'broken', line: 7 } }));
    await user.click(dialog.getByRole('button', { name: 'Try again' }));
    expect(await dialog.findByText(/Line 7: A quotation mark is not closed/)).toBeVisible();
    expect(started).toHaveLength(1);
  });
});

test('what was begun and not ended is there again, and Microsoft’s refusal has a remedy', async () => {
  const stopped = aProvisioning({
    source: 'csv',
    state: 'stopped',
    stoppedBecause: 'consent.permission_missing',
    file: aFile(),
  });
  answer(listProvisionings, { provisionings: [stopped] });
  follow(stopped);
  const { user, dialog } = await openDialog(withDirectory);
  await user.click(await dialog.findByRole('button', { name: 'Open: people.csv' }));
  expect(await dialog.findByRole('alert')).toHaveTextContent(/a permission is not granted.*Grant admin consent/);
  expect(dialog.getByRole('button', { name: 'Go on' })).toBeVisible();
  expect(dialog.getByRole('link', { name: 'Open connectivity' })).toHaveAttribute(
    'href',
    `/connectivity?organization=${stopped.organizationId}`,
  );
});

test('everybody with a licensed mailbox needs no list', async () => {
  const licensed = aProvisioning({ source: 'licensed', total: 0, counts: [] });
  const started = answer(startProvisioning, licensed);
  follow(licensed);
  const { user, dialog } = await openDialog(withDirectory);
  await user.click(dialog.getByRole('tab', { name: 'All licensed mailboxes' }));
  await user.click(dialog.getByRole('button', { name: 'Next' }));
  expect(await dialog.findByText('Nobody was found.')).toBeVisible();
  expect(started[0]?.body).toEqual({ source: 'licensed' });
  expect(dialog.getByRole('button', { name: 'Add' })).toHaveAttribute('aria-disabled', 'true');
});

test('Microsoft’s permission for the directory is asked for by a click, and only here', async () => {
  let isAllowed = false;
  const getGraphToken = vi.fn(async (_scopes: readonly string[], { mayAsk }: { mayAsk: boolean }) => {
    if (mayAsk) isAllowed = true;
    if (!isAllowed) throw new SignInFailure('consent_required', 'consent_required');
    return 'graph-token';
  });
  const { user, dialog } = await openDialog({ signIn: aSignIn({ way: 'nested', getGraphToken }) });
  await user.click(await dialog.findByRole('button', { name: 'Allow the directory search' }));
  expect(await dialog.findByRole('searchbox')).toBeVisible();
  expect(getGraphToken.mock.calls[0]?.[0]).toEqual(['User.ReadBasic.All']);
});

test('a declined permission says so and can be asked for again', async () => {
  const getGraphToken = async () => {
    throw new SignInFailure('declined', 'user_canceled');
  };
  const { user, dialog } = await openDialog({ signIn: aSignIn({ way: 'nested', getGraphToken }) });
  await user.click(await dialog.findByRole('button', { name: 'Allow the directory search' }));
  expect(await dialog.findByRole('alert')).toHaveTextContent('The sign-in was cancelled');
  expect(dialog.getByRole('button', { name: 'Allow the directory search' })).toBeVisible();
});

test('a directory that refuses the search shows Graph’s code', async () => {
  service.use(
    http.get(`${graph}/users`, () =>
      HttpResponse.json({ error: { code: 'Authorization_RequestDenied', message: 'no' } }, { status: 403 }),
    ),
  );
  const { user, dialog } = await openDialog(withDirectory);
  await user.type(await dialog.findByRole('searchbox'), 'per');
  expect(await dialog.findByText('The directory could not be searched')).toBeVisible();
  expect(dialog.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('a host without a token for Graph says so and takes a list instead', async () => {
  const started = answer(
    startProvisioning,
    aProvisioning({ total: 1, counts: [{ verdict: 'not_verified', count: 1 }] }),
  );
  follow(aProvisioning({ total: 1, counts: [{ verdict: 'not_verified', count: 1 }] }));
  const { user, dialog } = await openDialog({});
  expect(dialog.getByText('The directory cannot be searched here')).toBeVisible();
  await user.click(dialog.getByRole('textbox', { name: 'Users, one per line' }));
  await user.paste(`${userIdOf(1)},person1@contoso.example,Person 1`);
  await user.click(dialog.getByRole('button', { name: 'Next' }));
  await waitFor(() => expect(started[0]?.body).toEqual({ source: 'people', people: [inGraph(1)] }));
  expect(await dialog.findByRole('region', { name: '1 to fix first' })).toHaveTextContent(/Grant admin consent/);
});

test('with no organization picked, people come into one on Microsoft Graph, not into the default one', async () => {
  answer(listOrganizations, {
    organizations: [
      anOrganization({
        id: organizationIdOf(2),
        name: 'Default organization',
        connectionType: 'none',
        isDefault: true,
      }),
      anOrganization({ userCount: 0 }),
    ],
  });
  const { user } = renderTab('/users', withDirectory);
  await user.click((await screen.findAllByRole('button', { name: 'Add users' }))[0] as HTMLElement);
  expect(await screen.findByRole('dialog', { name: 'Add users to Head office' })).toBeVisible();
});
