/**
 * How the end of Microsoft's consent dialog reaches the tab in a plain browser. The message is only a nudge: what
 * counts is what the service verifies.
 */
export const consentChannelName = 'mailbox-access.consent';

export type ConsentMessage =
  /** From the window: the answer is parked at the service. */
  | 'parked'
  /** From the tab: heard, the window may close. */
  | 'heard';
