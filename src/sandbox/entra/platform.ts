import { EntraError } from './entra-error.ts';

/** Under which platform a redirect URI is registered: a confidential client on a server, or a page in the browser. */
export type Platform = 'web' | 'spa';

/**
 * Checks that tokens of a page go to a browser and those of a server do not.
 * @param origin the `Origin` header of the request
 * @throws {EntraError} 9002327 or 9002326
 */
export function checkPlatform(platform: Platform, origin: string | undefined): void {
  if (platform === 'spa' && origin === undefined) {
    throw new EntraError(
      9002327,
      'invalid_request',
      "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
    );
  }
  if (platform === 'web' && origin !== undefined) {
    throw new EntraError(
      9002326,
      'invalid_request',
      "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.",
    );
  }
}
