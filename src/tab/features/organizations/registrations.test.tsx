import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { listActivity } from '../../../contract/activity.ts';
import { getConsent } from '../../../contract/consent.ts';
import { listConnectivityChecks } from '../../../contract/mailbox-connectivity.ts';
import { getMailboxScope } from '../../../contract/mailbox-scope.ts';
import {
  createOrganization,
  listOrganizations,
  listRegistrations,
  updateOrganization,
} from '../../../contract/organizations.ts';
import { getRequestRate } from '../../../contract/request-rate.ts';
import type { AppId } from '../../../domain/ids.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import { aConsent, aMailboxScope, anOrganization, configuration, organizationIdOf } from '../../testing/fixtures.ts';
import { findDialog, findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer } from '../../testing/service.ts';

const legal = 'legal' as RegistrationName;
const clientId = '22222222-0000-4000-8000-000000000002' as AppId;
const ofLegal = { registration: legal, clientId };

function withTwoApplications() {
  answer(listActivity, { activities: [], nextCursor: null });
  return answer(listRegistrations, {
    registrations: [
      { name: null, clientId: configuration.clientId as AppId },
      { name: legal, clientId },
    ],
  });
}

test('a new organization may use another application; with one alone there is nothing to choose', async () => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  withTwoApplications();
  const calls = answer(createOrganization, anOrganization(ofLegal));
  const { user } = renderTab('/organizations');
  await user.click(await screen.findByRole('button', { name: 'New' }));
  await user.type(await screen.findByRole('textbox', { name: /Name/ }), 'Legal');
  await user.type(screen.getByRole('textbox', { name: /External Id/ }), 'legal');
  await user.click(await screen.findByRole('combobox', { name: 'Application registration' }));
  await user.click(await screen.findByRole('option', { name: `legal ${clientId}` }));
  await user.click(screen.getByRole('radio', { name: 'Hybrid deployment' }));
  expect(screen.queryByRole('combobox', { name: 'Application registration' })).not.toBeInTheDocument();
  await user.click(screen.getByRole('radio', { name: 'Microsoft Graph app-only' }));
  await user.click(screen.getByRole('button', { name: 'Save' }));

  await findToast('Head office was created');
  expect(calls.map(({ body }) => body)).toEqual([
    { name: 'Legal', externalId: 'legal', connectionType: 'graph_app_only', registration: 'legal' },
  ]);
});

test('another application for an organization with users: first what it means, then it is saved', async () => {
  answer(listOrganizations, { organizations: [anOrganization({ userCount: 3 })] });
  withTwoApplications();
  const calls = answer(updateOrganization, anOrganization(ofLegal));
  const { user } = renderTab(`/organizations/${organizationIdOf(1)}`);
  const choice = await screen.findByRole('combobox', { name: 'Application registration' });
  expect(choice).toHaveTextContent(/^The service’s own$/);
  expect(choice).toHaveAccessibleDescription(new RegExp(`^Client id ${configuration.clientId}`));

  await user.click(choice);
  await user.click(await screen.findByRole('option', { name: `legal ${clientId}` }));
  const dialog = await findDialog();
  expect(dialog).toHaveTextContent('Consent has to be granted for the other application');
  expect(dialog).toHaveTextContent('3 users become Not checked');
  expect(calls).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Change application' }));

  await findToast('Head office was saved');
  expect(calls.map(({ body }) => body)).toEqual([{ registration: 'legal' }]);
});

test('a registration that the service does not have any more is named in the list and on the page, with what helps', async () => {
  const organization = anOrganization({ registration: legal, clientId: null, consentState: 'unknown' });
  answer(listOrganizations, { organizations: [organization] });
  answer(listActivity, { activities: [], nextCursor: null });
  const { user } = renderTab('/organizations');
  expect(await screen.findByText('Not configured')).toBeVisible();

  await user.click(screen.getByRole('link', { name: 'Head office' }));
  expect(await screen.findByText('The service is not configured for the application registration legal')).toBeVisible();
  expect(screen.getByText(/adds it to REGISTRATIONS again/)).toBeVisible();
  // The one that is left can be chosen.
  expect(screen.getByRole('combobox', { name: 'Application registration' })).toHaveTextContent(
    'legal (not configured)',
  );
});

test('consent, limit and speed on the Connectivity page are those of the organization’s application', async () => {
  answer(listOrganizations, {
    organizations: [anOrganization(), anOrganization({ id: organizationIdOf(2), ...ofLegal })],
  });
  answer(listConnectivityChecks, { checks: [] });
  answer(getConsent, aConsent());
  const scopes = answer(getMailboxScope, aMailboxScope());
  const rates = answer(getRequestRate, { ceiling: null, operatorCeiling: 13_000, learnt: null });
  const { user } = renderTab(`/connectivity?organization=${organizationIdOf(2)}`);

  expect(
    await screen.findByText(`This organization uses the application registration legal (${clientId})`, {
      exact: false,
    }),
  ).toBeVisible();
  await waitFor(() => expect(rates.map(({ url }) => url.search)).toEqual(['?registration=legal']));
  expect(new Set(scopes.map(({ url }) => url.search))).toEqual(new Set(['?registration=legal']));
  await user.click(await screen.findByRole('button', { name: /Microsoft 365 OAuth/ }));
  expect(await findDialog()).toHaveTextContent(clientId);
});
