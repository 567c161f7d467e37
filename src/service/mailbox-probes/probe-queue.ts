import type { ProbeItem } from './probe-item.ts';

/** Items that may go now, and those that wait for a time of their own while others go on. */
export interface ProbeQueue {
  readonly readyCount: number;
  /** Ready or not. */
  readonly count: number;
  readonly isEmpty: boolean;
  add(item: ProbeItem): void;
  addLater(item: ProbeItem, due: { readonly dueMs: number; readonly isThrottled: boolean }): void;
  /** The next items that may go. */
  take(count: number): ProbeItem[];
  /** Drops the others, ready or not. */
  keep(isWanted: (item: ProbeItem) => boolean): void;
  /** All items, ready or not. */
  takeAll(): ProbeItem[];
  /**
   * Makes ready what has waited long enough.
   * @returns milliseconds until the next one, and until when the last one waits for Microsoft; 0 when none does
   */
  wake(nowMs: number): { readonly nextMs: number; readonly throttledUntilMs: number };
}

export function createProbeQueue(): ProbeQueue {
  let ready: ProbeItem[] = [];
  let delayed: { item: ProbeItem; dueMs: number; isThrottled: boolean }[] = [];

  return {
    get readyCount() {
      return ready.length;
    },
    get count() {
      return ready.length + delayed.length;
    },
    get isEmpty() {
      return ready.length === 0 && delayed.length === 0;
    },
    add(item) {
      ready.push(item);
    },
    addLater(item, due) {
      delayed.push({ item, ...due });
    },
    take(count) {
      return ready.splice(0, count);
    },
    keep(isWanted) {
      ready = ready.filter(isWanted);
      delayed = delayed.filter(({ item }) => isWanted(item));
    },
    takeAll() {
      const all = [...ready, ...delayed.map(({ item }) => item)];
      ready = [];
      delayed = [];
      return all;
    },
    wake(nowMs) {
      let nextMs = Number.POSITIVE_INFINITY;
      let throttledUntilMs = 0;
      for (let index = delayed.length - 1; index >= 0; index--) {
        const entry = delayed[index];
        if (!entry) continue;
        if (entry.dueMs <= nowMs) {
          delayed.splice(index, 1);
          ready.unshift(entry.item);
          continue;
        }
        nextMs = Math.min(nextMs, entry.dueMs - nowMs);
        if (entry.isThrottled) throttledUntilMs = Math.max(throttledUntilMs, entry.dueMs);
      }
      return { nextMs, throttledUntilMs };
    },
  };
}
