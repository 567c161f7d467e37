import { z } from 'zod';
import type { MailboxAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import type { Clock } from '../clock.ts';
import type { GraphClient } from './client.ts';
import { type GraphAnswer, readGraphError, readMailboxRefusal } from './error.ts';

export type DeltaOutcome =
  /** Every page was read. The link is stored whole and used as it is. */
  | { readonly kind: 'read'; readonly changes: number; readonly deltaLink: string }
  /** Graph forgot what the link stood for: start over. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'refused'; readonly answer: MailboxAnswer };

interface DeltaRequest {
  /** A path for the first round, a stored link afterwards. */
  readonly url: string;
  readonly token: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const page = z.looseObject({
  value: z.array(z.looseObject({ id: z.string().min(1) })),
  '@odata.nextLink': z.string().max(16_000).optional(),
  '@odata.deltaLink': z.string().max(16_000).optional(),
});

const mostPages = 5_000;
const mostTries = 4;
const longestWaitSeconds = 60;

/**
 * Reads the changes of one folder: counts them, keeps nothing of their content.
 * @see Microsoft Learn, Use delta query to track changes in Microsoft Graph data
 */
export async function readDelta(
  graph: GraphClient,
  clock: Clock,
  { url, token, headers, signal }: DeltaRequest,
): Promise<DeltaOutcome> {
  const visited = new Set<string>();
  let link = url;
  let changes = 0;
  while (visited.size < mostPages && !visited.has(link)) {
    visited.add(link);
    const answer = await sendPatiently(link);
    if (answer === undefined) return { kind: 'refused', answer: { kind: 'unreachable' } };
    if (isExpired(answer)) return { kind: 'expired' };
    if (answer.status !== 200) return { kind: 'refused', answer: readMailboxRefusal(answer, clock.now()) };
    const parsed = page.safeParse(answer.body);
    if (!parsed.success) return { kind: 'refused', answer: { kind: 'unexpected' } };
    changes += parsed.data.value.length;
    const { '@odata.nextLink': next, '@odata.deltaLink': deltaLink } = parsed.data;
    const follow = next ?? deltaLink;
    // A link to another host would take the token with it.
    if (!follow || !graph.isOwnLink(follow)) return { kind: 'refused', answer: { kind: 'unexpected' } };
    if (!next) return { kind: 'read', changes, deltaLink: follow };
    link = next;
  }
  return { kind: 'refused', answer: { kind: 'unexpected' } };

  /** Waits as Graph asks, a few times, before a refusal counts. */
  async function sendPatiently(address: string): Promise<GraphAnswer | undefined> {
    for (let attempt = 1; ; attempt++) {
      const answer = await graph.send({ url: address, token, signal, ...(headers ? { headers } : {}) });
      const refusal = answer && answer.status !== 200 ? readMailboxRefusal(answer, clock.now()) : undefined;
      const waitSeconds =
        answer === undefined || refusal?.kind === 'unavailable'
          ? 2 ** (attempt - 1)
          : refusal?.kind === 'throttled'
            ? refusal.retryAfterSeconds
            : undefined;
      if (waitSeconds === undefined || attempt >= mostTries || waitSeconds > longestWaitSeconds) return answer;
      await clock.wait(waitSeconds * 1000, signal);
    }
  }
}

function isExpired(answer: GraphAnswer): boolean {
  if (answer.status === 410) return true;
  const { codes } = readGraphError(answer);
  return codes.some((code) => code === 'syncstatenotfound' || code === 'resyncrequired');
}
