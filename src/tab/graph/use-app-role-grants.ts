import { useMemo } from 'react';
import { useSignIn } from '../auth/sign-in-context.ts';
import { canAskByClick, SignInFailure } from '../auth/sign-in-failure.ts';
import { useConfiguration } from '../configuration-context.ts';
import { useShownApplication } from '../shown-application.ts';
import type { AppRoleGrants } from './app-role-grants.ts';
import { grantChangingScopes, grantReadingScopes } from './scopes.ts';

/**
 * What the application holds in the tenant, for the admin to see and change. Each call is for a click: Microsoft may open
 * a window and ask for the permission that the call needs. The code of it loads with the first use.
 * @returns undefined where the host gives no token for Microsoft Graph, and for an application that nobody knows any more
 */
export function useAppRoleGrants(): AppRoleGrants | undefined {
  const { getGraphToken } = useSignIn();
  const { graphEndpoint } = useConfiguration();
  const { clientId } = useShownApplication();
  return useMemo(() => {
    if (!getGraphToken || clientId === null) return undefined;

    /** What Microsoft has allowed before is given without a window; otherwise it asks, once. */
    const tokenFor = async (scopes: readonly string[]) => {
      try {
        return await getGraphToken(scopes, { mayAsk: false });
      } catch (error) {
        if (!(error instanceof SignInFailure) || !canAskByClick(error.kind)) throw error;
        return getGraphToken(scopes, { mayAsk: true });
      }
    };
    const withScopes = async (scopes: readonly string[]) => {
      const { createAppRoleGrants } = await import('./app-role-grants.ts');
      // One token serves all requests of a click.
      let token: Promise<string> | undefined;
      const getToken = () => {
        token ??= tokenFor(scopes);
        return token;
      };
      return createAppRoleGrants({ graphEndpoint, clientId, getToken });
    };
    return {
      list: async (signal) => (await withScopes(grantReadingScopes)).list(signal),
      grantRoles: async (roles) => (await withScopes(grantChangingScopes)).grantRoles(roles),
      revokeRoles: async (roles) => (await withScopes(grantChangingScopes)).revokeRoles(roles),
    };
  }, [getGraphToken, graphEndpoint, clientId]);
}
