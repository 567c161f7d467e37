import type { ApplicationRegistration } from '../tenant/registration.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { World } from '../world.ts';
import { unknownApplication } from './delegated-tokens.ts';
import { EntraError } from './entra-error.ts';
import type { Account, SignIns } from './sign-ins.ts';
import type { TokenStore } from './token-store.ts';

/** A dialog in the browser: authorize or admin consent, at any of its steps. */
export interface DialogRequest {
  readonly world: World;
  readonly store: TokenStore;
  readonly signIns: SignIns;
  /** From the path. */
  readonly tenantName: string;
  readonly query: URLSearchParams;
  /** What a form of the dialog posted; absent when the dialog opens. */
  readonly form: URLSearchParams | undefined;
  readonly cookie: string | undefined;
}

/**
 * @param registration whose redirect it is; undefined for an application that nobody registered
 * @returns the redirect URI, registered exactly so
 * @throws {EntraError} 700016 unknown client, 50011 redirect URI not registered
 */
export function checkRedirect(
  registration: ApplicationRegistration | undefined,
  tenant: Tenant | undefined,
  query: URLSearchParams,
): string {
  const clientId = query.get('client_id');
  if (!registration || clientId !== registration.clientId) throw unknownApplication(clientId, tenant);
  const redirectUri = query.get('redirect_uri') ?? '';
  if (![...registration.redirectUris.web, ...registration.redirectUris.spa].includes(redirectUri)) {
    throw new EntraError(
      50011,
      'invalid_request',
      `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.`,
    );
  }
  return redirectUri;
}

/** Keeps the browser signed in with this account. */
export function signedIn(signIns: SignIns, account: Account, response: Response): Response {
  response.headers.append('set-cookie', signIns.signIn(account));
  return response;
}
