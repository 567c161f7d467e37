import type { AccessCounts } from '../../contract/access-counts.ts';
import { type AccessStatus, accessStatuses } from '../../domain/mailbox-access/verdict.ts';

/** A count for every status, from rows that name only those that occur. */
export function accessCountsOf(rows: readonly { status: AccessStatus; count: number }[]): AccessCounts {
  const counts = Object.fromEntries(accessStatuses.map((status) => [status, 0])) as AccessCounts;
  for (const { status, count } of rows) counts[status] += count;
  return counts;
}

interface Counted {
  readonly status: AccessStatus;
  readonly count: number;
  readonly reason: string;
}

/** Order of causes: open mailboxes that should be closed before anything else, then most people first. */
export function byCount(a: Counted, b: Counted): number {
  const isLouder = Number(b.status === 'exposed') - Number(a.status === 'exposed');
  return isLouder || b.count - a.count || a.reason.localeCompare(b.reason);
}

/** Position of a status in lists; stored, so that the database can sort by it. */
export function rankOf(status: AccessStatus): number {
  return accessStatuses.indexOf(status);
}
