import type { StepResult } from '../../domain/exchange-plan/plan-result.ts';
import { isTest } from '../../domain/exchange-plan/step.ts';
import type { Clock } from '../clock.ts';
import type { BoundedFetch } from '../outbound/bounded-fetch.ts';
import { type Cmdlets, createCmdlets } from './cmdlets.ts';
import type { ExchangeExecutor, ExchangeRefusal } from './executor.ts';
import { CmdletFailed, GatewayRefused } from './gateway-error.ts';
import { runStep } from './run-step.ts';
import { StepFailed } from './step-failed.ts';
import type { GatewayAccess } from './tokens.ts';

interface Dependencies {
  readonly fetch: BoundedFetch;
  readonly exchangeEndpoint: string;
  readonly clock: Clock;
  /** Who asks. */
  readonly access: GatewayAccess;
}

/** Experimental: carries plans out through Exchange's gateway, in the tenant of who asks. */
export function createGatewayExecutor({ access, ...dependencies }: Dependencies): ExchangeExecutor {
  return {
    async run(plan, { planId, whatIf = false, signal }) {
      if (plan.tenantId !== access.tenantId)
        return { problem: 'unexpected', detail: 'The plan is for another tenant.' };
      const token = await access.token();
      if (token.kind === 'refused') return token.refusal;
      const { tenantId, anchorMailbox } = access;
      const cmdlets = createCmdlets(dependencies, { tenantId, anchorMailbox, token: token.token, signal });

      const results: StepResult[] = [];
      for (const [step, each] of plan.steps.entries()) {
        const skipped = reasonToSkip(results);
        if (skipped !== undefined && (skipped.isStopped || isTest(each))) {
          results.push({ step, kind: each.kind, outcome: 'not_run', detail: skipped.detail });
          continue;
        }
        try {
          signal?.throwIfAborted();
          results.push({ step, kind: each.kind, detail: '', ...(await runStep(each, { cmdlets, whatIf })) });
        } catch (error) {
          const ended = readEnd(error, cmdlets, signal);
          if (ended.refusal) return ended.refusal;
          // A mailbox that Exchange does not know tests nothing, and keeps nothing from being read.
          const outcome = isTest(each) && error instanceof CmdletFailed ? 'not_run' : 'error';
          results.push({ step, kind: each.kind, outcome, detail: ended.detail });
        }
      }
      return { planId, tenantId, whatIf, results };
    },
  };
}

/** After an error nothing runs; where something would change first, a test of it would mean nothing. */
function reasonToSkip(results: readonly StepResult[]): { isStopped: boolean; detail: string } | undefined {
  if (results.some(({ outcome }) => outcome === 'error')) return { isStopped: true, detail: '' };
  const isPending = results.some(({ outcome }) => outcome === 'would_change');
  return isPending ? { isStopped: false, detail: 'The steps before would change something first.' } : undefined;
}

/**
 * A refusal as long as nothing was changed; afterwards the plan's result has to say what was.
 * @throws what was not planned, and the signal's reason when nothing was changed
 */
function readEnd(
  error: unknown,
  cmdlets: Cmdlets,
  signal: AbortSignal | undefined,
): { refusal?: ExchangeRefusal; detail: string } {
  if (error instanceof GatewayRefused) {
    const detail = `${error.refusal.problem}: ${error.message}`;
    return cmdlets.hasWritten ? { detail } : { refusal: error.refusal, detail };
  }
  if (error instanceof CmdletFailed || error instanceof StepFailed) return { detail: error.message };
  if (signal?.aborted && cmdlets.hasWritten) return { detail: 'The run was stopped.' };
  throw error;
}
