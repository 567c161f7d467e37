import { authenticateClient, missingCredential } from './client-authentication.ts';
import { answerDelegated } from './delegated-answer.ts';
import { EntraError } from './entra-error.ts';
import { parameter } from './form-parameter.ts';
import { checkPlatform } from './platform.ts';
import { malformedRequest, type TokenRequest } from './token-request.ts';

/**
 * New tokens for a user without a dialog. The old refresh token stays good.
 * @see Microsoft Learn, Refresh tokens in the Microsoft identity platform
 * @throws {EntraError}
 */
export function redeemRefreshToken({ world, store, form, origin }: TokenRequest) {
  const clientId = parameter(form, 'client_id');
  const token = store.refreshTokens.get(parameter(form, 'refresh_token'));
  if (!token || token.clientId !== clientId) throw malformedRequest();
  if (token.expiresAt <= world.clock.now()) {
    throw token.platform === 'spa'
      ? new EntraError(
          700084,
          'invalid_grant',
          'The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page.',
        )
      : new EntraError(700082, 'invalid_grant', 'The refresh token has expired due to inactivity.');
  }
  checkPlatform(token.platform, origin);
  const proof = authenticateClient(world, token.tenant, form);
  if (token.platform === 'web' && proof === 'none') throw missingCredential();
  return answerDelegated({ world, store, form }, token, { scopes: form.get('scope') ?? token.scopes, proof });
}
