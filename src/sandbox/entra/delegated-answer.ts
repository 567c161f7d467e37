import { randomBytes } from 'node:crypto';
import type { Person } from '../tenant/person.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { tokensFor } from './delegated-tokens.ts';
import type { Platform } from './platform.ts';
import type { TokenRequest } from './token-request.ts';
import { type ClientProof, clientInfoOf } from './tokens.ts';

/** For whom tokens are, and to which client they go. */
interface Holder {
  readonly tenant: Tenant;
  readonly person: Person;
  readonly clientId: string;
  readonly platform: Platform;
}

/**
 * Issues tokens for a user and puts them into the answer of the token endpoint, with those that its scopes ask for.
 * @throws {EntraError} when the user, the client or the consent stands in the way
 */
export function answerDelegated(
  { world, store, form }: Pick<TokenRequest, 'world' | 'store' | 'form'>,
  { tenant, person, clientId, platform }: Holder,
  asked: { readonly scopes: string; readonly proof: ClientProof; readonly nonce?: string | undefined },
): Record<string, unknown> {
  const { scopes, proof, nonce } = asked;
  const tokens = tokensFor(world, tenant, person, { clientId, scopes, proof, ...(nonce && { nonce }) });
  const wants = (scope: string) => scopes.split(' ').includes(scope);
  return {
    token_type: 'Bearer',
    scope: tokens.scope,
    expires_in: tokens.expiresInSeconds,
    ext_expires_in: tokens.expiresInSeconds,
    access_token: tokens.accessToken,
    ...(wants('offline_access') && { refresh_token: issueRefreshToken() }),
    ...(wants('openid') && { id_token: tokens.idToken }),
    ...(form.get('client_info') === '1' && { client_info: clientInfoOf(tenant, person) }),
  };

  function issueRefreshToken(): string {
    const refreshToken = `1.${randomBytes(48).toString('base64url')}`;
    const lifetimeMs = (platform === 'spa' ? 1 : 90) * 24 * 3600_000;
    const expiresAt = new Date(world.clock.now().getTime() + lifetimeMs);
    store.refreshTokens.set(refreshToken, { tenant, person, clientId, scopes, platform, expiresAt });
    return refreshToken;
  }
}
