import { app, nestedAppAuth } from '@microsoft/teams-js';
import type { Host } from './host.ts';
import { knownTheme } from './teams-theme.ts';
import { within } from './within.ts';

const answerLimitMs = 4_000;

/**
 * Finds out where the page runs. teams-js itself would wait 60 s for a host that does not answer, and rejects at once
 * only where there is neither a parent nor an opener. Never throws.
 */
export async function connectHost(teamsOrigins: readonly string[]): Promise<Host> {
  try {
    const context = await within(answerLimitMs, 'Microsoft Teams', initialize(teamsOrigins));
    return {
      kind: 'teams',
      theme: knownTheme(context.app.theme),
      locale: context.app.locale,
      userId: context.user?.id || undefined,
      tenantId: context.user?.tenant?.id,
      loginHint: context.user?.loginHint,
      subPageId: context.page.subPageId || undefined,
      nestedAuth: {
        isRecommended: nestedAppAuth.isNAAChannelRecommended(),
        hasBridge: 'nestedAppAuthBridge' in window && Boolean(window.nestedAppAuthBridge),
      },
      description: `${context.app.host.name}, ${context.app.host.clientType}`,
    };
  } catch (error) {
    const isFramed = window.parent !== window;
    return isFramed ? { kind: 'silent', technical: String(error) } : { kind: 'browser' };
  }
}

async function initialize(teamsOrigins: readonly string[]): Promise<app.Context> {
  await app.initialize([...teamsOrigins]);
  // Ends Teams' own loading indicator; our skeleton stands already.
  app.notifyAppLoaded();
  return app.getContext();
}

declare global {
  interface Window {
    /** Injected by teams-js when the host supports nested app authentication. */
    nestedAppAuthBridge?: unknown;
  }
}
