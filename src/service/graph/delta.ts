import { z } from 'zod';
import type { UserId } from '../../domain/ids.ts';
import type { MailboxAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import type { Clock } from '../clock.ts';
import { askPatiently } from './ask-patiently.ts';
import type { GraphClient } from './client.ts';
import { type GraphAnswer, isItemGone, readGraphError, readMailboxRefusal } from './error.ts';
import { isAboutAnother } from './probe.ts';

export type DeltaOutcome =
  /** Every page was read. The link is stored whole and used as it is. */
  | { readonly kind: 'read'; readonly changes: number; readonly deltaLink: string }
  /** Graph forgot what the link stood for: start over. */
  | { readonly kind: 'expired' }
  /** The folder is not in the mailbox. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly answer: MailboxAnswer };

interface DeltaRequest {
  readonly mailbox: UserId;
  /** A path for the first round, a stored link afterwards. */
  readonly url: string;
  readonly token: string;
  /** Items on a page; a wish, repeated with each page because the links do not carry it. */
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

const page = z.looseObject({
  value: z.array(z.looseObject({ id: z.string().min(1) })),
  '@odata.nextLink': z.string().max(16_000).optional(),
  '@odata.deltaLink': z.string().max(16_000).optional(),
});

const mostPages = 5_000;

/**
 * Reads the changes of one folder: counts the items, each once however often it is reported, and keeps nothing of them.
 * @see Microsoft Learn, Use delta query to track changes in Microsoft Graph data
 */
export async function readDelta(
  graph: GraphClient,
  clock: Clock,
  { mailbox, url, token, pageSize, signal }: DeltaRequest,
): Promise<DeltaOutcome> {
  const headers = { prefer: `odata.maxpagesize=${pageSize}` };
  // A stored link of another Microsoft Graph, from before the endpoint was another one.
  const isStored = !url.startsWith('/');
  if (isStored && !graph.isOwnLink(url)) return { kind: 'expired' };
  const visited = new Set<string>();
  const changed = new Set<string>();
  let link = url;
  while (visited.size < mostPages && !visited.has(link)) {
    visited.add(link);
    const answer = await askPatiently(graph, clock, { url: link, token, headers, signal });
    if (answer === undefined) return { kind: 'refused', answer: { kind: 'unreachable' } };
    if (isExpired(answer) || (link === url && isStored && leadsNowhere(answer, clock))) return { kind: 'expired' };
    if (isItemGone(answer)) return { kind: 'gone' };
    if (answer.status !== 200) return { kind: 'refused', answer: readMailboxRefusal(answer, clock.now()) };
    const parsed = page.safeParse(answer.body);
    if (!parsed.success || isAboutAnother(answer.body, mailbox)) return unexpected;
    for (const { id } of parsed.data.value) changed.add(id);
    const { '@odata.nextLink': next, '@odata.deltaLink': deltaLink } = parsed.data;
    const follow = next ?? deltaLink;
    // A link to another host would take the token with it.
    if (!follow || !graph.isOwnLink(follow)) return unexpected;
    if (!next) return { kind: 'read', changes: changed.size, deltaLink: follow };
    link = next;
  }
  return unexpected;
}

const unexpected = { kind: 'refused', answer: { kind: 'unexpected' } } as const;

function isExpired(answer: GraphAnswer): boolean {
  if (answer.status === 410) return true;
  const { codes } = readGraphError(answer);
  return codes.some((code) => code === 'syncstatenotfound' || code === 'resyncrequired');
}

/** A stored link that Graph takes for wrong, whatever it calls that: a first round needs none. */
function leadsNowhere(answer: GraphAnswer, clock: Clock): boolean {
  if (answer.status === 400) return true;
  return answer.status === 404 && !isItemGone(answer) && readMailboxRefusal(answer, clock.now()).kind === 'unexpected';
}
