import { authentication } from '@microsoft/teams-js';

/** The token for our own API that Teams gets without nested app authentication. Teams caches it: ask every time. */
export function getTeamsToken(options: { readonly silent: boolean }): Promise<string> {
  return authentication.getAuthToken({ silent: options.silent });
}
