import { readConfiguration } from './configuration.ts';
import { type ConsentMessage, consentChannelName } from './consent-channel.ts';
import { endTeamsPopup } from './host/teams-popup-end.ts';

const answer = new URLSearchParams(window.location.search);
// The answer must not stay in the history of a shared computer.
window.history.replaceState(null, '', window.location.pathname);

void end();

async function end(): Promise<void> {
  if (!answer.has('state')) return say('There is nothing to finish here. You can close this window.');
  const isParked = await park(answer);
  const heard = tellTab();
  // The window may have been opened by Teams, by a plain tab, or have lost its opener: whoever can, closes it.
  const closed = endTeamsPopup(readConfiguration(document)?.teamsOrigins ?? []);
  await Promise.race([heard.then(() => window.close()), closed.catch(() => undefined)]);
  say(
    isParked
      ? 'You can close this window.'
      : 'Mailbox Access could not be reached. Close this window and choose Check again in the tab.',
  );
}

/** Hands Microsoft's answer to the service, which keeps it until the tab that started the consent asks for it. */
async function park(from: URLSearchParams): Promise<boolean> {
  const fields = [
    ['state', 200],
    ['admin_consent', 20],
    ['tenant', 100],
    ['error', 100],
    ['error_description', 4000],
  ] as const;
  const body = Object.fromEntries(
    fields.flatMap(([name, limit]) => (from.has(name) ? [[name, from.get(name)?.slice(0, limit)]] : [])),
  );
  try {
    const response = await fetch('/api/consent-callbacks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    return response.ok;
  } catch {
    return false;
  }
}

/** Resolves when a plain tab heard; never where storage is partitioned, as inside Teams. */
function tellTab(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(consentChannelName);
    channel.onmessage = (event: MessageEvent<ConsentMessage>) => {
      if (event.data === 'heard') resolve();
    };
    channel.postMessage('parked' satisfies ConsentMessage);
  });
}

function say(text: string): void {
  const state = document.getElementById('state');
  if (state) state.textContent = text;
}
