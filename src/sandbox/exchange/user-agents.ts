import type { EwsConfiguration } from './objects.ts';

/**
 * Whether the organization's policy lets a client in by its user agent.
 * @see Microsoft Learn, Set-OrganizationConfig, EwsApplicationAccessPolicy, EwsAllowList and EwsBlockList
 */
export function letsUserAgent(
  { applicationAccessPolicy, allowList, blockList }: EwsConfiguration,
  userAgent: string,
): boolean {
  const isIn = (list: readonly string[]) => list.some((entry) => matches(entry.toLowerCase(), userAgent.toLowerCase()));
  if (applicationAccessPolicy === 'EnforceAllowList') return isIn(allowList);
  return applicationAccessPolicy !== 'EnforceBlockList' || !isIn(blockList);
}

/** `*` stands for any text at the start or the end of an entry. */
function matches(entry: string, userAgent: string): boolean {
  const [startsOpen, endsOpen] = [entry.startsWith('*'), entry.endsWith('*')];
  const text = entry.slice(startsOpen ? 1 : 0, endsOpen ? -1 : undefined);
  if (startsOpen && endsOpen) return userAgent.includes(text);
  if (startsOpen) return userAgent.endsWith(text);
  return endsOpen ? userAgent.startsWith(text) : userAgent === text;
}
