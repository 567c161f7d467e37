import type { HostPage, HostSettings } from './settings.ts';

interface BridgeRequest {
  readonly messageType: 'NestedAppAuthRequest';
  readonly method: string;
  readonly requestId: string;
  readonly tokenParams?: { readonly clientId: string; readonly scope: string };
}

/** Status words of the bridge; msal-browser turns each into an error class. */
const failures: Partial<Record<HostSettings['bridge'], { status: string; code?: string; description: string }>> = {
  declined: { status: 'USER_CANCEL', description: 'The user closed the sign-in.' },
  disabled: { status: 'DISABLED', description: 'Nested app authentication is disabled.' },
  no_network: { status: 'NO_NETWORK', description: 'No network.' },
  transient_error: { status: 'TRANSIENT_ERROR', code: 'service_unavailable', description: 'Try again later.' },
};

/**
 * Answers one request of the nested app authentication bridge. Returns the response as the JSON text that teams-js
 * expects, or `undefined` when this host keeps silent.
 * @param openDialog opens a window of Entra and resolves when it is closed
 */
export async function answerBridge(
  payload: string,
  page: HostPage,
  settings: HostSettings,
  openDialog: (url: string) => Promise<'closed' | 'blocked'>,
): Promise<string | undefined> {
  const request = JSON.parse(payload) as BridgeRequest;
  const reply = (body: object) =>
    JSON.stringify({ messageType: 'NestedAppAuthResponse', requestId: request.requestId, ...body });
  const fail = (error: object) => reply({ success: false, error });

  if (settings.bridge === 'silent') return undefined;
  switch (request.method) {
    case 'GetInitContext':
      return reply({
        success: true,
        initContext: { sdkName: 'teams-host', sdkVersion: '1.0.0', capabilities: { queryAccount: false } },
      });
    case 'GetToken':
    case 'GetTokenPopup': {
      const isInteractive = request.method === 'GetTokenPopup';
      const failure = failures[settings.bridge];
      if (failure) return fail(failure);
      if (settings.bridge === 'interaction_required' && !isInteractive) {
        return fail({ status: 'USER_INTERACTION_REQUIRED', description: 'Sign-in needs the user.' });
      }
      if (!request.tokenParams) return fail({ status: 'PERSISTENT_ERROR', description: 'tokenParams is missing' });
      return getToken(request.tokenParams.scope.split(' '), isInteractive);
    }
    default:
      throw new Error(`The nested app authentication bridge does not know ${request.method}.`);
  }

  async function getToken(scopes: readonly string[], isInteractive: boolean): Promise<string> {
    const asked = { userId: settings.userId, clientId: page.clientId, scopes };
    let result = await requestTokens({ ...asked, isInteractive });
    if ('error' in result && result.dialogUrl) {
      if ((await openDialog(result.dialogUrl)) === 'blocked') {
        return fail({ status: 'PERSISTENT_ERROR', code: 'popup_window_error', description: 'The window was blocked.' });
      }
      // What was accepted there shows in the tokens; the window itself says nothing.
      result = await requestTokens({ ...asked, isInteractive: false });
      if ('error' in result) return fail({ status: 'USER_CANCEL', description: 'The user closed the window.' });
    }
    if ('error' in result) {
      const status = result.error === 'interaction_required' ? 'USER_INTERACTION_REQUIRED' : 'PERSISTENT_ERROR';
      return fail({ status, code: result.error, description: result.description });
    }
    const account = page.accounts.find((each) => each.id === settings.userId);
    return reply({
      success: true,
      token: {
        access_token: result.accessToken,
        id_token: result.idToken,
        expires_in: result.expiresInSeconds,
        scope: result.scope,
      },
      account: {
        environment: 'login.windows.net',
        homeAccountId: `${settings.userId}.${page.tenantId}`,
        localAccountId: settings.userId,
        tenantId: page.tenantId,
        username: account?.userPrincipalName ?? '',
        name: account?.displayName ?? '',
      },
    });
  }
}

export interface TokenRequest {
  readonly userId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Whether the user is there to answer a consent question. */
  readonly isInteractive: boolean;
}

type TokenAnswer =
  | {
      readonly accessToken: string;
      readonly idToken: string;
      readonly expiresInSeconds: number;
      readonly scope: string;
    }
  /** With the address of Entra's dialog, where that could help. */
  | { readonly error: string; readonly description: string; readonly dialogUrl?: string };

/** Asks the simulated Entra for tokens, as the Teams client does on behalf of the signed-in user. */
export async function requestTokens(request: TokenRequest): Promise<TokenAnswer> {
  const response = await fetch('/_teams/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return (await response.json()) as TokenAnswer;
}
