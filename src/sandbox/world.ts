import type { MovableClock } from './clock.ts';
import type { SigningKeys } from './entra/signing-keys.ts';
import type { Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { Settings } from './settings.ts';
import type { ApplicationRegistration } from './tenant/registration.ts';
import type { Tenant } from './tenant/tenant.ts';

/** Where Microsoft's services seem to be; tokens and links say so, whatever address a request came in by. */
export interface Origins {
  readonly authority: string;
  readonly graph: string;
  readonly exchange: string;
  readonly teams: string;
}

/** Everything a request handler may read or change. */
export interface World {
  readonly url: string;
  readonly origins: Origins;
  readonly clock: MovableClock;
  readonly settings: Settings;
  /** The product's own application, which serves the tab. */
  readonly registration: ApplicationRegistration;
  /** All applications of the product; the own one is the first. Others act for themselves only. */
  readonly registrations: readonly ApplicationRegistration[];
  readonly tenants: Map<string, Tenant>;
  readonly keys: SigningKeys;
  readonly faults: Faults;
  readonly requests: RequestLog;
}

/** One of the product's applications. */
export function registrationOf(world: World, clientId: string | null): ApplicationRegistration | undefined {
  return world.registrations.find((registration) => registration.clientId === clientId);
}

/** Tenant id or verified domain to tenant. */
export function findTenant(world: World, idOrDomain: string): Tenant | undefined {
  const name = idOrDomain.toLowerCase();
  return [...world.tenants.values()].find((tenant) => tenant.id === name || tenant.domain === name);
}

/** Object id or user principal name to the person and the tenant where the account lives; not the deleted items. */
export function findAccount(world: World, idOrUserPrincipalName: string) {
  for (const tenant of world.tenants.values()) {
    const person = tenant.find(idOrUserPrincipalName);
    if (person && !person.deletedAt) return { tenant, person };
  }
  return undefined;
}
