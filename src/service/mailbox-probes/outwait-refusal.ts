import type { TenantId } from '../../domain/ids.ts';
import type { Clock } from '../clock.ts';
import type { AppTokens } from '../entra/app-tokens.ts';
import type { TokenOutcome } from '../entra/token-outcome.ts';

const mostTries = 3;
const longestWaitSeconds = 30;

/**
 * Asks for a token again while Entra's refusal may pass.
 * @returns the token, or the refusal that lasts
 * @throws the signal's reason when aborted
 */
export async function outwaitRefusal(
  first: TokenOutcome,
  tenantId: TenantId,
  { tokens, clock, signal }: { readonly tokens: AppTokens; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<TokenOutcome> {
  let outcome = first;
  for (let attempt = 0; outcome.kind === 'refused' && attempt < mostTries; attempt++) {
    const isPassing = outcome.problem === 'throttled' || outcome.problem === 'entra_unavailable';
    if (!isPassing) return outcome;
    const waitSeconds = Math.min(outcome.retryAfterSeconds ?? 2 ** attempt, longestWaitSeconds);
    await clock.wait(waitSeconds * 1000, signal);
    outcome = await tokens.refresh(tenantId);
  }
  return outcome;
}
