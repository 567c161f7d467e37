/**
 * What the page needs before anybody is signed in. The service writes it into the tab's HTML as JSON, so that no
 * request stands between the page and the sign-in. No secrets: everybody can read it.
 */
export interface TabConfiguration {
  readonly clientId: string;
  /** `https://login.microsoftonline.com/<tenant>`, or `…/organizations` where several tenants are onboarded. */
  readonly authority: string;
  /** The scope of our own API, such as `api://host/<client id>/access_as_user`. */
  readonly apiScope: string;
  /** Root of Microsoft Graph without version, such as `https://graph.microsoft.com`. */
  readonly graphEndpoint: string;
  /** Origins of Teams hosts that teams-js does not know by itself. */
  readonly teamsOrigins: readonly string[];
  /** Named in the shell when the service does not talk to one of Microsoft's clouds. */
  readonly cloudLabel?: string;
}

/** `id` of the `<script type="application/json">` that holds it. */
export const tabConfigurationElementId = 'tab-configuration';
