import { expect, test } from 'vitest';
import { nextSort, type OrganizationSort, organizationSyncStatus, readSort } from './organization-list.ts';

test('a recorded origin is not synchronized, whatever its switch says', () => {
  const statuses = [true, false].flatMap((syncEnabled) => [
    organizationSyncStatus({ connectionType: 'graph_app_only', syncEnabled }),
    organizationSyncStatus({ connectionType: 'ews_impersonation', syncEnabled }),
  ]);
  expect(statuses).toEqual(['enabled', 'not_synchronized', 'disabled', 'not_synchronized']);
});

test('clicks on one head sort up, down and not at all; another head begins anew', () => {
  const sorts: (OrganizationSort | undefined)[] = [undefined];
  for (let click = 0; click < 3; click++) sorts.push(nextSort(sorts.at(-1), 'users'));
  expect(sorts).toEqual([undefined, 'users', '-users', undefined]);
  expect(nextSort('-users', 'name')).toBe('name');
});

test('a sort names its column and its end', () => {
  expect(readSort('-lastCheck')).toEqual({ column: 'lastCheck', isDescending: true });
  expect(readSort('name')).toEqual({ column: 'name', isDescending: false });
});
