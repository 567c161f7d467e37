import { screen, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { listConnectivityChecks } from '../../../contract/mailbox-connectivity.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import { getOverview } from '../../../contract/overview.ts';
import { aCheck, anOrganization, anOverview, checkIdOf, countsOf } from '../../testing/fixtures.ts';
import { renderTab } from '../../testing/render-tab.tsx';
import { answer } from '../../testing/service.ts';

const before = aCheck({ id: checkIdOf(1), total: 10, done: 10, counts: countsOf({ working: 6, blocked: 4 }) });
const latest = aCheck({ id: checkIdOf(2), total: 12, done: 12, counts: countsOf({ working: 11, limited: 1 }) });
const label = 'Everybody in Head office, the last 2 checks: 6 of 10 working at first, 11 of 12 at last';

beforeEach(() => {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(getOverview, anOverview({ counts: countsOf({ working: 11, limited: 1 }), total: 12 }));
});

test('the last checks stand side by side as shares, with a sentence that says the same', async () => {
  const calls = answer(listConnectivityChecks, { checks: [latest, before] });
  renderTab('/');

  const chart = await screen.findByRole('img', { name: label });

  const parts = [...chart.querySelectorAll('rect')].map((part) => [
    part.textContent,
    Math.round(Number(part.getAttribute('height'))),
  ]);
  expect(parts).toEqual([
    ['Working: 6', 72],
    ['Blocked: 4', 48],
    ['Working: 11', 110],
    ['Limited: 1', 10],
  ]);
  expect(calls.some(({ url }) => url.searchParams.get('covering') === 'everybody')).toBe(true);
});

test('the same numbers are there as a table', async () => {
  answer(listConnectivityChecks, { checks: [latest, before] });
  const { user } = renderTab('/');
  await user.click(await screen.findByRole('button', { name: 'Show as a table' }));

  const table = await screen.findByRole('table', { name: label });
  const headings = within(table).getAllByRole('columnheader');
  expect(headings.map(({ textContent }) => textContent)).toEqual(['When', 'Blocked', 'Limited', 'Working']);
  const [, first, last] = within(table).getAllByRole('row');
  const cells = (row: HTMLElement | undefined) =>
    within(row as HTMLElement)
      .getAllByRole('cell')
      .slice(1)
      .map(({ textContent }) => textContent);
  expect([cells(first), cells(last)]).toEqual([
    ['4', '0', '6'],
    ['0', '1', '11'],
  ]);

  await user.click(screen.getByRole('button', { name: 'Show as a chart' }));
  expect(screen.getByRole('img', { name: label })).toBeVisible();
});

test('one check alone is no trend', async () => {
  answer(listConnectivityChecks, { checks: [latest] });
  renderTab('/');
  await screen.findByRole('heading', { name: 'Needs attention' });
  expect(screen.queryByRole('heading', { name: 'The last checks' })).not.toBeInTheDocument();
});
