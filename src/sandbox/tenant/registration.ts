/** A client secret of an application. */
export interface ClientSecret {
  readonly value: string;
  readonly keyId: string;
  /** Entra refuses it from then on with AADSTS7000222. */
  readonly endsAt: Date;
}

/** An app role that an application defines for those who call it. */
export interface OwnAppRole {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
}

/** The registration of one of the product's applications in its home tenant. Tests may change it while the sandbox runs. */
export interface ApplicationRegistration {
  readonly clientId: string;
  readonly objectId: string;
  readonly homeTenantId: string;
  displayName: string;
  publisher: string;
  /** Origin of the tab and the service. */
  readonly tabOrigin: string;
  signInAudience: 'AzureADMyOrg' | 'AzureADMultipleOrgs';
  /** `api://<host of the tab>/<client id>`. */
  appIdUri: string;
  readonly redirectUris: { web: string[]; spa: string[] };
  secrets: ClientSecret[];
  /** PEM certificates whose keys may sign client assertions. */
  certificates: string[];
  /** Values of Microsoft Graph application permissions that consent grants. */
  requiredAppRoles: string[];
  /** Values of Microsoft Graph delegated permissions that consent grants. */
  requiredScopes: string[];
  /** The delegated scope of its own API. */
  readonly scope: { readonly id: string; readonly value: string };
  readonly appRoles: OwnAppRole[];
  /** Clients that get the scope of its own API without consent: the hosts of Microsoft 365. */
  preAuthorizedClientIds: string[];
}

/** The tenant and application that a sandbox has when nothing else is asked for. */
export const defaultTenant = {
  tenantId: 'bdd640fb-0667-4ad1-9c80-317fa3b1799d',
  displayName: 'Contoso',
  domain: 'contoso.example',
} as const;

export const defaultRegistration = {
  clientId: '23b8c1e9-3924-46de-beb1-3b9046685257',
  objectId: 'bd9c66b3-ad3c-4d6d-9a3d-1fa7bc8960a9',
  servicePrincipalId: '972a8469-1641-4f82-8b9d-2434e465e150',
  clientSecret: 'simulated-client-secret',
  tabOrigin: 'https://localhost:4400',
} as const;

/** An application beside the product's own one, for organizations that use another one; it has no tab and no API. */
export const northRegistration = {
  name: 'north',
  clientId: 'e443df78-9558-467f-9ba9-1faf7a024204',
  objectId: '3a2e1c80-0f63-4c0e-9f0d-5d0f4f5b8f11',
  displayName: 'Mailbox Access North',
  clientSecret: 'simulated-north-secret',
} as const;

/** Client ids of Microsoft 365 hosts. @see Microsoft Learn, Configure your tab app in Microsoft Entra ID */
export const hostClientIds = {
  teamsDesktop: '1fec8e78-bce4-4aaf-ab1b-5451cc387264',
  teamsWeb: '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
  microsoft365Web: '4765445b-32c6-49b0-83e6-1d93765276ca',
  microsoft365Desktop: '0ec893e0-5785-4de6-99da-4ed124e5296c',
  outlookDesktop: 'd3590ed6-52b3-4102-aeff-aad2292ab01c',
  outlookWeb: 'bc59ab01-8403-45c6-8796-ac3ef710b3e3',
  outlookMobile: '27922004-5251-4030-b22d-91ecd9a37ea4',
} as const;

/** What may be said about the registration when a sandbox starts; the rest has defaults. */
export interface RegistrationOptions {
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly objectId?: string;
  readonly displayName?: string;
  readonly signInAudience?: ApplicationRegistration['signInAudience'];
  /** Origin of the tab and the service; the default redirect URIs and App ID URI follow from it. */
  readonly tabOrigin?: string;
  readonly appIdUri?: string;
  readonly redirectUris?: { readonly web?: readonly string[]; readonly spa?: readonly string[] };
  readonly clientSecret?: string;
  readonly certificates?: readonly string[];
  readonly requiredAppRoles?: readonly string[];
  readonly requiredScopes?: readonly string[];
  readonly appRoles?: readonly OwnAppRole[];
}

export function makeRegistration(options: RegistrationOptions, now: Date): ApplicationRegistration {
  const clientId = options.clientId ?? defaultRegistration.clientId;
  const tab = new URL(options.tabOrigin ?? defaultRegistration.tabOrigin);
  return {
    clientId,
    objectId: options.objectId ?? defaultRegistration.objectId,
    homeTenantId: options.tenantId ?? defaultTenant.tenantId,
    displayName: options.displayName ?? 'Mailbox Access',
    publisher: 'Contoso',
    tabOrigin: tab.origin,
    signInAudience: options.signInAudience ?? 'AzureADMultipleOrgs',
    appIdUri: options.appIdUri ?? `api://${tab.host}/${clientId}`,
    redirectUris: {
      web: [...(options.redirectUris?.web ?? [`${tab.origin}/consent/end`])],
      spa: [...(options.redirectUris?.spa ?? [`${tab.origin}/sign-in-redirect`, `brk-multihub://${tab.host}`])],
    },
    secrets: [
      {
        value: options.clientSecret ?? defaultRegistration.clientSecret,
        keyId: '17fc695a-07a0-4a6e-8822-e8f36c031199',
        endsAt: new Date(now.getTime() + 365 * 24 * 3600_000),
      },
    ],
    certificates: [...(options.certificates ?? [])],
    requiredAppRoles: [
      ...(options.requiredAppRoles ?? ['User.Read.All', 'Mail.ReadBasic.All', 'Calendars.Read', 'Contacts.Read']),
    ],
    requiredScopes: [...(options.requiredScopes ?? ['User.Read', 'User.ReadBasic.All', 'GroupMember.Read.All'])],
    scope: { id: '9a1de644-815e-46d1-bb8f-aa1837f8a88b', value: 'access_as_user' },
    appRoles: [
      ...(options.appRoles ?? [
        {
          id: 'b74d0fb1-32e7-4629-8fad-c1a606cb0fb3',
          value: 'MailboxAccess.Admin',
          displayName: 'Mailbox Access admin',
        },
      ]),
    ],
    preAuthorizedClientIds: Object.values(hostClientIds),
  };
}
