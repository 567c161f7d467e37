import { expect, test } from 'vitest';
import type { ExchangePlan } from '../../domain/exchange-plan/step.ts';
import type { AppId, ServicePrincipalId, TenantId, UserId } from '../../domain/ids.ts';
import { readPlanResult } from './read-result.ts';

const tenantId = '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a001' as TenantId;
const appId = '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a002' as AppId;
const servicePrincipalId = '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a003' as ServicePrincipalId;
const mailboxId = '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a005' as UserId;
const groupId = '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a004';

const plan: ExchangePlan = {
  tenantId,
  steps: [
    { kind: 'ensure_service_principal', appId, servicePrincipalId, displayName: 'Mailbox Access' },
    { kind: 'test_role_assignments', servicePrincipalId, mailboxId, expected: 'in_scope' },
    { kind: 'read_configuration', appId },
  ],
};
const group = {
  id: groupId.toUpperCase(),
  displayName: 'Sales',
  address: '',
  type: 'MailUniversalSecurityGroup',
  distinguishedName: 'CN=Sales',
  membersKnown: true,
  memberIds: mailboxId as unknown,
  nestedGroupIds: null as unknown,
};
const configuration = {
  servicePrincipals: { objectId: servicePrincipalId, displayName: 'x' },
  policies: null,
  assignments: [],
  scopes: [],
  groups: group,
};
const results = [
  { step: 0, kind: 'ensure_service_principal', outcome: 'changed', detail: '' },
  { step: 1, kind: 'test_role_assignments', outcome: 'passed', detail: null },
  { step: 2, kind: 'read_configuration', outcome: 'read', detail: '', configuration },
];
const report = { planId: 'plan-1', tenantId, whatIf: false, results };
const read = (value: unknown) =>
  readPlanResult(typeof value === 'string' ? value : JSON.stringify(value), { planId: 'plan-1', plan });

test('lists that PowerShell took the brackets from are lists again', () => {
  const found = read(report);
  expect(found).toMatchObject({ ok: true, result: { planId: 'plan-1', tenantId, whatIf: false } });
  expect(found.ok && found.result.results[2]?.configuration).toEqual({
    servicePrincipal: { objectId: servicePrincipalId, displayName: 'x' },
    policies: [],
    assignments: [],
    scopes: [],
    groups: [
      {
        id: groupId,
        displayName: 'Sales',
        address: null,
        kind: 'mail_enabled_security',
        distinguishedName: 'CN=Sales',
        membersKnown: true,
        memberIds: [mailboxId],
        nestedGroupIds: [],
      },
    ],
  });
});

test('a byte order mark, bytes, and lists that Windows PowerShell wrapped are taken', () => {
  const wrapped = { ...report, results: { value: results, Count: 3 } };
  const text = `\uFEFF${JSON.stringify(wrapped)}`;
  expect(read(text)).toEqual(read(report));
  expect(readPlanResult(new TextEncoder().encode(text), { planId: 'plan-1', plan })).toEqual(read(report));
});

test('a plan of one step may have lost the brackets around its result', () => {
  const short: ExchangePlan = { tenantId, steps: [{ kind: 'remove_management_scope', name: 'x' }] };
  const only = { step: 0, kind: 'remove_management_scope', outcome: 'already_there', detail: '' };
  const file = JSON.stringify({ ...report, results: only });
  expect(readPlanResult(file, { planId: 'plan-1', plan: short })).toMatchObject({
    ok: true,
    result: { results: [only] },
  });
});

const changed = (index: number, change: object) => ({
  ...report,
  results: results.map((each, at) => (at === index ? { ...each, ...change } : each)),
});

test.each<[string, unknown, string]>([
  ['nothing', '', 'not_json'],
  ['half a file', JSON.stringify(report).slice(0, 200), 'not_json'],
  ['another JSON', [], 'not_a_result'],
  ['another plan', { ...report, planId: 'plan-2' }, 'other_plan'],
  ['another tenant', { ...report, tenantId: groupId }, 'other_tenant'],
  ['a step less', { ...report, results: results.slice(1) }, 'other_steps'],
  ['steps in another order', { ...report, results: [...results].reverse() }, 'other_steps'],
  ['another kind of step', changed(0, { kind: 'ensure_management_scope' }), 'other_steps'],
  ['an outcome that does not exist', changed(0, { outcome: 'done' }), 'not_a_result'],
  ['a test that changed something', changed(1, { outcome: 'changed' }), 'not_a_result'],
  ['a change that passed', changed(0, { outcome: 'passed' }), 'not_a_result'],
  ['would change without -WhatIf', changed(0, { outcome: 'would_change' }), 'not_a_result'],
  ['changed with -WhatIf', { ...report, whatIf: true }, 'not_a_result'],
  ['something after an error', changed(0, { outcome: 'error' }), 'not_a_result'],
  ['read without a configuration', changed(2, { configuration: null }), 'not_a_result'],
  ['a configuration where nothing was read', changed(0, { configuration }), 'not_a_result'],
  [
    'members not said to be known',
    changed(2, { configuration: { ...configuration, groups: { ...group, membersKnown: null } } }),
    'not_a_result',
  ],
  [
    'an id that is none',
    changed(2, { configuration: { ...configuration, groups: { ...group, id: 'x' } } }),
    'not_a_result',
  ],
])('%s is told for what it is', (_, value, problem) => {
  expect(read(value)).toEqual({ ok: false, problem });
});

test('a file of more than 20 MB is not read', () => {
  expect(read(`"${'x'.repeat(21 * 1024 * 1024)}"`)).toEqual({ ok: false, problem: 'too_large' });
});

test('a long detail is cut', () => {
  const found = read(changed(0, { detail: 'x'.repeat(5000) }));
  expect(found.ok && found.result.results[0]?.detail.length).toBe(2000);
});
