import type { AccessCounts } from '../../contract/access-counts.ts';
import { type AccessStatus, accessStatuses } from '../../domain/mailbox-access/verdict.ts';

/** A count for every status, from rows that name only those that occur. */
export function accessCountsOf(rows: readonly { status: AccessStatus; count: number }[]): AccessCounts {
  const counts = Object.fromEntries(accessStatuses.map((status) => [status, 0])) as AccessCounts;
  for (const { status, count } of rows) counts[status] += count;
  return counts;
}

/** Position of a status in lists; stored, so that the database can sort by it. */
export function rankOf(status: AccessStatus): number {
  return accessStatuses.indexOf(status);
}
