import type { EwsAccess } from '../ews-migration/ews-access.ts';
import type { TenantId } from '../ids.ts';
import type { ExchangeConfiguration } from '../mailbox-access/exchange-configuration.ts';
import type { StepKind } from './step.ts';

/** What became of a step. `passed` and `failed` are of tests, `read` of reading; after an `error` nothing more runs. */
export const stepOutcomes = [
  'changed',
  'already_there',
  'would_change',
  'passed',
  'failed',
  'read',
  'error',
  'not_run',
] as const;
export type StepOutcome = (typeof stepOutcomes)[number];

export interface StepResult {
  /** Position in the plan, from 0. */
  readonly step: number;
  readonly kind: StepKind;
  readonly outcome: StepOutcome;
  /** In words, for an admin; empty when there is nothing to say. */
  readonly detail: string;
  /** Of `read_configuration`. */
  readonly configuration?: ExchangeConfiguration;
  /** Of `read_ews_access`. */
  readonly ewsAccess?: EwsAccess;
}

/** What a plan did, whoever carried it out; one result per step, in the plan's order. */
export interface PlanResult {
  readonly planId: string;
  readonly tenantId: TenantId;
  /** Whether it only said what it would change. */
  readonly whatIf: boolean;
  readonly results: readonly StepResult[];
}

/** Whether it stopped at an error, or a test says that the limit is not what was planned. */
export function hasFailed({ results }: PlanResult): boolean {
  return results.some(({ outcome }) => outcome === 'error' || outcome === 'failed');
}

/** Whether every step of the plan ran and none failed. */
export function isDone(result: PlanResult): boolean {
  const open: readonly StepOutcome[] = ['would_change', 'not_run'];
  return !hasFailed(result) && !result.results.some(({ outcome }) => open.includes(outcome));
}

/** What Exchange enforced at the end, where the plan got that far. */
export function configurationOf({ results }: PlanResult): ExchangeConfiguration | undefined {
  return results.findLast(({ configuration }) => configuration)?.configuration;
}

/** What Exchange said of Exchange Web Services at the end, where the plan got that far. */
export function ewsAccessOf({ results }: PlanResult): EwsAccess | undefined {
  return results.findLast(({ ewsAccess }) => ewsAccess)?.ewsAccess;
}
