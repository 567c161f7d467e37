/** Used where Graph names no time, or none that makes sense. */
const fallbackSeconds = 5;
/** Longer than any wait that Microsoft documents. */
const longestSeconds = 24 * 3600;

/**
 * Seconds to wait by a `Retry-After` header: a number or an HTTP date (RFC 9110). Absent, negative and unreadable values
 * become five seconds, and nothing waits longer than a day. Never throws.
 */
export function retryAfterSeconds(header: string | undefined, now: Date): number {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.min(Number(text), longestSeconds);
  // Dates have letters; `Date.parse` would also take a lone number such as "-5".
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return fallbackSeconds;
  return Math.min(Math.max((at - now.getTime()) / 1000, 0), longestSeconds);
}
