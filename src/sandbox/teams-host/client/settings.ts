/** A seeded person whom the host can sign in. */
export interface HostAccount {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
  /** What the person may do, in words: "Global Administrator". */
  readonly role: string;
}

/** What the server writes into the page. */
export interface HostPage {
  /** Address of the tab, as the manifest's `contentUrl`. */
  readonly tabUrl: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly clientId: string;
  /** Scope that `getAuthToken` answers for, as the manifest's `webApplicationInfo.resource` plus scope. */
  readonly apiScope: string;
  readonly accounts: readonly HostAccount[];
}

/** How this host behaves; the page's controls and its query string set it. */
export interface HostSettings {
  theme: 'default' | 'dark' | 'contrast';
  locale: string;
  userId: string;
  /** `ok`, or what the nested app authentication bridge does instead. */
  bridge:
    | 'ok'
    | 'absent'
    | 'claimed_but_absent'
    | 'interaction_required'
    | 'declined'
    | 'disabled'
    | 'no_network'
    | 'transient_error'
    | 'silent';
  /** `ok`, or the text with which `getAuthToken` fails. */
  sso: string;
  /** `silent`: the host never answers `initialize`. */
  initialize: 'ok' | 'silent';
  /** `blocked`: windows cannot be opened. */
  popups: 'ok' | 'blocked';
  subPageId: string;
}

const bridges: readonly string[] = [
  'ok',
  'absent',
  'claimed_but_absent',
  'interaction_required',
  'declined',
  'disabled',
  'no_network',
  'transient_error',
  'silent',
] satisfies HostSettings['bridge'][];

/** Reads the settings from the address, so that every situation can be linked to. */
export function readSettings(search: URLSearchParams, page: HostPage): HostSettings {
  const theme = search.get('theme') ?? 'default';
  const bridge = search.get('bridge') ?? 'ok';
  const account = page.accounts.find(
    (each) => each.id === search.get('account') || each.userPrincipalName === search.get('account'),
  );
  return {
    theme: theme === 'dark' || theme === 'contrast' ? theme : 'default',
    locale: search.get('locale') ?? 'en-us',
    userId: account?.id ?? page.accounts[0]?.id ?? '',
    bridge: (bridges.includes(bridge) ? bridge : 'ok') as HostSettings['bridge'],
    sso: search.get('sso') ?? 'ok',
    initialize: search.get('initialize') === 'silent' ? 'silent' : 'ok',
    popups: search.get('popups') === 'blocked' ? 'blocked' : 'ok',
    subPageId: search.get('subPageId') ?? subEntityId(search.get('context')),
  };
}

/** Teams' deep links carry the opened item as `context={"subEntityId":"…"}`. */
function subEntityId(context: string | null): string {
  try {
    const value = (JSON.parse(context ?? '{}') as { subEntityId?: unknown }).subEntityId;
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}
