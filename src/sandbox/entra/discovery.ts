import { findTenant, type World } from '../world.ts';
import { unknownTenant } from './token-endpoint.ts';
import { issuerOf } from './tokens.ts';

/** Names in the path that stand for every tenant. */
const shared = ['organizations', 'common'];

/**
 * The OpenID Connect metadata of a tenant; on the endpoints for every tenant the issuer is the template `{tenantid}`.
 * @throws {EntraError} 90002
 */
export function metadata(world: World, tenantName: string, version: 'v1' | 'v2.0'): object {
  const tenantId = tenantIdOf(world, tenantName);
  const name = tenantId === '{tenantid}' ? tenantName : tenantId;
  const authority = `${world.origins.authority}/${name}`;
  const oauth = version === 'v2.0' ? `${authority}/oauth2/v2.0` : `${authority}/oauth2`;
  return {
    token_endpoint: `${oauth}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: version === 'v2.0' ? `${authority}/discovery/v2.0/keys` : `${authority}/discovery/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: version === 'v2.0' ? issuerOf(world, tenantId) : `https://sts.windows.net/${tenantId}/`,
    authorization_endpoint: `${oauth}/authorize`,
    end_session_endpoint: `${oauth}/logout`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'preferred_username', 'name', 'tid', 'ver', 'email'],
    tenant_region_scope: 'EU',
    cloud_instance_name: new URL(world.origins.authority).host,
    cloud_graph_host_name: new URL(world.origins.graph).host,
    msgraph_host: new URL(world.origins.graph).host,
  };
}

/**
 * The keys that sign tokens. Every key names the issuer whose tokens it may sign.
 * @throws {EntraError} 90002
 */
export function keySet(world: World, tenantName: string): object {
  tenantIdOf(world, tenantName);
  return world.keys.published(issuerOf(world, '{tenantid}'));
}

function tenantIdOf(world: World, name: string): string {
  if (shared.includes(name)) return '{tenantid}';
  const tenant = findTenant(world, name);
  if (!tenant) throw unknownTenant(name);
  return tenant.id;
}
