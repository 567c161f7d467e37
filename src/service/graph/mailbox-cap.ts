import type { UserId } from '../../domain/ids.ts';

/**
 * Keeps one application within what Microsoft documents for one mailbox: 4 requests at a time and 10,000 in ten minutes.
 * Pure: the time is passed in, in milliseconds.
 * @see Microsoft Learn, Microsoft Graph service-specific throttling limits, Outlook service limits
 */
export interface MailboxCap {
  /** Whether a request to the mailbox may go now; it then counts until `leave`. */
  enter(mailbox: UserId, nowMs: number): boolean;
  leave(mailbox: UserId): void;
}

const windowMs = 600_000;

export function createMailboxCap({ atOnce = 4, inTenMinutes = 10_000 } = {}): MailboxCap {
  const running = new Map<UserId, number>();
  let windowStartedAtMs = Number.NEGATIVE_INFINITY;
  let current = new Map<UserId, number>();
  let before = new Map<UserId, number>();

  /** Counts of this window and the one before: never too few for any ten minutes. */
  function turnWindow(nowMs: number): void {
    const passedMs = nowMs - windowStartedAtMs;
    if (passedMs < windowMs) return;
    before = passedMs < 2 * windowMs ? current : new Map();
    current = new Map();
    windowStartedAtMs = nowMs;
  }

  return {
    enter(mailbox, nowMs) {
      turnWindow(nowMs);
      const atWork = running.get(mailbox) ?? 0;
      const used = current.get(mailbox) ?? 0;
      if (atWork >= atOnce || used + (before.get(mailbox) ?? 0) >= inTenMinutes) return false;
      running.set(mailbox, atWork + 1);
      current.set(mailbox, used + 1);
      return true;
    },
    leave(mailbox) {
      const left = (running.get(mailbox) ?? 1) - 1;
      if (left > 0) running.set(mailbox, left);
      else running.delete(mailbox);
    },
  };
}
