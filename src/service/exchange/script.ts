import { readFileSync } from 'node:fs';
import { powershellLiteral } from '../../domain/exchange-plan/powershell-literal.ts';
import type { ExchangePlan, ExchangeStep } from '../../domain/exchange-plan/step.ts';

const template = readFileSync(new URL('./run-plan.ps1', import.meta.url), 'utf8');
const mark = '# PLAN\n';
const byteOrderMark = '\uFEFF';

export interface ScriptRequest {
  /** Names the plan in the result that comes back. */
  readonly planId: string;
  readonly plan: ExchangePlan;
  /** `-ExchangeEnvironmentName` of Connect-ExchangeOnline, such as `O365Default`. */
  readonly exchangeEnvironment: string;
}

/**
 * A plan as a PowerShell script: the code is one fixed file, and the plan stands in it as single-quoted literals only.
 * Windows PowerShell 5.1 reads a file without a byte order mark as ANSI, which can turn letters into quotes; so the mark
 * is there, and lines end as Windows wants them.
 * @throws RangeError when a value has characters that a script must not carry
 */
export function renderScript({ planId, plan, exchangeEnvironment }: ScriptRequest): string {
  const values = [
    `$PlanId = ${powershellLiteral(planId)}`,
    `$TenantId = ${powershellLiteral(plan.tenantId)}`,
    `$ExchangeEnvironment = ${powershellLiteral(exchangeEnvironment)}`,
    '$Steps = @(',
    ...plan.steps.map((step) => `  ${hashtable(step)}`),
    ')',
    '',
  ].join('\n');
  const [before, after] = template.split(mark);
  return byteOrderMark + `${before}${values}${after}`.replaceAll(/\r?\n/g, '\r\n');
}

/** `{ kind: 'x', groupId: 'y' }` as `@{ Kind = 'x'; GroupId = 'y' }`; the keys are names of our own types. */
function hashtable(step: ExchangeStep): string {
  const entries = Object.entries(step).map(
    ([key, value]: [string, string | readonly string[]]) =>
      `${key[0]?.toUpperCase()}${key.slice(1)} = ${literal(value)}`,
  );
  return `@{ ${entries.join('; ')} }`;
}

function literal(value: string | readonly string[]): string {
  return typeof value === 'string' ? powershellLiteral(value) : `@(${value.map(powershellLiteral).join(', ')})`;
}
