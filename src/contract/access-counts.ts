import { z } from 'zod';
import { type ReasonCode, reasonCodes } from '../domain/mailbox-access/reason.ts';
import { type AccessStatus, accessStatuses } from '../domain/mailbox-access/verdict.ts';

export const accessStatus = z.enum(accessStatuses);
export const reasonCode = z.enum(reasonCodes as [ReasonCode, ...ReasonCode[]]);

const count = z.int().min(0);

/** How many mailboxes have each status; the counts add up to the number of users. */
export const accessCounts = z.object({
  exposed: count,
  blocked: count,
  limited: count,
  could_not_tell: count,
  waiting: count,
  not_checked: count,
  working: count,
});
export type AccessCounts = z.infer<typeof accessCounts>;

/** How many there are, of one status or of all. */
export function totalOf(counts: AccessCounts, status?: AccessStatus): number {
  return status ? counts[status] : Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** One reason and how many mailboxes have it; exposed first, then most. */
export const cause = z.object({ reason: reasonCode, status: accessStatus, count });
export type Cause = z.infer<typeof cause>;
