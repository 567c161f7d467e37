import type { Clock } from '../clock.ts';

/** Calls on their way to Microsoft. */
export interface CallsInFlight {
  readonly count: number;
  /** The first fault of ours while a call was in flight: its mailboxes have no result, so the run is not whole. */
  readonly failure: { readonly error: unknown } | undefined;
  track(call: Promise<void>): void;
  /** Waits until something in flight returns, or `ms` have passed. */
  pause(ms: number): Promise<void>;
  /** Waits for all; never rejects. */
  returned(): Promise<void>;
}

/** Why a wait ends early. Without a reason of ours each would make an error with its stack, some thousand times a second. */
const isBack = 'a call is back';

export function createCallsInFlight(clock: Clock, signal: AbortSignal): CallsInFlight {
  const calls = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let wake = () => {};
  signal.addEventListener('abort', () => wake());

  return {
    get count() {
      return calls.size;
    },
    get failure() {
      return failure;
    },
    track(call) {
      const tracked: Promise<void> = call
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => {
          calls.delete(tracked);
          wake();
        });
      calls.add(tracked);
    },
    async pause(ms) {
      if (signal.aborted || (ms === Number.POSITIVE_INFINITY && calls.size === 0)) return;
      const stop = new AbortController();
      const woken = new Promise<void>((resolve) => {
        wake = () => {
          stop.abort(isBack);
          resolve();
        };
      });
      if (ms === Number.POSITIVE_INFINITY) await woken;
      else await clock.wait(ms, stop.signal).catch(() => {});
    },
    async returned() {
      while (calls.size > 0) await Promise.all(calls);
    },
  };
}
