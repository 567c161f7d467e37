import type { MailboxScope } from '../../contract/mailbox-scope.ts';
import { exchangeOnlineAppId, graphAppId } from '../../domain/consent/app-role.ts';
import type { RolesAnnounced } from '../../domain/consent/consent-state.ts';
import { SignInFailure } from '../auth/sign-in-failure.ts';
import { useAppRoleGrants } from '../graph/use-app-role-grants.ts';

type Grants = readonly MailboxScope['tenantWideGrants'][number][];

/**
 * Removes tenant-wide grants as the signed-in admin, and has the service verify what is left.
 * @param announce tells the service what was removed
 * @returns undefined where the host gives no token for Microsoft Graph; rejects with what kept it from being done
 */
export function useRemoveGrants(
  announce: (changed: RolesAnnounced) => Promise<unknown>,
): ((grants: Grants) => Promise<void>) | undefined {
  const roles = useAppRoleGrants();
  if (!roles) return undefined;
  return async (grants) => {
    const { changed, failure } = await roles.revokeRoles(
      grants.map(({ permission, resource }) => ({
        permission,
        resourceAppId: resource === 'graph' ? graphAppId : exchangeOnlineAppId,
      })),
    );
    const revoked = changed.map(({ permission }) => permission);
    // A failed verification has its own place on the page; what was removed stays removed.
    if (revoked.length > 0) await announce({ granted: [], revoked }).catch(() => undefined);
    if (failure?.problem === 'sign_in') throw new SignInFailure(failure.kind, failure.technical);
    if (failure) throw new Error(failure.technical);
  };
}
