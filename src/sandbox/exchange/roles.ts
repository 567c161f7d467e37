/** Application roles and what they grant. @see Microsoft Learn, RBAC for Applications, supported application roles */
export const applicationRoles: Readonly<Record<string, readonly string[]>> = {
  'Application Mail.Read': ['Mail.Read'],
  'Application Mail.ReadBasic': ['Mail.ReadBasic', 'Mail.ReadBasic.All'],
  'Application Mail.ReadWrite': ['Mail.ReadWrite'],
  'Application Mail.Send': ['Mail.Send'],
  'Application MailboxSettings.Read': ['MailboxSettings.Read'],
  'Application MailboxSettings.ReadWrite': ['MailboxSettings.ReadWrite'],
  'Application Calendars.Read': ['Calendars.Read'],
  'Application Calendars.ReadWrite': ['Calendars.ReadWrite'],
  'Application Contacts.Read': ['Contacts.Read'],
  'Application Contacts.ReadWrite': ['Contacts.ReadWrite'],
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

/** Permissions that application access policies confine. @see Limiting application permissions to specific mailboxes */
export const confinedByPolicies: ReadonlySet<string> = new Set([
  'Mail.Read',
  'Mail.ReadBasic',
  'Mail.ReadBasic.All',
  'Mail.ReadWrite',
  'Mail.Send',
  'MailboxSettings.Read',
  'MailboxSettings.ReadWrite',
  'Calendars.Read',
  'Calendars.ReadWrite',
  'Contacts.Read',
  'Contacts.ReadWrite',
  'full_access_as_app',
]);
