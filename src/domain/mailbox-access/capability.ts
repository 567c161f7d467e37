/** What the product can do with a mailbox. Each is one product feature that an admin switches on or off by name. */
export const capabilities = ['mail', 'send', 'calendar', 'contacts', 'settings'] as const;
export type Capability = (typeof capabilities)[number];

/** A capability with a read-only call that tries it. Sending has none: only sending mail would prove it. */
export type ProbedCapability = Exclude<Capability, 'send'>;

/** Whether a call can try the capability without changing anything. */
export function isProbed(capability: Capability): capability is ProbedCapability {
  return capability !== 'send';
}

/**
 * Microsoft Graph application permissions that switch a capability on, least privileged first. One of them is enough.
 * @see Microsoft Graph permissions reference: mailFolder get, calendarView delta, contact list, mailboxSettings get,
 *   user: sendMail
 */
export const acceptedPermissions: Readonly<Record<Capability, readonly [string, ...string[]]>> = {
  mail: ['Mail.ReadBasic.All', 'Mail.Read', 'Mail.ReadWrite'],
  send: ['Mail.Send'],
  calendar: ['Calendars.Read', 'Calendars.ReadWrite'],
  contacts: ['Contacts.Read', 'Contacts.ReadWrite'],
  settings: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
};

/** The least privileged application permission that switches the capability on. */
export function leastPermission(capability: Capability): string {
  return acceptedPermissions[capability][0];
}

/** Whether app roles hold one of the capability's permissions. */
export function isServedBy(capability: Capability, roles: readonly string[]): boolean {
  return acceptedPermissions[capability].some((permission) => roles.includes(permission));
}
