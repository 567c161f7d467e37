import type { TenantId } from '../../domain/ids.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createMsalClient, type MsalDependencies, type TokenEndpointAnswer } from './msal-client.ts';
import { isPassing, readRoles, readTokenRefusal, type TokenOutcome } from './token-outcome.ts';

/** App-only tokens for one API, one per tenant. */
export interface AppTokens {
  /** A token that lives on for a while; while Entra cannot give a new one, the last one until it ends. */
  get(tenantId: TenantId): Promise<TokenOutcome>;
  /**
   * A new token from Entra: only a new one shows what was granted or revoked since. Callers at the same time share one
   * request, and none goes out before the time that Entra asked to wait.
   */
  refresh(tenantId: TenantId): Promise<TokenOutcome>;
}

interface Dependencies extends MsalDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Application ID URI of the API; Microsoft Graph unless given. */
  readonly resource?: string;
}

type Refusal = TokenOutcome & { kind: 'refused' };

interface HeldToken {
  readonly outcome: TokenOutcome & { kind: 'token' };
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
}

/** How long before its end a token is renewed, and which part of its life that is at most. */
const renewBefore = { ms: 5 * 60_000, part: 0.2 };
/** Where Entra does not answer and names no time. */
const usualRetrySeconds = 30;

export function createAppTokens({ clock, logger, resource, ...msal }: Dependencies): AppTokens {
  const scopes = [`${resource ?? msal.cloud.graphEndpoint}/.default`];
  const held = new Map<TenantId, HeldToken>();
  /** Until when Entra asked to wait. */
  const putOff = new Map<TenantId, { readonly outcome: Refusal; readonly untilMs: number }>();
  const refreshing = new Map<TenantId, Promise<TokenOutcome>>();

  async function request(tenantId: TenantId): Promise<TokenOutcome> {
    const answer: TokenEndpointAnswer = {};
    try {
      const client = createMsalClient(msal, tenantId, answer);
      const result = await client.acquireTokenByClientCredential({ scopes, skipCache: true });
      if (!result?.accessToken) throw new Error('MSAL gave no token');
      const outcome = { kind: 'token', token: result.accessToken, roles: readRoles(result.accessToken) } as const;
      const nowMs = clock.now().getTime();
      const expiresAtMs = result.expiresOn?.getTime() ?? nowMs;
      const renewAtMs = expiresAtMs - Math.min(renewBefore.ms, (expiresAtMs - nowMs) * renewBefore.part);
      held.set(tenantId, { outcome, renewAtMs, expiresAtMs });
      return outcome;
    } catch (cause) {
      const { status, error, code, retryAfterSeconds } = answer;
      // Without an answer of Entra the cause is on our side or on the way, and only the log can tell which.
      if (status === undefined) logger.warn({ err: cause, tenantId }, 'no app-only token');
      const problem = readTokenRefusal(status, error, code);
      const entraCode = code === undefined ? undefined : `AADSTS${code}`;
      const outcome = { kind: 'refused', problem, entraCode, retryAfterSeconds } as const;
      if (isPassing(problem)) waitWith(tenantId, outcome);
      else held.delete(tenantId);
      return outcome;
    }
  }

  function waitWith(tenantId: TenantId, outcome: Refusal): void {
    const { retryAfterSeconds } = outcome;
    const nowMs = clock.now().getTime();
    if (retryAfterSeconds) putOff.set(tenantId, { outcome, untilMs: nowMs + retryAfterSeconds * 1000 });
    const last = held.get(tenantId);
    const againAtMs = nowMs + (retryAfterSeconds ?? usualRetrySeconds) * 1000;
    if (last) held.set(tenantId, { ...last, renewAtMs: Math.max(last.renewAtMs, againAtMs) });
  }

  /** What Entra said, with the time that is left, while it asked to wait. */
  function stillPutOff(tenantId: TenantId): TokenOutcome | undefined {
    const waiting = putOff.get(tenantId);
    const leftMs = waiting ? waiting.untilMs - clock.now().getTime() : 0;
    if (waiting && leftMs > 0) return { ...waiting.outcome, retryAfterSeconds: leftMs / 1000 };
    putOff.delete(tenantId);
    return undefined;
  }

  async function refresh(tenantId: TenantId): Promise<TokenOutcome> {
    const told = stillPutOff(tenantId);
    if (told) return told;
    const running = refreshing.get(tenantId);
    if (running) return running;
    const started = request(tenantId).finally(() => refreshing.delete(tenantId));
    refreshing.set(tenantId, started);
    return started;
  }

  return {
    async get(tenantId) {
      const last = held.get(tenantId);
      if (last && clock.now().getTime() < Math.min(last.renewAtMs, last.expiresAtMs)) return last.outcome;
      const outcome = await refresh(tenantId);
      const isHoldingOn = outcome.kind === 'refused' && isPassing(outcome.problem);
      return isHoldingOn && last && clock.now().getTime() < last.expiresAtMs ? last.outcome : outcome;
    },
    refresh,
  };
}
