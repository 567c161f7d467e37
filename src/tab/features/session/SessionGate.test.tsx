import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { listOrganizations } from '../../../contract/organizations.ts';
import { getOverview } from '../../../contract/overview.ts';
import { getSession } from '../../../contract/session.ts';
import { SignedIn } from '../../signed-in/SignedIn.tsx';
import { anOverview, configuration, session } from '../../testing/fixtures.ts';
import { aSignIn, renderWithLooks } from '../../testing/render-tab.tsx';
import { answer, failToConnect, refuse } from '../../testing/service.ts';

const tab = <SignedIn configuration={configuration} host={{ kind: 'browser' }} signIn={aSignIn()} />;

test.each([
  ['admin.role_missing', 'You are not an admin of Mailbox Access'],
  ['tenant.not_onboarded', 'Your tenant is not set up here'],
  ['token.wrong_scope', 'The service does not accept the sign-in'],
  ['token.invalid', 'The service does not accept the sign-in'],
  ['auth.unavailable', 'The service cannot be reached'],
] as const)('%s says "%s", with the request id', async (code, title) => {
  refuse(getSession, code);
  renderWithLooks(tab);
  expect(await screen.findByRole('heading', { name: title })).toBeVisible();
  expect(screen.getByText(/request-1/)).toBeVisible();
});

test('a service that is back lets the admin in by Try again', async () => {
  failToConnect(getSession);
  const { user } = renderWithLooks(tab);
  await screen.findByRole('heading', { name: 'The service cannot be reached' }, { timeout: 5_000 });

  answer(getSession, session);
  answer(getOverview, anOverview());
  answer(listOrganizations, { organizations: [] });
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('tab', { name: 'Overview' })).toBeVisible();
});
