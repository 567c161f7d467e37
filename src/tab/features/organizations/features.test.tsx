import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { getConsent } from '../../../contract/consent.ts';
import { listConnectivityChecks } from '../../../contract/mailbox-connectivity.ts';
import { listOrganizations, updateOrganization } from '../../../contract/organizations.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import { aConsent, anOrganization, organizationIdOf } from '../../testing/fixtures.ts';
import { findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer, refuse } from '../../testing/service.ts';

function open(capabilities: Capability[] = ['mail', 'calendar']) {
  answer(listOrganizations, { organizations: [anOrganization({ capabilities })] });
  answer(listConnectivityChecks, { checks: [] });
  answer(getConsent, aConsent());
  return renderTab(`/connectivity?organization=${organizationIdOf(1)}`);
}

const section = () => screen.findByRole('region', { name: 'Features and permissions' });

test('each feature shows its least permission, what it can read, what stops without it, and how many users it touches', async () => {
  open();
  const features = await section();
  expect(features).toHaveTextContent('A change touches 3 users of this organization.');
  expect(within(features).getAllByRole('switch')).toHaveLength(5);
  expect(within(features).getByRole('switch', { name: 'Mail' })).toBeChecked();
  expect(within(features).getByRole('switch', { name: 'Send mail' })).not.toBeChecked();
  expect(features).toHaveTextContent('Mail.Send: Nothing; it sends mail in the name of any user');
  expect(features).toHaveTextContent('Without it, calendars are neither checked nor synchronized.');
});

test('a switch is saved at once and says so', async () => {
  const { user } = open();
  const calls = answer(updateOrganization, () => {
    const changed = anOrganization({ capabilities: ['mail', 'send', 'calendar'] });
    answer(listOrganizations, { organizations: [changed] });
    return changed;
  });
  await user.click(within(await section()).getByRole('switch', { name: 'Send mail' }));
  await findToast('Send mail was switched on');
  expect(calls.map(({ body }) => body)).toEqual([{ capabilities: ['mail', 'send', 'calendar'] }]);
  expect(within(await section()).getByRole('switch', { name: 'Send mail' })).toBeChecked();
});

test('the last feature stays on', async () => {
  open(['mail']);
  expect(within(await section()).getByRole('switch', { name: 'Mail' })).toBeDisabled();
});

test('a refusal shows its remedy, and the switch stays as it was', async () => {
  const { user } = open();
  refuse(updateOrganization, 'service.unavailable');
  await user.click(within(await section()).getByRole('switch', { name: 'Calendar' }));
  expect(await screen.findByText('The service is not ready')).toBeVisible();
  expect(within(await section()).getByRole('switch', { name: 'Calendar' })).toBeChecked();
});
