import type { TenantId } from '../../domain/ids.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createMsalClient, type MsalDependencies, type TokenEndpointAnswer } from './msal-client.ts';
import { readRoles, readTokenRefusal, type TokenOutcome } from './token-outcome.ts';

/** App-only tokens for one API, one per tenant. */
export interface AppTokens {
  /** A token that lives at least five minutes more. */
  get(tenantId: TenantId): Promise<TokenOutcome>;
  /**
   * A new token from Entra: only a new one shows what was granted or revoked since. Callers at the same time share one
   * request.
   */
  refresh(tenantId: TenantId): Promise<TokenOutcome>;
}

interface Dependencies extends MsalDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Application ID URI of the API; Microsoft Graph unless given. */
  readonly resource?: string;
}

const renewBeforeMs = 5 * 60_000;

export function createAppTokens({ clock, logger, resource, ...msal }: Dependencies): AppTokens {
  const scopes = [`${resource ?? msal.cloud.graphEndpoint}/.default`];
  const cached = new Map<TenantId, { outcome: TokenOutcome & { kind: 'token' }; expiresAtMs: number }>();
  const refreshing = new Map<TenantId, Promise<TokenOutcome>>();

  async function request(tenantId: TenantId): Promise<TokenOutcome> {
    const answer: TokenEndpointAnswer = {};
    try {
      const client = createMsalClient(msal, tenantId, answer);
      const result = await client.acquireTokenByClientCredential({ scopes, skipCache: true });
      if (!result?.accessToken) throw new Error('MSAL gave no token');
      const outcome = { kind: 'token', token: result.accessToken, roles: readRoles(result.accessToken) } as const;
      const expiresAtMs = result.expiresOn?.getTime() ?? clock.now().getTime();
      cached.set(tenantId, { outcome, expiresAtMs });
      return outcome;
    } catch (cause) {
      cached.delete(tenantId);
      const { status, error, code, retryAfterSeconds } = answer;
      // Without an answer of Entra the cause is on our side or on the way, and only the log can tell which.
      if (status === undefined) logger.warn({ err: cause, tenantId }, 'no app-only token');
      return {
        kind: 'refused',
        problem: readTokenRefusal(status, error, code),
        entraCode: code === undefined ? undefined : `AADSTS${code}`,
        retryAfterSeconds,
      };
    }
  }

  function refresh(tenantId: TenantId): Promise<TokenOutcome> {
    const running = refreshing.get(tenantId);
    if (running) return running;
    const started = request(tenantId).finally(() => refreshing.delete(tenantId));
    refreshing.set(tenantId, started);
    return started;
  }

  return {
    async get(tenantId) {
      const known = cached.get(tenantId);
      if (known && known.expiresAtMs - renewBeforeMs > clock.now().getTime()) return known.outcome;
      return refresh(tenantId);
    },
    refresh,
  };
}
