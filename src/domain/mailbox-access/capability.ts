/** What the product can do with a mailbox. Each is one product feature that an admin sees by name. */
export const capabilities = ['mail', 'calendar', 'contacts', 'settings'] as const;
export type Capability = (typeof capabilities)[number];

/**
 * Microsoft Graph application permissions that allow a capability's read-only probe, least privileged first.
 * One of them is enough.
 * @see Microsoft Graph permissions reference: mailFolder get, calendar get, contact list, mailboxSettings get
 */
export const acceptedPermissions: Readonly<Record<Capability, readonly [string, ...string[]]>> = {
  mail: ['Mail.ReadBasic.All', 'Mail.Read', 'Mail.ReadWrite'],
  calendar: ['Calendars.Read', 'Calendars.ReadWrite'],
  contacts: ['Contacts.Read', 'Contacts.ReadWrite'],
  settings: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
};

/** The least privileged application permission that switches the capability on. */
export function leastPermission(capability: Capability): string {
  return acceptedPermissions[capability][0];
}
