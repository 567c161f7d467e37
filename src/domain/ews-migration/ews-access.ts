import type { ConnectionType } from '../mailbox-sync/mailbox-state.ts';

/** Days on which Microsoft changes Exchange Web Services in Exchange Online; each begins at midnight UTC. */
export const ewsDates = {
  /** Tenants that chose nothing lose it step by step, and the allow-list is enforced. */
  disablementBegins: '2026-10-01T00:00:00.000Z',
  /** Permanently, without exceptions. */
  shutdown: '2027-04-01T00:00:00.000Z',
} as const;

/**
 * Connections that end with the shutdown: mailboxes in Exchange Online, and hybrid deployments, of which nobody recorded
 * where each mailbox is. Exchange Server on-premises goes on.
 * @see exchange-scoping reference §7
 */
export const endingConnections = ['ews_impersonation', 'hybrid'] as const satisfies readonly ConnectionType[];
export type EndingConnection = (typeof endingConnections)[number];

/** What a tenant's Exchange Online says of Exchange Web Services. */
export interface EwsAccess {
  /** EwsEnabled; null for a tenant that never set it. */
  readonly enabled: boolean | null;
  /** EwsAllowedAppIDs, each as it stands there. */
  readonly allowedAppIds: readonly string[];
  /** EwsApplicationAccessPolicy: which user agents may use EWS and REST. */
  readonly userAgentPolicy: 'EnforceAllowList' | 'EnforceBlockList' | null;
  /** EwsAllowList and EwsBlockList, user agents. */
  readonly allowedUserAgents: readonly string[];
  readonly blockedUserAgents: readonly string[];
}

/** Whether an application may still use Exchange Web Services, and why. */
export const ewsStandings = ['allowed', 'not_set', 'not_listed', 'list_empty', 'switched_off', 'shut_down'] as const;
export type EwsStanding = (typeof ewsStandings)[number];

/**
 * What the switch and the list mean for one application at an instant. The list counts from October 2026; the switch has
 * always. A switch that was never set lets everybody in until Microsoft's rollout switches it off.
 * @see Microsoft Learn, Set-OrganizationConfig, EwsEnabled and EwsAllowedAppIDs
 */
export function ewsStanding({ enabled, allowedAppIds }: EwsAccess, appId: string, now: Date): EwsStanding {
  if (now >= new Date(ewsDates.shutdown)) return 'shut_down';
  if (enabled === false) return 'switched_off';
  if (enabled === null) return 'not_set';
  if (now < new Date(ewsDates.disablementBegins) || isListed(allowedAppIds, appId)) return 'allowed';
  return allowedAppIds.length === 0 ? 'list_empty' : 'not_listed';
}

/** Why users cannot go back to Exchange Web Services. */
export const returnRefusals = ['shut_down', 'not_read', 'switched_off', 'not_listed'] as const;
export type ReturnRefusal = (typeof returnRefusals)[number];

/** What Exchange said longer ago may have changed: a change takes up to a day to be seen everywhere. */
export const longestReadingAgeHours = 24;

/**
 * Whether users may be put back to Exchange Web Services; undefined when they may. What is not known is no permission:
 * they would be connected to something that does not answer.
 */
export function whyNoReturn(
  reading: { readonly access: EwsAccess; readonly readAt: Date } | undefined,
  appId: string,
  now: Date,
): ReturnRefusal | undefined {
  if (now >= new Date(ewsDates.shutdown)) return 'shut_down';
  if (!reading || now.getTime() - reading.readAt.getTime() > longestReadingAgeHours * 3_600_000) return 'not_read';
  switch (ewsStanding(reading.access, appId, now)) {
    case 'switched_off':
    case 'shut_down':
      return 'switched_off';
    case 'not_listed':
    case 'list_empty':
      return 'not_listed';
    case 'allowed':
    case 'not_set':
      return undefined;
  }
}

/** The entries of the list, however Exchange writes it: one text with commas, or a list of texts. */
export function entriesOf(written: unknown): string[] {
  const texts = Array.isArray(written) ? written : [written ?? ''];
  return texts.flatMap((text) => String(text).split(',')).flatMap((entry) => entry.trim() || []);
}

/** The list with an application added at its end; every entry that is there stays as it is, in its place. */
export function withEntry(entries: readonly string[], appId: string): string[] {
  return isListed(entries, appId) ? [...entries] : [...entries, appId];
}

/** The list without an application; every other entry stays as it is, in its place. */
export function withoutEntry(entries: readonly string[], appId: string): string[] {
  return entries.filter((entry) => !isSameId(entry, appId));
}

export function isListed(entries: readonly string[], appId: string): boolean {
  return entries.some((entry) => isSameId(entry, appId));
}

/** Exchange's ids do not tell upper from lower case, and may stand in braces. */
function isSameId(one: string, other: string): boolean {
  const plain = (id: string) => id.replace(/^\{(.*)\}$/, '$1').toLowerCase();
  return plain(one) === plain(other);
}
