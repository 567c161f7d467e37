import type { PlanResult } from '../../domain/exchange-plan/plan-result.ts';
import type { ExchangePlan } from '../../domain/exchange-plan/step.ts';

export const exchangeProblems = [
  'consent_required',
  'role_missing',
  'token_refused',
  'throttled',
  'unreachable',
  'unexpected',
] as const;
export type ExchangeProblem = (typeof exchangeProblems)[number];

/** Why a plan was not begun. Nothing was changed. */
export interface ExchangeRefusal {
  readonly problem: ExchangeProblem;
  /** In Microsoft's or our words, for an admin; empty when there is nothing to say. */
  readonly detail: string;
  readonly retryAfterSeconds?: number | undefined;
  /** What the admin's sign-in must satisfy, to be passed on to the client as it is. */
  readonly claims?: string | undefined;
}

export interface RunOptions {
  readonly planId: string;
  /** Says what would change and changes nothing. */
  readonly whatIf?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Carries out a plan in Exchange Online, step by step in the plan's order. Each step looks first and changes only what is
 * missing, so that a plan can be run again; what exists and says something else is an error, never changed. The first
 * error stops the plan, and what was done until then is reported.
 */
export interface ExchangeExecutor {
  /** @throws the signal's reason when aborted before anything was changed */
  run(plan: ExchangePlan, options: RunOptions): Promise<PlanResult | ExchangeRefusal>;
}

export function isRefusal(outcome: PlanResult | ExchangeRefusal): outcome is ExchangeRefusal {
  return 'problem' in outcome;
}
