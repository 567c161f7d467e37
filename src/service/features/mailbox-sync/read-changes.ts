import type { UserId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import { type MailboxAnswer, reasonOfAnswer } from '../../../domain/mailbox-access/mailbox-answer.ts';
import { calendarWindowAt, isWindowCurrent } from '../../../domain/mailbox-sync/calendar-window.ts';
import type { SyncResource } from '../../../domain/mailbox-sync/sync-reason.ts';
import type { Clock } from '../../clock.ts';
import { calendarDeltaPath } from '../../graph/calendar.ts';
import type { GraphClient } from '../../graph/client.ts';
import { contactsDeltaPath } from '../../graph/contacts.ts';
import { readDelta } from '../../graph/delta.ts';
import { messagesDeltaPath } from '../../graph/mail.ts';
import { findDefaultFolder, listContactFolders } from './contact-folders.ts';
import type { Cursor, SyncProblem } from './session-outcome.ts';

export interface ChangesRequest {
  readonly mailbox: UserId;
  readonly capabilities: readonly Capability[];
  readonly token: string;
  /** App roles of the token; undefined when they could not be read. */
  readonly roles: readonly string[] | undefined;
  readonly cursors: ReadonlyMap<string, Cursor>;
  readonly signal: AbortSignal;
}

/** What was read, also where something then kept the rest from being read: nobody reads it twice. */
interface ReadSoFar {
  readonly changes: number;
  readonly cursors: ReadonlyMap<string, Cursor>;
}

export type Changes =
  | (ReadSoFar & {
      readonly kind: 'read';
      readonly forgotten: readonly string[];
      readonly restarted: readonly SyncResource[];
      readonly problems: readonly SyncProblem[];
    })
  /** Of all that was to be read, nothing is in the mailbox. */
  | { readonly kind: 'nothing_there'; readonly problem: SyncProblem }
  | (ReadSoFar & {
      readonly kind: 'refused';
      readonly capability: Capability;
      readonly resource: SyncResource;
      readonly answer: MailboxAnswer;
    });

interface Refusal {
  readonly resource: SyncResource;
  readonly answer: MailboxAnswer;
}

/** What is asked for with ids only may come in long pages; events come whole. */
const idsOnPage = 500;
const eventsOnPage = 50;

/** Reads what changed in a mailbox since the last session: counts and cursors, never content. */
export async function readChanges(graph: GraphClient, clock: Clock, request: ChangesRequest): Promise<Changes> {
  const { mailbox, token, signal } = request;
  const cursors = new Map<string, Cursor>();
  const forgotten: string[] = [];
  const restarted: SyncResource[] = [];
  const problems: SyncProblem[] = [];
  let changes = 0;
  let isAnyRead = false;

  /** @returns why it could not be read; `gone` when the folder is not there */
  async function readResource(
    key: string,
    resource: SyncResource,
    first: { readonly url: string; readonly window?: Cursor['window'] },
  ): Promise<Refusal | 'gone' | undefined> {
    const pageSize = resource === 'calendar' ? eventsOnPage : idsOnPage;
    const read = (url: string) => readDelta(graph, clock, { mailbox, url, token, pageSize, signal });
    const known = request.cursors.get(key);
    const isKnown = known && (!known.window || isWindowCurrent(known.window, clock.now()));
    let outcome = await read(isKnown ? known.deltaLink : first.url);
    let window = (isKnown ? known.window : first.window) ?? null;
    // A folder that is gone may have one of its name in its place.
    if (isKnown && (outcome.kind === 'expired' || outcome.kind === 'gone')) {
      outcome = await read(first.url);
      window = first.window ?? null;
      if (outcome.kind !== 'gone') restarted.push(resource);
    }
    // A first round that is called expired at once is no answer either.
    if (outcome.kind === 'expired') return { resource, answer: { kind: 'unexpected' } };
    if (outcome.kind === 'gone') return 'gone';
    if (outcome.kind === 'refused') return { resource, answer: outcome.answer };
    isAnyRead = true;
    changes += outcome.changes;
    cursors.set(key, { deltaLink: outcome.deltaLink, window });
    return undefined;
  }

  function forget(key: string, capability: Capability, resource: SyncResource): void {
    forgotten.push(key);
    problems.push({ reason: 'sync.folder_gone', capability, resource });
  }

  async function readMail(): Promise<Refusal | undefined> {
    for (const [resource, folder] of [
      ['inbox', 'inbox'],
      ['sent_items', 'sentitems'],
    ] as const) {
      const refusal = await readResource(resource, resource, { url: messagesDeltaPath(mailbox, folder) });
      if (refusal === 'gone') forget(resource, 'mail', resource);
      else if (refusal) return refusal;
    }
    return undefined;
  }

  async function readCalendar(): Promise<Refusal | undefined> {
    const window = calendarWindowAt(clock.now());
    const refusal = await readResource('calendar', 'calendar', { url: calendarDeltaPath(mailbox, window), window });
    if (refusal === 'gone') forget('calendar', 'calendar', 'calendar');
    return refusal === 'gone' ? undefined : refusal;
  }

  async function readContacts(): Promise<Refusal | undefined> {
    const asking = { graph, clock, mailbox, token, signal };
    const known = [...request.cursors.keys()].find((key) => key.startsWith(defaultPrefix));
    const found = known ? { id: known.slice(defaultPrefix.length) } : await findDefaultFolder(asking);
    if ('refused' in found) return { resource: 'contacts', answer: found.refused };
    if (found.id !== null) {
      const key = defaultPrefix + found.id;
      const refusal = await readResource(key, 'contacts', { url: contactsDeltaPath(mailbox, found.id) });
      if (refusal === 'gone') forget(key, 'contacts', 'contacts');
      else if (refusal) return refusal;
    }

    const listed = await listContactFolders(asking);
    if ('refused' in listed) return { resource: 'contact_folders', answer: listed.refused };
    isAnyRead = true;
    for (const id of listed.ids) {
      const key = folderPrefix + id;
      const refusal = await readResource(key, 'contact_folder', { url: contactsDeltaPath(mailbox, id) });
      // One that was listed a moment ago, and is not there, was never read.
      if (refusal === 'gone' && request.cursors.has(key)) forget(key, 'contacts', 'contact_folder');
      else if (refusal && refusal !== 'gone') return refusal;
    }
    for (const key of request.cursors.keys()) {
      if (key.startsWith(folderPrefix) && !listed.ids.has(key.slice(folderPrefix.length))) {
        forget(key, 'contacts', 'contact_folder');
      }
    }
    return undefined;
  }

  async function readCapability(capability: Capability): Promise<Refusal | undefined> {
    switch (capability) {
      case 'mail':
        return readMail();
      case 'calendar':
        return readCalendar();
      case 'contacts':
        return readContacts();
      // Neither has a delta query: there is nothing to read changes from.
      case 'send':
      case 'settings':
        return undefined;
    }
  }

  let off: Changes | undefined;
  for (const capability of request.capabilities) {
    const refusal = await readCapability(capability);
    if (!refusal) continue;
    const refused = { kind: 'refused', capability, changes, cursors, ...refusal } as const;
    // A feature without its permission is off, not broken: the others go on.
    if (reasonOfAnswer(refusal.answer, capability, request.roles) !== 'consent.permission_missing') return refused;
    off ??= refused;
  }
  // With every feature off, or no folder there, nothing was read, and that is no success.
  const [problem] = problems;
  if (!isAnyRead && problem) return { kind: 'nothing_there', problem };
  if (!isAnyRead && off) return off;
  return { kind: 'read', changes, cursors, forgotten, restarted, problems };
}

const defaultPrefix = 'contacts:';
const folderPrefix = 'contact_folder:';
