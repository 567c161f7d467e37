import type { TabConfiguration } from '../../contract/tab-configuration.ts';

const microsoftHosts = new Set([
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'login.chinacloudapi.cn',
]);

/** MSAL asks Microsoft about an authority that is none of Microsoft's, unless it is told that the authority is known. */
export function authorityOptions({ clientId, authority }: TabConfiguration) {
  const { host } = new URL(authority);
  return { clientId, authority, ...(microsoftHosts.has(host) ? {} : { knownAuthorities: [host] }) };
}
