import { TeamsHost } from './protocol.ts';
import { type HostPage, readSettings } from './settings.ts';

// Starts the page: reads its settings, loads the tab and connects the controls.
const page = JSON.parse(byId('host-page').textContent ?? '{}') as HostPage;
const search = new URLSearchParams(location.search);
const settings = readSettings(search, page);
const frame = byId('tab') as HTMLIFrameElement;
const messages: string[] = [];

const host = new TeamsHost(page, settings, frame, {
  onMessage: (func) => messages.push(func),
  onShareLink: (subPageId) => {
    byId('notice').textContent = `Link to share: ${location.origin}/?subPageId=${encodeURIComponent(subPageId)}`;
  },
  onFailure: (reason) => {
    byId('notice').textContent = `The app could not be loaded (${reason}).`;
  },
});

// Tests read the conversation here.
Object.assign(window, { teamsHost: { messages, host } });

document.documentElement.dataset.theme = settings.theme;
connect('theme', settings.theme, (value) => {
  const theme = value === 'dark' || value === 'contrast' ? value : 'default';
  document.documentElement.dataset.theme = theme;
  remember('theme', theme);
  host.changeTheme(theme);
});
connect('account', settings.userId, (value) => reloadWith('account', value));
connect('bridge', settings.bridge, (value) => reloadWith('bridge', value));
byId('account-name').textContent = page.accounts.find((each) => each.id === settings.userId)?.displayName ?? '';
frame.src = page.tabUrl;

function connect(id: string, value: string, onChange: (value: string) => void): void {
  const select = byId(id) as HTMLSelectElement;
  select.value = value;
  select.addEventListener('change', () => onChange(select.value));
}

function remember(name: string, value: string): void {
  search.set(name, value);
  history.replaceState(null, '', `?${search}`);
}

function reloadWith(name: string, value: string): void {
  remember(name, value);
  location.reload();
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element ${id}.`);
  return element;
}
