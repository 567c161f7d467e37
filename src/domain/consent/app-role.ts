/** Microsoft Graph's own application id, the same in every tenant. */
export const graphAppId = '00000003-0000-0000-c000-000000000000';

/** Office 365 Exchange Online's application id, the same in every tenant. Its app roles are others than Graph's. */
export const exchangeOnlineAppId = '00000002-0000-0ff1-ce00-000000000000';

/** An app role by its name, such as `Mail.Read`, and the API that defines it: two APIs may use one name. */
export interface AppRoleName {
  readonly permission: string;
  readonly resourceAppId: string;
}

/**
 * Ids of Microsoft Graph's app roles that this product asks for or accepts. They are the same in every tenant of the
 * public cloud; what else an application holds is named by Graph at run time.
 * @see microsoft-graph-devx-content, provisioningInfo.json
 */
export const appRoleIds: Readonly<Record<string, string>> = {
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
  'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
  'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  'Mail.ReadBasic.All': '693c5e45-0940-467d-9b8a-1022fb9d42ef',
  'Mail.Read': '810c84a8-4a9e-49e6-bf7d-12d183f40d01',
  'Mail.ReadWrite': 'e2a3a72e-5f79-4c64-b1b1-878b674786c9',
  'Mail.Send': 'b633e1c5-b582-4048-a93e-9f11b44c7e96',
  'Calendars.Read': '798ee544-9d2d-430c-a058-570e29e34338',
  'Calendars.ReadWrite': 'ef54d2bf-783f-4e0f-bca1-3210c0444d99',
  'Contacts.Read': '089fe4d0-434a-44c5-8827-41ba8a0b17f5',
  'Contacts.ReadWrite': '6918b873-d17a-4dc1-b314-35f528134491',
  'MailboxSettings.Read': '40f97065-369a-49f4-947c-6a255697ae91',
  'MailboxSettings.ReadWrite': '6931bccd-447a-43d1-b442-00a195474933',
};
