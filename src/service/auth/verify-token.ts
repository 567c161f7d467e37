import { decodeProtectedHeader, jwtVerify } from 'jose';
import { z } from 'zod';
import type { TenantId, UserId } from '../../domain/ids.ts';
import { AppError } from '../app-error.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Metrics } from '../metrics.ts';
import { AccessToken } from './access-token.ts';
import type { Admin } from './admin.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Microsoft's tenant of personal accounts; never a customer. */
const personalAccountsTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';
const toleranceSeconds = 60;
const longestLifeSeconds = 24 * 3600;
const longestToken = 16_000;

const second = z.int().min(0).max(253_402_300_799);
const guid = z.guid().toLowerCase();

/** Only what is read here; other claims may be anything. */
const claims = z.looseObject({
  iss: z.string(),
  tid: guid,
  oid: guid,
  aud: z.string(),
  ver: z.literal('2.0'),
  exp: second,
  nbf: second,
  iat: second,
  azp: guid,
  scp: z.string().optional(),
  idtyp: z.string().optional(),
  roles: z.array(z.string()).optional(),
  wids: z.array(z.string()).optional(),
  acct: z.union([z.literal(0), z.literal(1)]).optional(),
  idp: z.string().optional(),
  preferred_username: z.string().optional(),
  name: z.string().optional(),
});
type Claims = z.infer<typeof claims>;

export interface TokenRules {
  readonly tenantIds: readonly string[];
  readonly application: Config['application'];
}

interface Dependencies {
  readonly keys: SigningKeys;
  readonly rules: TokenRules;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Turns the Authorization header of a request into the admin who calls. */
export type Authenticate = (authorization: string | undefined) => Promise<Admin>;

/**
 * Accepts only v2 access tokens of a person, for our own API, from an onboarded tenant, asked for by a client we know,
 * and held by an admin. What failed is counted and never told: an answer that explains is an answer that teaches.
 * @throws AppError `token.invalid`, `token.wrong_scope`, `tenant.not_onboarded`, `admin.role_missing`, `auth.unavailable`
 * @see Microsoft Learn, Access tokens in the Microsoft identity platform; Secure applications and APIs by validating claims
 */
export function createAuthenticate({ keys, rules, clock, metrics }: Dependencies): Authenticate {
  function refuse(check: string): never {
    metrics.refusedTokens.inc({ check });
    throw new AppError('token.invalid');
  }

  return async (authorization) => {
    const token = bearerToken(authorization) ?? refuse('header');
    const keyId = readKeyId(token) ?? refuse('jose_header');
    const tenantId = readTenantId(token) ?? refuse('tenant');
    if (tenantId === personalAccountsTenantId) refuse('personal_account');

    // The keys of a tenant that is not onboarded are never asked for: the tenant id is the caller's word until here.
    const isOnboarded = rules.tenantIds.includes(tenantId);
    const lookup = await keys.find(isOnboarded ? tenantId : (rules.tenantIds[0] ?? ''), keyId);
    if (lookup.kind === 'unavailable') throw new AppError('auth.unavailable', { retryAfterSeconds: 30 });
    if (lookup.kind === 'unknown_key') refuse('key');

    const verified = await jwtVerify(token, lookup.key.key, {
      algorithms: ['RS256'],
      clockTolerance: toleranceSeconds,
      currentDate: clock.now(),
      requiredClaims: ['exp', 'nbf', 'iat'],
    }).catch(() => refuse('signature_or_times'));
    const parsed = claims.safeParse(verified.payload);
    if (!parsed.success) refuse('claims');
    const claim = parsed.data;

    const issuer = isOnboarded ? lookup.issuer : withTenant(lookup.issuer, rules.tenantIds[0] ?? '', tenantId);
    if (claim.iss !== issuer.replace('{tenantid}', tenantId)) refuse('issuer');
    if (lookup.key.issuer && lookup.key.issuer.replace('{tenantid}', tenantId) !== claim.iss) refuse('key_issuer');
    if (tenantInIssuer(claim.iss) !== tenantId) refuse('issuer_tenant');
    if (![rules.application.clientId, rules.application.appIdUri].includes(claim.aud)) refuse('audience');
    if (!hasSaneTimes(claim, clock.now().getTime() / 1000)) refuse('times');
    if (!rules.application.allowedClientIds.includes(claim.azp)) refuse('actor');
    if (!isOnboarded) throw new AppError('tenant.not_onboarded');

    const scopes = claim.scp?.split(' ') ?? [];
    if (claim.idtyp === 'app' || !scopes.includes(rules.application.apiScope)) {
      metrics.refusedTokens.inc({ check: 'scope' });
      throw new AppError('token.wrong_scope');
    }
    if (!isAdmin(claim, rules) || isGuest(claim)) {
      metrics.refusedTokens.inc({ check: 'admin_role' });
      throw new AppError('admin.role_missing');
    }
    return {
      tenantId: claim.tid as TenantId,
      userId: claim.oid as UserId,
      username: claim.preferred_username?.slice(0, 320) ?? '',
      displayName: (claim.name ?? claim.preferred_username ?? '').slice(0, 256),
      directoryRoleIds: claim.wids?.map((id) => id.toLowerCase()),
      accessToken: new AccessToken(token),
    };
  };
}

/** Exactly one `Bearer <token>`; two headers arrive joined by a comma, which no token contains. */
function bearerToken(authorization: string | undefined): string | undefined {
  if (!authorization || authorization.length > longestToken) return undefined;
  return /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/.exec(authorization)?.[1];
}

/** Keys that come with the token (`jwk`, `jku`, `x5u`, `x5c`) are never looked at; a `nonce` marks a token of Graph. */
function readKeyId(token: string): string | undefined {
  try {
    const header = decodeProtectedHeader(token);
    const isOurs = header.alg === 'RS256' && typeof header.kid === 'string' && !('nonce' in header) && !header.crit;
    return isOurs ? header.kid : undefined;
  } catch {
    return undefined;
  }
}

/** The tenant that the token claims, to know whose keys to ask for; nothing is believed before the signature. */
function readTenantId(token: string): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return z.object({ tid: guid }).safeParse(payload).data?.tid;
  } catch {
    return undefined;
  }
}

/** The issuer of one tenant rewritten for another: Entra's issuers differ by the tenant's id only. */
function withTenant(issuer: string, from: string, to: string): string {
  return issuer.replace(from, to);
}

function tenantInIssuer(issuer: string): string | undefined {
  return /\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\/v2\.0$/i.exec(issuer)?.[1]?.toLowerCase();
}

function hasSaneTimes({ exp, nbf, iat }: Claims, now: number): boolean {
  const isIssuedInTheFuture = iat > now + toleranceSeconds;
  return !isIssuedInTheFuture && exp > iat && exp >= nbf && exp - iat <= longestLifeSeconds + toleranceSeconds;
}

function isAdmin({ roles, wids }: Claims, { application }: TokenRules): boolean {
  const hasAppRole = roles?.includes(application.adminAppRole) ?? false;
  const hasDirectoryRole = wids?.some((id) => application.adminDirectoryRoleIds.includes(id.toLowerCase())) ?? false;
  return hasAppRole || hasDirectoryRole;
}

/** Guests keep the rights of their own tenant, not of this one. */
function isGuest({ acct, idp, iss, tid }: Claims): boolean {
  if (acct === 1) return true;
  return idp !== undefined && idp !== iss && !idp.includes(tid);
}
