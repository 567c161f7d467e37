import type { UserId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { StoredCapabilityResult } from '../../db/schema.ts';

/** One capability of one mailbox on its way. */
export interface ProbeItem {
  readonly mailbox: ProbedMailbox;
  readonly capability: Capability;
  attempts: number;
  waitedMs: number;
  /** The token that was refused for it, if any. */
  refusedToken: string | undefined;
}

interface ProbedMailbox {
  readonly userId: UserId;
  readonly results: Map<Capability, StoredCapabilityResult>;
}

export function itemsOf(userId: UserId, capabilities: readonly Capability[]): ProbeItem[] {
  const mailbox: ProbedMailbox = { userId, results: new Map() };
  return capabilities.map((capability) => ({
    mailbox,
    capability,
    attempts: 0,
    waitedMs: 0,
    refusedToken: undefined,
  }));
}
