import { once } from 'node:events';
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

export function createCallsInFlight(clock: Clock, signal: AbortSignal): CallsInFlight {
  const calls = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let stopWaiting: AbortController | undefined;
  signal.addEventListener('abort', () => stopWaiting?.abort());

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
          stopWaiting?.abort();
        });
      calls.add(tracked);
    },
    async pause(ms) {
      if (signal.aborted || (ms === Number.POSITIVE_INFINITY && calls.size === 0)) return;
      const stop = new AbortController();
      stopWaiting = stop;
      if (ms === Number.POSITIVE_INFINITY) await once(stop.signal, 'abort');
      else await clock.wait(ms, stop.signal).catch(() => {});
      stopWaiting = undefined;
    },
    async returned() {
      while (calls.size > 0) await Promise.all(calls);
    },
  };
}
