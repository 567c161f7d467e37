import type { Clock } from '../clock.ts';

export interface RateLimit {
  /** Seconds to wait, or undefined when the caller may go on. */
  refusedFor(key: string): number | undefined;
}

interface Options {
  readonly perSecond: number;
  readonly burst: number;
}

const mostKeys = 20_000;

/** A token bucket per key. Memory is bounded: when too many keys come, full buckets are forgotten first. */
export function createRateLimit({ perSecond, burst }: Options, clock: Clock): RateLimit {
  const buckets = new Map<string, { tokens: number; atMs: number }>();

  function forgetFull(now: number): void {
    for (const [key, { tokens, atMs }] of buckets) {
      if (tokens + ((now - atMs) / 1000) * perSecond >= burst) buckets.delete(key);
    }
    // An attacker with many addresses must not keep others from being counted.
    if (buckets.size > mostKeys) buckets.clear();
  }

  return {
    refusedFor(key) {
      const now = clock.monotonicMs();
      if (buckets.size > mostKeys) forgetFull(now);
      const bucket = buckets.get(key) ?? { tokens: burst, atMs: now };
      const tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) / 1000) * perSecond);
      const isAllowed = tokens >= 1;
      buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, atMs: now });
      return isAllowed ? undefined : Math.max(1, Math.ceil((1 - tokens) / perSecond));
    },
  };
}
