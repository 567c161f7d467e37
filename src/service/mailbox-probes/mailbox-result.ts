import type { UserId } from '../../domain/ids.ts';
import type { MailboxVerdict } from '../../domain/mailbox-access/verdict.ts';
import type { StoredCapabilityResult } from '../db/schema/mailbox-connectivity.ts';

/** The verdict of one mailbox, with what each capability answered. */
export interface MailboxResult {
  readonly userId: UserId;
  readonly verdict: MailboxVerdict;
  readonly capabilities: readonly StoredCapabilityResult[];
  readonly checkedAt: Date;
  /** Of a mailbox that could not be told because Microsoft put it off for longer than a run waits: until when. */
  readonly rescheduledUntil?: Date;
}
