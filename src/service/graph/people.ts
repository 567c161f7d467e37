import type { AssignedLicense, LicenseDetails, User } from '@microsoft/microsoft-graph-types';
import { z } from 'zod';
import type { UserId } from '../../domain/ids.ts';
import { type MailboxAnswer, reasonOfAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import type { ReasonCode } from '../../domain/mailbox-access/reason.ts';
import type { Clock } from '../clock.ts';
import type { TokenOutcome } from '../entra/token-outcome.ts';
import { reasonOfTokenProblem } from '../entra/token-reason.ts';
import { askPatiently } from './ask-patiently.ts';
import type { GraphClient } from './client.ts';
import { readMailboxRefusal } from './error.ts';
import { nameOf } from './users.ts';

/** Somebody of the directory, with what tells whether a mailbox can be expected. */
export interface PersonFacts {
  readonly id: UserId;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly mail: string | null;
  readonly userType: 'Member' | 'Guest' | null;
  readonly accountEnabled: boolean;
  readonly isSynchronized: boolean;
  readonly hasMailboxPlan: boolean;
}

/** Why the directory did not answer. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: ReasonCode;
}

export type Asked<T> = { readonly kind: 'read'; readonly value: T } | Refused;

export interface PersonKey {
  readonly keyKind: 'id' | 'userPrincipalName' | 'mail';
  readonly key: string;
}

/** People of the tenant's directory, asked by the application. Needs `User.Read.All`. */
export interface People {
  /** @returns by position: the person, or undefined for a key that nobody has */
  find(keys: readonly PersonKey[]): Promise<Asked<(PersonFacts | undefined)[]>>;
  /** Keys of those who were deleted and can be restored. */
  deleted(): Promise<Asked<ReadonlySet<string>>>;
  /** One page of everybody with a licence; `next` is Graph's link, as it is. */
  licensed(next: string | null): Promise<Asked<{ people: PersonFacts[]; next: string | null }>>;
}

/** Values of one `in`. @see Microsoft Learn, Use the $filter query parameter, note on the operator */
const mostKeysAtOnce = 15;
const mostDeletedPages = 200;
const mostPagesOfSome = 20;
/** Of one product, until one of them tells its plans. */
const mostHoldersAsked = 10;
const select = 'id,displayName,userPrincipalName,mail,userType,accountEnabled,onPremisesSyncEnabled,assignedLicenses';

export function peoplePath(keyKind: PersonKey['keyKind'], keys: readonly string[]): string {
  const list = keys.map((key) => `'${key.replaceAll("'", "''")}'`).join(',');
  return `/users?$filter=${encodeURIComponent(`${keyKind} in (${list})`)}&$select=${select}&$top=999`;
}

export const licensedPeoplePath = `/users?$filter=${encodeURIComponent('assignedLicenses/$count ne 0')}&$select=${select}&$count=true&$top=500`;
export const deletedPeoplePath =
  '/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,mail&$top=999';
export const licenceDetailsPath = (id: UserId) => `/users/${id}/licenseDetails?$select=skuId,servicePlans`;

const licence = z.looseObject({
  skuId: z.string(),
  disabledPlans: z.array(z.string()).nullish(),
} satisfies Partial<Record<keyof AssignedLicense, z.ZodType>>);
const person = z.looseObject({
  id: z.guid().toLowerCase(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  mail: z.string().nullish(),
  userType: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
  onPremisesSyncEnabled: z.boolean().nullish(),
  assignedLicenses: z.array(licence).nullish(),
} satisfies Partial<Record<keyof User, z.ZodType>>);
type RawPerson = z.infer<typeof person>;
const nextLink = { '@odata.nextLink': z.string().max(16_000).optional() };
const peoplePage = z.looseObject({ value: z.array(person), ...nextLink });
const deletedPage = z.looseObject({
  value: z.array(z.looseObject({ id: z.guid(), userPrincipalName: z.string().nullish(), mail: z.string().nullish() })),
  ...nextLink,
});
const detailsPage = z.looseObject({
  value: z.array(
    z.looseObject({
      skuId: z.string(),
      servicePlans: z.array(z.looseObject({ servicePlanId: z.string(), servicePlanName: z.string() })).nullish(),
    } satisfies Partial<Record<keyof LicenseDetails, z.ZodType>>),
  ),
});

interface Dependencies {
  /** Puts requests that are made at the same time into batches, at the tenant's pace. */
  readonly graph: GraphClient;
  readonly clock: Clock;
  readonly token: () => Promise<TokenOutcome>;
  readonly signal: AbortSignal;
}

/** @throws the signal's reason when aborted */
export function createPeople({ graph, clock, token, signal }: Dependencies): People {
  /** Plans with a mailbox by product: asked once for each, of whoever has it. */
  const mailboxPlans = new Map<string, ReadonlySet<string>>();

  async function ask<T>(url: string, schema: z.ZodType<T>, headers?: Record<string, string>): Promise<Asked<T>> {
    const outcome = await token();
    if (outcome.kind === 'refused') return { kind: 'refused', reason: reasonOfTokenProblem[outcome.problem] };
    const request = { url, token: outcome.token, signal, ...(headers ? { headers } : {}) };
    const answer = await askPatiently(graph, clock, request);
    if (answer === undefined) return refused({ kind: 'unreachable' });
    if (answer.status !== 200) return refused(readMailboxRefusal(answer, clock.now()));
    const parsed = schema.safeParse(answer.body);
    return parsed.success ? { kind: 'read', value: parsed.data } : refused({ kind: 'unexpected' });
  }

  /**
   * Who lost the licence, or left, between the two answers says nothing of a product: the next holder is asked. One that no
   * holder on this page tells stays unknown until the next page.
   * @returns why a product could not be told
   */
  async function learnPlans(people: readonly RawPerson[]): Promise<Refused | undefined> {
    const holders = people.flatMap(({ id, assignedLicenses }) =>
      (assignedLicenses ?? []).map(({ skuId }) => ({ skuId, id: id as UserId })),
    );
    for (const [skuId, ofProduct] of Map.groupBy(holders, (holder) => holder.skuId)) {
      for (const { id } of ofProduct.slice(0, mostHoldersAsked)) {
        if (mailboxPlans.has(skuId)) break;
        const details = await ask(licenceDetailsPath(id), detailsPage);
        if (details.kind === 'refused' && !isAboutPerson(details.reason)) return details;
        for (const each of details.kind === 'read' ? details.value.value : []) {
          mailboxPlans.set(each.skuId, new Set((each.servicePlans ?? []).filter(isMailboxPlan).map(planId)));
        }
      }
    }
    return undefined;
  }

  async function toFacts(people: readonly RawPerson[]): Promise<Asked<PersonFacts[]>> {
    const refusal = await learnPlans(people);
    return refusal ?? { kind: 'read', value: people.map((each) => factsOf(each, mailboxPlans)) };
  }

  /** A handful of people; Graph may give even those on several pages. */
  async function askForSome(path: string): Promise<Asked<RawPerson[]>> {
    const people: RawPerson[] = [];
    let next: string | undefined = path;
    for (let page = 0; next !== undefined; page++) {
      if (page === mostPagesOfSome || (page > 0 && !graph.isOwnLink(next))) return refused({ kind: 'unexpected' });
      const answer: Asked<z.infer<typeof peoplePage>> = await ask(next, peoplePage);
      if (answer.kind === 'refused') return answer;
      people.push(...answer.value.value);
      next = answer.value['@odata.nextLink'];
    }
    return { kind: 'read', value: people };
  }

  return {
    async find(keys) {
      const byKind = Map.groupBy(keys, ({ keyKind }) => keyKind);
      const questions = [...byKind].flatMap(([keyKind, ofKind]) => {
        const unique = [...new Set(ofKind.map(({ key }) => key))];
        return partsOf(unique, mostKeysAtOnce).map((part) => ({ keyKind, path: peoplePath(keyKind, part) }));
      });
      const answers = await Promise.all(
        questions.map(async ({ keyKind, path }) => ({ keyKind, answer: await askForSome(path) })),
      );
      const found = new Map<string, PersonFacts>();
      for (const { keyKind, answer } of answers) {
        if (answer.kind === 'refused') return answer;
        const facts = await toFacts(answer.value);
        if (facts.kind === 'refused') return facts;
        for (const each of facts.value) found.set(`${keyKind} ${(each[keyKind] ?? '').toLowerCase()}`, each);
      }
      return { kind: 'read', value: keys.map(({ keyKind, key }) => found.get(`${keyKind} ${key}`)) };
    },

    async deleted() {
      const keys = new Set<string>();
      let next: string | undefined = deletedPeoplePath;
      for (let page = 0; next !== undefined; page++) {
        if (page === mostDeletedPages || (page > 0 && !graph.isOwnLink(next))) return refused({ kind: 'unexpected' });
        const answer: Asked<z.infer<typeof deletedPage>> = await ask(next, deletedPage);
        if (answer.kind === 'refused') return answer;
        for (const { id, userPrincipalName, mail } of answer.value.value) {
          // The name was given free: the id without dashes stands before it.
          const name = (userPrincipalName ?? '').toLowerCase().replace(id.toLowerCase().replaceAll('-', ''), '');
          keys.add(`id ${id.toLowerCase()}`).add(`userPrincipalName ${name}`);
          if (mail) keys.add(`mail ${mail.toLowerCase()}`);
        }
        next = answer.value['@odata.nextLink'];
      }
      return { kind: 'read', value: keys };
    },

    async licensed(next) {
      // A link to another host would take the token with it.
      if (next !== null && !graph.isOwnLink(next)) return refused({ kind: 'unexpected' });
      const answer = await ask(next ?? licensedPeoplePath, peoplePage, { consistencylevel: 'eventual' });
      if (answer.kind === 'refused') return answer;
      const facts = await toFacts(answer.value.value);
      if (facts.kind === 'refused') return facts;
      return { kind: 'read', value: { people: facts.value, next: answer.value['@odata.nextLink'] ?? null } };
    },
  };
}

export function keyOf({ keyKind, key }: PersonKey): string {
  return `${keyKind} ${key}`;
}

/** Whether a refusal is about who was asked for, and not about everybody. */
const isAboutPerson = (reason: ReasonCode) => reason === 'mailbox.not_in_directory' || reason === 'mailbox.none';

function refused(answer: MailboxAnswer): Refused {
  // A directory knows no mailboxes: whoever is not let in lacks the permission, whichever word it gets for it.
  const isDenied = answer.kind === 'access_denied' && answer.by !== 'conditional_access';
  return {
    kind: 'refused',
    reason: isDenied ? 'consent.permission_missing' : reasonOfAnswer(answer, 'mail', undefined),
  };
}

function partsOf<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/**
 * Plans of Exchange Online. `EXCHANGE_S_FOUNDATION` comes with nearly every product and is no mailbox, nor is an archive.
 * @see Microsoft Learn, Product names and service plan identifiers for licensing
 */
function isMailboxPlan({ servicePlanName }: { servicePlanName: string }): boolean {
  return /^EXCHANGE_S_(?!FOUNDATION|ARCHIVE)/.test(servicePlanName);
}

const planId = ({ servicePlanId }: { servicePlanId: string }) => servicePlanId;

function factsOf(each: RawPerson, mailboxPlans: ReadonlyMap<string, ReadonlySet<string>>): PersonFacts {
  // A product that nobody could tell may have a mailbox: the check will find out.
  const hasMailboxPlan = (each.assignedLicenses ?? []).some(({ skuId, disabledPlans }) => {
    const plans = mailboxPlans.get(skuId);
    return !plans || [...plans].some((plan) => !disabledPlans?.includes(plan));
  });
  return {
    id: each.id as UserId,
    displayName: (each.displayName || nameOf(each)).slice(0, 256),
    userPrincipalName: nameOf(each),
    mail: each.mail || null,
    userType: each.userType === 'Member' || each.userType === 'Guest' ? each.userType : null,
    accountEnabled: each.accountEnabled ?? true,
    isSynchronized: each.onPremisesSyncEnabled === true,
    hasMailboxPlan,
  };
}
