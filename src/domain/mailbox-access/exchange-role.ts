/**
 * Which permissions each role of RBAC for Applications grants on the mailboxes in its scope.
 * @see Microsoft Learn, RBAC for Applications in Exchange Online, supported application roles
 */
export const permissionsOfExchangeRole: Readonly<Record<string, readonly string[]>> = {
  'Application Mail.Read': ['Mail.Read'],
  // The Entra application permission for the same is named Mail.ReadBasic.All.
  'Application Mail.ReadBasic': ['Mail.ReadBasic', 'Mail.ReadBasic.All'],
  'Application Mail.ReadWrite': ['Mail.ReadWrite'],
  'Application Mail.Send': ['Mail.Send'],
  'Application MailboxSettings.Read': ['MailboxSettings.Read'],
  'Application MailboxSettings.ReadWrite': ['MailboxSettings.ReadWrite'],
  'Application Calendars.Read': ['Calendars.Read'],
  'Application Calendars.ReadWrite': ['Calendars.ReadWrite'],
  'Application Contacts.Read': ['Contacts.Read'],
  'Application Contacts.ReadWrite': ['Contacts.ReadWrite'],
  'Application MailboxFolder.Read': ['MailboxFolder.Read.All'],
  'Application MailboxFolder.ReadWrite': ['MailboxFolder.ReadWrite.All'],
  'Application MailboxItem.Read': ['MailboxItem.Read.All'],
  'Application MailboxItem.ReadWrite': ['MailboxItem.ReadWrite.All'],
  'Application MailboxItem.Export': ['MailboxItem.Export.All'],
  'Application MailboxItem.ImportExport': ['MailboxItem.ImportExport.All'],
  'Application MailboxConfigItem.Read': ['MailboxConfigItem.Read'],
  'Application MailboxConfigItem.ReadWrite': ['MailboxConfigItem.ReadWrite'],
  'Application MailTips.ReadBasic.All': ['MailTips.ReadBasic.All'],
  'Application Mail-Advanced.ReadWrite.All': ['Mail-Advanced.ReadWrite.All'],
  'Application SMTP.SendAsApp': ['SMTP.SendAsApp'],
  'Application EWS.AccessAsApp': ['full_access_as_app'],
  'Application Mail Full Access': ['Mail.ReadWrite', 'Mail.Send'],
  'Application Exchange Full Access': [
    'Mail.ReadWrite',
    'Mail.Send',
    'MailboxSettings.ReadWrite',
    'Calendars.ReadWrite',
    'Contacts.ReadWrite',
  ],
};

/** The role that grants exactly one permission, where there is one. Directory permissions have none. */
export function exchangeRoleFor(permission: string): string | undefined {
  return Object.keys(permissionsOfExchangeRole).find((role) => {
    const permissions = permissionsOfExchangeRole[role] ?? [];
    return permissions.includes(permission) && !role.endsWith('Full Access');
  });
}
