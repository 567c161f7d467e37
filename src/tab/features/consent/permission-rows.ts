import type { Consent } from '../../../contract/consent.ts';
import { graphAppId } from '../../../domain/consent/app-role.ts';
import { isTierZero } from '../../../domain/consent/permission-set.ts';
import type { AppRoleGrant } from '../../graph/app-role-grants.ts';
import type { PermissionRow } from './use-role-change.ts';

/**
 * What the service verified, and what only the admin's own list shows: roles of other APIs, such as full access over
 * Exchange Web Services. Excess comes last, tier 0 first of it.
 */
export function permissionRows(
  permissions: Consent['permissions'],
  listed: readonly AppRoleGrant[] | undefined,
): readonly PermissionRow[] {
  const known = permissions.map((item): PermissionRow => {
    if (item.state !== 'excess') return { ...item, resourceAppId: graphAppId };
    // The service names a role of another API by its id where the name alone would mislead.
    const grant = listed?.find(({ permission, appRoleId }) => [permission, appRoleId].includes(item.permission));
    return grant ? { ...item, ...namesOf(grant) } : item;
  });
  const others = (listed ?? [])
    .filter(({ resourceAppId }) => resourceAppId !== graphAppId)
    .filter((grant) => !known.some((row) => isOf(row, grant)))
    .map((grant): PermissionRow => ({ capability: null, state: 'excess', ...namesOf(grant) }));
  const rank = (row: PermissionRow) => (row.state !== 'excess' ? 0 : isTierZero(row.permission) ? 1 : 2);
  return [...known, ...others].sort((one, other) => rank(one) - rank(other));
}

function namesOf({ permission, resourceAppId, resourceName }: AppRoleGrant) {
  return { permission, resourceAppId, ...(resourceAppId === graphAppId ? {} : { resourceName }) };
}

const isOf = (row: PermissionRow, grant: AppRoleGrant) =>
  row.permission === grant.permission && row.resourceAppId === grant.resourceAppId;
