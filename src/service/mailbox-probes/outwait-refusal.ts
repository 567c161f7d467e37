import type { TenantId } from '../../domain/ids.ts';
import type { Clock } from '../clock.ts';
import type { AppTokens } from '../entra/app-tokens.ts';
import { isPassing, type TokenOutcome } from '../entra/token-outcome.ts';
import { patienceMs } from './probe-retry.ts';

const longestOwnSeconds = 30;

/**
 * Asks for a token again while Entra's refusal may pass, never before the time that Entra names.
 * @returns the token, or the refusal that lasts longer than a run waits
 * @throws the signal's reason when aborted
 */
export async function outwaitRefusal(
  first: TokenOutcome,
  tenantId: TenantId,
  { tokens, clock, signal }: { readonly tokens: AppTokens; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<TokenOutcome> {
  let outcome = first;
  let waitedMs = 0;
  for (let attempt = 0; outcome.kind === 'refused' && isPassing(outcome.problem); attempt++) {
    const waitMs = (outcome.retryAfterSeconds ?? Math.min(2 ** attempt, longestOwnSeconds)) * 1000;
    waitedMs += waitMs;
    if (waitedMs > patienceMs) return outcome;
    await clock.wait(waitMs, signal);
    outcome = await tokens.refresh(tenantId);
  }
  return outcome;
}
