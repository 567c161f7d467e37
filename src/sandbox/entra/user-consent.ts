import { randomBytes } from 'node:crypto';
import { exchangePermissions, graphAppId, graphPermissions } from '../tenant/permissions.ts';
import { findAccount, type World } from '../world.ts';
import {
  type DelegatedTokenRefusal,
  type DelegatedTokenRequest,
  type DelegatedTokens,
  issueDelegatedTokens,
  missingScopes,
} from './delegated-tokens.ts';
import { permissionsOf, type RequestedScopes, type Resource, readScopes } from './resources.ts';
import type { Account } from './sign-ins.ts';

/** The scopes that a dialog asks consent for; `.default` asks for everything registered. */
export function askedFor(world: World, scopes: RequestedScopes, missing: readonly string[]): readonly string[] {
  const wanted = missing.length > 0 ? missing : scopes.values;
  if (!wanted.includes('.default')) return wanted;
  if (scopes.resource.appId === graphAppId) return world.registration.requiredScopes;
  // The registration lists nothing of Exchange: its scopes are asked for by name.
  return scopes.resource.appId === world.registration.clientId ? [world.registration.scope.value] : [];
}

/** In the words of the permissions dialog. */
export function describeScope(world: World, scope: string): string {
  if (scope === world.registration.scope.value) return `Access ${world.registration.displayName} on your behalf`;
  const known = [...graphPermissions, ...exchangePermissions];
  return known.find((permission) => permission.value === scope)?.displayName ?? scope;
}

/** Whether a user without admin role may consent to a scope. */
export function userMayConsent(world: World, resource: Resource, scope: string): boolean {
  if (resource.appId === world.registration.clientId) return true;
  return permissionsOf(resource).some((permission) => permission.value === scope && permission.userMayConsent === true);
}

/** Grants what a dialog asked for, to one user or to everybody. */
export function grantAsked(
  world: World,
  { tenant, person }: Account,
  scopes: RequestedScopes,
  forWhom: 'user' | 'everybody',
): void {
  const { clientId } = world.registration;
  tenant.grants.addApplication();
  const asked = askedFor(world, scopes, missingScopes(tenant, person, clientId, scopes));
  tenant.grants.grantScopes(clientId, scopes.resource.appId, asked, forWhom === 'user' ? person.id : null);
}

/** Tokens can be had once somebody has accepted in Entra's own dialog. */
export interface DialogNeeded {
  readonly error: 'interaction_required';
  readonly code: number;
  readonly description: string;
  /** Where the host opens a window; it closes by itself when the dialog is done. */
  readonly dialogUrl: string;
}

/**
 * Tokens for a user who is there to accept: consent that every user may give is given. Anything more takes the dialog,
 * where an admin accepts and everybody else is told to ask one.
 */
export function issueInteractively(
  world: World,
  request: DelegatedTokenRequest,
): DelegatedTokens | DelegatedTokenRefusal | DialogNeeded {
  const first = issueDelegatedTokens(world, request);
  const account = findAccount(world, request.userId);
  if (!('error' in first) || first.code !== 65001 || !account) return first;
  const scopes = readScopes(world, request.scopes);
  const asked = askedFor(world, scopes, missingScopes(account.tenant, account.person, request.clientId, scopes));
  if (!asked.every((scope) => userMayConsent(world, scopes.resource, scope))) {
    return {
      error: 'interaction_required',
      code: first.code,
      description: first.description,
      dialogUrl: dialogUrl(world, account, request),
    };
  }
  grantAsked(world, account, scopes, 'user');
  return issueDelegatedTokens(world, request);
}

/** As a host opens it for nested app authentication: with the broker's redirect URI, and PKCE as for any SPA. */
function dialogUrl(world: World, { tenant, person }: Account, { clientId, scopes }: DelegatedTokenRequest): string {
  const url = new URL(`${world.origins.authority}/${tenant.id}/oauth2/v2.0/authorize`);
  const broker = world.registration.redirectUris.spa.find((uri) => uri.startsWith('brk-')) ?? '';
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: broker,
    scope: scopes,
    login_hint: person.userPrincipalName,
    code_challenge: randomBytes(32).toString('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
