import { type Capability, isServedBy } from '../mailbox-access/capability.ts';
import type { PermissionGrant } from './consent-state.ts';

/**
 * Whether a feature is off because its permission is missing: the last verification found neither an app role nor a
 * role in Exchange, and the token at hand has none either. What was not verified, or is on its way, is not off.
 * @param roles app roles of the token; `undefined` when they could not be read
 * @param grants what the last verification found
 */
export function isFeatureOff(
  capability: Capability,
  roles: readonly string[] | undefined,
  grants: readonly PermissionGrant[],
): boolean {
  if (!roles || isServedBy(capability, roles)) return false;
  return grants.find((grant) => grant.capability === capability)?.state === 'missing';
}
