import { expect, test } from 'vitest';
import type { PlanResult } from '../../../domain/exchange-plan/plan-result.ts';
import type { ExchangePlan } from '../../../domain/exchange-plan/step.ts';
import type { AppId, ServicePrincipalId, TenantId, UserId } from '../../../domain/ids.ts';
import { progressBy } from './scope-lifecycle.ts';

type Change = Parameters<typeof progressBy>[1];
type Circumstances = Parameters<typeof progressBy>[3];
type Outcome = PlanResult['results'][number]['outcome'];

const tenantId = crypto.randomUUID() as TenantId;
const ofTest = (expected: 'in_scope' | 'out_of_scope') => ({
  kind: 'test_role_assignments' as const,
  servicePrincipalId: crypto.randomUUID() as ServicePrincipalId,
  mailboxId: crypto.randomUUID() as UserId,
  expected,
});
const circumstances = { now: new Date(), boundMinutes: 120 } as Partial<Circumstances> as Circumstances;
const plan: ExchangePlan = {
  tenantId,
  steps: [
    ofTest('in_scope'),
    ofTest('in_scope'),
    ofTest('out_of_scope'),
    ofTest('out_of_scope'),
    { kind: 'read_configuration', appId: crypto.randomUUID() as AppId },
  ],
};

test.each<[string, readonly [Outcome, Outcome, Outcome, Outcome], boolean]>([
  ['every mailbox answers as expected', ['passed', 'passed', 'passed', 'passed'], true],
  ['one on each side could not be tested', ['not_run', 'passed', 'passed', 'not_run'], true],
  ['nobody inside could be tested', ['not_run', 'not_run', 'passed', 'passed'], false],
  ['nobody outside could be tested', ['passed', 'passed', 'not_run', 'not_run'], false],
  ['one answers otherwise', ['passed', 'passed', 'passed', 'failed'], false],
])('the roles of a limit where %s', (_name, outcomes, isProved) => {
  const change = { plans: { make: plan }, made_at: null, caches_know_at: null } as Partial<Change> as Change;
  const results = plan.steps.map(({ kind }, step) => ({ step, kind, outcome: outcomes[step] ?? 'read', detail: '' }));
  const result = { planId: crypto.randomUUID(), tenantId, whatIf: false, results } as PlanResult;
  const progress = progressBy('make', change, result, circumstances);
  expect(progress).toMatchObject({ roles_proved: isProved, made_at: expect.any(Date) });
});
