import type { UserId } from '../../../domain/ids.ts';
import type { MailboxAnswer } from '../../../domain/mailbox-access/mailbox-answer.ts';
import type { Clock } from '../../clock.ts';
import { askPatiently } from '../../graph/ask-patiently.ts';
import type { GraphClient } from '../../graph/client.ts';
import { contactFolderPath, contactFoldersPath, readContactFolder, readContactFolders } from '../../graph/contacts.ts';
import { isItemGone, readMailboxRefusal } from '../../graph/error.ts';

type Refused = { readonly refused: MailboxAnswer };
interface Asking {
  readonly graph: GraphClient;
  readonly clock: Clock;
  readonly mailbox: UserId;
  readonly token: string;
  readonly signal: AbortSignal;
}

const mostRequests = 500;
const unexpected: Refused = { refused: { kind: 'unexpected' } };

/** The id of the default contact folder; null while it is empty, because only a contact tells it. */
export async function findDefaultFolder({
  graph,
  clock,
  mailbox,
  token,
  signal,
}: Asking): Promise<{ readonly id: string | null } | Refused> {
  const answer = await askPatiently(graph, clock, { url: contactFolderPath(mailbox), token, signal });
  if (!answer) return { refused: { kind: 'unreachable' } };
  if (answer.status !== 200) return { refused: readMailboxRefusal(answer, clock.now()) };
  const id = readContactFolder(answer.body);
  return id === undefined ? unexpected : { id };
}

/** Ids of all contact folders beside the default one, folders inside folders too. */
export async function listContactFolders({
  graph,
  clock,
  mailbox,
  token,
  signal,
}: Asking): Promise<{ readonly ids: ReadonlySet<string> } | Refused> {
  const ids = new Set<string>();
  const urls = [contactFoldersPath(mailbox)];
  for (let asked = 0; urls.length > 0; asked++) {
    if (asked >= mostRequests) return unexpected;
    const url = urls.shift() as string;
    const answer = await askPatiently(graph, clock, { url, token, signal });
    if (!answer) return { refused: { kind: 'unreachable' } };
    // It went while the list was read.
    if (isItemGone(answer) && asked > 0) continue;
    if (answer.status !== 200) return { refused: readMailboxRefusal(answer, clock.now()) };
    const page = readContactFolders(answer.body);
    if (!page || (page.nextLink && !graph.isOwnLink(page.nextLink))) return unexpected;
    if (page.nextLink) urls.push(page.nextLink);
    for (const id of page.ids) {
      if (ids.has(id)) continue;
      ids.add(id);
      urls.push(contactFoldersPath(mailbox, id));
    }
  }
  return { ids };
}
