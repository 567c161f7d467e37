import { type AccountInfo, createNestablePublicClientApplication } from '@azure/msal-browser';
import type { TabConfiguration } from '../../contract/tab-configuration.ts';
import { within } from '../host/within.ts';
import { authorityOptions } from './msal-authority.ts';
import { failureOfMsal } from './msal-failure.ts';
import { limits, type SignIn } from './sign-in.ts';

/**
 * Nested app authentication: the host's own session gives the tokens, over the bridge teams-js has built.
 * Create it only where that bridge exists: without it MSAL silently becomes a client for plain browsers.
 */
export async function createNestedSignIn(configuration: TabConfiguration): Promise<SignIn> {
  const client = await guarded(
    limits.prepare,
    'The sign-in bridge of Microsoft Teams',
    createNestablePublicClientApplication({
      auth: authorityOptions(configuration),
      // The host caches for us, so that no token has to be written to this page's storage.
      cache: { cacheLocation: 'memoryStorage' },
    }),
  );
  let account: AccountInfo | undefined;

  const silent = async (scopes: readonly string[], forceRefresh = false) => {
    const request = { scopes: [...scopes], forceRefresh, ...(account ? { account } : {}) };
    const result = await guarded(limits.silent, 'Microsoft Entra', client.acquireTokenSilent(request));
    account = result.account ?? account;
    return result.accessToken;
  };
  const asked = async (scopes: readonly string[]) => {
    const request = { scopes: [...scopes], ...(account ? { account } : {}) };
    const result = await guarded(limits.asked, 'The sign-in window', client.acquireTokenPopup(request));
    account = result.account ?? account;
    return result.accessToken;
  };

  return {
    way: 'nested',
    getApiToken: (options) => silent([configuration.apiScope], options?.renew),
    askByClick: async () => void (await asked([configuration.apiScope])),
    getGraphToken: (scopes, { mayAsk }) => (mayAsk ? asked(scopes) : silent(scopes)),
  };
}

async function guarded<Value>(milliseconds: number, what: string, call: Promise<Value>): Promise<Value> {
  try {
    return await within(milliseconds, what, call);
  } catch (error) {
    throw failureOfMsal(error);
  }
}
