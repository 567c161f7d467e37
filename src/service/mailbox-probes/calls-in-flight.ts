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
        .finally(() => calls.delete(tracked));
      calls.add(tracked);
    },
    async pause(ms) {
      if (ms === Number.POSITIVE_INFINITY && calls.size === 0) return;
      const stopWaiting = new AbortController();
      const timer =
        ms === Number.POSITIVE_INFINITY
          ? []
          : [clock.wait(ms, AbortSignal.any([signal, stopWaiting.signal])).catch(() => {})];
      await Promise.race([...calls, ...timer]);
      stopWaiting.abort();
    },
    async returned() {
      await Promise.all(calls);
    },
  };
}
