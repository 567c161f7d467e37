import type { World } from '../world.ts';
import { EntraError } from './entra-error.ts';
import type { TokenStore } from './token-store.ts';

/** What every grant is given to answer. */
export interface TokenRequest {
  readonly world: World;
  readonly store: TokenStore;
  /** From the path: GUID, domain, `organizations` or `common`. */
  readonly tenantName: string;
  readonly form: URLSearchParams;
  /** The `Origin` header: redemption from a browser. */
  readonly origin: string | undefined;
}

/** How Entra answers a code or refresh token that it does not know, or that is another client's. */
export const malformedRequest = () =>
  new EntraError(9002313, 'invalid_grant', 'Invalid request. Request is malformed or invalid.');
