import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AppId, GroupId, UserId } from '../ids.ts';
import type { AccessConfiguration } from '../mailbox-access/effective-access.ts';
import { indexMembership } from '../mailbox-access/membership-index.ts';
import { configurationWith, problemsOfLimit, type WantedLimit } from './limit.ts';
import { compareReach, mailboxGrants, reachability } from './reach.ts';

const appId = '11111111-1111-4111-8111-111111111111' as AppId;
const outer = 'aaaaaaaa-0000-4000-8000-000000000001' as GroupId;
const inner = 'aaaaaaaa-0000-4000-8000-000000000002' as GroupId;
const [ann, bob, cid, dan] = ['1', '2', '3', '4'].map((n) => `bbbbbbbb-0000-4000-8000-00000000000${n}` as UserId) as [
  UserId,
  UserId,
  UserId,
  UserId,
];
const everybody = [ann, bob, cid, dan];
const group = { address: null, kind: 'mail_enabled_security', membersKnown: true } as const;
const groups = [
  {
    ...group,
    id: outer,
    displayName: 'Outer',
    distinguishedName: 'CN=Outer',
    memberIds: [ann],
    nestedGroupIds: [inner],
  },
  {
    ...group,
    id: inner,
    displayName: 'Inner',
    distinguishedName: 'CN=Inner',
    memberIds: [bob],
    nestedGroupIds: [outer],
  },
];
const membershipOf = indexMembership({ groups, policies: [], assignments: [] });
const consented: AccessConfiguration = {
  appId,
  entraGrants: new Set(['Mail.ReadBasic.All', 'User.Read.All']),
  policies: [],
  assignments: [],
};
const limitOf = (limit: Partial<WantedLimit>): WantedLimit => ({
  mechanism: 'role_assignments',
  list: 'allow',
  groupIds: [outer],
  permissions: ['Mail.ReadBasic.All', 'Calendars.Read'],
  ...limit,
});
const reachAfter = (limit: Partial<WantedLimit>, before = consented) =>
  compareReach(everybody, membershipOf, before, configurationWith(limitOf(limit), before));

describe('the reach of a limit', () => {
  test.each<[string, Partial<WantedLimit>, UserId[]]>([
    ['role assignments count direct members only', {}, [bob, cid, dan]],
    ['nested groups that are named are covered', { groupIds: [outer, inner] }, [cid, dan]],
    ['a block-list keeps its members out', { list: 'block', groupIds: [outer, inner] }, [ann, bob]],
    ['a policy counts nested members by itself', { mechanism: 'application_access_policy' }, [cid, dan]],
    ['a denying policy too', { mechanism: 'application_access_policy', list: 'block' }, [ann, bob]],
  ])('%s', (_, limit, lost) => {
    const compared = reachAfter(limit);
    expect(compared.now).toEqual({ mailboxes: 4, reachable: 4, unknown: 0 });
    expect(compared.after).toEqual({ mailboxes: 4, reachable: 4 - lost.length, unknown: 0 });
    expect(compared.loses).toEqual(lost);
    expect(compared.gains).toEqual([]);
  });

  test('without any grant, a limit by roles lets its members in: they gain', () => {
    expect(reachAfter({}, { ...consented, entraGrants: new Set() }).gains).toEqual([ann]);
  });

  test('older assignments go with the limit, or it would limit nothing', () => {
    const before: AccessConfiguration = {
      ...consented,
      assignments: [{ role: 'Application Mail.Read', scope: { kind: 'organization' } }],
    };
    expect(reachAfter({}, before).loses).toEqual([bob, cid, dan]);
  });

  test('a filter that nobody understands leaves mailboxes unknown now, neither open nor closed', () => {
    const before: AccessConfiguration = {
      ...consented,
      entraGrants: new Set(),
      assignments: [{ role: 'Application Mail.Read', scope: { kind: 'other_filter', filter: 'Title -eq x' } }],
    };
    const { now, after } = reachAfter({}, before);
    expect(now).toEqual({ mailboxes: 4, reachable: 0, unknown: 4 });
    expect(after).toEqual({ mailboxes: 4, reachable: 1, unknown: 0 });
  });
});

test('grants of the directory open no mailbox and stay', () => {
  expect(mailboxGrants(consented.entraGrants)).toEqual(['Mail.ReadBasic.All']);
  expect([...configurationWith(limitOf({}), consented).entraGrants]).toEqual(['User.Read.All']);
});

test('nothing granted, nothing reachable, whatever the groups', () => {
  fc.assert(
    fc.property(fc.subarray([outer, inner]), fc.boolean(), (scopeGroupIds, isDeny) => {
      const policies = scopeGroupIds.map((scopeGroupId) => ({
        appId,
        scopeGroupId,
        accessRight: isDeny ? ('DenyAccess' as const) : ('RestrictAccess' as const),
      }));
      for (const userId of everybody) {
        expect(reachability(membershipOf(userId), { appId, entraGrants: new Set(), policies, assignments: [] })).toBe(
          'closed',
        );
      }
    }),
  );
});

describe('what stands against a limit', () => {
  const calm = {
    group: { displayName: 'Sales', kind: 'mail_enabled_security' as const },
    nestedGroupNames: [],
    includesNested: true,
    before: { ...consented, entraGrants: new Set<string>() },
    isRead: true,
    membersKnown: true,
    servicePrincipal: 'present' as const,
    named: 2,
    mailboxes: 4,
  };
  const problems = (limit: Partial<WantedLimit>, given: Partial<Parameters<typeof problemsOfLimit>[1]>) =>
    problemsOfLimit(limitOf(limit), { ...calm, ...given }).map(({ problem }) => problem);

  test('nothing, where nothing does', () => expect(problems({}, {})).toEqual([]));
  test('fault 139: a grant in Entra beside the roles', () => {
    expect(problemsOfLimit(limitOf({}), { ...calm, before: consented })).toEqual([
      { problem: 'union_trap', names: ['Mail.ReadBasic.All'] },
    ]);
  });
  test.each([
    ['distribution', 'application_access_policy', ['group_not_security', 'policy_deprecated']],
    ['distribution', 'role_assignments', []],
    ['microsoft_365', 'application_access_policy', ['group_not_security', 'policy_deprecated']],
    ['security', 'role_assignments', ['group_unknown_to_exchange']],
    ['dynamic', 'role_assignments', ['group_dynamic']],
  ] as const)('a group of kind %s for %s', (kind, mechanism, expected) => {
    expect(problems({ mechanism }, { group: { displayName: 'Sales', kind } })).toEqual(expected);
  });
  test('an empty group, one that holds everybody, and one whose members nobody could list', () => {
    expect(problems({}, { named: 0 })).toEqual(['nobody_inside']);
    expect(problems({}, { named: 4 })).toEqual(['everybody_inside']);
    expect(problems({}, { named: 0, membersKnown: false })).toEqual(['members_unknown']);
  });
  test('nested groups that roles would not cover', () => {
    expect(problems({}, { nestedGroupNames: ['North'], includesNested: false })).toEqual(['nested_not_covered']);
  });
});
