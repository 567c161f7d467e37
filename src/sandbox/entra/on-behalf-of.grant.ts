import type { World } from '../world.ts';
import { authenticateConfidentialClient } from './client-authentication.ts';
import { answerDelegated } from './delegated-answer.ts';
import { checkClient } from './delegated-tokens.ts';
import { EntraError } from './entra-error.ts';
import { missingParameter, parameter } from './form-parameter.ts';
import { concreteTenant } from './tenant-in-path.ts';
import type { TokenRequest } from './token-request.ts';

/**
 * A token for the user of another token, which was issued for the client.
 * @see Microsoft Learn, OAuth 2.0 On-Behalf-Of flow
 * @throws {EntraError}
 */
export function exchangeOnBehalfOf({ world, store, tenantName, form }: TokenRequest) {
  const tenant = concreteTenant(world, tenantName);
  const clientId = parameter(form, 'client_id');
  checkClient(world, tenant, clientId);
  const proof = authenticateConfidentialClient(world, tenant, form);
  if (parameter(form, 'requested_token_use') !== 'on_behalf_of') throw missingParameter('requested_token_use');
  const claims = verifiedAssertion(world, parameter(form, 'assertion'));
  const person = typeof claims.oid === 'string' ? tenant.find(claims.oid) : undefined;
  if (claims.aud !== clientId) {
    throw new EntraError(
      50013,
      'invalid_grant',
      'Assertion failed signature validation: the audience of the assertion is not this application.',
    );
  }
  if (typeof claims.scp !== 'string' || !person || claims.tid !== tenant.id) {
    throw new EntraError(
      50013,
      'invalid_grant',
      'Assertion is not for a user of this tenant; app-only tokens cannot be exchanged.',
    );
  }
  const scopes = parameter(form, 'scope');
  return answerDelegated({ world, store, form }, { tenant, person, clientId, platform: 'web' }, { scopes, proof });
}

/** @throws {EntraError} 50013 when it is not a token of ours, 500133 when it has expired */
function verifiedAssertion(world: World, assertion: string): Record<string, unknown> {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const invalid = () => new EntraError(50013, 'invalid_grant', 'Assertion failed signature validation.');
  let claims: Record<string, unknown>;
  let kid: unknown;
  try {
    kid = JSON.parse(Buffer.from(header, 'base64url').toString()).kid;
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  } catch {
    throw invalid();
  }
  if (typeof kid !== 'string' || !world.keys.verifies(kid, `${header}.${payload}`, signature)) throw invalid();
  if (Number(claims.exp) * 1000 <= world.clock.now().getTime()) {
    throw new EntraError(
      500133,
      'invalid_grant',
      'Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token.',
    );
  }
  return claims;
}
