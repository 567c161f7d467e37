import { hashedNonce } from '../entra/tokens.ts';
import type { Person } from '../tenant/person.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { World } from '../world.ts';
import { GraphError } from './graph-error.ts';

/** Who calls, by the token. */
export type Caller =
  | { readonly kind: 'application'; readonly appId: string; readonly tenant: Tenant; readonly roles: readonly string[] }
  | {
      readonly kind: 'delegated';
      readonly appId: string;
      readonly tenant: Tenant;
      readonly person: Person;
      readonly scopes: readonly string[];
    };

/** Claims by the header that brought their token; signatures are not checked again. */
export type VerifiedTokens = Map<string, Record<string, unknown>>;

/**
 * Reads and verifies the bearer token of a request.
 * @throws {GraphError} 401 InvalidAuthenticationToken
 */
export function readCaller(world: World, authorization: string | undefined, verified: VerifiedTokens): Caller {
  if (!authorization) throw invalid('Access token is empty.');
  const claims = verified.get(authorization) ?? remember(verified, authorization, verify(world, authorization));

  const now = world.clock.now().getTime() / 1000;
  if (Number(claims.exp) <= now) throw invalid('Lifetime validation failed, the token is expired.');
  // Microsoft's services allow five minutes of difference between clocks.
  if (Number(claims.nbf) > now + 300) throw invalid('Lifetime validation failed, the token is not yet valid.');
  if (claims.aud !== world.origins.graph) throw invalid('Access token validation failure. Invalid audience.');
  const tenant = world.tenants.get(String(claims.tid));
  if (!tenant) throw invalid('Access token validation failure.');

  const appId = String(claims.appid);
  if (typeof claims.scp !== 'string') {
    return { kind: 'application', appId, tenant, roles: Array.isArray(claims.roles) ? claims.roles : [] };
  }
  const person = tenant.find(String(claims.oid));
  if (!person || person.deletedAt) throw invalid('The identity of the calling user could not be established.');
  return { kind: 'delegated', appId, tenant, person, scopes: claims.scp.split(' ') };
}

function remember(verified: VerifiedTokens, authorization: string, claims: Record<string, unknown>) {
  if (verified.size > 10_000) verified.clear();
  verified.set(authorization, claims);
  return claims;
}

function verify(world: World, authorization: string): Record<string, unknown> {
  const token = authorization.match(/^Bearer (\S+)$/i)?.[1];
  if (!token) throw invalid('Access token is empty.');
  const [header = '', payload = '', signature = ''] = token.split('.');
  try {
    const { nonce, ...rest } = JSON.parse(Buffer.from(header, 'base64url').toString());
    const signedHeader = { ...rest, ...(nonce && { nonce: hashedNonce(nonce) }) };
    const signed = `${Buffer.from(JSON.stringify(signedHeader)).toString('base64url')}.${payload}`;
    if (rest.alg === 'RS256' && world.keys.verifies(rest.kid, signed, signature)) {
      return JSON.parse(Buffer.from(payload, 'base64url').toString());
    }
  } catch {
    throw invalid('CompactToken parsing failed with error code: 80049217');
  }
  throw invalid('Signature validation failed.');
}

const invalid = (message: string) => new GraphError(401, 'InvalidAuthenticationToken', message);
