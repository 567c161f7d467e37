import { lastingOf, type SyncReason } from './sync-reason.ts';

/** What follows from a session that did not end well. */
export type AfterFailure =
  /** The mailbox is disabled due to an error. */
  | { readonly kind: 'give_up' }
  | { readonly kind: 'try_again'; readonly tries: number; readonly afterSeconds: number }
  /** Microsoft asked to wait: no try is used up. */
  | { readonly kind: 'wait'; readonly afterSeconds: number };

export const mostTries = 10;
/** Also where Microsoft asks for less: a session that is put off over and over must not be all that goes on. */
export const shortestWaitSeconds = 60;
export const retrySeconds = 5 * 60;
/** A move between databases can take hours, and Exchange does not always say how long to wait. */
export const movingSeconds = 15 * 60;

/** How much later than that at most a mailbox is tried, each at a place of its own: after an outage not all come at once. */
const spread = { part: 0.2, mostSeconds: 60 };

/**
 * A reason that stays disables the mailbox at once; any other is tried ten times, five minutes apart.
 * @param mailbox `tries`: failed tries since the last success, without this one; `phase`: its place among the others, 0 to 1;
 *   `isSettling`: a change is spreading that may have brought the reason, and may take it away
 * @param askedSeconds how long Microsoft asked to wait, where it did
 */
export function afterFailure(
  reason: SyncReason,
  { tries, phase, isSettling }: { readonly tries: number; readonly phase: number; readonly isSettling?: boolean },
  askedSeconds: number | undefined,
): AfterFailure {
  const spreadOut = (seconds: number) => seconds + phase * Math.min(seconds * spread.part, spread.mostSeconds);
  switch (lastingOf(reason)) {
    case 'permanent':
      return isSettling ? { kind: 'wait', afterSeconds: spreadOut(movingSeconds) } : { kind: 'give_up' };
    case 'waits': {
      const seconds = askedSeconds ?? (reason === 'microsoft.throttled' ? shortestWaitSeconds : movingSeconds);
      return { kind: 'wait', afterSeconds: spreadOut(Math.max(seconds, shortestWaitSeconds)) };
    }
    case 'transient':
      return tries + 1 >= mostTries
        ? { kind: 'give_up' }
        : { kind: 'try_again', tries: tries + 1, afterSeconds: spreadOut(retrySeconds) };
  }
}
