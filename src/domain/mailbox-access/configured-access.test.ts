import { expect, test } from 'vitest';
import type { AdministrativeUnitId, AppId, GroupId, ServicePrincipalId, UserId } from '../ids.ts';
import { accessConfigurationOf } from './configured-access.ts';
import { effectiveAccess } from './effective-access.ts';
import type { ExchangeAssignment, ExchangeConfiguration, ExchangeGroup } from './exchange-configuration.ts';
import { indexMembership } from './membership-index.ts';

const appId = 'APPLICATION' as AppId;
const sales = 'sales' as GroupId;
const europe = 'europe' as GroupId;
const staff = 'staff' as GroupId;
const ada = 'ada' as UserId;
const bob = 'bob' as UserId;
const eve = 'eve' as UserId;

function group(id: GroupId, members: Partial<ExchangeGroup>): ExchangeGroup {
  return {
    id,
    displayName: id,
    address: null,
    kind: 'mail_enabled_security',
    distinguishedName: `CN=${id},DC=COM`,
    membersKnown: true,
    memberIds: [],
    nestedGroupIds: [],
    ...members,
  };
}

/** Ada is in sales, Bob in Europe, which is nested in sales, and nobody knows who is in staff. */
function configured(changes: Partial<ExchangeConfiguration>): ExchangeConfiguration {
  return {
    servicePrincipal: { objectId: 'pointer' as ServicePrincipalId, displayName: 'Mailbox Access' },
    policies: [],
    assignments: [],
    scopes: [],
    groups: [
      group(sales, { memberIds: [ada], nestedGroupIds: [europe] }),
      group(europe, { memberIds: [bob] }),
      group(staff, { membersKnown: false, kind: 'dynamic' }),
    ],
    ...changes,
  };
}

const read = (scope: ExchangeAssignment['scope']): ExchangeAssignment => ({
  name: 'assignment',
  role: 'Application Mail.Read',
  scope,
});
const inScope = (filter: string) =>
  configured({ assignments: [read({ kind: 'management_scope', name: 'scope' })], scopes: [{ name: 'scope', filter }] });
const policyOn = (groupId: GroupId | null, accessRight: 'RestrictAccess' | 'DenyAccess' = 'RestrictAccess') =>
  configured({ policies: [{ identity: 'policy', accessRight, groupId, scopeName: '', description: '' }] });

const unit = read({ kind: 'administrative_unit', id: 'unit' as AdministrativeUnitId });

function accessOf(configuration: ExchangeConfiguration, user: UserId, grants: string[] = []) {
  const given = accessConfigurationOf(configuration, { appId, entraGrants: new Set(grants) });
  return effectiveAccess('Mail.Read', indexMembership(configuration)(user), given).access;
}

test.each<[string, ExchangeConfiguration, readonly string[], Record<'ada' | 'bob' | 'eve', string>]>([
  ['no assignment', configured({}), [], { ada: 'closed', bob: 'closed', eve: 'closed' }],
  ['a grant alone', configured({}), ['Mail.Read'], { ada: 'reachable', bob: 'reachable', eve: 'reachable' }],
  [
    'the whole organization',
    configured({ assignments: [read({ kind: 'organization' })] }),
    [],
    { ada: 'reachable', bob: 'reachable', eve: 'reachable' },
  ],
  [
    'a scope on sales',
    inScope("MemberOfGroup -eq 'cn=SALES,DC=COM'"),
    [],
    { ada: 'reachable', bob: 'closed', eve: 'closed' },
  ],
  [
    'a scope on everybody but sales',
    inScope("-not (MemberOfGroup -eq 'CN=sales,DC=COM')"),
    [],
    { ada: 'closed', bob: 'reachable', eve: 'reachable' },
  ],
  [
    'a group scope on Europe',
    configured({ assignments: [read({ kind: 'group', groupId: europe })] }),
    [],
    { ada: 'closed', bob: 'reachable', eve: 'closed' },
  ],
  [
    'a policy on sales, which counts nested groups',
    policyOn(sales),
    ['Mail.Read'],
    { ada: 'reachable', bob: 'reachable', eve: 'closed' },
  ],
  [
    'a policy that denies Europe',
    policyOn(europe, 'DenyAccess'),
    ['Mail.Read'],
    { ada: 'reachable', bob: 'closed', eve: 'reachable' },
  ],
  // From here on something is not known.
  [
    'a scope on staff',
    inScope("MemberOfGroup -eq 'CN=staff,DC=COM'"),
    [],
    { ada: 'unknown', bob: 'unknown', eve: 'unknown' },
  ],
  [
    'a scope on everybody but staff',
    inScope("-not (MemberOfGroup -eq 'CN=staff,DC=COM')"),
    [],
    { ada: 'unknown', bob: 'unknown', eve: 'unknown' },
  ],
  [
    'a scope on sales or staff',
    inScope("MemberOfGroup -eq 'CN=sales,DC=COM' -or MemberOfGroup -eq 'CN=staff,DC=COM'"),
    [],
    { ada: 'reachable', bob: 'unknown', eve: 'unknown' },
  ],
  [
    'a scope on a group that is gone',
    inScope("MemberOfGroup -eq 'CN=gone'"),
    [],
    { ada: 'unknown', bob: 'unknown', eve: 'unknown' },
  ],
  [
    'a group scope on a group that was not read',
    configured({ assignments: [read({ kind: 'group', groupId: 'gone' as GroupId })] }),
    [],
    { ada: 'unknown', bob: 'unknown', eve: 'unknown' },
  ],
  ['another filter', inScope("Department -eq 'Sales'"), [], { ada: 'unknown', bob: 'unknown', eve: 'unknown' }],
  [
    'a scope that is not listed',
    configured({ assignments: [read({ kind: 'management_scope', name: 'x' })] }),
    [],
    { ada: 'unknown', bob: 'unknown', eve: 'unknown' },
  ],
  [
    'a scope in words not known',
    configured({ assignments: [read({ kind: 'unknown', text: 'MyScope' })] }),
    [],
    { ada: 'unknown', bob: 'unknown', eve: 'unknown' },
  ],
  [
    'an administrative unit',
    configured({ assignments: [unit] }),
    [],
    { ada: 'unknown', bob: 'unknown', eve: 'unknown' },
  ],
  ['a policy on staff', policyOn(staff), ['Mail.Read'], { ada: 'unknown', bob: 'unknown', eve: 'unknown' }],
  [
    'a policy on something not known',
    policyOn(null),
    ['Mail.Read'],
    { ada: 'unknown', bob: 'unknown', eve: 'unknown' },
  ],
])('%s', (_, configuration, grants, expected) => {
  const found = {
    ada: accessOf(configuration, ada, [...grants]),
    bob: accessOf(configuration, bob, [...grants]),
    eve: accessOf(configuration, eve, [...grants]),
  };
  expect(found).toEqual(expected);
});

test('a nested group whose members are not known leaves the groups around it open for policies only', () => {
  const groups = [group(sales, { memberIds: [ada], nestedGroupIds: [staff] }), group(staff, { membersKnown: false })];
  const byPolicy = { ...policyOn(sales), groups };
  const byScope = { ...inScope("MemberOfGroup -eq 'CN=sales,DC=COM'"), groups };
  expect([accessOf(byPolicy, ada, ['Mail.Read']), accessOf(byPolicy, bob, ['Mail.Read'])]).toEqual([
    'reachable',
    'unknown',
  ]);
  expect([accessOf(byScope, ada), accessOf(byScope, bob)]).toEqual(['reachable', 'closed']);
});

test('assignments of a stale pointer grant nothing', () => {
  const configuration = configured({ assignments: [read({ kind: 'organization' })] });
  const known = { appId, entraGrants: new Set<string>() };
  const stale = accessConfigurationOf(configuration, { ...known, servicePrincipalId: 'another' as ServicePrincipalId });
  const right = accessConfigurationOf(configuration, { ...known, servicePrincipalId: 'POINTER' as ServicePrincipalId });
  expect([stale.assignments.length, right.assignments.length]).toEqual([0, 1]);
});
