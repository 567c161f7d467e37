import type { DirectoryRole } from './directory-roles.ts';
import type { Licence } from './licences.ts';

/** How Exchange answers for a mailbox. Everything but `available` is an error of Outlook's catalogue. */
export const mailboxStates = [
  'available',
  /** The user is known and has no mailbox: never licensed. */
  'notEnabled',
  /** Exchange finds nothing it could open: guests, mail users. */
  'undiscoverable',
  /** The mailbox is in the Exchange organization of the customer's own servers. */
  'onPremises',
  /** Kept after the licence was removed. */
  'inactive',
  'notSupported',
  /** Created a moment ago: Exchange does not know the user yet. */
  'provisioning',
  'moving',
  'storeUnavailable',
  'routingStale',
  /** An application access policy keeps the application out. */
  'blockedByPolicy',
  /** The application's role assignment in Exchange does not reach this mailbox. */
  'outOfScope',
] as const;
export type MailboxState = (typeof mailboxStates)[number];

/** `userPurpose` of Graph's mailbox settings. */
export type UserPurpose = 'user' | 'linked' | 'shared' | 'room' | 'equipment' | 'others';

/** A user of the tenant, as its directory and Exchange know it. */
export interface Person {
  readonly id: string;
  displayName: string;
  givenName: string | null;
  surname: string | null;
  userPrincipalName: string;
  mail: string | null;
  proxyAddresses: string[];
  userType: 'Member' | 'Guest';
  accountEnabled: boolean;
  /** `null` as Graph answers for users that were never synchronized. */
  onPremisesSyncEnabled: true | null;
  jobTitle: string | null;
  department: string | null;
  officeLocation: string | null;
  licences: Licence[];
  mailbox: { purpose: UserPurpose; state: MailboxState };
  directoryRoles: DirectoryRole[];
  readonly createdAt: Date;
  /** Set while the user is in the directory's deleted items. */
  deletedAt: Date | null;
  /** Removed for good: the directory no longer has it among the deleted items. */
  purged: boolean;
  /** Counter of the tenant's last change to this user; delta queries follow it. */
  changedAtVersion: number;
}
