import { type Capability, isServedBy } from './capability.ts';
import { outcomeOfReason, type ReasonCode } from './reason.ts';
import type { CapabilityResult } from './verdict.ts';

/** Reasons that hold for the mailbox or for the application as a whole, whichever permission a call uses. */
const holdsForAll: readonly ReasonCode[] = [
  // Policies confine Mail.Send as they confine the permissions to read.
  'policy.application_access_policy',
  'policy.conditional_access',
  'consent.application_unknown',
  'consent.application_disabled',
];

/**
 * The reason for a capability that no call can try, from the grants and from what the other capabilities of the same
 * mailbox answered. Never throws.
 * @param roles app roles of the token; `undefined` when they could not be read
 * @param others results of the capabilities that were tried on this mailbox
 * @see Microsoft Learn, Limiting application permissions to specific Exchange Online mailboxes; user: sendMail
 */
export function reasonOfUnprobed(
  capability: Capability,
  roles: readonly string[] | undefined,
  others: readonly CapabilityResult[],
): ReasonCode {
  const shared = others.find(({ reason }) => holdsForAll.includes(reason) || outcomeOfReason[reason] === 'ineligible');
  if (shared) return shared.reason;
  if (roles === undefined) return 'access.not_probed';
  if (isServedBy(capability, roles)) return 'consent.permission_granted';
  // A capability that opened without its own permission in the token was opened by a role in Exchange.
  const isOpenedByExchange = others.some(
    (other) => outcomeOfReason[other.reason] === 'connected' && !isServedBy(other.capability, roles),
  );
  return isOpenedByExchange ? 'access.not_probed' : 'consent.permission_missing';
}
