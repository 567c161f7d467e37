import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import {
  bringEwsResult,
  type EwsCockpit,
  type EwsMigration,
  getEwsCockpit,
  getEwsListScript,
  listEwsMigrants,
  listEwsMigrations,
  type MigrationRing,
  startEwsMigration,
  steerEwsMigration,
  steerEwsRing,
} from '../../../contract/ews-migrations.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import { noMigrants } from '../../../domain/ews-migration/migrant-state.ts';
import type { AppId, EwsMigrationId } from '../../../domain/ids.ts';
import { anOrganization, checkIdOf, organizationIdOf, userIdOf } from '../../testing/fixtures.ts';
import { findDialog, findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer, refuse } from '../../testing/service.ts';

const at = '2026-11-23T10:00:00.000Z';
const ewsAppId = '1fe8f1b2-4a6c-4d0e-8b8f-6c1a2d3e4f50' as AppId;
const migrationId = '4d8f1a2b-6c3e-4f5a-9b7d-0e1c2a3b4d5f' as EwsMigrationId;

function aCockpit(some: Partial<EwsCockpit> = {}): EwsCockpit {
  return {
    disablementBegins: '2026-10-01T00:00:00.000Z',
    shutdown: '2027-04-01T00:00:00.000Z',
    users: 2_000,
    onEws: 1_200,
    organizations: [
      {
        id: organizationIdOf(1),
        name: 'Head office',
        connectionType: 'graph_app_only',
        users: 1_500,
        onEws: 700,
        onPremises: 0,
      },
      {
        id: organizationIdOf(2),
        name: 'Old branch',
        connectionType: 'ews_impersonation',
        users: 500,
        onEws: 500,
        onPremises: 0,
      },
    ],
    reading: null,
    ewsAppId,
    standing: null,
    isSafeToRemove: false,
    gateway: 'off',
    ...some,
  };
}

const read: Partial<EwsCockpit> = {
  reading: {
    readAt: at,
    source: 'script',
    enabled: true,
    allowedAppIds: ['another', ewsAppId],
    userAgentPolicy: null,
    allowedUserAgents: [],
    blockedUserAgents: [],
  },
  standing: 'allowed',
};

function aRing(some: Partial<MigrationRing> & Pick<MigrationRing, 'name'>): MigrationRing {
  return {
    state: 'planned',
    heldBecause: null,
    total: 10,
    counts: { ...noMigrants(), on_ews: 10 },
    check: null,
    startedAt: null,
    endedAt: null,
    ...some,
  };
}

function aMigration(some: Partial<EwsMigration> = {}): EwsMigration {
  return {
    id: migrationId,
    organizationId: organizationIdOf(1),
    organizationName: 'Head office',
    state: 'running',
    ewsAppId,
    failureLimit: 5,
    returnsHeldRings: false,
    total: 700,
    rings: [
      aRing({ name: 'canary', state: 'proved', counts: { ...noMigrants(), on_graph: 10 } }),
      aRing({
        name: 'second',
        state: 'held',
        heldBecause: 'failures',
        total: 70,
        counts: { ...noMigrants(), on_graph: 60, failed: 10 },
      }),
      aRing({ name: 'rest', total: 620, counts: { ...noMigrants(), on_ews: 620 } }),
    ],
    returnRefusal: null,
    startedBy: { userId: userIdOf(1), displayName: 'Ada Lovelace' },
    createdAt: at,
    endedAt: null,
    ...some,
  };
}

function show(cockpit: EwsCockpit, ...migrations: EwsMigration[]) {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(getEwsCockpit, cockpit);
  answer(listEwsMigrations, { migrations });
  return renderTab('/leaving-ews');
}

test('the page says how many are left and until when, and who can start where', async () => {
  const calls = answer(startEwsMigration, aMigration());
  const { user } = show(aCockpit());
  expect(
    await screen.findByRole('heading', { name: /^1,200 of 2,000 users are still on Exchange Web Services/ }),
  ).toBeVisible();
  expect(screen.getByText(/1 Apr 2027/)).toBeVisible();
  const table = screen.getByRole('table', { name: 'Users still on EWS' });
  expect(within(table).getByText('Convert it to Microsoft Graph first')).toBeVisible();
  await user.click(within(table).getByRole('button', { name: 'Start a migration of Head office' }));
  const dialog = within(await findDialog());
  const canary = dialog.getByRole('textbox', { name: 'Users in the canary' });
  await user.clear(canary);
  await user.type(canary, '0');
  expect(dialog.getByText('Enter a whole number from 1 to 10,000.')).toBeVisible();
  expect(dialog.getByRole('button', { name: 'Start the canary' })).toHaveAttribute('aria-disabled', 'true');
  await user.clear(canary);
  await user.type(canary, '25');
  await user.click(dialog.getByRole('button', { name: 'Start the canary' }));

  await findToast('The migration was started.');
  expect(calls.map(({ body }) => body)).toEqual([
    { canarySize: 25, failureLimit: 5, returnsHeldRings: false, ewsAppId },
  ]);
});

test('a held ring says why, where everybody is and what can be done; returning it asks first', async () => {
  const returned = aMigration({
    rings: [aRing({ name: 'second', state: 'returning', total: 70, counts: { ...noMigrants(), on_graph: 70 } })],
  });
  const calls = answer(steerEwsRing, returned);
  const { user } = show(aCockpit(read), aMigration());
  const rings = within(await screen.findByRole('list', { name: 'Rings' }));
  expect(
    rings.getByText('Held: more mailboxes could not be opened than the limit allows. No other ring starts.'),
  ).toBeVisible();
  expect(within(rings.getByRole('list', { name: 'A tenth' })).getByText(/Failed, still on EWS 10/)).toBeVisible();
  expect(rings.getByRole('button', { name: 'Try again: A tenth' })).toBeVisible();
  expect(rings.queryByRole('button', { name: /Everybody else/ })).not.toBeInTheDocument();

  await user.click(rings.getByRole('button', { name: 'Return to EWS: A tenth' }));
  const dialog = within(await findDialog());
  expect(dialog.getByText(/60 users on Microsoft Graph go back/)).toBeVisible();
  await user.click(dialog.getByRole('button', { name: 'Return to EWS' }));
  await waitFor(() => expect(calls.map(({ body }) => body)).toEqual([{ wish: 'return' }]));
  expect(await rings.findByText('Returning')).toBeVisible();
});

test('what Exchange does not allow any more cannot be returned, and says why', async () => {
  show(aCockpit(read), aMigration({ returnRefusal: 'not_listed' }));
  const button = await screen.findByRole('button', { name: 'Return to EWS: A tenth' });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  expect(button).toHaveAccessibleDescription('The application is not in the allow-list.');
});

test('a ring that switches shows how far its check is; pausing shows the answer', async () => {
  const switching = aRing({
    name: 'canary',
    state: 'switching',
    counts: { ...noMigrants(), switching: 10 },
    check: { id: checkIdOf(1), state: 'running', done: 4, total: 10, failed: 1 },
  });
  answer(steerEwsMigration, aMigration({ state: 'paused', rings: [switching] }));
  const { user } = show(aCockpit(), aMigration({ rings: [switching] }));
  expect(await screen.findByText('4 of 10 checked, 1 failed')).toBeVisible();
  answer(listEwsMigrations, { migrations: [aMigration({ state: 'paused', rings: [switching] })] });
  await user.click(screen.getByRole('button', { name: 'Pause' }));
  expect(await screen.findByRole('button', { name: 'Resume' })).toBeVisible();
});

test('the users of a ring are listed with what became of each', async () => {
  const calls = answer(listEwsMigrants, {
    users: [
      {
        id: userIdOf(1),
        displayName: 'Grace Hopper',
        address: 'grace@contoso.example',
        ring: 'second',
        state: 'failed',
        reason: 'access.denied_by_exchange',
        changedAt: at,
      },
    ],
    hasMore: false,
  });
  const { user } = show(aCockpit(), aMigration());
  await user.click(await screen.findByRole('button', { name: 'Users: A tenth' }));
  const drawer = within(await findDialog());
  expect(await drawer.findByText('Grace Hopper')).toBeVisible();
  await user.click(drawer.getByRole('combobox', { name: 'State' }));
  await user.click(await screen.findByRole('option', { name: 'Failed, still on EWS' }));
  await waitFor(() => expect(calls.at(-1)?.url.searchParams.get('state')).toBe('failed'));
  expect(calls.at(-1)?.url.searchParams.get('ring')).toBe('second');
});

test('once nobody is left, the entry is safe to remove, by a script whose result comes back', async () => {
  const script = { fileName: 'mailbox-access-ews-remove.ps1', text: '\uFEFF# script', sha256: 'ABC' };
  const scripts = answer(getEwsListScript, script);
  const brought = answer(bringEwsResult, aCockpit({ onEws: 0, ...read, standing: 'not_listed' }));
  const { user } = show(aCockpit({ onEws: 0, isSafeToRemove: true, ...read }));
  expect(await screen.findByText('Safe to remove from the list')).toBeVisible();
  expect(screen.getByRole('heading', { name: 'Nobody is on Exchange Web Services any more.' })).toBeVisible();
  expect(screen.getByText(`${ewsAppId} (this application)`)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Script to remove it from the list' }));
  expect(await screen.findByText(/reads it, changes this one entry, writes all the others back/)).toBeVisible();
  expect(Object.fromEntries(scripts[0]?.url.searchParams ?? [])).toEqual({ appId: ewsAppId, change: 'remove' });
  const file = new File(['{"planId":"x"}'], 'result.json', { type: 'application/json' });
  await user.upload(document.querySelector('input[type=file]') as HTMLInputElement, file);

  await findToast('What Exchange allows was read.');
  expect(brought.map(({ body }) => body)).toEqual([{ text: '{"planId":"x"}' }]);
  expect(screen.queryByText('Safe to remove from the list')).not.toBeInTheDocument();
});

test('while users are on EWS, the entry is not offered to be removed; a policy of user agents is named', async () => {
  const policy = { userAgentPolicy: 'EnforceAllowList' as const, allowedUserAgents: ['Outlook*'] };
  show(aCockpit({ ...read, reading: { ...read.reading, ...policy } as EwsCockpit['reading'] }));
  expect(await screen.findByText('A policy of user agents is in force')).toBeVisible();
  expect(screen.getByText('Only these: Outlook*')).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Script to remove it from the list' })).not.toBeInTheDocument();
});

test('a refusal shows with its remedy', async () => {
  refuse(steerEwsMigration, 'migration.ended');
  const { user } = show(aCockpit(), aMigration());
  await user.click(await screen.findByRole('button', { name: 'Pause' }));
  expect(await screen.findByText('Start a new migration.')).toBeVisible();
});
