import { describe, expect, test } from 'vitest';
import type { GroupId, UserId } from '../ids.ts';
import type { ExchangeConfiguration } from '../mailbox-access/exchange-configuration.ts';
import { differencesOf, grantDifferences } from './drift.ts';

describe('grants', () => {
  test.each([
    ['the same', ['Mail.Read'], ['Mail.Read'], []],
    [
      'one less stops its feature',
      ['Mail.Read', 'Calendars.Read'],
      ['Mail.Read'],
      ['grant_removed Calendars.Read calendar'],
    ],
    [
      'one less that another one still serves',
      ['Mail.Read', 'Mail.ReadWrite'],
      ['Mail.Read'],
      ['grant_removed Mail.ReadWrite '],
    ],
    ['one less that nobody uses', ['Contacts.Read'], [], ['grant_removed Contacts.Read ']],
    ['one more', [], ['Mail.Send'], ['grant_added Mail.Send send']],
    ['one more of no mailbox', [], ['Sites.Read.All'], ['grant_added Sites.Read.All ']],
  ])('%s', (_, before, after, expected) => {
    const found = grantDifferences({ roles: before }, { roles: after }, ['mail', 'calendar']);
    expect(found.map(({ what, subject, capabilities }) => `${what} ${subject} ${capabilities}`)).toEqual(expected);
  });

  test('the directory is compared with the directory, and lists that nobody could read with nothing', () => {
    const both = { assignments: ['Mail.Read'], roles: [] };
    expect(grantDifferences(both, { assignments: ['Mail.Read'], roles: ['Mail.Read'] }, [])).toEqual([]);
    expect(grantDifferences(both, {}, ['mail'])).toEqual([]);
    expect(grantDifferences({}, both, ['mail'])).toEqual([]);
  });
});

describe('readings of Exchange', () => {
  const group = (memberIds: string[], more: object = {}) => ({
    id: 'sales' as GroupId,
    displayName: 'Sales',
    address: null,
    kind: 'mail_enabled_security' as const,
    distinguishedName: 'CN=Sales',
    membersKnown: true,
    memberIds: memberIds as UserId[],
    nestedGroupIds: [],
    ...more,
  });
  const policy = (more: object = {}) => ({
    identity: 'tenant\\app:group;1',
    accessRight: 'RestrictAccess' as const,
    groupId: 'sales' as GroupId,
    scopeName: 'Sales',
    description: '',
    ...more,
  });
  const reading = (more: Partial<ExchangeConfiguration> = {}): ExchangeConfiguration => ({
    servicePrincipal: null,
    policies: [],
    assignments: [],
    scopes: [],
    groups: [],
    ...more,
  });

  test.each<[string, Partial<ExchangeConfiguration>, Partial<ExchangeConfiguration>, string[]]>([
    ['the same', { policies: [policy()] }, { policies: [policy()] }, []],
    [
      'a policy that was made anew with another description',
      { policies: [policy()] },
      { policies: [policy({ identity: 'other', description: 'new' })] },
      [],
    ],
    ['a policy less', { policies: [policy()] }, {}, ['policy_removed RestrictAccess Sales']],
    [
      'a policy turned round',
      { policies: [policy()] },
      { policies: [policy({ accessRight: 'DenyAccess' })] },
      ['policy_added DenyAccess Sales', 'policy_removed RestrictAccess Sales'],
    ],
    [
      'an assignment more',
      {},
      { assignments: [{ name: 'a', role: 'Application Mail.Read', scope: { kind: 'organization' } }] },
      ['assignment_added Application Mail.Read (a)'],
    ],
    [
      'an assignment with another scope',
      { assignments: [{ name: 'a', role: 'Application Mail.Read', scope: { kind: 'management_scope', name: 'one' } }] },
      { assignments: [{ scope: { kind: 'organization' }, role: 'Application Mail.Read', name: 'a' }] },
      ['scope_changed Application Mail.Read (a)'],
    ],
    [
      'another filter behind the same scope',
      {
        assignments: [{ name: 'a', role: 'Application Mail.Read', scope: { kind: 'management_scope', name: 'one' } }],
        scopes: [{ name: 'one', filter: "MemberOfGroup -eq 'CN=Sales'" }],
      },
      {
        assignments: [{ name: 'a', role: 'Application Mail.Read', scope: { kind: 'management_scope', name: 'one' } }],
        scopes: [{ name: 'one', filter: "MemberOfGroup -eq 'CN=Everybody'" }],
      },
      ['scope_changed Application Mail.Read (a)'],
    ],
    [
      'the same members in another order',
      { groups: [group(['a', 'b'])] },
      { groups: [group(['b', 'a'], { displayName: 'Sales team' })] },
      [],
    ],
    ['another member', { groups: [group(['a'])] }, { groups: [group(['b'])] }, ['group_changed Sales']],
  ])('%s', (_, before, after, expected) => {
    const found = differencesOf(reading(before), reading(after));
    expect(found.map(({ what, subject }) => `${what} ${subject}`)).toEqual(expected);
  });
});
