import type { Person } from '../tenant/person.ts';
import type { ServicePrincipal } from '../tenant/service-principal.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { findAccount, type World } from '../world.ts';
import { EntraError } from './entra-error.ts';
import { type RequestedScopes, type Resource, readScopes } from './resources.ts';
import { type ClientProof, issueAccessToken, issueIdToken } from './tokens.ts';

export interface DelegatedTokenRequest {
  /** Object id or user principal name. */
  readonly userId: string;
  /** Who asks: the product's own client id (nested app authentication) or a Microsoft 365 host (`getAuthToken`). */
  readonly clientId: string;
  /** Space separated; of one resource. */
  readonly scopes: string;
  readonly proof?: ClientProof;
  readonly nonce?: string;
}

export interface DelegatedTokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly expiresInSeconds: number;
  /** The granted scopes, space separated, as the token endpoint answers them. */
  readonly scope: string;
  readonly account: {
    readonly homeAccountId: string;
    readonly environment: string;
    readonly tenantId: string;
    readonly username: string;
    readonly localAccountId: string;
    readonly name: string;
  };
}

/** Why there are no tokens; `interaction_required` when a page of Entra could help. */
export interface DelegatedTokenRefusal {
  readonly error: string;
  /** Number after `AADSTS`. */
  readonly code: number;
  readonly description: string;
}

/** Issues tokens for a user as Entra does behind the Teams host; the host itself has signed the user in. */
export function issueDelegatedTokens(
  world: World,
  request: DelegatedTokenRequest,
): DelegatedTokens | DelegatedTokenRefusal {
  try {
    const account = findAccount(world, request.userId);
    if (!account) throw new EntraError(50034, 'invalid_grant', `The user account ${request.userId} does not exist.`);
    return tokensFor(world, account.tenant, account.person, request);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    return { error: error.error, code: error.code, description: `AADSTS${error.code}: ${error.message}` };
  }
}

/** @throws {EntraError} when the user, the client or the consent stands in the way */
export function tokensFor(
  world: World,
  tenant: Tenant,
  person: Person,
  request: Omit<DelegatedTokenRequest, 'userId'>,
): DelegatedTokens {
  const requested = readScopes(world, request.scopes);
  checkUser(person);
  checkClient(world, tenant, request.clientId);
  const scopes = grantedScopes(world, tenant, person, request.clientId, requested);
  const client = { appId: request.clientId, proof: request.proof ?? 'none' };
  const { token, expiresInSeconds } = issueAccessToken(world, tenant, person, client, requested.resource, scopes);
  return {
    accessToken: token,
    idToken: issueIdToken(world, tenant, person, request.clientId, request.nonce),
    expiresInSeconds,
    scope: [...requested.openId, ...scopes.map((scope) => fullName(world, requested.resource, scope))].join(' '),
    account: {
      homeAccountId: `${person.id}.${tenant.id}`,
      environment: 'login.windows.net',
      tenantId: tenant.id,
      username: person.userPrincipalName,
      localAccountId: person.id,
      name: person.displayName,
    },
  };
}

/** @throws {EntraError} 50034 when the account was deleted, 50057 when it may not sign in */
function checkUser(person: Person): void {
  if (person.deletedAt) {
    throw new EntraError(50034, 'invalid_grant', `The user account ${person.userPrincipalName} does not exist.`);
  }
  if (!person.accountEnabled) throw new EntraError(50057, 'invalid_grant', 'The user account is disabled.');
}

/** @throws {EntraError} 700016 or 7000112 when the client is not in the tenant or is disabled there */
export function checkClient(world: World, tenant: Tenant, clientId: string): void {
  if (world.registration.preAuthorizedClientIds.includes(clientId)) return;
  const isOurs = clientId === world.registration.clientId;
  const principal = isOurs ? tenant.grants.application : undefined;
  if (!isOurs || (!principal && world.registration.signInAudience === 'AzureADMyOrg')) {
    throw unknownApplication(clientId, tenant);
  }
  if (principal) checkEnabled(principal);
}

/** @throws {EntraError} 7000112 when the application is disabled in the tenant */
export function checkEnabled({ appId, displayName, accountEnabled }: ServicePrincipal): void {
  if (accountEnabled) return;
  throw new EntraError(7000112, 'unauthorized_client', `Application '${appId}'(${displayName}) is disabled.`);
}

/** @param tenant absent in a dialog for accounts of every tenant */
export const unknownApplication = (clientId: string | null, tenant: Tenant | undefined) =>
  new EntraError(
    700016,
    'unauthorized_client',
    `Application with identifier '${clientId}' was not found in the directory '${tenant?.displayName ?? 'of the account'}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  );

/** What is requested and not granted yet. */
export function missingScopes(tenant: Tenant, person: Person, clientId: string, requested: RequestedScopes): string[] {
  const granted = tenant.grants.scopesFor(clientId, requested.resource.appId, person.id);
  if (requested.values.includes('.default')) return granted.size > 0 ? [] : ['.default'];
  // A client may sign users in to itself without asking.
  return requested.values.filter((scope) => !granted.has(scope));
}

/** The token endpoint and the dialog tell it with different OAuth errors. */
export const notConsented = (world: World, clientId: string, error: string, options?: { suberror: string }) =>
  new EntraError(
    65001,
    error,
    `The user or administrator has not consented to use the application with ID '${clientId}' named '${world.registration.displayName}'. Send an interactive authorization request for this user and resource.`,
    options,
  );

/** @throws {EntraError} 65001 when something requested is not granted */
function grantedScopes(
  world: World,
  tenant: Tenant,
  person: Person,
  clientId: string,
  requested: RequestedScopes,
): string[] {
  if (missingScopes(tenant, person, clientId, requested).length > 0) {
    throw notConsented(world, clientId, 'interaction_required', { suberror: 'consent_required' });
  }
  // Entra puts every scope granted for the resource into the token, not only those asked for.
  return [...tenant.grants.scopesFor(clientId, requested.resource.appId, person.id)];
}

function fullName(world: World, resource: Resource, scope: string): string {
  const isOurs = resource.appId === world.registration.clientId;
  return `${isOurs ? world.registration.appIdUri : resource.audience}/${scope}`;
}
