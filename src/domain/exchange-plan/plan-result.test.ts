import { expect, test } from 'vitest';
import type { TenantId } from '../ids.ts';
import type { ExchangeConfiguration } from '../mailbox-access/exchange-configuration.ts';
import { configurationOf, hasFailed, isDone, type PlanResult, type StepOutcome } from './plan-result.ts';

const empty: ExchangeConfiguration = { servicePrincipal: null, policies: [], assignments: [], scopes: [], groups: [] };

function resultOf(...outcomes: StepOutcome[]): PlanResult {
  const results = outcomes.map((outcome, step) => ({
    step,
    kind: 'ensure_management_scope' as const,
    outcome,
    detail: '',
  }));
  return { planId: 'plan', tenantId: 'tenant' as TenantId, whatIf: false, results };
}

test.each<[readonly StepOutcome[], { failed: boolean; done: boolean }]>([
  [['changed', 'passed', 'read'], { failed: false, done: true }],
  [['already_there', 'passed'], { failed: false, done: true }],
  [['would_change', 'not_run'], { failed: false, done: false }],
  [['changed', 'failed'], { failed: true, done: false }],
  [['changed', 'error', 'not_run'], { failed: true, done: false }],
])('%j', (outcomes, expected) => {
  const result = resultOf(...outcomes);
  expect({ failed: hasFailed(result), done: isDone(result) }).toEqual(expected);
});

test('the configuration is the one that was read last', () => {
  const result = resultOf('read', 'changed', 'read', 'not_run');
  const [first, second, third, fourth] = result.results as [object, object, object, object];
  const earlier = { ...empty, servicePrincipal: { objectId: 'x', displayName: 'x' } };
  const results = [{ ...first, configuration: earlier }, second, { ...third, configuration: empty }, fourth];
  expect(configurationOf({ ...result, results } as PlanResult)).toBe(empty);
  expect(configurationOf(result)).toBeUndefined();
});
