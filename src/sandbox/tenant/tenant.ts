import type { Clock } from '../clock.ts';
import { Exchange } from '../exchange/exchange.ts';
import { Grants } from './grants.ts';
import type { Group } from './group.ts';
import { includesMailbox, type Licence } from './licences.ts';
import { Mailbox } from './mailbox.ts';
import type { MailboxState, Person } from './person.ts';
import type { ApplicationRegistration } from './registration.ts';

interface TenantOptions {
  readonly id: string;
  readonly displayName: string;
  readonly domain: string;
  readonly clock: Clock;
  /** The product's own application first. */
  readonly registrations: readonly ApplicationRegistration[];
  readonly propagationSeconds: () => number;
}

/** One Microsoft 365 tenant: its people, groups, mailboxes, grants and Exchange. Tests read and change it directly. */
export class Tenant {
  readonly id: string;
  readonly displayName: string;
  readonly domain: string;
  /** The product's own application, which this tenant may use. */
  readonly registration: ApplicationRegistration;
  /** With its further ones. */
  readonly registrations: readonly ApplicationRegistration[];
  readonly createdAt: Date;
  readonly grants: Grants;
  readonly exchange: Exchange;
  readonly groups = new Map<string, Group>();
  readonly #people = new Map<string, Person>();
  readonly #byUserPrincipalName = new Map<string, Person>();
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #clock: Clock;
  #version = 0;

  constructor(options: TenantOptions) {
    this.id = options.id;
    this.displayName = options.displayName;
    this.domain = options.domain;
    const [registration] = options.registrations;
    if (!registration) throw new Error('A tenant knows at least the product’s own application.');
    this.registration = registration;
    this.registrations = options.registrations;
    this.#clock = options.clock;
    this.createdAt = options.clock.now();
    this.grants = new Grants({ ...options, registration, tenantId: options.id });
    this.exchange = new Exchange(this, options.clock);
  }

  /** Everybody in the directory, without the deleted items, in the order they were created. */
  get people(): Person[] {
    return this.everybody.filter((person) => !person.deletedAt);
  }

  /** Everybody, with the deleted items. */
  get everybody(): Person[] {
    return [...this.#people.values()];
  }

  /** Counter of changes to people; delta queries resume from it. */
  get version(): number {
    return this.#version;
  }

  add(person: Omit<Person, 'changedAtVersion'>): Person {
    const added: Person = { ...person, changedAtVersion: ++this.#version };
    this.#people.set(added.id, added);
    this.#byUserPrincipalName.set(added.userPrincipalName.toLowerCase(), added);
    return added;
  }

  addGroup(group: Group): Group {
    this.groups.set(group.id, group);
    return group;
  }

  /** Object id or user principal name to person, also one among the deleted items. */
  find(idOrUserPrincipalName: string): Person | undefined {
    const person = this.#people.get(idOrUserPrincipalName);
    if (person) return person;
    const key = idOrUserPrincipalName.toLowerCase();
    return this.#people.get(key) ?? this.#byUserPrincipalName.get(key);
  }

  /** @throws when there is no such person */
  person(idOrUserPrincipalName: string): Person {
    const person = this.find(idOrUserPrincipalName);
    if (!person) throw new Error(`There is nobody called ${idOrUserPrincipalName} in ${this.displayName}.`);
    return person;
  }

  /** Changes properties of a person; delta queries report it. */
  change(id: string, changes: Partial<Omit<Person, 'id' | 'createdAt' | 'changedAtVersion'>>): Person {
    const person = this.person(id);
    if (changes.userPrincipalName) {
      this.#byUserPrincipalName.delete(person.userPrincipalName.toLowerCase());
      this.#byUserPrincipalName.set(changes.userPrincipalName.toLowerCase(), person);
    }
    Object.assign(person, changes, { changedAtVersion: ++this.#version });
    return person;
  }

  /** Moves a person to the directory's deleted items; Exchange keeps the mailbox as inactive. */
  softDelete(id: string): void {
    const mailbox = { ...this.person(id).mailbox, state: 'inactive' as const };
    this.change(id, { deletedAt: this.#clock.now(), mailbox });
  }

  restore(id: string): void {
    const mailbox = { ...this.person(id).mailbox, state: 'available' as const };
    this.change(id, { deletedAt: null, purged: false, mailbox });
  }

  /** Deletes a person for good. */
  purge(id: string): void {
    this.softDelete(id);
    this.change(id, { purged: true });
  }

  /** Sets somebody's licences; Exchange makes a mailbox available or lets it go inactive accordingly. */
  setLicences(id: string, licences: readonly Licence[]): void {
    const { mailbox } = this.person(id);
    const licensed = licences.some(includesMailbox);
    const state = licensed ? 'available' : mailbox.state === 'available' ? 'inactive' : mailbox.state;
    this.change(id, { licences: [...licences], mailbox: { ...mailbox, state } });
  }

  setMailboxState(id: string, state: MailboxState): void {
    this.change(id, { mailbox: { ...this.person(id).mailbox, state } });
  }

  /** What is in somebody's mailbox; made when first asked for, the same for the same user id. */
  mailbox(id: string): Mailbox {
    const opened = this.#mailboxes.get(id);
    if (opened) return opened;
    const person = this.person(id);
    const held = this.#mailboxes.get(person.id);
    if (held) return held;
    const mailbox = new Mailbox(person, this.createdAt, this.#clock);
    this.#mailboxes.set(person.id, mailbox);
    return mailbox;
  }

  /** Ids of everything inside a group, nested groups resolved; a group inside itself does no harm. */
  transitiveMemberIds(groupId: string): string[] {
    const seen = new Set<string>();
    const visit = (id: string) => {
      for (const memberId of this.groups.get(id)?.memberIds ?? []) {
        if (seen.has(memberId)) continue;
        seen.add(memberId);
        visit(memberId);
      }
    };
    visit(groupId);
    seen.delete(groupId);
    return [...seen];
  }
}
