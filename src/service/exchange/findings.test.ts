import { expect, test } from 'vitest';
import { configurationFrom, type Findings, findings } from './findings.ts';

const groupId = '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a004';
const nothing = { servicePrincipals: [], policies: [], assignments: [], scopes: [], groups: [] };
const assignment = {
  name: 'a',
  role: 'Application Mail.Read',
  writeScope: '',
  resourceScope: '',
  groupScope: '',
  groupId: '',
  administrativeUnit: '',
};

test.each<[string, Partial<Findings['assignments'][number]>, object]>([
  ['the organization', { writeScope: 'Organization' }, { kind: 'organization' }],
  [
    'a management scope',
    { writeScope: 'CustomRecipientScope', resourceScope: 'Sales' },
    { kind: 'management_scope', name: 'Sales' },
  ],
  ['a group', { writeScope: 'Group', groupScope: 'Sales', groupId }, { kind: 'group', groupId }],
  ['a group that is gone', { writeScope: 'Group', groupScope: 'Sales_1' }, { kind: 'unknown', text: 'Sales_1' }],
  [
    'an administrative unit',
    { writeScope: 'AdministrativeUnit', administrativeUnit: 'unit' },
    { kind: 'administrative_unit', id: 'unit' },
  ],
  ['something new', { writeScope: 'Self' }, { kind: 'unknown', text: 'Self' }],
  // Nothing is no proof of the whole organization.
  ['nothing', {}, { kind: 'unknown', text: '' }],
])('an assignment over %s', (_, scope, expected) => {
  const found = findings.parse({ ...nothing, assignments: [{ ...assignment, ...scope }] });
  expect(configurationFrom(found).assignments).toEqual([{ name: 'a', role: assignment.role, scope: expected }]);
});

test.each([
  ['MailUniversalSecurityGroup', 'mail_enabled_security'],
  ['MailUniversalDistributionGroup', 'distribution'],
  ['RoomList', 'distribution'],
  ['GroupMailbox', 'microsoft_365'],
  ['DynamicDistributionGroup', 'dynamic'],
  ['MailNonUniversalGroup', 'other'],
])('a recipient of the type %s is a group of the kind %s', (type, kind) => {
  const group = { id: groupId, displayName: '', address: null, type, distinguishedName: '', membersKnown: false };
  const found = findings.parse({ ...nothing, groups: [{ ...group, memberIds: [], nestedGroupIds: [] }] });
  expect(configurationFrom(found).groups).toMatchObject([{ kind, address: null, membersKnown: false }]);
});

test('a right that policies do not have is refused, not guessed', () => {
  const policy = { identity: 'x', accessRight: 'AllowAccess', groupId: '', scopeName: '', description: '' };
  expect(findings.safeParse({ ...nothing, policies: [policy] }).success).toBe(false);
});
