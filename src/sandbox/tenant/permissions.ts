/** A permission of Microsoft Graph: as app role, as delegated scope, or both. */
export interface GraphPermission {
  readonly value: string;
  /** As the permissions dialog shows it. */
  readonly displayName: string;
  /** Id of the app role; absent where no application permission has this name. */
  readonly appRoleId?: string;
  /** Id of the delegated scope. */
  readonly scopeId?: string;
  /** Whether a user without admin role may consent to the delegated scope. */
  readonly userMayConsent?: boolean;
}

/**
 * The permissions of Microsoft Graph that this tenant knows.
 * @see microsoft-graph-devx-content, permissions.json and provisioningInfo.json (August 2026)
 */
export const graphPermissions: readonly GraphPermission[] = [
  {
    value: 'User.Read',
    displayName: 'Sign in and read user profile',
    scopeId: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d',
    userMayConsent: true,
  },
  {
    value: 'User.ReadBasic.All',
    displayName: "Read all users' basic profiles",
    appRoleId: '97235f07-e226-4f63-ace3-39588e11d3a1',
    scopeId: 'b340eb25-3456-403f-be2f-af7a0d370277',
    userMayConsent: true,
  },
  {
    value: 'User.Read.All',
    displayName: "Read all users' full profiles and company properties",
    appRoleId: 'df021288-bdef-4463-88db-98f22de89214',
    scopeId: 'a154be20-db9c-4678-8ab7-66f6cc099a59',
    userMayConsent: false,
  },
  {
    value: 'GroupMember.Read.All',
    displayName: 'Read all group memberships',
    appRoleId: '98830695-27a2-44f7-8c18-0c3ebc9698f6',
    scopeId: 'bc024368-1153-4739-b217-4326f2e966d0',
    userMayConsent: false,
  },
  {
    value: 'GroupMember.ReadBasic.All',
    displayName: 'Read all group memberships',
    appRoleId: '8222c640-cae5-4860-8d11-b32cfad95e03',
    scopeId: '28539367-358c-4ed9-b7f0-793eccb8fd34',
    userMayConsent: false,
  },
  {
    value: 'Group.ReadBasic.All',
    displayName: "Read all groups' basic property",
    appRoleId: '07d67222-3a10-4d3b-9ddc-b8aa43198a00',
    scopeId: 'ba1917bc-a64b-4c71-b66d-229d4a520e66',
    userMayConsent: false,
  },
  {
    value: 'Group.Read.All',
    displayName: 'Read all groups',
    appRoleId: '5b567255-7703-4780-807c-7be8301ae99b',
    scopeId: '5f8c59db-677d-491f-a6b8-5f174b11ec1d',
    userMayConsent: false,
  },
  {
    value: 'Directory.Read.All',
    displayName: 'Read directory data',
    appRoleId: '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
    scopeId: '06da0dbc-49e2-44d2-8312-53f166ab848a',
    userMayConsent: false,
  },
  {
    value: 'MailboxSettings.Read',
    displayName: 'Read all user mailbox settings',
    appRoleId: '40f97065-369a-49f4-947c-6a255697ae91',
    scopeId: '87f447af-9fa4-4c32-9dfa-4a57a73d18ce',
    userMayConsent: true,
  },
  {
    value: 'MailboxSettings.ReadWrite',
    displayName: 'Read and write all user mailbox settings',
    appRoleId: '6931bccd-447a-43d1-b442-00a195474933',
    scopeId: '818c620a-27a9-40bd-a6a5-d96f7d610b4b',
    userMayConsent: true,
  },
  {
    value: 'Mail.ReadBasic',
    displayName: 'Read user basic mail',
    scopeId: 'a4b8392a-d8d1-4954-a029-8e668a39a170',
    userMayConsent: true,
  },
  {
    value: 'Mail.ReadBasic.All',
    displayName: 'Read basic mail in all mailboxes',
    appRoleId: '693c5e45-0940-467d-9b8a-1022fb9d42ef',
  },
  {
    value: 'Mail.Read',
    displayName: 'Read mail in all mailboxes',
    appRoleId: '810c84a8-4a9e-49e6-bf7d-12d183f40d01',
    scopeId: '570282fd-fa5c-430d-a7fd-fc8dc98a9dca',
    userMayConsent: true,
  },
  {
    value: 'Mail.ReadWrite',
    displayName: 'Read and write mail in all mailboxes',
    appRoleId: 'e2a3a72e-5f79-4c64-b1b1-878b674786c9',
    scopeId: '024d486e-b451-40bb-833d-3e66d98c5c73',
    userMayConsent: true,
  },
  {
    value: 'Mail.Send',
    displayName: 'Send mail as any user',
    appRoleId: 'b633e1c5-b582-4048-a93e-9f11b44c7e96',
    scopeId: 'e383f46e-2787-4529-855e-0e479a3ffac0',
    userMayConsent: true,
  },
  {
    value: 'Calendars.ReadBasic',
    displayName: 'Read basic details of user calendars',
    scopeId: '662d75ba-a364-42ad-adee-f5f880ea4878',
    userMayConsent: false,
  },
  {
    value: 'Calendars.ReadBasic.All',
    displayName: 'Read basic details of calendars in all mailboxes',
    appRoleId: '8ba4a692-bc31-4128-9094-475872af8a53',
  },
  {
    value: 'Calendars.Read',
    displayName: 'Read calendars in all mailboxes',
    appRoleId: '798ee544-9d2d-430c-a058-570e29e34338',
    scopeId: '465a38f9-76ea-45b9-9f34-9e8b0d4b0b42',
    userMayConsent: true,
  },
  {
    value: 'Calendars.ReadWrite',
    displayName: 'Read and write calendars in all mailboxes',
    appRoleId: 'ef54d2bf-783f-4e0f-bca1-3210c0444d99',
    scopeId: '1ec239c2-d7c9-4623-a91a-a9775856bb36',
    userMayConsent: true,
  },
  {
    value: 'Contacts.Read',
    displayName: 'Read contacts in all mailboxes',
    appRoleId: '089fe4d0-434a-44c5-8827-41ba8a0b17f5',
    scopeId: 'ff74d97f-43af-4b68-9f2a-b77ee6968c5d',
    userMayConsent: true,
  },
  {
    value: 'Contacts.ReadWrite',
    displayName: 'Read and write contacts in all mailboxes',
    appRoleId: '6918b873-d17a-4dc1-b314-35f528134491',
    scopeId: 'd56682ec-c09e-4743-aaf4-1a3aac4caa21',
    userMayConsent: true,
  },
  {
    value: 'LicenseAssignment.Read.All',
    displayName: 'Read all license assignments',
    appRoleId: 'e2f98668-2877-4f38-a2f4-8202e0717aa1',
    scopeId: 'f395577a-0960-456b-979f-7228de0c5996',
    userMayConsent: true,
  },
  {
    value: 'Application.Read.All',
    displayName: 'Read all applications',
    appRoleId: '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
    scopeId: 'c79f8feb-a9db-4090-85f9-90d820caa0eb',
    userMayConsent: false,
  },
  {
    value: 'Application.ReadWrite.All',
    displayName: 'Read and write all applications',
    appRoleId: '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
    scopeId: 'bdfbf15f-ee85-4955-8675-146e8e5296b5',
    userMayConsent: false,
  },
  {
    value: 'AppRoleAssignment.ReadWrite.All',
    displayName: 'Manage app permission grants and app role assignments',
    appRoleId: '06b708a9-e830-4db3-a914-8e69da51d44f',
    scopeId: '84bccea3-f856-4a8a-967b-dbe0a3d53a64',
    userMayConsent: false,
  },
  {
    value: 'Organization.Read.All',
    displayName: 'Read organization information',
    appRoleId: '498476ce-e0fe-48b0-b801-37ba7e2685c6',
    scopeId: '4908d5b9-3fb2-4b1e-9336-1888b7937185',
    userMayConsent: false,
  },
  {
    value: 'TeamsActivity.Send',
    displayName: 'Send a teamwork activity to any user',
    appRoleId: 'a267235f-af13-44dc-8385-c1dc93023186',
    scopeId: '7ab1d787-bae7-4d5d-8db6-37ea32df9186',
    userMayConsent: true,
  },
];

/** Scopes of OpenID Connect; they belong to no resource. */
export const openIdScopes: readonly string[] = ['openid', 'profile', 'email', 'offline_access'];

export const graphAppId = '00000003-0000-0000-c000-000000000000';
export const exchangeOnlineAppId = '00000002-0000-0ff1-ce00-000000000000';

/** Permissions of Office 365 Exchange Online. */
export const exchangePermissions: readonly GraphPermission[] = [
  {
    value: 'Exchange.Manage',
    displayName: 'Manage Exchange configuration',
    scopeId: 'ab4f2b77-0b06-4fc1-a9de-02113fc2ab7c',
    userMayConsent: false,
  },
  {
    value: 'Exchange.ManageAsApp',
    displayName: 'Manage Exchange As Application',
    appRoleId: 'dc50a0fb-09a3-484d-be87-e023b12c6440',
  },
  {
    value: 'full_access_as_app',
    displayName: 'Use Exchange Web Services with full access to all mailboxes',
    appRoleId: 'dc890d15-9560-4a4c-9b7f-a736ec74ec40',
  },
];
