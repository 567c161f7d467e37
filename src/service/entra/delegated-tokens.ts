import type { Admin } from '../auth/admin.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createMsalClient, type MsalDependencies, type TokenEndpointAnswer } from './msal-client.ts';
import { readTokenRefusal, type TokenProblem } from './token-outcome.ts';

/** Why Entra gave no token for an admin: what a dialog can mend, or what is wrong with the application itself. */
export type DelegatedTokenProblem = TokenProblem | 'consent_required' | 'interaction_required';

export type DelegatedTokenOutcome =
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'refused';
      readonly problem: DelegatedTokenProblem;
      /** What the sign-in must satisfy, to be passed on to the client as it is. */
      readonly claims: string | undefined;
      readonly entraCode: string | undefined;
      readonly retryAfterSeconds: number | undefined;
    };

/** Tokens for other APIs on behalf of the admin who calls ours. */
export interface DelegatedTokens {
  /**
   * @param scope one delegated permission with the URI of its API
   * @see Microsoft Learn, OAuth 2.0 On-Behalf-Of flow
   */
  get(admin: Pick<Admin, 'tenantId' | 'userId' | 'accessToken'>, scope: string): Promise<DelegatedTokenOutcome>;
}

interface Dependencies extends MsalDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
}

const renewBeforeMs = 60_000;
/** The assertion is expired, malformed or not of this tenant: a new sign-in mends it. */
const rejectedAssertions = [50013, 500133];
const consentMissing = [65001, 65004, 90094];
/** The application may not act for users at all. */
const notAllowed = 7000114;

/** Tokens are held in memory only, per tenant, user and scope, and no longer than they live. */
export function createDelegatedTokens({ clock, logger, ...msal }: Dependencies): DelegatedTokens {
  const held = new Map<string, { token: string; expiresAtMs: number }>();

  function forgetExpired(): void {
    const now = clock.now().getTime();
    for (const [key, { expiresAtMs }] of held) if (expiresAtMs - renewBeforeMs <= now) held.delete(key);
  }

  return {
    async get({ tenantId, userId, accessToken }, scope) {
      forgetExpired();
      const key = `${tenantId} ${userId} ${scope}`;
      const known = held.get(key);
      if (known) return { kind: 'token', token: known.token };
      const answer: TokenEndpointAnswer = {};
      try {
        const client = createMsalClient(msal, tenantId, answer);
        const result = await client.acquireTokenOnBehalfOf({
          oboAssertion: accessToken.reveal(),
          scopes: [scope],
          skipCache: true,
        });
        if (!result?.accessToken) throw new Error('MSAL gave no token');
        const expiresAtMs = result.expiresOn?.getTime() ?? 0;
        held.set(key, { token: result.accessToken, expiresAtMs });
        return { kind: 'token', token: result.accessToken };
      } catch (cause) {
        // Without an answer of Entra the cause is on our side or on the way, and only the log can tell which.
        if (answer.status === undefined) logger.warn({ err: cause, tenantId }, 'no delegated token');
        return {
          kind: 'refused',
          problem: readDelegatedRefusal(answer),
          claims: answer.claims,
          entraCode: answer.code === undefined ? undefined : `AADSTS${answer.code}`,
          retryAfterSeconds: answer.retryAfterSeconds,
        };
      }
    },
  };
}

/** Reads a refusal of the token endpoint by status, `error`, `suberror` and `error_codes`. */
export function readDelegatedRefusal({
  status,
  error,
  suberror,
  code,
  claims,
}: TokenEndpointAnswer): DelegatedTokenProblem {
  if (suberror === 'consent_required' || (code !== undefined && consentMissing.includes(code))) {
    return 'consent_required';
  }
  if (code === notAllowed) return 'application_disabled';
  if (error === 'interaction_required' || claims !== undefined) return 'interaction_required';
  if (code !== undefined && rejectedAssertions.includes(code)) return 'interaction_required';
  const problem = readTokenRefusal(status, error, code);
  // The grant is the admin's own sign-in: whatever is wrong with it, another one may be right.
  return problem === 'entra_unavailable' && error === 'invalid_grant' ? 'interaction_required' : problem;
}
