import { capabilities, isServedBy } from '../mailbox-access/capability.ts';

/**
 * Whether a newer token shows that consent was withdrawn: an older one had permissions for mailboxes, and this one has
 * none. A single permission that went is no withdrawal: what needs it is denied, and the rest goes on. Never throws.
 * @param before app roles of the older token; `undefined` when they could not be read, which tells nothing
 */
export function isWithdrawn(before: readonly string[] | undefined, now: readonly string[] | undefined): boolean {
  return before !== undefined && now !== undefined && opensMailboxes(before) && !opensMailboxes(now);
}

function opensMailboxes(roles: readonly string[]): boolean {
  return capabilities.some((capability) => isServedBy(capability, roles));
}
