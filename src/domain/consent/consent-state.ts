import { acceptedPermissions, type Capability, leastPermission } from '../mailbox-access/capability.ts';
import { directoryPermissions } from './permission-set.ts';

/** What is known about the application's grants in a tenant. Only verified facts lead here, never a redirect. */
export const consentStates = ['not_requested', 'authorized', 'partly_authorized', 'not_authorized', 'unknown'] as const;
export type ConsentState = (typeof consentStates)[number];

export type GrantState = 'granted' | 'missing' | 'excess';

export interface PermissionGrant {
  /** Value of the application permission, such as `Mail.Read`. */
  readonly permission: string;
  /** The capability it serves; absent for one that no capability needs. */
  readonly capability?: Capability;
  readonly state: GrantState;
}

/**
 * Compares the app roles that a fresh app-only token carries with what the organization's capabilities need.
 * A broader permission than the least one serves its capability and is listed under its own name.
 * @param roles values of the `roles` claim; empty when nothing is granted in Entra
 */
export function compareGrants(roles: readonly string[], needed: readonly Capability[]): PermissionGrant[] {
  const held = new Set(roles);
  const serving = new Set<string>(directoryPermissions);
  const grants = needed.map((capability): PermissionGrant => {
    const permission = acceptedPermissions[capability].find((value) => held.has(value));
    for (const value of acceptedPermissions[capability]) serving.add(value);
    return {
      permission: permission ?? leastPermission(capability),
      capability,
      state: permission ? 'granted' : 'missing',
    };
  });
  const excess = roles.filter((role) => !serving.has(role));
  return [
    ...grants,
    ...directoryPermissions
      .filter((value) => held.has(value))
      .map((permission) => ({ permission, state: 'granted' }) as const),
    ...excess.map((permission) => ({ permission, state: 'excess' }) as const),
  ];
}

/** The state that follows from the grants: authorized only when no needed permission is missing. */
export function consentStateOf(grants: readonly PermissionGrant[]): ConsentState {
  const needed = grants.filter((grant) => grant.capability);
  const missing = needed.filter((grant) => grant.state === 'missing');
  if (missing.length === 0) return 'authorized';
  return missing.length === needed.length ? 'not_authorized' : 'partly_authorized';
}
