import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { listActivity } from '../../contract/activity.ts';
import { listOrganizations } from '../../contract/organizations.ts';
import { getOverview } from '../../contract/overview.ts';
import { openSubPage } from '../open-sub-page.ts';
import { anOrganization, anOverview, organizationIdOf } from '../testing/fixtures.ts';
import { findToast, renderTab } from '../testing/render-tab.tsx';
import { answer } from '../testing/service.ts';

function service() {
  answer(getOverview, anOverview());
  answer(listActivity, { activities: [], nextCursor: null });
  answer(listOrganizations, {
    organizations: [anOrganization(), anOrganization({ id: organizationIdOf(2), name: 'Sales', externalId: 's' })],
  });
}

test('page tabs lead to pages and the address follows', async () => {
  service();
  const { user } = renderTab('/');
  await user.click(await screen.findByRole('tab', { name: 'Activity' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Activity' })).toBeVisible();
  expect(window.location.pathname).toBe('/activity');
});

test('the picked organization stays from page to page', async () => {
  service();
  const { user } = renderTab('/');
  await user.click(await screen.findByRole('combobox', { name: 'Organization' }));
  await user.click(await screen.findByRole('option', { name: 'Sales' }));
  await user.click(screen.getByRole('tab', { name: 'Activity' }));
  expect(window.location.search).toBe(`?organization=${organizationIdOf(2)}`);
});

test('a hostile link leads to the overview, which says so (fault 93)', async () => {
  service();
  openSubPage('javascript:alert(1)');
  renderTab(window.location.pathname + window.location.search);
  expect(await screen.findByText(/The link pointed to a place that does not exist here/)).toBeVisible();
  expect(screen.getByRole('tab', { name: 'Overview', selected: true })).toBeVisible();
});

test('in a plain browser the link of this view goes to the clipboard', async () => {
  service();
  const { user } = renderTab('/activity');
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await user.click(await screen.findByRole('button', { name: 'Share a link to this page' }));
  await findToast('Link copied');
  expect(write).toHaveBeenCalledWith(`${window.location.origin}/activity`);
});

test('being offline shows while it lasts', async () => {
  service();
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  renderTab('/');
  expect(await screen.findByText(/You are offline/)).toBeVisible();
  online.mockReturnValue(true);
  window.dispatchEvent(new Event('online'));
  await vi.waitFor(() => expect(screen.queryByText(/You are offline/)).not.toBeInTheDocument());
});
