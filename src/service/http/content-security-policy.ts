import type { Cloud } from '../cloud.ts';

/**
 * Hosts that may frame the tab: Teams, Outlook and Microsoft 365.
 * @see Microsoft Learn, Tab prerequisites
 */
const microsoftFrameAncestors = [
  "'self'",
  'https://*.cloud.microsoft',
  'https://teams.microsoft.com',
  'https://*.teams.microsoft.com',
  'https://*.microsoft365.com',
  'https://*.office.com',
  'https://outlook.office.com',
  'https://outlook.office365.com',
  'https://outlook-sdf.office.com',
  'https://outlook-sdf.office365.com',
];

/** The policy of pages that Teams frames. */
export function tabPolicy(cloud: Cloud): string {
  return pagePolicy(cloud, [...microsoftFrameAncestors, ...cloud.teamsOrigins]);
}

/** The policy of pages that open in a window of their own: sign-in and consent. */
export function popupPolicy(cloud: Cloud): string {
  return pagePolicy(cloud, ["'none'"]);
}

/** The policy of everything that is not a page. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

function pagePolicy(cloud: Cloud, frameAncestors: readonly string[]): string {
  const policy: Record<string, readonly string[]> = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    // Griffel and Fluent's provider insert <style> elements and fill them by CSSOM. A browser gives such an element no
    // sheet unless its (empty) text passes the policy, and Fluent's portals and tabster set style attributes.
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'", 'data:', 'https://res.cdn.office.net'],
    // teams-js reads its list of trusted hosts from res.cdn.office.net.
    'connect-src': ["'self'", cloud.authorityHost, cloud.graphEndpoint, 'https://res.cdn.office.net'],
    // MSAL renews tokens in a hidden frame.
    'frame-src': ["'self'", cloud.authorityHost],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'object-src': ["'none'"],
    'frame-ancestors': frameAncestors,
  };
  return Object.entries(policy)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}
