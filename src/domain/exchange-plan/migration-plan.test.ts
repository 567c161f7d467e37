import { expect, test } from 'vitest';
import type { AppId, GroupId, ServicePrincipalId, TenantId, UserId } from '../ids.ts';
import type { ExchangeGroup, ExchangePolicy } from '../mailbox-access/exchange-configuration.ts';
import { type MigrationRequest, planMigration } from './migration-plan.ts';
import { planPolicyRemoval, planPolicyRestore } from './policy-plan.ts';
import type { ExchangePlan } from './step.ts';
import { planUndo } from './undo-plan.ts';

const tenantId = 'tenant' as TenantId;
const appId = 'application' as AppId;
const [sales, europe, legal] = ['sales', 'europe', 'legal'] as unknown as [GroupId, GroupId, GroupId];

function group(id: GroupId, nestedGroupIds: GroupId[] = [], membersKnown = true): ExchangeGroup {
  const rest = { address: null, kind: 'mail_enabled_security', distinguishedName: `CN=${id}` } as const;
  return { id, displayName: id, ...rest, membersKnown, memberIds: [], nestedGroupIds };
}
function policy(groupId: GroupId | null, accessRight: ExchangePolicy['accessRight'] = 'RestrictAccess') {
  return {
    identity: `policy ${groupId}`,
    accessRight,
    groupId,
    scopeName: `${groupId}`,
    description: 'written by hand',
  };
}

const request: MigrationRequest = {
  tenantId,
  appId,
  servicePrincipalId: 'service principal' as ServicePrincipalId,
  applicationName: 'Mailbox Access',
  permissions: ['Mail.Read'],
  mustReach: ['ada' as UserId],
  mustNotReach: ['bob' as UserId],
  policies: [policy(sales), policy(legal)],
  // A circle does no harm.
  groups: [group(sales, [europe]), group(europe, [sales]), group(legal)],
};

function planned(result: ReturnType<typeof planMigration | typeof planPolicyRemoval>): ExchangePlan {
  if ('refused' in result) throw new Error(result.refused);
  return result;
}

test('several policies become one scope over all groups and those nested in them, tested and read', () => {
  const { steps } = planned(planMigration(request));
  expect(steps.map(({ kind }) => kind)).toEqual([
    'ensure_service_principal',
    'ensure_management_scope',
    'ensure_role_assignment',
    'test_role_assignments',
    'test_role_assignments',
    'read_configuration',
  ]);
  expect(steps[1]).toMatchObject({ covers: 'members', groupIds: [sales, legal, europe] });
});

test('the migration removes no policy, and its undo removes none either', () => {
  const plan = planned(planMigration(request));
  const kinds = [...plan.steps, ...planUndo(plan).steps].map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind.includes('policy'))).toEqual([]);
});

test.each<[string, Partial<MigrationRequest>, object]>([
  ['a policy that denies', { policies: [policy(sales), policy(legal, 'DenyAccess')] }, { refused: 'deny_policy' }],
  ['no policy', { policies: [] }, { refused: 'no_policy' }],
  ['a policy on something that is gone', { policies: [policy(sales), policy(null)] }, { refused: 'scope_unknown' }],
  ['a policy on a group that was not read', { groups: [group(sales)] }, { refused: 'scope_unknown' }],
  [
    'a nested group whose members are not known',
    { groups: [group(sales, [europe]), group(europe, [], false), group(legal)] },
    { refused: 'members_unknown', groupIds: [europe] },
  ],
  ['permissions without a role', { permissions: ['User.Read.All'] }, { refused: 'no_role' }],
])('%s is refused', (_, changes, refusal) => {
  expect(planMigration({ ...request, ...changes })).toMatchObject(refusal);
});

test('removing and restoring policies are each other’s way back, with the descriptions as they were', () => {
  const given = { tenantId, appId, policies: [policy(sales), policy(legal, 'DenyAccess')] };
  expect(planned(planPolicyRemoval(given)).steps).toEqual([
    { kind: 'remove_application_access_policy', appId, groupId: sales, accessRight: 'RestrictAccess' },
    { kind: 'remove_application_access_policy', appId, groupId: legal, accessRight: 'DenyAccess' },
    { kind: 'read_configuration', appId },
  ]);
  const restored = planned(planPolicyRestore(given));
  expect(restored.steps[1]).toMatchObject({ accessRight: 'DenyAccess', description: 'written by hand' });
  expect(planUndo(restored).steps.slice(0, 2)).toEqual(
    [...planned(planPolicyRemoval(given)).steps.slice(0, 2)].reverse(),
  );
});

test('a description that a script must not carry loses only those characters', () => {
  const policies = [{ ...policy(sales), description: 'a\u202Eb\nc' }];
  expect(planned(planPolicyRestore({ tenantId, appId, policies })).steps[0]).toMatchObject({ description: 'abc' });
});

test('nothing is planned for a policy whose scope is not known', () => {
  const given = { tenantId, appId, policies: [policy(null)] };
  expect(planPolicyRemoval(given)).toMatchObject({ refused: 'scope_unknown' });
  expect(planPolicyRestore(given)).toMatchObject({ refused: 'scope_unknown' });
});
