import type { UserId } from '../../domain/ids.ts';
import { type Capability, isProbed, type ProbedCapability } from '../../domain/mailbox-access/capability.ts';
import type { MailboxAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import type { IntendedSide } from '../../domain/mailbox-access/verdict.ts';
import type { StoredCapabilityResult } from '../db/schema/mailbox-connectivity.ts';

/** A mailbox to try, with what is to be found. */
export interface MailboxToProbe {
  readonly userId: UserId;
  readonly capabilities: readonly Capability[];
  readonly intended: IntendedSide;
  /** Until when changes may not show everywhere; the mailbox is judged by the time at which it answered. */
  readonly scopeSpreadsUntil?: Date | undefined;
  readonly consentSpreadsUntil?: Date | undefined;
}

/** One capability of one mailbox on its way. */
export interface ProbeItem {
  readonly mailbox: ProbedMailbox;
  readonly capability: ProbedCapability;
  /** How often each kind of answer came. */
  readonly answers: Partial<Record<MailboxAnswer['kind'], number>>;
  waitedMs: number;
  /** The token that was refused for it, if any. */
  refusedToken: string | undefined;
}

export interface ProbedMailbox extends MailboxToProbe {
  /** Those of its capabilities that a call can try. */
  readonly tried: readonly ProbedCapability[];
  /** Of those that were tried; one each. */
  readonly results: StoredCapabilityResult[];
  /** One of its capabilities was answered for good. */
  isBegun: boolean;
  /** Until when Microsoft put one of its capabilities off, where that is longer than a run waits. */
  rescheduledUntil: Date | undefined;
}

export function mailboxOf(wanted: MailboxToProbe): ProbedMailbox {
  return {
    ...wanted,
    tried: wanted.capabilities.filter(isProbed),
    results: [],
    isBegun: false,
    rescheduledUntil: undefined,
  };
}

/** What was put off longest decides: the whole mailbox is asked again then. */
export function reschedule(mailbox: ProbedMailbox, until: Date): void {
  if (mailbox.rescheduledUntil === undefined || mailbox.rescheduledUntil < until) mailbox.rescheduledUntil = until;
}

export function itemsOf(mailbox: ProbedMailbox): ProbeItem[] {
  return mailbox.tried.map((capability) => ({
    mailbox,
    capability,
    answers: {},
    waitedMs: 0,
    refusedToken: undefined,
  }));
}
