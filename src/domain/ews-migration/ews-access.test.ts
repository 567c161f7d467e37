import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EwsAccess, entriesOf, ewsStanding, whyNoReturn, withEntry, withoutEntry } from './ews-access.ts';

const appId = '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a002';
const other = '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a00f';
const summer = new Date('2026-08-01T00:00:00Z');
const autumn = new Date('2026-11-28T00:00:00Z');
const shutDown = new Date('2027-04-01T00:00:00Z');

function access(enabled: boolean | null, ...allowedAppIds: string[]): EwsAccess {
  return { enabled, allowedAppIds, userAgentPolicy: null, allowedUserAgents: [], blockedUserAgents: [] };
}

describe('the table of Set-OrganizationConfig', () => {
  test.each([
    [access(null), autumn, 'not_set'],
    [access(null, other), autumn, 'not_set'],
    [access(true), autumn, 'list_empty'],
    [access(true, other), autumn, 'not_listed'],
    [access(true, other, appId.toUpperCase()), autumn, 'allowed'],
    [access(true, `{${appId}}`), autumn, 'allowed'],
    [access(false, appId), autumn, 'switched_off'],
    [access(true), summer, 'allowed'],
    [access(false, appId), summer, 'switched_off'],
    [access(true, appId), shutDown, 'shut_down'],
  ])('%j at %s is %s', (reading, now, standing) => expect(ewsStanding(reading, appId, now)).toBe(standing));
});

describe('going back', () => {
  const read = (reading: EwsAccess, hoursAgo = 1) => ({
    access: reading,
    readAt: new Date(autumn.getTime() - hoursAgo * 3_600_000),
  });
  test.each([
    ['listed', read(access(true, appId)), autumn, undefined],
    ['never set', read(access(null)), autumn, undefined],
    ['the entry is gone', read(access(true, other)), autumn, 'not_listed'],
    ['nobody is listed', read(access(true)), autumn, 'not_listed'],
    ['switched off', read(access(false, appId)), autumn, 'switched_off'],
    ['never read', undefined, autumn, 'not_read'],
    ['read too long ago', read(access(true, appId), 25), autumn, 'not_read'],
    ['the day of the shutdown', read(access(true, appId)), shutDown, 'shut_down'],
    [
      'a moment before it',
      { access: access(true, appId), readAt: shutDown },
      new Date(shutDown.getTime() - 1),
      undefined,
    ],
  ])('%s', (_, reading, now, refusal) => expect(whyNoReturn(reading, appId, now)).toBe(refusal));
});

test('the list is read in every form in which Exchange may write it', () => {
  expect(entriesOf(null)).toEqual([]);
  expect(entriesOf('')).toEqual([]);
  expect(entriesOf(' a, b ,,c')).toEqual(['a', 'b', 'c']);
  expect(entriesOf(['a', 'b,c'])).toEqual(['a', 'b', 'c']);
});

test('adding never drops, changes or moves an entry, and removing takes the one application only', () => {
  const id = fc.oneof(fc.uuid(), fc.constantFrom(appId, appId.toUpperCase(), `{${appId}}`, 'not-an-id'));
  fc.assert(
    fc.property(fc.array(id), (entries) => {
      const added = withEntry(entries, appId);
      expect(added.slice(0, entries.length)).toEqual(entries);
      expect(added.length - entries.length).toBeLessThanOrEqual(1);
      expect(withEntry(added, appId)).toEqual(added);

      const removed = withoutEntry(added, appId);
      const isOurs = (entry: string) => entry.toLowerCase().includes(appId);
      expect(removed).toEqual(entries.filter((entry) => !isOurs(entry)));
    }),
  );
});
