import { expect, test } from 'vitest';
import type { AppId, GroupId, ServicePrincipalId, TenantId, UserId } from '../ids.ts';
import { exchangeRoleFor, permissionsOfExchangeRole } from '../mailbox-access/exchange-role.ts';
import { type LimitRequest, planLimit } from './limit-plan.ts';
import { assignmentName, longestName, scopeName } from './object-name.ts';
import { planUndo } from './undo-plan.ts';

const request: LimitRequest = {
  tenantId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a001' as TenantId,
  appId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a002' as AppId,
  servicePrincipalId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a003' as ServicePrincipalId,
  applicationName: 'Mailbox Access',
  groupIds: ['0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a004' as GroupId],
  list: 'allow',
  mechanism: 'role_assignments',
  permissions: ['Mail.ReadBasic.All', 'Calendars.Read', 'User.Read.All'],
  mustReach: ['0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a005' as UserId],
  mustNotReach: ['0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a006' as UserId],
};

test('an allow-list by roles points, scopes, assigns, tests from both sides and reads what is enforced', () => {
  const { steps } = planLimit(request);
  expect(steps.map((step) => step.kind)).toEqual([
    'ensure_service_principal',
    'ensure_management_scope',
    'ensure_role_assignment',
    'ensure_role_assignment',
    'test_role_assignments',
    'test_role_assignments',
    'read_configuration',
  ]);
  expect(steps[1]).toMatchObject({ covers: 'members' });
  // A directory permission has no role in Exchange and stays with Entra.
  expect(steps.flatMap((step) => ('role' in step ? [step.role] : []))).toEqual([
    'Application Mail.ReadBasic',
    'Application Calendars.Read',
  ]);
  expect(steps.slice(4, 6)).toMatchObject([{ expected: 'in_scope' }, { expected: 'out_of_scope' }]);
});

test('a block-list by roles covers everybody else', () => {
  expect(planLimit({ ...request, list: 'block' }).steps[1]).toMatchObject({ covers: 'everybody_else' });
});

test.each([
  ['allow', 'RestrictAccess'],
  ['block', 'DenyAccess'],
] as const)('an %s-list by a policy is %s', (list, accessRight) => {
  const { steps } = planLimit({ ...request, list, mechanism: 'application_access_policy' });
  expect(steps).toMatchObject([
    { kind: 'ensure_application_access_policy', accessRight },
    { kind: 'test_application_access_policy', expected: 'granted' },
    { kind: 'test_application_access_policy', expected: 'denied' },
    { kind: 'read_configuration', appId: request.appId },
  ]);
});

test('undo takes back what the plan makes, last first, and leaves the pointer', () => {
  const plan = planLimit(request);
  expect(planUndo(plan).steps.map((step) => step.kind)).toEqual([
    'remove_role_assignment',
    'remove_role_assignment',
    'remove_management_scope',
    'read_configuration',
  ]);
});

test('a scope names the nested groups as well, and a policy only the group that was chosen', () => {
  const nested = '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a007' as GroupId;
  const given: LimitRequest = { ...request, groupIds: [...request.groupIds, nested] };
  expect(planLimit(given).steps[1]).toMatchObject({ groupIds: [...request.groupIds, nested] });
  const [policy] = planLimit({ ...given, mechanism: 'application_access_policy' }).steps;
  expect(policy).toMatchObject({ groupId: request.groupIds[0] });
});

test('fault 78: every assignment of a limit is in the scope of the limit, for exactly the permissions asked for', () => {
  for (const permission of Object.values(permissionsOfExchangeRole).flat()) {
    const { steps } = planLimit({ ...request, permissions: [permission] });
    const assignments = steps.filter((step) => step.kind === 'ensure_role_assignment');
    expect(assignments).toHaveLength(1);
    for (const { role, scopeName: name } of assignments) {
      expect(role).toBe(exchangeRoleFor(permission));
      expect(role).not.toContain('Full Access');
      expect(steps[1]).toMatchObject({ kind: 'ensure_management_scope', name });
    }
  }
});

test('names stay within Exchange’s 64 characters and differ by application, group, list and role', () => {
  const { appId, groupIds } = request;
  const limits = [appId, '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a022' as AppId].flatMap((app) =>
    [groupIds[0], '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a044' as GroupId].flatMap((groupId) =>
      (['allow', 'block'] as const).map((list) => ({ appId: app, groupId, list })),
    ),
  );
  const roles = Object.keys(permissionsOfExchangeRole).filter((role) => !role.endsWith('Full Access'));
  const names = limits.flatMap((limit) => [scopeName(limit), ...roles.map((role) => assignmentName(role, limit))]);
  expect(new Set(names).size).toBe(names.length);
  expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(longestName);
});
