import type { UserId } from '../ids.ts';

/** Why a mailbox is worth trying, most telling first: where limits leak and where they cut off. */
export const proofReasons = ['nested_group', 'recently_moved', 'shared', 'other'] as const;
export type ProofReason = (typeof proofReasons)[number];

export interface ProofCandidate {
  readonly userId: UserId;
  readonly side: 'inside' | 'outside';
  /** In a nested group only: some mechanisms count it and some do not. */
  readonly isNestedOnly: boolean;
  /** Came into the group or left it a short time ago, as far as anybody can tell. */
  readonly hasMoved: boolean;
  readonly isShared: boolean;
}

export interface ProofMailbox {
  readonly userId: UserId;
  readonly side: 'inside' | 'outside';
  readonly why: ProofReason;
}

/** Days after which nobody counts as having come or gone a short time ago. */
export const recentDays = 7;
const most = { inside: 20, outside: 40 } as const;

/** Every candidate with the reason it is telling. */
export function chooseAll(candidates: readonly ProofCandidate[]): ProofMailbox[] {
  return candidates.map((candidate) => ({ userId: candidate.userId, side: candidate.side, why: whyOf(candidate) }));
}

/**
 * A sample of both sides: from each telling kind up to a quarter, the rest at random, and what is left over filled from
 * the telling kinds. The same seed chooses the same mailboxes, whatever order the candidates come in.
 */
export function chooseSample(candidates: readonly ProofCandidate[], seed: string): ProofMailbox[] {
  const shuffled = chooseAll(candidates)
    .map((mailbox) => ({ mailbox, place: placeOf(`${seed} ${mailbox.userId}`) }))
    .sort((a, b) => a.place - b.place || (a.mailbox.userId < b.mailbox.userId ? -1 : 1))
    .map(({ mailbox }) => mailbox);
  return (['inside', 'outside'] as const).flatMap((side) => {
    const ofSide = shuffled.filter((mailbox) => mailbox.side === side);
    const quarter = Math.floor(most[side] / 4);
    const telling = proofReasons
      .filter((why) => why !== 'other')
      .flatMap((why) => ofSide.filter((mailbox) => mailbox.why === why).slice(0, quarter));
    const others = ofSide.filter(({ why }) => why === 'other');
    const chosen = [...telling, ...others].slice(0, most[side]);
    const left = ofSide.filter((mailbox) => !chosen.includes(mailbox));
    return [...chosen, ...left.slice(0, most[side] - chosen.length)];
  });
}

function whyOf({ isNestedOnly, hasMoved, isShared }: ProofCandidate): ProofReason {
  if (isNestedOnly) return 'nested_group';
  if (hasMoved) return 'recently_moved';
  return isShared ? 'shared' : 'other';
}

/** A number that looks random and follows from the text alone (FNV-1a with a final mix). */
function placeOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
