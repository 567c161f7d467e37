import { createHash } from 'node:crypto';
import { findTenant } from '../world.ts';
import { authenticateClient, missingCredential } from './client-authentication.ts';
import { answerDelegated } from './delegated-answer.ts';
import { EntraError } from './entra-error.ts';
import { parameter } from './form-parameter.ts';
import { checkPlatform } from './platform.ts';
import { malformedRequest, type TokenRequest } from './token-request.ts';

/**
 * Tokens for whom a dialog signed in; a code is good once.
 * @see Microsoft Learn, OAuth 2.0 authorization code flow
 * @throws {EntraError}
 */
export function redeemCode({ world, store, form, origin, tenantName }: TokenRequest) {
  const clientId = parameter(form, 'client_id');
  const code = store.codes.get(parameter(form, 'code'));
  if (!code || code.clientId !== clientId) throw malformedRequest();
  const named = findTenant(world, tenantName);
  if (named && named !== code.tenant)
    throw new EntraError(
      700005,
      'invalid_grant',
      'Provided Authorization Code is intended to use against other tenant, thus rejected.',
    );
  if (code.used)
    throw new EntraError(
      54005,
      'invalid_grant',
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    );
  if (code.expiresAt <= world.clock.now()) {
    throw new EntraError(
      70008,
      'invalid_grant',
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
    );
  }
  if (parameter(form, 'redirect_uri') !== code.redirectUri) {
    throw new EntraError(
      50011,
      'invalid_client',
      'The redirect URI of the request does not match the one the code was issued for.',
      { status: 400 },
    );
  }
  checkPlatform(code.platform, origin);
  checkVerifier(code.challenge, form.get('code_verifier'));
  const proof = authenticateClient(world, code.tenant, form);
  if (code.platform === 'web' && proof === 'none') throw missingCredential();
  if (code.platform === 'spa' && proof !== 'none') {
    throw new EntraError(
      700025,
      'invalid_client',
      "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    );
  }
  code.used = true;
  const scopes = form.get('scope') ?? code.scopes;
  return answerDelegated({ world, store, form }, code, { scopes, proof, nonce: code.nonce });
}

function checkVerifier(challenge: string | undefined, verifier: string | null): void {
  if (challenge === undefined) return;
  if (verifier === null) {
    throw new EntraError(
      50148,
      'invalid_grant',
      'The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.',
    );
  }
  if (createHash('sha256').update(verifier).digest('base64url') !== challenge) {
    throw new EntraError(
      501481,
      'invalid_grant',
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    );
  }
}
