import type { MailboxAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import type { GraphAnswer } from '../graph/error.ts';
import type { ProbeItem } from './probe-item.ts';

/** A denial as it came. */
export interface Denial {
  readonly item: ProbeItem;
  readonly answer: MailboxAnswer;
  readonly raw: GraphAnswer | undefined;
}

/**
 * Denials that wait for a token younger than they are. Microsoft denies a mailbox alike when a limit keeps it closed and
 * when the whole consent was withdrawn a moment ago; only a token that was given afterwards tells which.
 */
export interface Denials {
  readonly isEmpty: boolean;
  hold(denial: Denial): void;
  /** Milliseconds until a new token is worth asking for; infinite while nothing is held. */
  dueInMs(nowMs: number): number;
  /** All that are held; a new token is asked for now. */
  take(nowMs: number): Denial[];
}

/** Entra is asked no more often, however many mailboxes are closed. */
const confirmEveryMs = 5_000;

export function createDenials(): Denials {
  let held: Denial[] = [];
  let confirmedAtMs = Number.NEGATIVE_INFINITY;

  return {
    get isEmpty() {
      return held.length === 0;
    },
    hold(denial) {
      held.push(denial);
    },
    dueInMs(nowMs) {
      return held.length === 0 ? Number.POSITIVE_INFINITY : Math.max(0, confirmedAtMs + confirmEveryMs - nowMs);
    },
    take(nowMs) {
      const taken = held;
      held = [];
      confirmedAtMs = nowMs;
      return taken;
    },
  };
}
