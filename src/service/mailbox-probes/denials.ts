import type { MailboxAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import type { GraphAnswer } from '../graph/error.ts';
import type { ProbeItem } from './probe-item.ts';
import { patienceMs } from './probe-retry.ts';

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
  /**
   * Milliseconds until a new token is worth asking for; infinite while nothing is held.
   * @param isAllThatIsLeft nothing else is under way: at once, unless Entra could not give one a moment ago
   */
  dueInMs(nowMs: number, isAllThatIsLeft: boolean): number;
  /** All that are held; a new token is asked for now. */
  take(nowMs: number): Denial[];
  /** There was one. */
  confirmed(): void;
  /**
   * Those that were taken, when there was no new token.
   * @returns whether they wait for the next one: not longer than a run waits
   */
  putBack(taken: readonly Denial[], nowMs: number): boolean;
}

/** Entra is asked no more often, however many mailboxes are closed. */
const confirmEveryMs = 5_000;

export function createDenials(): Denials {
  let held: Denial[] = [];
  let askedAtMs = Number.NEGATIVE_INFINITY;
  /** Since when there is no new token. */
  let withoutSinceMs: number | undefined;

  return {
    get isEmpty() {
      return held.length === 0;
    },
    hold(denial) {
      held.push(denial);
    },
    dueInMs(nowMs, isAllThatIsLeft) {
      if (held.length === 0) return Number.POSITIVE_INFINITY;
      if (isAllThatIsLeft && withoutSinceMs === undefined) return 0;
      return Math.max(0, askedAtMs + confirmEveryMs - nowMs);
    },
    take(nowMs) {
      const taken = held;
      held = [];
      askedAtMs = nowMs;
      return taken;
    },
    confirmed() {
      withoutSinceMs = undefined;
    },
    putBack(taken, nowMs) {
      withoutSinceMs ??= nowMs;
      if (nowMs - withoutSinceMs >= patienceMs) return false;
      held = [...taken, ...held];
      return true;
    },
  };
}
