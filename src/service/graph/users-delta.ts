import type { User } from '@microsoft/microsoft-graph-types';
import { z } from 'zod';
import type { UserId } from '../../domain/ids.ts';
import type { Clock } from '../clock.ts';
import { askPatiently } from './ask-patiently.ts';
import type { GraphClient } from './client.ts';
import { readGraphError } from './error.ts';

/** A person as a page of changes tells of them: a property that is not there has not changed, null is empty. */
export interface ChangedPerson {
  readonly id: UserId;
  readonly displayName?: string | null | undefined;
  readonly userPrincipalName?: string | null | undefined;
  readonly mail?: string | null | undefined;
  readonly userType?: string | null | undefined;
  /** Deleted, for good or into the directory's deleted items. */
  readonly isRemoved: boolean;
}

export type UsersDeltaPage =
  | {
      readonly kind: 'read';
      readonly people: readonly ChangedPerson[];
      /** Stored whole and used as it is. */
      readonly link: string;
      /** Whether this was the last page, and the link is for the next round. */
      readonly isLast: boolean;
    }
  /** The directory forgot what the link stood for: start over. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'not_permitted' }
  | { readonly kind: 'unreadable' };

/** No `$top`, and only what rules look at: a change of anything else is no change. */
export const usersDeltaPath = '/users/delta?$select=id,displayName,userPrincipalName,mail,userType';

const text = z.string().nullish();
const page = z.looseObject({
  value: z.array(
    z.looseObject({
      id: z.guid().toLowerCase(),
      displayName: text,
      userPrincipalName: text,
      mail: text,
      userType: text,
      '@removed': z.unknown().optional(),
    } satisfies Partial<Record<keyof User | '@removed', z.ZodType>>),
  ),
  '@odata.nextLink': z.string().max(16_000).optional(),
  '@odata.deltaLink': z.string().max(16_000).optional(),
});

/**
 * One page of changes to the users of the directory. Needs `User.Read.All`.
 * @param url {@link usersDeltaPath} to begin with, a stored link afterwards
 * @throws the signal's reason when aborted
 * @see Microsoft Learn, user: delta; Use delta query to track changes in Microsoft Graph data
 */
export async function readUsersDeltaPage(
  graph: GraphClient,
  clock: Clock,
  request: { readonly url: string; readonly token: string; readonly signal: AbortSignal },
): Promise<UsersDeltaPage> {
  // A stored link of another Microsoft Graph, from before the endpoint was another one.
  if (request.url !== usersDeltaPath && !graph.isOwnLink(request.url)) return { kind: 'expired' };
  const answer = await askPatiently(graph, clock, request);
  if (!answer) return { kind: 'unreadable' };
  const { codes } = readGraphError(answer);
  // Whoever a stored link was given to, and whatever is wrong with it: it leads nowhere any more.
  const isRefused = answer.status === 400 && request.url !== usersDeltaPath;
  const isForgotten = codes.some((code) => code === 'syncstatenotfound' || code === 'resyncrequired');
  if (answer.status === 410 || isForgotten || isRefused) return { kind: 'expired' };
  if (answer.status === 401 || answer.status === 403) return { kind: 'not_permitted' };
  const parsed = answer.status === 200 ? page.safeParse(answer.body) : undefined;
  if (!parsed?.success) return { kind: 'unreadable' };
  const { value, '@odata.nextLink': next, '@odata.deltaLink': delta } = parsed.data;
  const link = next ?? delta;
  // A link to another host would take the token with it.
  if (!link || !graph.isOwnLink(link) || link === request.url) return { kind: 'unreadable' };
  return {
    kind: 'read',
    people: value.map(({ id, '@removed': removed, displayName, userPrincipalName, mail, userType }) => ({
      id: id as UserId,
      displayName,
      userPrincipalName,
      mail,
      userType,
      isRemoved: removed !== undefined,
    })),
    link,
    isLast: next === undefined,
  };
}
