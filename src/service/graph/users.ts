import type { User } from '@microsoft/microsoft-graph-types';
import { z } from 'zod';
import type { UserId } from '../../domain/ids.ts';
import type { MailboxAnswer } from '../../domain/mailbox-access/mailbox-answer.ts';
import type { Clock } from '../clock.ts';
import { askPatiently } from './ask-patiently.ts';
import type { GraphClient } from './client.ts';
import { readMailboxRefusal } from './error.ts';

/** Somebody of the directory, as far as it matters to mailboxes. */
export interface DirectoryPerson {
  readonly id: UserId;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly mail: string | null;
  readonly userType: 'Member' | 'Guest' | null;
  readonly accountEnabled: boolean;
  readonly isLicensed: boolean;
}

export type UsersOutcome =
  /** Every page was read. */
  | { readonly kind: 'read'; readonly people: readonly DirectoryPerson[] }
  | { readonly kind: 'refused'; readonly answer: Exclude<MailboxAnswer, { kind: 'opened' }> };

/**
 * Licences by product and not by plan: an employee has some eighty plans, and 999 of them make a page of fourteen
 * megabytes.
 */
export const usersPath =
  '/users?$select=id,displayName,userPrincipalName,mail,userType,accountEnabled,assignedLicenses&$top=999';

const person = z.looseObject({
  id: z.guid().toLowerCase(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  mail: z.string().nullish(),
  userType: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
  assignedLicenses: z.array(z.unknown()).nullish(),
} satisfies Partial<Record<keyof User, z.ZodType>>);
const page = z.looseObject({ value: z.array(person), '@odata.nextLink': z.string().max(16_000).optional() });

const mostPages = 1_000;
/** A page that is not read costs all that were. */
const patience = { mostTries: 5, longestWaitSeconds: 300 };

/**
 * Everybody in the directory, page by page; all or nothing. Needs `User.Read.All`. A page that Graph throttles or does
 * not give is asked for again after as long as Graph says.
 * @throws the signal's reason when aborted
 * @see Microsoft Learn, List users; Paging Microsoft Graph data in your app
 */
export async function readUsers(
  graph: GraphClient,
  clock: Clock,
  { token, signal }: { readonly token: string; readonly signal: AbortSignal },
): Promise<UsersOutcome> {
  const people = new Map<UserId, DirectoryPerson>();
  const visited = new Set<string>();
  let next: string | undefined = usersPath;
  while (next !== undefined) {
    // A link to another host would take the token with it; one that leads in a circle would never end.
    const isSound = visited.size === 0 || (graph.isOwnLink(next) && !visited.has(next));
    if (!isSound || visited.size === mostPages) return unexpected;
    visited.add(next);
    const answer = await askPatiently(graph, clock, { url: next, token, signal }, patience);
    if (answer === undefined) return { kind: 'refused', answer: { kind: 'unreachable' } };
    if (answer.status !== 200) return { kind: 'refused', answer: readMailboxRefusal(answer, clock.now()) };
    const parsed = page.safeParse(answer.body);
    if (!parsed.success) return unexpected;
    for (const each of parsed.data.value) people.set(each.id as UserId, toPerson(each));
    next = parsed.data['@odata.nextLink'];
  }
  // Whoever granted the permission is in the directory: an empty list is no list.
  return people.size > 0 ? { kind: 'read', people: [...people.values()] } : unexpected;
}

const unexpected = { kind: 'refused', answer: { kind: 'unexpected' } } as const;

/** A user principal name: Graph documents one for everybody, and who has none is in the directory all the same. */
export function nameOf({
  userPrincipalName,
  mail,
  id,
}: Pick<z.infer<typeof person>, 'userPrincipalName' | 'mail' | 'id'>) {
  return userPrincipalName || mail || id;
}

function toPerson(each: z.infer<typeof person>): DirectoryPerson {
  return {
    id: each.id as UserId,
    displayName: each.displayName || nameOf(each),
    userPrincipalName: nameOf(each),
    mail: each.mail || null,
    userType: each.userType === 'Member' || each.userType === 'Guest' ? each.userType : null,
    accountEnabled: each.accountEnabled ?? true,
    isLicensed: (each.assignedLicenses?.length ?? 0) > 0,
  };
}
