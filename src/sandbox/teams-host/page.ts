import type { HostAccount, HostPage } from './client/settings.ts';

const bridgeOptions = [
  ['ok', 'Works'],
  ['absent', 'Not offered'],
  ['claimed_but_absent', 'Claimed, but absent'],
  ['interaction_required', 'Needs the user'],
  ['declined', 'User declines'],
  ['disabled', 'Disabled'],
  ['no_network', 'No network'],
  ['transient_error', 'Transient error'],
  ['silent', 'Never answers'],
] as const;

/** The page that plays the Teams web client around the tab. */
export function renderHostPage(page: HostPage): string {
  const data = JSON.stringify(page).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mailbox Access | Microsoft Teams (simulated)</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_teams/host.css">
<script type="application/json" id="host-page">${data}</script>
<script type="module" src="/_teams/host.ts"></script>
</head>
<body>
<header class="bar">
  <strong>Microsoft Teams</strong><span class="badge">simulated</span>
  <div class="controls">
    <label>Theme
      <select id="theme"><option value="default">Light</option><option value="dark">Dark</option><option value="contrast">High contrast</option></select>
    </label>
    <label>Single sign-on
      <select id="bridge">${bridgeOptions.map(([value, text]) => `<option value="${value}">${text}</option>`).join('')}</select>
    </label>
    <label>Signed in as
      <select id="account">${page.accounts.map(renderAccount).join('')}</select>
    </label>
  </div>
</header>
<nav class="rail" aria-label="Teams apps">
  <span>Activity</span><span>Chat</span><span>Calendar</span><span class="current" aria-current="page">Mailbox Access</span>
</nav>
<main>
  <div class="app"><h1>Mailbox Access</h1><span id="account-name"></span><span id="notice" role="status"></span></div>
  <iframe id="tab" title="Mailbox Access" allow="clipboard-write"></iframe>
</main>
</body>
</html>`;
}

function renderAccount(account: HostAccount): string {
  const role = account.role ? ` (${account.role})` : '';
  return `<option value="${escapeHtml(account.id)}">${escapeHtml(account.displayName + role)}</option>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
