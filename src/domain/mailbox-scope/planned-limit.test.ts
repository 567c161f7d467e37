import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AppId, GroupId, ServicePrincipalId, TenantId, UserId } from '../ids.ts';
import { accessConfigurationOf } from '../mailbox-access/configured-access.ts';
import type { ExchangeConfiguration } from '../mailbox-access/exchange-configuration.ts';
import { indexMembership } from '../mailbox-access/membership-index.ts';
import { accessSteps } from './access-steps.ts';
import { configurationWith } from './limit.ts';
import { namedMembers } from './named-members.ts';
import { type GroupWithMembers, type LimitWish, nothingConfigured, planTheLimit } from './planned-limit.ts';
import { plansOfLimit, plansOfMigration } from './scope-plans.ts';

const people = Array.from({ length: 8 }, (_, n) => `bbbbbbbb-0000-4000-8000-00000000000${n}` as UserId);
const [ann, bob, cid] = people as [UserId, UserId, UserId, ...UserId[]];
const groupOf = (n: number, memberIds: UserId[], nestedGroupIds: GroupId[] = []): GroupWithMembers => ({
  id: `aaaaaaaa-0000-4000-8000-00000000000${n}` as GroupId,
  displayName: `Group ${n}`,
  address: `group${n}@contoso.example`,
  kind: 'mail_enabled_security',
  memberIds,
  nestedGroupIds,
});
const inner = groupOf(2, [bob]);
const outer = groupOf(1, [ann], [inner.id]);
const survey = {
  tenantId: 'cccccccc-0000-4000-8000-000000000001' as TenantId,
  appId: 'dddddddd-0000-4000-8000-000000000001' as AppId,
  servicePrincipalId: 'eeeeeeee-0000-4000-8000-000000000001' as ServicePrincipalId,
  entraGrants: new Set(['Mail.ReadBasic.All', 'Calendars.Read', 'User.Read.All']),
  configuration: nothingConfigured,
  mailboxes: people,
  neededPermissions: ['Mail.ReadBasic.All', 'Calendars.Read'],
};
const wishOf = (wish: Partial<LimitWish> = {}): LimitWish => ({
  mechanism: 'role_assignments',
  list: 'allow',
  includeNested: true,
  groups: [outer, inner],
  ...wish,
});
const asExchange = ({ kind, ...group }: GroupWithMembers): ExchangeConfiguration['groups'][number] => ({
  ...group,
  kind: kind === 'security' ? 'other' : kind,
  distinguishedName: `CN=${group.displayName}`,
  membersKnown: true,
});

describe('a limit that is planned', () => {
  test('tells who is inside by the mechanism that it uses', () => {
    const inside = (wish: Partial<LimitWish>) => planTheLimit(survey, wishOf(wish)).inside;
    expect(inside({})).toEqual([ann, bob]);
    expect(inside({ includeNested: false })).toEqual([ann]);
    // Policies look into nested groups, whatever was asked for.
    expect(inside({ mechanism: 'application_access_policy', includeNested: false })).toEqual([ann, bob]);
    expect(inside({ list: 'block' })).toEqual(people.slice(2));
  });

  test('is proved on both sides, nested members first', () => {
    const plans = plansOfLimit(survey, planTheLimit(survey, wishOf()), 'Mailbox Access');
    const tested = plans.make.steps.flatMap((step) =>
      step.kind === 'test_role_assignments' ? [[step.mailboxId, step.expected]] : [],
    );
    expect(tested[0]).toEqual([bob, 'in_scope']);
    expect(tested).toContainEqual([cid, 'out_of_scope']);
  });

  test('never holds an assignment without a scope, and names people as the preview counted them', () => {
    const ids = fc.subarray([...people]);
    fc.assert(
      fc.property(
        ids,
        ids,
        fc.boolean(),
        fc.constantFrom('allow', 'block'),
        fc.boolean(),
        (first, second, nested, list, byPolicy) => {
          const groups: LimitWish['groups'] = [groupOf(1, first, [inner.id]), groupOf(2, second)];
          const mechanism = byPolicy ? 'application_access_policy' : 'role_assignments';
          const planned = planTheLimit(survey, wishOf({ groups, includeNested: nested, list, mechanism }));
          const { make } = plansOfLimit(survey, planned, 'Mailbox Access');
          const scopes = make.steps.filter(({ kind }) => kind === 'ensure_management_scope').length;
          expect(scopes).toBe(byPolicy ? 0 : 1);

          const named = namedMembers(make, groups.map(asExchange));
          const isNamed = (userId: UserId) => named.has(userId) === (list === 'allow');
          expect(people.filter(isNamed)).toEqual(planned.inside);

          // What is counted as reachable afterwards is what the rule says of each mailbox.
          const before = accessConfigurationOf(nothingConfigured, survey);
          const rule = configurationWith(planned.limit, before);
          const membership = indexMembership({ ...nothingConfigured, groups: groups.map(asExchange) });
          const open = people.filter((userId) =>
            accessSteps(['mail'], membership(userId), rule, true).some(({ step, mark }) =>
              byPolicy ? step === 'policy' && mark === 'opens' : step === 'role_assignment' && mark === 'opens',
            ),
          );
          if (!byPolicy) expect(open).toEqual(planned.inside);
          expect(planned.after.reachable).toBe(planned.inside.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('plans', () => {
  const older: ExchangeConfiguration = {
    ...nothingConfigured,
    servicePrincipal: { objectId: survey.servicePrincipalId, displayName: 'Mailbox Access' },
    assignments: [
      { name: 'older', role: 'Application Mail.Read', scope: { kind: 'management_scope', name: 'Older' } },
      { name: 'widest', role: 'Application Mail.Read', scope: { kind: 'organization' } },
    ],
  };

  test('take older assignments away, and the way back makes again what can be made again', () => {
    const surveyed = { ...survey, configuration: older };
    const plans = plansOfLimit(surveyed, planTheLimit(surveyed, wishOf()), 'Mailbox Access');
    expect(plans.remove_assignments?.steps.map((step) => ('name' in step ? step.name : step.kind))).toEqual([
      'older',
      'widest',
      'read_configuration',
    ]);
    expect(plans.undo.steps).toContainEqual(
      expect.objectContaining({ kind: 'ensure_role_assignment', name: 'older', scopeName: 'Older' }),
    );
    expect(plans.undo.steps.at(-1)?.kind).toBe('read_configuration');
  });

  test('of a migration restore the policies first: they confine the grants that come back', () => {
    const policies = [
      {
        identity: 'p',
        accessRight: 'RestrictAccess' as const,
        groupId: outer.id,
        scopeName: 'Group 1',
        description: '',
      },
    ];
    const configuration = { ...nothingConfigured, policies, groups: [outer, inner].map(asExchange) };
    const surveyed = { ...survey, configuration };
    const plans = plansOfMigration(surveyed, planTheLimit(surveyed, wishOf()), 'Mailbox Access');
    if ('refused' in plans) throw new Error(plans.refused);
    expect(plans.undo.steps[0]?.kind).toBe('ensure_application_access_policy');
    expect(plans.remove_policies?.steps[0]?.kind).toBe('remove_application_access_policy');
    // A policy counts nested members, so the scope names the nested group too.
    expect(plans.make.steps).toContainEqual(expect.objectContaining({ groupIds: [outer.id, inner.id] }));
  });
});
