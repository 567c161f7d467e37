import { z } from 'zod';
import type { GroupId, UserId } from '../../domain/ids.ts';
import type { Clock } from '../clock.ts';
import { askPatiently } from './ask-patiently.ts';
import type { GraphClient } from './client.ts';

export type TransitiveMembers =
  /** Every page was read. */
  | { readonly kind: 'read'; readonly userIds: ReadonlySet<UserId> }
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_permitted' }
  | { readonly kind: 'unreadable' };

const page = z.looseObject({
  value: z.array(z.looseObject({ '@odata.type': z.string(), id: z.guid().toLowerCase() })),
  '@odata.nextLink': z.string().max(16_000).optional(),
});
const mostPages = 1_000;

/** Without a cast to users, which would be an advanced query and answer from an index that lags behind. */
export function transitiveMembersPath(id: GroupId): string {
  return `/groups/${id}/transitiveMembers?$select=id&$top=999`;
}

/**
 * The people in a group, those of nested groups included; all or nothing. Needs `GroupMember.Read.All`.
 * @throws the signal's reason when aborted
 * @see Microsoft Learn, List group transitive members
 */
export async function readTransitiveMembers(
  graph: GraphClient,
  clock: Clock,
  { id, token, signal }: { readonly id: GroupId; readonly token: string; readonly signal: AbortSignal },
): Promise<TransitiveMembers> {
  const userIds = new Set<UserId>();
  const visited = new Set<string>();
  let next: string | undefined = transitiveMembersPath(id);
  while (next !== undefined) {
    const isSound = visited.size === 0 || (graph.isOwnLink(next) && !visited.has(next));
    if (!isSound || visited.size === mostPages) return { kind: 'unreadable' };
    visited.add(next);
    const answer = await askPatiently(graph, clock, { url: next, token, signal });
    if (answer?.status === 404) return { kind: 'gone' };
    if (answer?.status === 401 || answer?.status === 403) return { kind: 'not_permitted' };
    const parsed = answer?.status === 200 ? page.safeParse(answer.body) : undefined;
    if (!parsed?.success) return { kind: 'unreadable' };
    for (const member of parsed.data.value) {
      if (member['@odata.type'] === '#microsoft.graph.user') userIds.add(member.id as UserId);
    }
    next = parsed.data['@odata.nextLink'];
  }
  return { kind: 'read', userIds };
}
