import { createHash, randomBytes, randomInt } from 'node:crypto';
import { directoryRoles, memberRoleTemplateId } from '../tenant/directory-roles.ts';
import { graphAppId } from '../tenant/permissions.ts';
import type { Person } from '../tenant/person.ts';
import { digestOf } from '../tenant/random.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { World } from '../world.ts';
import type { Resource } from './resources.ts';

/** How the client proved who it is: `appidacr` and `azpacr` say so. */
export type ClientProof = 'none' | 'secret' | 'certificate';

const acr: Record<ClientProof, string> = { none: '0', secret: '1', certificate: '2' };

export interface IssuedToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** A token without user, with the app roles that the application holds for the resource; without any, no `roles`. */
export function issueAppOnlyToken(
  world: World,
  tenant: Tenant,
  client: { appId: string; servicePrincipalId: string; proof: ClientProof },
  resource: Resource,
): IssuedToken {
  const roles = tenant.grants.rolesInTokens(client.servicePrincipalId, resource.appId);
  const principal = tenant.grants.findServicePrincipal(client.servicePrincipalId);
  const wids = (principal?.directoryRoles ?? []).map((role) => directoryRoles[role].templateId);
  const lifetime = lifetimeOf(world);
  const claims = {
    ...common(world, tenant, resource, lifetime),
    ...actor(resource, client.appId, client.proof),
    idtyp: 'app',
    oid: client.servicePrincipalId,
    sub: client.servicePrincipalId,
    ...(roles.length > 0 && { roles }),
    ...(wids.length > 0 && { wids }),
  };
  return { token: sign(world, resource, claims), expiresInSeconds: lifetime };
}

/** A token for a user. `scopes` are those of the resource alone. */
export function issueAccessToken(
  world: World,
  tenant: Tenant,
  person: Person,
  client: { appId: string; proof: ClientProof },
  resource: Resource,
  scopes: readonly string[],
): IssuedToken {
  const lifetime = lifetimeOf(world);
  const roles = tenant.grants.rolesInTokens(person.id, resource.appId);
  const claims = {
    ...common(world, tenant, resource, lifetime),
    ...actor(resource, client.appId, client.proof),
    name: person.displayName,
    oid: person.id,
    sub: subjectOf(person, resource.appId),
    ...(resource.tokenVersion === '2.0'
      ? { preferred_username: person.userPrincipalName }
      : { upn: person.userPrincipalName, unique_name: person.userPrincipalName, idtyp: 'user' }),
    ...(person.userType === 'Guest' && { idp: 'https://sts.windows.net/fabrikam.example/' }),
    scp: scopes.join(' '),
    wids: widsOf(person),
    ...(roles.length > 0 && { roles }),
  };
  return { token: sign(world, resource, claims), expiresInSeconds: lifetime };
}

/** Who signed in, for the client itself. */
export function issueIdToken(world: World, tenant: Tenant, person: Person, clientId: string, nonce?: string): string {
  const issuedAt = seconds(world);
  const roles = tenant.grants.rolesInTokens(person.id, clientId);
  return world.keys.sign({
    aud: clientId,
    iss: issuerOf(world, tenant.id),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 3600,
    name: person.displayName,
    ...(nonce && { nonce }),
    oid: person.id,
    preferred_username: person.userPrincipalName,
    rh: opaque(),
    ...(roles.length > 0 && { roles }),
    sub: subjectOf(person, clientId),
    tid: tenant.id,
    uti: opaque(),
    ver: '2.0',
  });
}

/** The issuer of tokens of version 2; a GUID, or the template `{tenantid}` of the documents for several tenants. */
export const issuerOf = (world: World, tenantId: string) => `${world.origins.authority}/${tenantId}/v2.0`;

/** MSAL reads from it which account a token belongs to. */
export const clientInfoOf = (tenant: Tenant, person: Person) =>
  Buffer.from(JSON.stringify({ uid: person.id, utid: tenant.id })).toString('base64url');

function common(world: World, tenant: Tenant, resource: Resource, lifetimeSeconds: number) {
  const issuedAt = seconds(world);
  return {
    aud: resource.audience,
    iss: resource.tokenVersion === '2.0' ? issuerOf(world, tenant.id) : `https://sts.windows.net/${tenant.id}/`,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    aio: opaque(),
    rh: opaque(),
    tid: tenant.id,
    uti: opaque(),
    ver: resource.tokenVersion,
  };
}

const actor = (resource: Resource, appId: string, proof: ClientProof) =>
  resource.tokenVersion === '2.0' ? { azp: appId, azpacr: acr[proof] } : { appid: appId, appidacr: acr[proof] };

/**
 * Tokens for Microsoft Graph carry a nonce in the header and are signed over its hash: nobody but Graph can verify them,
 * and nobody should try.
 */
function sign(world: World, resource: Resource, claims: object): string {
  if (resource.appId !== graphAppId) return world.keys.sign(claims);
  const nonce = opaque();
  return world.keys.sign(claims, { nonce }, { nonce: hashedNonce(nonce) });
}

/** What is signed in place of the nonce of a token for Microsoft Graph. */
export const hashedNonce = (nonce: string) => createHash('sha256').update(nonce).digest('base64url');

const widsOf = (person: Person) => [
  ...person.directoryRoles.map((role) => directoryRoles[role].templateId),
  ...(person.userType === 'Member' ? [memberRoleTemplateId] : []),
];

/** Pairwise: another client sees another subject for the same user. */
const subjectOf = (person: Person, appId: string) => digestOf(`${person.id}/${appId}`, 43);

/** Access tokens live 60 to 90 minutes at random. @see Microsoft Learn, Access tokens, Token lifetime */
const lifetimeOf = (world: World) => world.settings.accessTokenLifetimeSeconds ?? randomInt(3600, 5400);

const seconds = (world: World) => Math.floor(world.clock.now().getTime() / 1000);

const opaque = () => randomBytes(16).toString('base64url');
