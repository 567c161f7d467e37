import { type AccountInfo, PublicClientApplication } from '@azure/msal-browser';
import type { TabConfiguration } from '../../contract/tab-configuration.ts';
import { within } from '../host/within.ts';
import { authorityOptions } from './msal-authority.ts';
import { failureOfMsal } from './msal-failure.ts';
import { redirectAttempt } from './redirect-attempt.ts';
import { limits, type SignIn } from './sign-in.ts';
import { SignInFailure } from './sign-in-failure.ts';

/** Outside Teams: the page goes to Microsoft and comes back. Never inside a frame. */
export async function createBrowserSignIn(configuration: TabConfiguration): Promise<SignIn> {
  const client = new PublicClientApplication({
    auth: { ...authorityOptions(configuration), redirectUri: new URL('/sign-in-redirect', window.location.href).href },
    // A redirect must survive leaving the page; it ends with the browser tab.
    cache: { cacheLocation: 'sessionStorage' },
  });

  const comeBack = async () => {
    await client.initialize();
    const result = await client.handleRedirectPromise();
    return result?.account ?? client.getActiveAccount() ?? client.getAllAccounts()[0];
  };
  let account: AccountInfo | undefined = await guarded(limits.silent, comeBack());
  if (account) {
    client.setActiveAccount(account);
    redirectAttempt.forget();
  }

  const leave = async (): Promise<never> => {
    redirectAttempt.remember();
    await guarded(limits.silent, client.acquireTokenRedirect({ scopes: [configuration.apiScope] }));
    // The browser is on its way to Microsoft; nothing here may go on.
    return new Promise<never>(() => {});
  };
  const silent = async (scopes: readonly string[], forceRefresh = false) => {
    if (!account) throw new SignInFailure('interaction_required', 'no account in this browser tab');
    const request = { scopes: [...scopes], forceRefresh, account };
    return (await guarded(limits.silent, client.acquireTokenSilent(request))).accessToken;
  };
  const asked = async (scopes: readonly string[]) => {
    const request = { scopes: [...scopes], overrideInteractionInProgress: true, ...(account ? { account } : {}) };
    const result = await guarded(limits.asked, client.acquireTokenPopup(request));
    account = result.account ?? account;
    return result.accessToken;
  };

  return {
    way: 'browser',
    getApiToken: (options) => {
      // Once per attempt: a tenant that always sends the admin back must not become a loop.
      if (!account && !redirectAttempt.isRemembered()) return leave();
      return silent([configuration.apiScope], options?.renew);
    },
    askByClick: leave,
    getGraphToken: (scopes, { mayAsk }) => (mayAsk ? asked(scopes) : silent(scopes)),
  };
}

async function guarded<Value>(milliseconds: number, call: Promise<Value>): Promise<Value> {
  try {
    return await within(milliseconds, 'Microsoft Entra', call);
  } catch (error) {
    throw failureOfMsal(error);
  }
}
