import type { UserId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import { type MailboxAnswer, reasonOfAnswer } from '../../../domain/mailbox-access/mailbox-answer.ts';
import type { Clock } from '../../clock.ts';
import { calendarDeltaPath } from '../../graph/calendar.ts';
import type { GraphClient } from '../../graph/client.ts';
import { contactFolderPath, contactsDeltaPath, readContactFolder } from '../../graph/contacts.ts';
import { type DeltaOutcome, readDelta } from '../../graph/delta.ts';
import { readMailboxRefusal } from '../../graph/error.ts';
import { inboxDeltaPath } from '../../graph/mail.ts';

export interface ChangesRequest {
  readonly mailbox: UserId;
  readonly capabilities: readonly Capability[];
  readonly token: string;
  /** App roles of the token; undefined when they could not be read. */
  readonly roles: readonly string[] | undefined;
  /** Delta links of the session before, by resource. */
  readonly deltaLinks: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

export type Changes =
  | { readonly kind: 'read'; readonly changes: number; readonly deltaLinks: ReadonlyMap<string, string> }
  | { readonly kind: 'refused'; readonly capability: Capability; readonly answer: MailboxAnswer };

/** Reads what changed in a mailbox since the last session: counts and cursors, never content. */
export async function readChanges(graph: GraphClient, clock: Clock, request: ChangesRequest): Promise<Changes> {
  const { mailbox, token, signal } = request;
  const deltaLinks = new Map<string, string>();
  let changes = 0;

  async function firstUrl(capability: Capability): Promise<string | null | MailboxAnswer> {
    switch (capability) {
      case 'mail':
        return inboxDeltaPath(mailbox);
      case 'calendar':
        return calendarDeltaPath(mailbox, clock.now());
      case 'contacts': {
        const answer = await graph.send({ url: contactFolderPath(mailbox), token, signal });
        if (!answer) return { kind: 'unreachable' };
        if (answer.status !== 200) return readMailboxRefusal(answer, clock.now());
        const folder = readContactFolder(answer.body);
        if (folder === undefined) return { kind: 'unexpected' };
        return folder === null ? null : contactsDeltaPath(mailbox, folder);
      }
      // Neither has a delta query: there is nothing to read changes from.
      case 'send':
      case 'settings':
        return null;
    }
  }

  async function readAll(capability: Capability, known: string | undefined): Promise<DeltaOutcome | null> {
    const url = known ?? (await firstUrl(capability));
    if (url === null) return null;
    if (typeof url !== 'string') return { kind: 'refused', answer: url };
    return readDelta(graph, clock, { url, token, signal });
  }

  let refused: (Changes & { kind: 'refused' }) | undefined;
  let isAnyRead = false;
  for (const capability of request.capabilities) {
    const known = request.deltaLinks.get(capability);
    let outcome = await readAll(capability, known);
    if (outcome?.kind === 'expired') outcome = await readAll(capability, undefined);
    if (outcome === null) continue;
    // A first round that is called expired at once is no answer either.
    const answer: MailboxAnswer | undefined =
      outcome.kind === 'expired' ? { kind: 'unexpected' } : outcome.kind === 'refused' ? outcome.answer : undefined;
    if (answer) {
      refused ??= { kind: 'refused', capability, answer };
      // A feature without its permission is off, not broken: the others go on.
      if (reasonOfAnswer(answer, capability, request.roles) === 'consent.permission_missing') continue;
      return { kind: 'refused', capability, answer };
    }
    if (outcome.kind !== 'read') continue;
    isAnyRead = true;
    changes += outcome.changes;
    deltaLinks.set(capability, outcome.deltaLink);
  }
  // With every feature off nothing was read, and that is no success.
  return refused && !isAnyRead ? refused : { kind: 'read', changes, deltaLinks };
}
