import type { UserId } from '../../domain/ids.ts';

/**
 * Keeps one application within what Microsoft documents for one mailbox: four requests at a time.
 * @see Microsoft Learn, Microsoft Graph service-specific throttling limits, Outlook service limits
 */
export interface MailboxCap {
  /** Whether a request to the mailbox may go now; it then counts until `leave`. */
  enter(mailbox: UserId): boolean;
  leave(mailbox: UserId): void;
}

export function createMailboxCap(atOnce = 4): MailboxCap {
  const running = new Map<UserId, number>();
  return {
    enter(mailbox) {
      const atWork = running.get(mailbox) ?? 0;
      if (atWork >= atOnce) return false;
      running.set(mailbox, atWork + 1);
      return true;
    },
    leave(mailbox) {
      const left = (running.get(mailbox) ?? 1) - 1;
      if (left > 0) running.set(mailbox, left);
      else running.delete(mailbox);
    },
  };
}
