import { answerBridge, requestTokens } from './nested-app-auth.ts';
import { type PopupResult, Popups } from './popups.ts';
import type { HostPage, HostSettings } from './settings.ts';

/** A message of teams-js to its host; the tab's SDK chooses the ids and expects both back. */
interface TabMessage {
  readonly id: number;
  readonly uuidAsString?: string;
  readonly func: string;
  readonly args?: readonly unknown[];
  readonly data?: string;
}

type Frame = 'content' | 'authentication' | 'task';

/** What the page around the protocol does for it. */
export interface HostEvents {
  onMessage(func: string): void;
  onShareLink(subPageId: string): void;
  onFailure(reason: string): void;
}

const silentFunctions = new Set([
  'appInitialization.appLoaded',
  'appInitialization.success',
  'appInitialization.expectedFailure',
  'setFrameContext',
  'returnFocus',
  'readyToUnload',
]);

/** Speaks the host side of the teams-js protocol with one tab frame and with the windows that it opens. */
export class TeamsHost {
  readonly popups: Popups;
  readonly #page: HostPage;
  readonly #settings: HostSettings;
  readonly #frame: HTMLIFrameElement;
  readonly #events: HostEvents;
  readonly #handlers = new Set<string>();
  readonly #tabOrigin: string;

  constructor(page: HostPage, settings: HostSettings, frame: HTMLIFrameElement, events: HostEvents) {
    this.#page = page;
    this.#settings = settings;
    this.#frame = frame;
    this.#events = events;
    this.#tabOrigin = new URL(page.tabUrl).origin;
    this.popups = new Popups(() => settings.popups === 'blocked');
    window.addEventListener('message', (event) => void this.#receive(event));
  }

  /** Tells the tab that the user chose another theme. */
  changeTheme(theme: HostSettings['theme']): void {
    this.#settings.theme = theme;
    this.#notify('themeChange', [theme]);
  }

  #notify(func: string, args: readonly unknown[]): void {
    if (this.#handlers.has(func)) this.#frame.contentWindow?.postMessage({ func, args }, this.#tabOrigin);
  }

  async #receive(event: MessageEvent): Promise<void> {
    const frame = this.#frameOf(event);
    const message = event.data as TabMessage;
    if (!frame || typeof message?.func !== 'string') return;
    this.#events.onMessage(message.func);

    const source = event.source as Window;
    const reply = (...args: readonly unknown[]) =>
      source.postMessage({ id: message.id, uuidAsString: message.uuidAsString, args }, event.origin);
    await this.#answer(message, frame, reply);
  }

  /** Only our own frame and windows we opened may speak, and only from the tab's origin. */
  #frameOf(event: MessageEvent): Frame | undefined {
    if (event.origin !== this.#tabOrigin) return undefined;
    if (event.source === this.#frame.contentWindow) return 'content';
    return this.popups.owns(event.source) ? 'authentication' : undefined;
  }

  async #answer(message: TabMessage, frame: Frame, reply: (...args: readonly unknown[]) => void): Promise<void> {
    const args = message.args ?? [];
    switch (message.func) {
      case 'initialize':
        if (this.#settings.initialize === 'silent') return;
        return reply(frame, 'web', '2.0.0', JSON.stringify(this.#runtime()));
      case 'getContext':
        return reply(this.#context(frame));
      case 'registerHandler':
        this.#handlers.add(String(args[0]));
        return;
      case 'appInitialization.failure':
        return this.#events.onFailure(String(args[0]));
      case 'authentication.getAuthToken':
        return this.#getAuthToken(args, reply);
      case 'authentication.authenticate': {
        const [url, width, height] = args as [string, number?, number?];
        return this.popups.open(url, { width, height }, (result: PopupResult) => reply(result.isSuccess, result.value));
      }
      case 'authentication.authenticate.success':
        return this.popups.settle({ isSuccess: true, value: String(args[0] ?? '') });
      case 'authentication.authenticate.failure':
        return this.popups.settle({ isSuccess: false, value: String(args[0] ?? '') });
      case 'executeDeepLink':
      case 'pages.navigateToApp':
        return reply(true);
      case 'pages.currentApp.navigateTo':
      case 'pages.currentApp.navigateToDefaultPage':
        return reply(null, true);
      case 'shareDeepLink':
        return this.#events.onShareLink(String(args[0] ?? ''));
      case 'settings.getSettings':
        return reply({ entityId: 'mailbox-access', contentUrl: this.#page.tabUrl });
      case 'nestedAppAuth.execute': {
        const openDialog = (url: string) =>
          new Promise<'closed' | 'blocked'>((resolve) =>
            this.popups.open(url, {}, ({ value }) => resolve(value === 'FailedToOpenWindow' ? 'blocked' : 'closed')),
          );
        const answer = await answerBridge(message.data ?? '', this.#page, this.#settings, openDialog);
        return answer === undefined ? undefined : reply(null, answer);
      }
      default:
        if (silentFunctions.has(message.func)) return;
        throw new Error(`The Teams host does not know the message ${message.func}.`);
    }
  }

  async #getAuthToken(args: readonly unknown[], reply: (...args: readonly unknown[]) => void): Promise<void> {
    if (this.#settings.sso !== 'ok') return reply(false, this.#settings.sso);
    const tokens = await requestTokens({
      userId: this.#settings.userId,
      // Teams' own client obtains the token, so this is what the API sees as the calling application.
      clientId: '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
      scopes: [this.#page.apiScope],
      isInteractive: args[2] === false,
    });
    if ('error' in tokens) return reply(false, tokens.error);
    return reply(true, tokens.accessToken);
  }

  #runtime(): object {
    const hasBridge = !['absent', 'claimed_but_absent'].includes(this.#settings.bridge);
    return {
      apiVersion: 4,
      hostVersionsInfo: {},
      isNAAChannelRecommended: this.#settings.bridge !== 'absent',
      isLegacyTeams: false,
      supports: {
        app: { lifecycle: {} },
        dialog: { url: { bot: {}, parentCommunication: {} }, card: {}, update: {} },
        pages: { appButton: {}, tabs: {}, config: {}, backStack: {}, currentApp: {}, fullTrust: {} },
        ...(hasBridge ? { nestedAppAuth: {} } : {}),
      },
    };
  }

  #context(frame: Frame): object {
    const account = this.#page.accounts.find((each) => each.id === this.#settings.userId);
    return {
      theme: this.#settings.theme,
      locale: this.#settings.locale,
      entityId: 'mailbox-access',
      subEntityId: this.#settings.subPageId,
      frameContext: frame,
      userObjectId: this.#settings.userId,
      tid: this.#page.tenantId,
      loginHint: account?.userPrincipalName,
      userPrincipalName: account?.userPrincipalName,
      userDisplayName: account?.displayName,
      hostName: 'Teams',
      hostClientType: 'web',
      sessionId: 'simulated-session',
      appSessionId: 'simulated-session',
      ringId: 'general',
    };
  }
}
