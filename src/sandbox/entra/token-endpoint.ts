import { createHash, randomBytes } from 'node:crypto';

import type { Person } from '../tenant/person.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { findTenant, type World } from '../world.ts';
import { authenticateClient } from './client-authentication.ts';
import { checkClient, tokensFor, unknownApplication } from './delegated-tokens.ts';
import { EntraError } from './entra-error.ts';
import { readDefaultScope } from './resources.ts';
import { clientInfoOf, issueAppOnlyToken } from './tokens.ts';

/** What an authorization code stands for. */
export interface AuthorizationCode {
  readonly tenant: Tenant;
  readonly person: Person;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly platform: 'web' | 'spa';
  readonly scopes: string;
  readonly challenge: string | undefined;
  readonly nonce: string | undefined;
  readonly expiresAt: Date;
  used: boolean;
}

interface RefreshToken {
  readonly tenant: Tenant;
  readonly person: Person;
  readonly clientId: string;
  readonly scopes: string;
  readonly platform: 'web' | 'spa';
  readonly expiresAt: Date;
}

/** What the token endpoint remembers between requests. */
export interface TokenStore {
  readonly codes: Map<string, AuthorizationCode>;
  readonly refreshTokens: Map<string, RefreshToken>;
}

export const emptyTokenStore = (): TokenStore => ({
  codes: new Map(),
  refreshTokens: new Map(),
});

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

interface TokenRequest {
  readonly world: World;
  readonly store: TokenStore;
  /** From the path: GUID, domain, `organizations` or `common`. */
  readonly tenantName: string;
  readonly form: URLSearchParams;
  /** The `Origin` header: redemption from a browser. */
  readonly origin: string | undefined;
}

/**
 * Answers `POST /{tenant}/oauth2/v2.0/token`.
 * @throws {EntraError}
 */
export function answerTokenRequest(request: TokenRequest): Record<string, unknown> {
  const grantType = parameter(request.form, 'grant_type');
  switch (grantType) {
    case 'client_credentials':
      return clientCredentials(request);
    case 'authorization_code':
      return redeemCode(request);
    case 'refresh_token':
      return refresh(request);
    case jwtBearer:
      return onBehalfOf(request);
    default:
      throw new EntraError(
        70003,
        'unsupported_grant_type',
        `The app requested an unsupported grant type '${grantType}'.`,
      );
  }
}

function clientCredentials({ world, tenantName, form }: TokenRequest) {
  const tenant = concreteTenant(world, tenantName);
  const clientId = parameter(form, 'client_id');
  const principal = clientId === world.registration.clientId ? tenant.grants.application : undefined;
  if (!principal) throw new EntraError(700016, 'unauthorized_client', unknownApplication(clientId, tenant));
  const resource = readDefaultScope(world, form.get('scope') ?? '');
  const proof = authenticateClient(world, tenant, form);
  if (proof === 'none') throw missingCredential();
  checkClient(world, tenant, clientId);
  const issued = issueAppOnlyToken(
    world,
    tenant,
    { appId: clientId, servicePrincipalId: principal.id, proof },
    resource,
  );
  return {
    token_type: 'Bearer',
    expires_in: issued.expiresInSeconds,
    ext_expires_in: issued.expiresInSeconds,
    access_token: issued.token,
  };
}

function redeemCode({ world, store, form, origin, tenantName }: TokenRequest) {
  const clientId = parameter(form, 'client_id');
  const code = store.codes.get(parameter(form, 'code'));
  if (!code || code.clientId !== clientId) {
    throw new EntraError(9002313, 'invalid_grant', 'Invalid request. Request is malformed or invalid.');
  }
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
  return answer(request(world, store, code, scopes, proof, code.nonce), form);
}

function refresh({ world, store, form, origin }: TokenRequest) {
  const clientId = parameter(form, 'client_id');
  const token = store.refreshTokens.get(parameter(form, 'refresh_token'));
  if (!token || token.clientId !== clientId) {
    throw new EntraError(9002313, 'invalid_grant', 'Invalid request. Request is malformed or invalid.');
  }
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
  return answer(request(world, store, token, form.get('scope') ?? token.scopes, proof), form);
}

function onBehalfOf({ world, store, tenantName, form }: TokenRequest) {
  const tenant = concreteTenant(world, tenantName);
  const clientId = parameter(form, 'client_id');
  checkClient(world, tenant, clientId);
  const proof = authenticateClient(world, tenant, form);
  if (proof === 'none') throw missingCredential();
  if (parameter(form, 'requested_token_use') !== 'on_behalf_of') {
    throw new EntraError(
      900144,
      'invalid_request',
      "The request body must contain the following parameter: 'requested_token_use'.",
    );
  }
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
  return answer(
    request(world, store, { tenant, person, clientId, platform: 'web' }, parameter(form, 'scope'), proof),
    form,
  );
}

interface Holder {
  readonly tenant: Tenant;
  readonly person: Person;
  readonly clientId: string;
  readonly platform: 'web' | 'spa';
}

function request(
  world: World,
  store: TokenStore,
  holder: Holder,
  scopes: string,
  proof: 'none' | 'secret' | 'certificate',
  nonce?: string,
) {
  const { tenant, person, clientId, platform } = holder;
  const tokens = tokensFor(world, tenant, person, { clientId, scopes, proof, ...(nonce && { nonce }) });
  const wantsRefreshToken = scopes.split(' ').includes('offline_access');
  const lifetimeMs = (platform === 'spa' ? 1 : 90) * 24 * 3600_000;
  const refreshToken = `1.${randomBytes(48).toString('base64url')}`;
  if (wantsRefreshToken) {
    const expiresAt = new Date(world.clock.now().getTime() + lifetimeMs);
    store.refreshTokens.set(refreshToken, { tenant, person, clientId, scopes, platform, expiresAt });
  }
  return { tokens, holder, scopes, refreshToken: wantsRefreshToken ? refreshToken : undefined };
}

function answer({ tokens, holder, scopes, refreshToken }: ReturnType<typeof request>, form: URLSearchParams) {
  return {
    token_type: 'Bearer',
    scope: tokens.scope,
    expires_in: tokens.expiresInSeconds,
    ext_expires_in: tokens.expiresInSeconds,
    access_token: tokens.accessToken,
    ...(refreshToken && { refresh_token: refreshToken }),
    ...(scopes.split(' ').includes('openid') && { id_token: tokens.idToken }),
    ...(form.get('client_info') === '1' && { client_info: clientInfoOf(holder.tenant, holder.person) }),
  };
}

/** @throws {EntraError} 50194 where only a tenant of its own will do, 90002 when there is none of this name */
export function concreteTenant(world: World, name: string): Tenant {
  if (['common', 'organizations', 'consumers'].includes(name)) {
    throw new EntraError(
      50194,
      'invalid_request',
      `Application '${world.registration.clientId}' is not configured as a multi-tenant application. Usage of the /${name} endpoint is not supported here. Use a tenant-specific endpoint.`,
    );
  }
  const tenant = findTenant(world, name);
  if (!tenant) throw unknownTenant(name);
  return tenant;
}

export const unknownTenant = (name: string) =>
  new EntraError(
    90002,
    'invalid_request',
    `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );

function checkPlatform(platform: 'web' | 'spa', origin: string | undefined): void {
  if (platform === 'spa' && origin === undefined) {
    throw new EntraError(
      9002327,
      'invalid_request',
      "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
    );
  }
  if (platform === 'web' && origin !== undefined) {
    throw new EntraError(
      9002326,
      'invalid_request',
      "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.",
    );
  }
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

const missingCredential = () =>
  new EntraError(
    7000218,
    'invalid_client',
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  );

function parameter(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (!value)
    throw new EntraError(
      900144,
      'invalid_request',
      `The request body must contain the following parameter: '${name}'.`,
    );
  return value;
}
