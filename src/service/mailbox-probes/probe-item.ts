import type { UserId } from '../../domain/ids.ts';
import type { Capability, ProbedCapability } from '../../domain/mailbox-access/capability.ts';
import type { MailboxAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import type { IntendedSide } from '../../domain/mailbox-access/verdict.ts';
import type { StoredCapabilityResult } from '../db/schema.ts';

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

export interface ProbedMailbox {
  readonly userId: UserId;
  readonly intended: IntendedSide;
  readonly results: Map<Capability, StoredCapabilityResult>;
}

export function itemsOf(mailbox: ProbedMailbox, capabilities: readonly ProbedCapability[]): ProbeItem[] {
  return capabilities.map((capability) => ({
    mailbox,
    capability,
    answers: {},
    waitedMs: 0,
    refusedToken: undefined,
  }));
}
