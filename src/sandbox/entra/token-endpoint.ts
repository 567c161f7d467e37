import { redeemCode } from './authorization-code.grant.ts';
import { grantClientCredentials } from './client-credentials.grant.ts';
import { EntraError } from './entra-error.ts';
import { parameter } from './form-parameter.ts';
import { exchangeOnBehalfOf } from './on-behalf-of.grant.ts';
import { redeemRefreshToken } from './refresh-token.grant.ts';
import type { TokenRequest } from './token-request.ts';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * Answers `POST /{tenant}/oauth2/v2.0/token`.
 * @throws {EntraError}
 */
export function answerTokenRequest(request: TokenRequest): Record<string, unknown> {
  const grantType = parameter(request.form, 'grant_type');
  switch (grantType) {
    case 'client_credentials':
      return grantClientCredentials(request);
    case 'authorization_code':
      return redeemCode(request);
    case 'refresh_token':
      return redeemRefreshToken(request);
    case jwtBearer:
      return exchangeOnBehalfOf(request);
    default:
      throw new EntraError(
        70003,
        'unsupported_grant_type',
        `The app requested an unsupported grant type '${grantType}'.`,
      );
  }
}
