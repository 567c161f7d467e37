import { expect, test } from 'vitest';
import { compareGrants, consentStateOf } from './consent-state.ts';

const needed = ['mail', 'calendar'] as const;

test('every needed permission granted is authorized', () => {
  const grants = compareGrants(['Mail.ReadBasic.All', 'Calendars.Read', 'User.Read.All'], needed);
  expect(consentStateOf(grants)).toBe('authorized');
  expect(grants.map((grant) => grant.state)).toEqual(['granted', 'granted', 'granted']);
});

test('a broader permission serves its capability and is listed under its own name', () => {
  expect(compareGrants(['Mail.ReadWrite'], ['mail'])).toEqual([
    { permission: 'Mail.ReadWrite', capability: 'mail', state: 'granted' },
  ]);
});

test('a missing permission is named by the least privileged one', () => {
  const grants = compareGrants(['Mail.Read'], needed);
  expect(grants).toContainEqual({ permission: 'Calendars.Read', capability: 'calendar', state: 'missing' });
  expect(consentStateOf(grants)).toBe('partly_authorized');
});

test('no role at all is not authorized', () => {
  expect(consentStateOf(compareGrants([], needed))).toBe('not_authorized');
});

test('what no feature needs is excess', () => {
  const grants = compareGrants(['Mail.Read', 'Calendars.Read', 'AppRoleAssignment.ReadWrite.All'], needed);
  expect(grants).toContainEqual({ permission: 'AppRoleAssignment.ReadWrite.All', state: 'excess' });
  expect(consentStateOf(grants)).toBe('authorized');
});
