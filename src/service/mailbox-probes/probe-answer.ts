import type { UserId } from '../../domain/ids.ts';
import type { ProbedCapability } from '../../domain/mailbox-access/capability.ts';
import { type MailboxAnswer, reasonOfAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import type { StoredCapabilityResult } from '../db/schema/mailbox-connectivity.ts';
import { type GraphAnswer, readGraphError, readMailboxRefusal } from '../graph/error.ts';
import { isAboutAnother } from '../graph/probe.ts';
import { probeOf } from '../graph/probes.ts';
import type { ProbeItem } from './probe-item.ts';

/** A 2xx counts only with the expected body, about the mailbox that was asked for. */
export function readProbeAnswer(
  { capability, mailbox }: { readonly capability: ProbedCapability; readonly mailbox: { readonly userId: UserId } },
  raw: GraphAnswer | undefined,
  now: Date,
): MailboxAnswer {
  if (!raw) return { kind: 'unexpected' };
  if (raw.status !== 200) return readMailboxRefusal(raw, now);
  const isOpened = probeOf[capability].isExpected(raw.body) && !isAboutAnother(raw.body, mailbox.userId);
  return { kind: isOpened ? 'opened' : 'unexpected' };
}

/** What is stored of an answer that stands: its reason, and of a refusal what support may ask for. */
export function resultOfAnswer(
  { capability }: ProbeItem,
  answer: MailboxAnswer,
  raw: GraphAnswer | undefined,
  roles: readonly string[] | undefined,
): Omit<StoredCapabilityResult, 'capability'> {
  const error = raw && answer.kind !== 'opened' ? readGraphError(raw) : undefined;
  return {
    reason: reasonOfAnswer(answer, capability, roles),
    httpStatus: raw?.status ?? null,
    errorCode: error?.code ?? null,
    requestId: error?.requestId ?? null,
  };
}
