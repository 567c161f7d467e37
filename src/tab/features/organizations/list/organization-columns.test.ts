import { expect, test } from 'vitest';
import { organizationColumns } from '../../../../domain/organizations/organization-list.ts';
import { columnsThatFit } from './organization-columns.tsx';

test.each([
  [Number.POSITIVE_INFINITY, [...organizationColumns]],
  [720, ['name', 'users', 'synchronization', 'impersonationStatus']],
  [480, ['name', 'users', 'synchronization']],
  [100, ['name']],
])('a list of %d pixels shows what there is room for', (width, expected) => {
  expect(columnsThatFit(organizationColumns, width)).toEqual(expected);
});

test('the room of a column that is not wanted goes to the others', () => {
  expect(columnsThatFit(['name', 'externalId', 'lastCheck'], 480)).toEqual(['name', 'externalId', 'lastCheck']);
});

test('the name shows, also when nothing was chosen', () => {
  expect(columnsThatFit([], 1280)).toEqual(['name']);
});
