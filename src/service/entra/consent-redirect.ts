import type { consentOutcomes } from '../../contract/consent.ts';

export type ConsentOutcome = (typeof consentOutcomes)[number];

/** What the redirect after Microsoft's consent dialog carried. */
export interface ConsentRedirect {
  readonly adminConsent?: string | undefined;
  readonly tenant?: string | undefined;
  readonly error?: string | undefined;
  readonly entraCode?: string | undefined;
}

const outcomeOfCode: Readonly<Record<string, ConsentOutcome>> = {
  AADSTS65004: 'declined',
  AADSTS90093: 'not_an_admin',
  AADSTS90094: 'not_an_admin',
  AADSTS90095: 'not_an_admin',
  AADSTS50020: 'wrong_tenant',
  AADSTS50034: 'wrong_tenant',
  AADSTS51004: 'wrong_tenant',
  AADSTS90072: 'wrong_tenant',
  AADSTS90002: 'wrong_tenant',
  AADSTS50011: 'misconfigured',
  AADSTS500011: 'misconfigured',
  AADSTS65005: 'misconfigured',
  AADSTS650052: 'misconfigured',
  AADSTS650056: 'misconfigured',
  AADSTS650057: 'misconfigured',
  AADSTS700016: 'misconfigured',
  AADSTS7000112: 'misconfigured',
};

/**
 * What the redirect says. It proves nothing either way: anybody can type its address.
 * @see Microsoft Learn, Admin consent on the Microsoft identity platform, error response parameters
 */
export function readConsentRedirect(redirect: ConsentRedirect, tenantId: string): ConsentOutcome {
  // `admin_consent=True` stands there on failures too: the error speaks first.
  if (redirect.error) {
    const known = redirect.entraCode ? outcomeOfCode[redirect.entraCode] : undefined;
    if (known) return known;
    // The legacy endpoint reports a cancel without a code.
    return !redirect.entraCode && redirect.error === 'permission_denied' ? 'declined' : 'failed';
  }
  if (redirect.adminConsent?.toLowerCase() !== 'true' || !redirect.tenant) return 'failed';
  return redirect.tenant.toLowerCase() === tenantId ? 'accepted' : 'wrong_tenant';
}

/** `AADSTS…` in an error description: the only thing that is read from it. */
export function findEntraCode(description: string | undefined): string | undefined {
  return description ? /\bAADSTS\d{4,8}\b/.exec(description)?.[0] : undefined;
}

/** Microsoft's consent dialog for every application permission of the registration. */
export function adminConsentUrl(options: {
  readonly authorityHost: string;
  readonly graphEndpoint: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
}): string {
  const url = new URL(`${options.authorityHost}/${options.tenantId}/v2.0/adminconsent`);
  url.searchParams.set('client_id', options.clientId);
  // Application permissions can be asked for by `.default` only.
  url.searchParams.set('scope', `${options.graphEndpoint}/.default`);
  url.searchParams.set('redirect_uri', options.redirectUri);
  url.searchParams.set('state', options.state);
  return url.href;
}
