import { type ConsentMessage, consentChannelName } from '../../consent-channel.ts';
import type { Host } from '../../host/host.ts';
import { openTeamsPopup } from '../../host/teams-popup.ts';

/** How Microsoft's window ended, as far as can be seen from here. Proves nothing about the consent. */
export type WindowEnd = 'ended' | 'maybe_closed' | 'blocked';

/** The window says so when it is done; a closed window may still be saying it. */
const graceMs = 3_000;
const lookEveryMs = 500;

/**
 * Opens Microsoft's consent dialog and waits until its window ends. Never throws.
 * @param startUrl absolute; of this tab's own origin, which sends the window on to Microsoft
 */
export async function openConsentWindow(host: Host, startUrl: string, prepared: Window | null): Promise<WindowEnd> {
  if (host.kind === 'teams') {
    try {
      await openTeamsPopup(startUrl);
      return 'ended';
    } catch (error) {
      return /failedtoopenwindow/i.test(String(error instanceof Error ? error.message : error)) ? 'blocked' : 'ended';
    }
  }
  if (!prepared) return 'blocked';
  prepared.location.href = startUrl;
  return waitForWindow(prepared);
}

/** Opens the empty window while the click still allows it. */
export function prepareWindow(host: Host): Window | null {
  return host.kind === 'teams' ? null : window.open('', '_blank', 'popup,width=600,height=680');
}

function waitForWindow(opened: Window): Promise<WindowEnd> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(consentChannelName);
    let closedAt: number | undefined;
    const end = (how: WindowEnd) => {
      clearInterval(timer);
      channel.close();
      resolve(how);
    };
    channel.onmessage = (event: MessageEvent<ConsentMessage>) => {
      if (event.data !== 'parked') return;
      channel.postMessage('heard' satisfies ConsentMessage);
      end('ended');
    };
    // A sign-in page may cut the tie between the windows; then `closed` is true while the window is open.
    const timer = setInterval(() => {
      if (!opened.closed) return;
      closedAt ??= Date.now();
      if (Date.now() - closedAt >= graceMs) end('maybe_closed');
    }, lookEveryMs);
  });
}
