import type { TenantId } from '../../../domain/ids.ts';
import type { Clock } from '../../clock.ts';
import type { AppTokens } from '../../entra/app-tokens.ts';
import type { TokenOutcome } from '../../entra/token-outcome.ts';

/** The tenant's token for many sessions that run together. */
export interface SessionTokens {
  get(): Promise<TokenOutcome>;
  /** After Graph refused a token: the newer one that another session has got, or a new one. */
  instead(refused: string): Promise<TokenOutcome>;
}

/** What one session was told by Entra holds for the others too, for a while: thousands must not all ask. */
const heldMs = 60_000;

export function createSessionTokens(tokens: AppTokens, tenantId: TenantId, clock: Clock): SessionTokens {
  let refusal: { readonly outcome: TokenOutcome; readonly atMs: number } | undefined;
  let refreshed: { readonly outcome: Promise<TokenOutcome>; readonly atMs: number } | undefined;

  async function get(): Promise<TokenOutcome> {
    if (refusal && clock.monotonicMs() - refusal.atMs < heldMs) return refusal.outcome;
    const outcome = await tokens.get(tenantId);
    refusal = outcome.kind === 'refused' ? { outcome, atMs: clock.monotonicMs() } : undefined;
    return outcome;
  }

  return {
    get,
    async instead(refused) {
      const current = await get();
      if (current.kind === 'refused' || current.token !== refused) return current;
      if (!refreshed || clock.monotonicMs() - refreshed.atMs >= heldMs) {
        refreshed = { outcome: tokens.refresh(tenantId), atMs: clock.monotonicMs() };
      }
      return refreshed.outcome;
    },
  };
}
