import type { Tenant } from '../tenant/tenant.ts';
import { findTenant, type World } from '../world.ts';
import { EntraError } from './entra-error.ts';

/** @throws {EntraError} 90002 when there is no tenant of this name */
export function knownTenant(world: World, name: string): Tenant {
  const tenant = findTenant(world, name);
  if (!tenant) {
    throw new EntraError(
      90002,
      'invalid_request',
      `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    );
  }
  return tenant;
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
  return knownTenant(world, name);
}

/** @throws {EntraError} 90002 unknown tenant, 50194 where the application has one tenant only */
export function dialogTenant(world: World, name: string): Tenant | undefined {
  if (name === 'organizations' || name === 'common') {
    if (world.registration.signInAudience === 'AzureADMultipleOrgs') return undefined;
    throw new EntraError(
      50194,
      'invalid_request',
      `Application '${world.registration.clientId}'(${world.registration.displayName}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.`,
    );
  }
  return knownTenant(world, name);
}
