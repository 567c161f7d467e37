import { type AccessStatus, accessStatuses } from '../mailbox-access/verdict.ts';

/** How many mailboxes went from one status to another between two runs; null where a run did not cover them. */
export interface StatusMove {
  readonly from: AccessStatus | null;
  readonly to: AccessStatus | null;
  readonly count: number;
}

/** Mailboxes that have a status now and did not have it before, loudest status first. */
export interface NewlyThere {
  readonly status: AccessStatus;
  readonly count: number;
}

/**
 * What an admin wants to know first of a run: who is newly exposed, newly blocked, … Mailboxes that the earlier run did
 * not cover are new themselves, not newly anything. Never throws.
 */
export function newlyThere(moves: readonly StatusMove[]): NewlyThere[] {
  return accessStatuses.flatMap((status) => {
    const count = moves
      .filter(({ from, to }) => to === status && from !== null && from !== status)
      .reduce((sum, move) => sum + move.count, 0);
    return count > 0 ? [{ status, count }] : [];
  });
}
