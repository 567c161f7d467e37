import type { ReasonCode } from '../../domain/mailbox-access/reason.ts';
import type { TokenProblem } from './token-outcome.ts';

/** What a refused token means for a mailbox: a denial only where Entra shuts the application out of the tenant. */
export const reasonOfTokenProblem: Readonly<Record<TokenProblem, ReasonCode>> = {
  application_unknown: 'consent.application_unknown',
  application_disabled: 'consent.application_disabled',
  conditional_access: 'policy.conditional_access',
  credential_rejected: 'microsoft.token_unavailable',
  credential_expired: 'microsoft.token_unavailable',
  registration_not_configured: 'registration.not_configured',
  throttled: 'microsoft.throttled',
  entra_unavailable: 'microsoft.token_unavailable',
};

/** Reasons that may come from a refused token alone: only others show that a token was ever given. */
export const reasonsOfRefusedTokens: readonly ReasonCode[] = [...new Set(Object.values(reasonOfTokenProblem))];
