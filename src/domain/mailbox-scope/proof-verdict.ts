import { outcomeOfReason, type ReasonCode } from '../mailbox-access/reason.ts';

export const proofOutcomes = ['reachable', 'closed', 'could_not_tell', 'no_mailbox'] as const;
export type ProofOutcome = (typeof proofOutcomes)[number];

export interface ProofFinding {
  readonly outcome: ProofOutcome;
  readonly reason: ReasonCode;
}

/**
 * What the answers of one mailbox prove. One capability that opens makes it reachable; closed is only a mailbox that
 * every tried capability was denied.
 * @param reasons of the capabilities that were tried
 */
export function findingOf(reasons: readonly ReasonCode[]): ProofFinding {
  const first = (wanted: string) => reasons.find((reason) => outcomeOfReason[reason] === wanted);
  const connected = first('connected');
  if (connected) return { outcome: 'reachable', reason: connected };
  const ineligible = first('ineligible');
  if (ineligible) return { outcome: 'no_mailbox', reason: ineligible };
  const denied = first('denied');
  if (denied && reasons.every((reason) => outcomeOfReason[reason] === 'denied')) {
    return { outcome: 'closed', reason: denied };
  }
  return { outcome: 'could_not_tell', reason: first('inconclusive') ?? reasons[0] ?? 'access.not_probed' };
}

/** Counts of one side; a mailbox that was not tried yet is in `total` only. */
export interface ProofSide {
  readonly total: number;
  readonly reachable: number;
  readonly closed: number;
  readonly couldNotTell: number;
  readonly noMailbox: number;
}

export type ProofVerdict = 'holds' | 'leaks' | 'blocks' | 'waiting' | 'could_not_tell' | 'running';

/**
 * What a proof says, loudest first. Total and pure. It holds only when both sides have a certain answer and nothing
 * speaks against it. While a change spreads, answers of one moment prove nothing for the next: whatever was found
 * before the bound is waiting.
 * @param isSettled whether the proof began after the bound of the last change
 */
export function judgeProof(proof: {
  readonly state: 'running' | 'completed' | 'failed';
  readonly inside: ProofSide;
  readonly outside: ProofSide;
  readonly isSettled: boolean;
}): ProofVerdict {
  const { state, inside, outside, isSettled } = proof;
  if (state === 'running') return 'running';
  const leaks = outside.reachable > 0;
  const blocks = inside.closed > 0;
  const isWhole = state === 'completed' && inside.reachable > 0 && outside.closed > 0;
  if (!isSettled) return leaks || blocks || isWhole ? 'waiting' : 'could_not_tell';
  if (leaks) return 'leaks';
  if (blocks) return 'blocks';
  return isWhole ? 'holds' : 'could_not_tell';
}
