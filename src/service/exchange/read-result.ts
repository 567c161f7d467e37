import { z } from 'zod';
import {
  type PlanResult,
  type StepOutcome,
  type StepResult,
  stepOutcomes,
} from '../../domain/exchange-plan/plan-result.ts';
import { type ExchangePlan, type ExchangeStep, isTest } from '../../domain/exchange-plan/step.ts';
import { ewsFindings } from './ews-findings.ts';
import { configurationFrom, findings, listOf } from './findings.ts';
import { parseJson } from './gateway-error.ts';

/** What is wrong with a file that an admin brought. */
export type ResultProblem = 'too_large' | 'not_json' | 'not_a_result' | 'other_plan' | 'other_tenant' | 'other_steps';

export type ReadResult =
  | { readonly ok: true; readonly result: PlanResult }
  | { readonly ok: false; readonly problem: ResultProblem };

const mostBytes = 20 * 1024 * 1024;
const longestDetail = 2000;

const report = z.object({
  planId: z.string(),
  tenantId: z.string(),
  whatIf: z.boolean(),
  results: listOf(
    z.object({
      step: z.int().min(0),
      kind: z.string(),
      outcome: z.enum(stepOutcomes),
      detail: z
        .string()
        .nullish()
        .transform((text) => (text ?? '').slice(0, longestDetail)),
      configuration: findings.nullish(),
      ewsAccess: ewsFindings.nullish(),
    }),
  ),
});

/**
 * Reads the file that the script wrote, with or without a byte order mark. It passed through an admin's hands: it must be
 * of this very plan, and say of each step only what that kind of step can end with.
 */
export function readPlanResult(
  file: string | Uint8Array,
  { planId, plan }: { readonly planId: string; readonly plan: ExchangePlan },
): ReadResult {
  const bytes = typeof file === 'string' ? Buffer.byteLength(file) : file.byteLength;
  if (bytes > mostBytes) return wrong('too_large');
  const text = typeof file === 'string' ? file : new TextDecoder().decode(file);
  const json = parseJson(text.replace(/^\uFEFF/, ''));
  if (json === undefined) return wrong('not_json');
  const parsed = report.safeParse(json);
  if (!parsed.success) return wrong('not_a_result');
  const { results, whatIf } = parsed.data;
  if (parsed.data.planId !== planId) return wrong('other_plan');
  if (parsed.data.tenantId.toLowerCase() !== plan.tenantId) return wrong('other_tenant');
  if (results.length !== plan.steps.length) return wrong('other_steps');

  const read: StepResult[] = [];
  for (const [index, step] of plan.steps.entries()) {
    const found = results[index];
    if (found?.step !== index || found.kind !== step.kind) return wrong('other_steps');
    const { outcome, detail, configuration, ewsAccess } = found;
    if (!outcomesOf(step).includes(outcome) || (outcome === 'would_change' && !whatIf)) return wrong('not_a_result');
    if (outcome === 'changed' && whatIf) return wrong('not_a_result');
    const isRead = outcome === 'read';
    if ((isRead && step.kind === 'read_configuration') !== Boolean(configuration)) return wrong('not_a_result');
    if ((isRead && step.kind === 'read_ews_access') !== Boolean(ewsAccess)) return wrong('not_a_result');
    if (read.some((earlier) => earlier.outcome === 'error') && outcome !== 'not_run') return wrong('not_a_result');
    read.push({
      step: index,
      kind: step.kind,
      outcome,
      detail,
      ...(configuration ? { configuration: configurationFrom(configuration) } : {}),
      ...(ewsAccess ? { ewsAccess } : {}),
    });
  }
  return { ok: true, result: { planId, tenantId: plan.tenantId, whatIf, results: read } };
}

function outcomesOf(step: ExchangeStep): readonly StepOutcome[] {
  if (isTest(step)) return ['passed', 'failed', 'error', 'not_run'];
  if (step.kind === 'read_configuration' || step.kind === 'read_ews_access') return ['read', 'error', 'not_run'];
  return ['changed', 'already_there', 'would_change', 'error', 'not_run'];
}

const wrong = (problem: ResultProblem) => ({ ok: false, problem }) as const;
