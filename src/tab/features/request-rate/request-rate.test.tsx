import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { getConsent } from '../../../contract/consent.ts';
import { listConnectivityChecks } from '../../../contract/mailbox-connectivity.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import { getRequestRate, type RequestRate, setRequestRate } from '../../../contract/request-rate.ts';
import { anOrganization, authorized, organizationIdOf } from '../../testing/fixtures.ts';
import { renderTab } from '../../testing/render-tab.tsx';
import { answer } from '../../testing/service.ts';

const address = `/connectivity?organization=${organizationIdOf(1)}`;
const label = 'Requests per second at most';
const learnt = { requestsPerSecond: 987.4, isLimit: true, learntAt: '2026-11-23T10:00:00.000Z' };

function show(rate: Partial<RequestRate>) {
  answer(listOrganizations, { organizations: [anOrganization({ consentState: 'authorized' })] });
  answer(getConsent, authorized);
  answer(listConnectivityChecks, { checks: [] });
  answer(getRequestRate, { ceiling: null, operatorCeiling: 13_000, learnt: null, ...rate });
  return renderTab(address);
}

test('what was measured is said, and a ceiling is saved', async () => {
  const calls = answer(setRequestRate, { ceiling: 500, operatorCeiling: 13_000, learnt });
  const { user } = show({ learnt });
  await user.type(await screen.findByRole('textbox', { name: label }), '500');
  await user.click(screen.getByRole('button', { name: 'Save' }));

  await waitFor(() => expect(calls.map(({ body }) => body)).toEqual([{ ceiling: 500 }]));
  expect(screen.getByText(/slows this application down above 987 requests per second/)).toBeVisible();
  expect(await screen.findByText(/The ceiling was saved/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Save' })).not.toBeInTheDocument();
});

test('emptied, the ceiling is taken back', async () => {
  const calls = answer(setRequestRate, { ceiling: null, operatorCeiling: 13_000, learnt: null });
  const { user } = show({ ceiling: 500 });
  await user.clear(await screen.findByRole('textbox', { name: label }));
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(calls.map(({ body }) => body)).toEqual([{ ceiling: null }]));
});

test('what the operator does not allow cannot be saved', async () => {
  const { user } = show({ operatorCeiling: 200 });
  await user.type(await screen.findByRole('textbox', { name: label }), '201');
  expect(screen.getByText('Enter a whole number from 1 to 200, or leave it empty.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Save' })).toHaveAttribute('aria-disabled', 'true');
  expect(screen.getByText('Nothing has been measured yet; the first check finds out.')).toBeVisible();
});
