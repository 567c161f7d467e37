import { patienceMs } from './probe-retry.ts';

/**
 * Whether Graph answers calls at all. Calls that were on their way together are lost to one event, and count as one: what
 * a run of many calls at a time loses within a second says nothing of the next second. Has no clock of its own.
 */
export interface Outage {
  /** Nothing was answered since a call was lost: from then on one call at a time tries whether it has passed. */
  readonly isOn: boolean;
  /** A call was answered, whatever was in it. */
  answered(): void;
  /** A call was lost, or refused as a whole by somebody who asks to wait. */
  lost(call: LostCall): Loss;
}

interface LostCall {
  readonly sentAtMs: number;
  readonly nowMs: number;
  /** How long Microsoft asked to wait, where it did. */
  readonly retryAfterMs: number | undefined;
}

interface Loss {
  /** Lost with the first ones: perhaps to one of its own mailboxes. Later ones are lost to the outage. */
  readonly isFirst: boolean;
  /** Milliseconds in which nothing is sent. */
  readonly pauseMs: number;
  /** It has lasted longer than a run waits. */
  readonly isForGood: boolean;
}

const longestPauseMs = 10_000;

export function createOutage(): Outage {
  /** Losses one after the other, each of a call that was sent after the one before. */
  let losses = 0;
  let sinceMs = 0;
  let lastMs = 0;

  return {
    get isOn() {
      return losses > 0;
    },
    answered() {
      losses = 0;
    },
    lost({ sentAtMs, nowMs, retryAfterMs = 0 }) {
      if (losses === 0) sinceMs = nowMs;
      if (losses === 0 || sentAtMs >= lastMs) {
        losses += 1;
        lastMs = nowMs;
      }
      return {
        isFirst: losses === 1,
        pauseMs: Math.min(patienceMs, Math.max(retryAfterMs, Math.min(500 * 2 ** losses, longestPauseMs))),
        isForGood: losses > 1 && nowMs - sinceMs >= patienceMs,
      };
    },
  };
}
