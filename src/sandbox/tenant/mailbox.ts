import type { Clock } from '../clock.ts';
import { makeContacts, makeEvents, makeFolders, makeMessages, messageCounts } from './mailbox-contents.ts';
import type { Person } from './person.ts';
import { digestOf } from './random.ts';

/** Where an item is in the history of its mailbox; delta queries follow it. */
interface Tracked {
  /** Part of the item's id; unique in the mailbox. */
  readonly key: string;
  createdAtVersion: number;
  changedAtVersion: number;
  removed: boolean;
}

export interface MailFolder {
  readonly key: string;
  readonly displayName: string;
  /** As in the path, such as `inbox`; absent for folders of the user's own. */
  readonly wellKnownName?: string;
  /** Absent for folders at the top. */
  readonly parentKey?: string;
}

/** A contact folder beside the default one. */
export interface ContactFolder {
  readonly key: string;
  readonly displayName: string;
  /** Absent for folders inside the default one. */
  readonly parentKey?: string;
}

export interface Message extends Tracked {
  folderKey: string;
  subject: string;
  bodyText: string;
  from: { name: string; address: string };
  receivedAt: Date;
  isRead: boolean;
  importance: 'low' | 'normal' | 'high';
}

export interface CalendarEvent extends Tracked {
  subject: string;
  startsAt: Date;
  endsAt: Date;
  location: string;
}

export interface Contact extends Tracked {
  displayName: string;
  givenName: string;
  surname: string;
  address: string;
  /** Absent for the default folder. */
  folderKey?: string;
}

/** What a new item may say; the rest is filled in. */
export type NewMessage = Partial<Pick<Message, 'subject' | 'bodyText' | 'isRead' | 'receivedAt'>> & { folder?: string };

/** The contents of one mailbox and their history. Items are made when they are first read: most mailboxes are counted. */
export class Mailbox {
  readonly folders: MailFolder[];
  readonly contactFolders: ContactFolder[] = [];
  readonly owner: Person;
  /** Delta tokens of an older generation are refused: Exchange forgot what they stood for. */
  generation = 1;
  #version = 1;
  #messages: Message[] | undefined;
  #events: CalendarEvent[] | undefined;
  #contacts: Contact[] | undefined;
  #counted: { readonly version: number; readonly counts: ReadonlyMap<string, number> };
  readonly #around: Date;
  readonly #clock: Clock;

  /** @param around instant around which the mailbox's mail and appointments lie */
  constructor(owner: Person, around: Date, clock: Clock) {
    this.owner = owner;
    this.#around = around;
    this.#clock = clock;
    this.folders = makeFolders(owner);
    this.#counted = { version: this.#version, counts: messageCounts(owner) };
  }

  get messages(): Message[] {
    this.#messages ??= makeMessages(this.owner, this.#around);
    return this.#messages;
  }

  get events(): CalendarEvent[] {
    this.#events ??= makeEvents(this.owner, this.#around);
    return this.#events;
  }

  get contacts(): Contact[] {
    this.#contacts ??= makeContacts(this.owner);
    return this.#contacts;
  }

  get version(): number {
    return this.#version;
  }

  /** A well-known name or a folder's key to folder. */
  folder(nameOrKey: string): MailFolder | undefined {
    const name = nameOrKey.toLowerCase();
    return this.folders.find((folder) => folder.wellKnownName === name || folder.key === nameOrKey);
  }

  messagesIn(folder: MailFolder): Message[] {
    return this.messages.filter((message) => !message.removed && message.folderKey === folder.key);
  }

  /** How many messages are in a folder; counted once for all folders after each change. */
  countIn(folder: MailFolder): number {
    if (this.#counted.version !== this.#version) {
      this.#counted = { version: this.#version, counts: countByFolder(this.messages) };
    }
    return this.#counted.counts.get(folder.key) ?? 0;
  }

  /** Puts new mail into a folder (the inbox unless named otherwise); delta queries report it as created. */
  deliver(message: NewMessage = {}): Message {
    const folder = this.folder(message.folder ?? 'inbox');
    if (!folder) throw new Error(`There is no folder ${message.folder} in the mailbox of ${this.owner.displayName}.`);
    const version = ++this.#version;
    const delivered: Message = {
      key: digestOf(`${this.owner.id}/delivered/${version}`, 16),
      createdAtVersion: version,
      changedAtVersion: version,
      removed: false,
      folderKey: folder.key,
      subject: message.subject ?? `New message ${version}`,
      bodyText: message.bodyText ?? 'A message delivered by a test.',
      from: { name: 'Ada Lovelace', address: 'ada@contoso.example' },
      receivedAt: message.receivedAt ?? this.#clock.now(),
      isRead: message.isRead ?? false,
      importance: 'normal',
    };
    this.messages.push(delivered);
    return delivered;
  }

  addEvent(event: { subject: string; startsAt: Date; endsAt: Date }): CalendarEvent {
    const version = ++this.#version;
    const added: CalendarEvent = {
      ...event,
      key: digestOf(`${this.owner.id}/event/${version}`, 16),
      createdAtVersion: version,
      changedAtVersion: version,
      removed: false,
      location: '',
    };
    this.events.push(added);
    return added;
  }

  addContactFolder(displayName: string, parent?: ContactFolder): ContactFolder {
    const folder = {
      key: digestOf(`${this.owner.id}/contactFolder/${++this.#version}`, 16),
      displayName,
      ...(parent ? { parentKey: parent.key } : {}),
    };
    this.contactFolders.push(folder);
    return folder;
  }

  /** Deletes a contact folder with its contacts and the folders inside it. */
  removeContactFolder({ key }: ContactFolder): void {
    for (const inside of this.contactFolders.filter((folder) => folder.parentKey === key)) {
      this.removeContactFolder(inside);
    }
    for (const contact of this.contacts) if (contact.folderKey === key) this.remove(contact);
    this.contactFolders.splice(
      this.contactFolders.findIndex((folder) => folder.key === key),
      1,
    );
  }

  addContact(contact: { displayName: string; address: string; folderKey?: string }): Contact {
    const version = ++this.#version;
    const [givenName = '', surname = ''] = contact.displayName.split(' ');
    const added: Contact = {
      ...contact,
      givenName,
      surname,
      key: digestOf(`${this.owner.id}/contact/${version}`, 16),
      createdAtVersion: version,
      changedAtVersion: version,
      removed: false,
    };
    this.contacts.push(added);
    return added;
  }

  /** Marks an item as changed; delta queries report it as updated. */
  touch(item: Tracked): void {
    item.changedAtVersion = ++this.#version;
  }

  /** Removes an item; delta queries report it as `@removed`. */
  remove(item: Tracked): void {
    item.removed = true;
    this.touch(item);
  }

  /** Makes every delta token of this mailbox invalid. */
  forgetSyncStates(): void {
    this.generation += 1;
  }
}

function countByFolder(messages: readonly Message[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { removed, folderKey } of messages) if (!removed) counts.set(folderKey, (counts.get(folderKey) ?? 0) + 1);
  return counts;
}
