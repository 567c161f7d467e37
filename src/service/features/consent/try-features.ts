import type { ProbeSummary } from '../../../domain/consent/consent-state.ts';
import type { UserId } from '../../../domain/ids.ts';
import type { Capability, ProbedCapability } from '../../../domain/mailbox-access/capability.ts';
import type { MailboxAnswer } from '../../../domain/mailbox-access/mailbox-answer.ts';
import type { Clock } from '../../clock.ts';
import { batchOf, largestBatch, readBatch } from '../../graph/batch.ts';
import type { GraphClient } from '../../graph/client.ts';
import { readBatchRefusal } from '../../graph/error.ts';
import { probeOf } from '../../graph/probes.ts';
import { readProbeAnswer } from '../../mailbox-probes/probe-answer.ts';

/** Mailboxes on which a feature is tried: enough to find a role in Exchange, few enough to be one batch. */
export const mostSamples = 5;

/**
 * Tries features on a few mailboxes, in one batch. A mailbox that nobody could open counts for nothing, and an answer
 * that proves nothing is `unclear`.
 */
export async function tryFeatures(
  { graph, clock }: { readonly graph: GraphClient; readonly clock: Clock },
  request: {
    readonly capabilities: readonly ProbedCapability[];
    readonly mailboxes: readonly UserId[];
    readonly token: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Partial<Record<Capability, ProbeSummary>>> {
  const { capabilities, token, signal } = request;
  const mailboxes = request.mailboxes.slice(0, Math.min(mostSamples, Math.floor(largestBatch / capabilities.length)));
  const tries = capabilities.flatMap((capability) => mailboxes.map((mailbox) => ({ capability, mailbox })));
  if (tries.length === 0) return {};
  const body = batchOf(tries.map(({ capability, mailbox }) => probeOf[capability].path(mailbox)));
  const call = await graph.send({ url: '/$batch', token, body, ...(signal ? { signal } : {}) });
  const refused = call && call.status !== 200 ? readBatchRefusal(call, clock.now()) : undefined;
  const answers = call && !refused ? readBatch(call, tries.length) : undefined;

  const summaries: Partial<Record<Capability, ProbeSummary>> = {};
  for (const [index, { capability, mailbox }] of tries.entries()) {
    const answer =
      refused ?? readProbeAnswer({ capability, mailbox: { userId: mailbox } }, answers?.[index], clock.now());
    const found = summaryOf(answer);
    const order: readonly (ProbeSummary | undefined)[] = [undefined, 'unclear', 'refused', 'opened'];
    if (order.indexOf(found) > order.indexOf(summaries[capability]) && found) summaries[capability] = found;
  }
  return summaries;
}

function summaryOf({ kind }: MailboxAnswer): ProbeSummary | undefined {
  switch (kind) {
    case 'opened':
      return 'opened';
    case 'access_denied':
    case 'token_refused':
      return 'refused';
    case 'not_in_directory':
    case 'no_mailbox':
    case 'not_in_exchange_online':
    case 'type_not_supported':
      return undefined;
    case 'throttled':
    case 'mailbox_moving':
    case 'unavailable':
    case 'unreachable':
    case 'unexpected':
      return 'unclear';
  }
}
