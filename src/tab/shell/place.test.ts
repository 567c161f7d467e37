import { expect, test } from 'vitest';
import { checkIdOf, organizationIdOf, runIdOf, userIdOf } from '../testing/fixtures.ts';
import { addressOf, type Place, placeOf, placeOfSubPageId, subPageIdOf, unknownAddress } from './place.ts';

const places: readonly Place[] = [
  { page: 'overview' },
  { page: 'overview', organizationId: organizationIdOf(1) },
  { page: 'organizations' },
  { page: 'organizations', organizationId: organizationIdOf(1) },
  { page: 'organizations', search: 'müller', connection: 'hybrid', sync: 'not_synchronized', sort: '-users' },
  { page: 'organizations', organizationColumns: ['name', 'createdAt'] },
  { page: 'users', status: 'blocked', search: 'o’neil & co', organizationId: organizationIdOf(1), userId: userIdOf(1) },
  { page: 'users', userConnection: 'none', userSync: 'disabled', mailboxState: 'disabled_due_to_error' },
  { page: 'users', userSorts: ['connection', '-lastSync'], userColumns: ['status', 'name', 'license'] },
  { page: 'connectivity', organizationId: organizationIdOf(1) },
  { page: 'connectivity', organizationId: organizationIdOf(1), checkId: checkIdOf(1) },
  { page: 'leaving-ews', organizationId: organizationIdOf(1) },
  { page: 'activity' },
  { page: 'activity', runId: runIdOf(1) },
];

test.each(places)('the address of $page leads back to it', (place) => {
  const { pathname, search } = new URL(addressOf(place), 'https://tab.example');
  expect(placeOf(pathname, search)).toEqual(expect.objectContaining(place));
  expect(placeOfSubPageId(subPageIdOf(place)) ?? placeOf('/', '')).toEqual(expect.objectContaining(place));
});

test.each([
  'javascript:alert(1)',
  '../../etc/passwd',
  '//evil.example/users',
  'https://evil.example/users',
  'users/../organizations',
  '\\\\evil',
  'users?organization=1%20or%201',
  'users?status=admin',
  'users?sort=password',
  'users?sort=name,-name',
  'users?columns=name,password',
  'organizations?sort=password',
  'organizations?columns=name,license',
  'activity?columns=name',
  'organizations?connection=none',
  'users?connection=imap',
  'users?mailbox=broken',
  'organizations?mailbox=initialized',
  'users?sync=not_synchronized',
  'organizations?sync=yes',
  'connectivity?check=1%20or%201',
  'activity?run=1%20or%201',
  `organizations/${'a'.repeat(10_000)}`,
  'api/session',
  '<script>',
])('a link to %s leads nowhere (fault 93)', (subPageId) => {
  expect(placeOfSubPageId(subPageId)).toBeUndefined();
});

test('the address for unknown links names no place', () => {
  const { pathname, search } = new URL(unknownAddress, 'https://tab.example');
  expect(placeOf(pathname, search)).toBeUndefined();
});
