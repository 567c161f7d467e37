import { expect, test } from 'vitest';
import type { AppId, GroupId, ServicePrincipalId, TenantId, UserId } from '../ids.ts';
import { type LimitRequest, planLimit, planUndo } from './limit-plan.ts';

const request: LimitRequest = {
  tenantId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a001' as TenantId,
  appId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a002' as AppId,
  servicePrincipalId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a003' as ServicePrincipalId,
  applicationName: 'Mailbox Access',
  groupId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a004' as GroupId,
  list: 'allow',
  mechanism: 'role_assignments',
  permissions: ['Mail.ReadBasic.All', 'Calendars.Read', 'User.Read.All'],
  mustReach: ['0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a005' as UserId],
  mustNotReach: ['0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a006' as UserId],
};

test('an allow-list by roles points, scopes, assigns, and then tests from both sides', () => {
  const { steps } = planLimit(request);
  expect(steps.map((step) => step.kind)).toEqual([
    'ensure_service_principal',
    'ensure_management_scope',
    'ensure_role_assignment',
    'ensure_role_assignment',
    'test_role_assignments',
    'test_role_assignments',
  ]);
  expect(steps[1]).toMatchObject({ covers: 'members' });
  // A directory permission has no role in Exchange and stays with Entra.
  expect(steps.flatMap((step) => ('role' in step ? [step.role] : []))).toEqual([
    'Application Mail.ReadBasic',
    'Application Calendars.Read',
  ]);
  expect(steps.slice(4)).toMatchObject([{ expected: 'in_scope' }, { expected: 'out_of_scope' }]);
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
  ]);
});

test('undo takes back what the plan makes, last first, and leaves the pointer', () => {
  const plan = planLimit(request);
  expect(planUndo(plan).steps.map((step) => step.kind)).toEqual([
    'remove_role_assignment',
    'remove_role_assignment',
    'remove_management_scope',
  ]);
});

test('names stay within Exchange’s 64 characters and differ by role', () => {
  const permissions = ['Mail.ReadWrite', 'MailboxSettings.ReadWrite', 'Calendars.ReadWrite', 'Contacts.ReadWrite'];
  const names = planLimit({ ...request, permissions }).steps.flatMap((step) => ('name' in step ? [step.name] : []));
  expect(new Set(names).size).toBe(names.length);
  expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(64);
});
