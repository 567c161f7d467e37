import type { MailboxAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import type { ProbeItem } from './probe-item.ts';

/**
 * How often an answer may come that may change by asking again; any other stands at once. Who is throttled waits as long as
 * Microsoft asks, however often: with many others it may be refused again.
 */
const mostTimes: Partial<Record<MailboxAnswer['kind'], number>> = {
  throttled: Number.POSITIVE_INFINITY,
  unavailable: 4,
  unreachable: 4,
  // A page of HTML or a missing part of a batch proves nothing, and is rare enough to ask once more.
  unexpected: 2,
};
/** A mailbox that has to wait longer in all is reported as throttled. */
export const patienceMs = 120_000;
/** "Again in 0 seconds", and a time that has passed, are no leave to ask at once over and over. */
const longestBackoffMs = 10_000;
/** Who was refused together comes back in turn; the pacer does the rest. */
const longestSpreadMs = 50;

/** How long to wait before asking again; undefined when the answer stands. */
export function retryWaitMs(item: ProbeItem, answer: MailboxAnswer): number | undefined {
  const times = item.answers[answer.kind] ?? 1;
  if (times >= (mostTimes[answer.kind] ?? 1)) return undefined;
  const ownMs = Math.min(1000 * 2 ** (times - 1), longestBackoffMs);
  const backoffMs = answer.kind === 'throttled' ? Math.max(answer.retryAfterSeconds * 1000, ownMs) : ownMs;
  const waitMs = backoffMs + spread(item) * Math.min(backoffMs * 0.1, longestSpreadMs);
  return item.waitedMs + waitMs <= patienceMs ? waitMs : undefined;
}

/** Until when Microsoft puts something off for longer than a run waits; undefined for any other answer. */
export function rescheduledUntil(answer: MailboxAnswer, now: Date): Date | undefined {
  if (answer.kind !== 'throttled' || answer.retryAfterSeconds * 1000 <= patienceMs) return undefined;
  return new Date(now.getTime() + answer.retryAfterSeconds * 1000);
}

/** A number from 0 to 1 that differs between mailboxes, so that not all of them come back at the same moment. */
function spread({ mailbox }: ProbeItem): number {
  return Number.parseInt(mailbox.userId.slice(0, 4), 16) / 0xffff;
}
