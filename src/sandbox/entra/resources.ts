import {
  exchangeOnlineAppId,
  exchangePermissions,
  graphAppId,
  graphPermissions,
  openIdScopes,
} from '../tenant/permissions.ts';
import type { World } from '../world.ts';
import { EntraError } from './entra-error.ts';
import { missingParameter } from './form-parameter.ts';

/** An API that tokens are issued for. */
export interface Resource {
  readonly appId: string;
  /** The `aud` claim; the format of its tokens decides its form. */
  readonly audience: string;
  /** Microsoft's own APIs have tokens of version 1, whatever endpoint issued them. */
  readonly tokenVersion: '1.0' | '2.0';
}

/** What a `scope` parameter asks for. */
export interface RequestedScopes {
  readonly resource: Resource;
  /** Scope values of the resource; `.default` stands alone. */
  readonly values: readonly string[];
  /** `openid`, `profile`, `email`, `offline_access`. */
  readonly openId: readonly string[];
}

/**
 * Reads a `scope` parameter.
 * @throws {EntraError} 70011 malformed or unknown scope, 700022 several resources, 500011 unknown resource
 */
export function readScopes(world: World, scope: string): RequestedScopes {
  const words = scope.split(' ').filter(Boolean);
  const openId = words.filter((word) => openIdScopes.includes(word));
  const others = words.filter((word) => !openIdScopes.includes(word)).map((word) => splitScope(world, word));
  const [first] = others;
  if (!first) {
    if (openId.length === 0) throw missingParameter('scope');
    return { resource: graph(world), values: ['User.Read'], openId };
  }
  if (others.some(({ resource }) => resource.appId !== first.resource.appId)) {
    throw new EntraError(
      700022,
      'invalid_scope',
      `The provided value for the input parameter scope isn't valid because it contains more than one resource. Scope ${scope} is not valid.`,
    );
  }
  return { resource: first.resource, values: others.map(({ value }) => value), openId };
}

/**
 * Reads the `scope` of a client credentials request: one resource and `.default`.
 * @throws {EntraError} 70011 no `.default`, 700022 several resources, 500011 unknown resource
 */
export function readDefaultScope(world: World, scope: string): Resource {
  const words = scope.split(' ').filter(Boolean);
  const [first] = words;
  if (!first) throw missingParameter('scope');
  if (words.length > 1) {
    throw new EntraError(
      700022,
      'invalid_scope',
      `The provided value for the input parameter scope '${scope}' is not valid because it contains more than one scope and/or resource. The scope value should be a single resource identifier URI with '/.default' appended to it.`,
    );
  }
  const { resource, value } = splitScope(world, first);
  if (value !== '.default') {
    throw new EntraError(
      70011,
      'invalid_scope',
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  return resource;
}

export const graph = (world: World): Resource => ({
  appId: graphAppId,
  audience: world.origins.graph,
  tokenVersion: '1.0',
});

const ownApi = (world: World): Resource => ({
  appId: world.registration.clientId,
  audience: world.registration.clientId,
  tokenVersion: '2.0',
});

/** The `aud` of tokens for Office 365 Exchange Online. */
export const exchangeAudience = 'https://outlook.office365.com';

/** The resource behind an identifier URI or application id, without trailing slash. */
function findResource(world: World, identifier: string): Resource | undefined {
  const { registration, origins } = world;
  if ([registration.clientId, registration.appIdUri, `api://${registration.clientId}`].includes(identifier)) {
    return ownApi(world);
  }
  if ([origins.graph, 'https://graph.microsoft.com', graphAppId].includes(identifier)) return graph(world);
  // Where one host plays every service, the same address would be Graph's and Exchange's: Exchange goes by its own name.
  const exchange = [exchangeAudience, 'https://outlook.office.com', exchangeOnlineAppId];
  if (exchange.includes(identifier) || (origins.exchange !== origins.graph && origins.exchange === identifier)) {
    return { appId: exchangeOnlineAppId, audience: exchangeAudience, tokenVersion: '1.0' };
  }
  return undefined;
}

function splitScope(world: World, scope: string): { resource: Resource; value: string } {
  if (!scope.includes('/')) {
    if (scope === '.default' || graphPermissions.some(({ value, scopeId }) => scopeId && value === scope)) {
      return { resource: graph(world), value: scope };
    }
    throw unknownScope(scope);
  }
  const slash = scope.lastIndexOf('/');
  const [identifier, value] = [scope.slice(0, slash).replace(/\/$/, ''), scope.slice(slash + 1)];
  const resource = findResource(world, identifier);
  if (!resource) {
    throw new EntraError(
      500011,
      'invalid_resource',
      `The resource principal named ${identifier} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
    );
  }
  if (value !== '.default' && !definesScope(world, resource, value)) throw unknownScope(scope);
  return { resource, value };
}

function definesScope(world: World, resource: Resource, value: string): boolean {
  if (resource.appId === world.registration.clientId) return value === world.registration.scope.value;
  return permissionsOf(resource).some((each) => each.scopeId && each.value === value);
}

/** What one of Microsoft's own APIs defines. */
export function permissionsOf(resource: Pick<Resource, 'appId'>) {
  if (resource.appId === graphAppId) return graphPermissions;
  return resource.appId === exchangeOnlineAppId ? exchangePermissions : [];
}

const unknownScope = (scope: string) =>
  new EntraError(
    70011,
    'invalid_scope',
    `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} does not exist.`,
  );
