import type { ConsentProblem } from '../../domain/consent/consent-state.ts';
import type { ServicePrincipalId } from '../../domain/ids.ts';
/** Why Entra gave no app-only token. The first two are true for every mailbox of the tenant; the rest only delay. */
export type TokenProblem =
  | 'application_unknown'
  | 'application_disabled'
  | 'conditional_access'
  | 'credential_rejected'
  | 'credential_expired'
  /** Nobody was asked: the configuration does not have the registration that the organization names. */
  | 'registration_not_configured'
  | 'throttled'
  | 'entra_unavailable';

/** Whether Entra may give a token soon, without anybody doing anything. */
export function isPassing(problem: TokenProblem | ConsentProblem): boolean {
  return problem === 'throttled' || problem === 'entra_unavailable';
}

/** A request for an app-only token; refusals are expected and no exceptions. */
export type TokenOutcome =
  | {
      readonly kind: 'token';
      readonly token: string;
      /** Granted application permissions, for diagnosis; undefined when the token could not be read. */
      readonly roles: readonly string[] | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly problem: TokenProblem;
      /** Such as `AADSTS7000215`, for help texts and support. */
      readonly entraCode: string | undefined;
      readonly retryAfterSeconds: number | undefined;
    };

/**
 * What Entra's error codes mean for us.
 * @see Microsoft Learn, Microsoft Entra authentication and authorization error codes
 */
const problemOfCode: Readonly<Record<number, TokenProblem>> = {
  700016: 'application_unknown',
  7000229: 'application_unknown',
  650052: 'application_unknown',
  70001: 'application_disabled',
  7000112: 'application_disabled',
  7000215: 'credential_rejected',
  7000216: 'credential_rejected',
  7000218: 'credential_rejected',
  50012: 'credential_rejected',
  700027: 'credential_rejected',
  700030: 'credential_rejected',
  700024: 'credential_rejected',
  700213: 'credential_rejected',
  70021: 'credential_rejected',
  7000222: 'credential_expired',
  53003: 'conditional_access',
  530032: 'conditional_access',
  530035: 'conditional_access',
  50131: 'conditional_access',
  53000: 'conditional_access',
  90055: 'throttled',
};

/**
 * Reads a refusal of the token endpoint by status, `error` and `error_codes`.
 * @param code first of `error_codes`; undefined when the answer had none
 */
export function readTokenRefusal(
  status: number | undefined,
  error: string | undefined,
  code: number | undefined,
): TokenProblem {
  const known = code === undefined ? undefined : problemOfCode[code];
  if (known) return known;
  if (status === 429) return 'throttled';
  if (error === 'invalid_client') return 'credential_rejected';
  if (error === 'unauthorized_client') return 'application_unknown';
  return 'entra_unavailable';
}

/** App roles of a token, read without verification: Graph's tokens are opaque to us, and this is a hint only. */
export function readRoles(token: string): readonly string[] | undefined {
  const claims = readClaims(token);
  if (!claims) return undefined;
  const { roles = [] } = claims;
  return Array.isArray(roles) && roles.every((role) => typeof role === 'string') ? roles : undefined;
}

/** Object id of the application's service principal: the `oid` of a token without user. Read as {@link readRoles}. */
export function readServicePrincipalId(token: string): ServicePrincipalId | undefined {
  const { oid } = readClaims(token) ?? {};
  return typeof oid === 'string' ? (oid.toLowerCase() as ServicePrincipalId) : undefined;
}

function readClaims(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as unknown;
    return payload !== null && typeof payload === 'object' ? { ...payload } : undefined;
  } catch {
    return undefined;
  }
}
