import type { Group } from '@microsoft/microsoft-graph-types';
import { z } from 'zod';
import type { GroupId, UserId } from '../../domain/ids.ts';
import { type GroupKind, kindOfGroup } from '../../domain/mailbox-scope/scope-group.ts';
import type { Clock } from '../clock.ts';
import { askPatiently } from './ask-patiently.ts';
import type { GraphClient } from './client.ts';

/** A group of the directory with what is directly in it. */
export interface DirectoryGroup {
  readonly id: GroupId;
  readonly displayName: string;
  readonly address: string | null;
  readonly kind: GroupKind;
  readonly memberIds: readonly UserId[];
  readonly nestedGroupIds: readonly GroupId[];
}

export type GroupTree =
  /** The group asked for comes first, then every group nested in it. */
  | { readonly kind: 'read'; readonly groups: readonly [DirectoryGroup, ...DirectoryGroup[]] }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'not_permitted' }
  | { readonly kind: 'unavailable' };

const fields = 'id,displayName,mail,mailEnabled,securityEnabled,groupTypes';
const group = z.looseObject({
  id: z.guid().toLowerCase(),
  displayName: z.string().nullish(),
  mail: z.string().nullish(),
  mailEnabled: z.boolean().nullish(),
  securityEnabled: z.boolean().nullish(),
  groupTypes: z.array(z.string()).default([]),
} satisfies Partial<Record<keyof Group, z.ZodType>>);
const members = z.looseObject({
  value: z.array(z.looseObject({ '@odata.type': z.string(), id: z.guid().toLowerCase() })),
  '@odata.nextLink': z.string().optional(),
});

/** Groups deep and pages long without end are refused: a partial list would call outsiders what are members. */
const mostGroups = 200;
const mostPages = 500;

export function groupPath(id: string): string {
  return `/groups/${id}?$select=${fields}`;
}

export function groupMembersPath(id: string): string {
  return `/groups/${id}/members?$select=id&$top=999`;
}

/**
 * A group and all groups nested in it, each with its direct members: role assignments and policies count them
 * differently. Needs `GroupMember.Read.All`. A nested group that was deleted meanwhile holds nobody.
 * @see Microsoft Learn, List group members; group resource type
 */
export async function readGroupTree(
  graph: GraphClient,
  clock: Clock,
  { id, token, signal }: { readonly id: GroupId; readonly token: string; readonly signal?: AbortSignal | undefined },
): Promise<GroupTree> {
  const found = new Map<GroupId, DirectoryGroup>();
  const waiting: GroupId[] = [id];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (found.has(next)) continue;
    if (found.size === mostGroups) return { kind: 'unavailable' };
    const read = await readGroup(graph, clock, { id: next, token, signal });
    if (read.kind === 'not_found' && next !== id) continue;
    // Signing in again opens no group that stays closed within one that opens.
    if (read.kind === 'not_permitted' && next !== id) return { kind: 'unavailable' };
    if (read.kind !== 'read') return read;
    found.set(next, read.group);
    waiting.push(...read.group.nestedGroupIds);
  }
  const [first, ...others] = found.values();
  return first ? { kind: 'read', groups: [first, ...others] } : { kind: 'not_found' };
}

type GroupRead = { readonly kind: 'read'; readonly group: DirectoryGroup } | Exclude<GroupTree, { kind: 'read' }>;

async function readGroup(
  graph: GraphClient,
  clock: Clock,
  { id, token, signal }: { id: GroupId; token: string; signal?: AbortSignal | undefined },
): Promise<GroupRead> {
  const get = (url: string) => askPatiently(graph, clock, { url, token, ...(signal ? { signal } : {}) });
  const answer = await get(groupPath(id));
  const properties = answer?.status === 200 ? group.safeParse(answer.body) : undefined;
  if (!properties?.success) return refusalOf(answer?.status);

  const memberIds: UserId[] = [];
  const nestedGroupIds: GroupId[] = [];
  let next: string | undefined = groupMembersPath(id);
  for (let page = 0; next !== undefined; page++) {
    if (page === mostPages || (page > 0 && !graph.isOwnLink(next))) return { kind: 'unavailable' };
    const list = await get(next);
    const parsed = list?.status === 200 ? members.safeParse(list.body) : undefined;
    if (!parsed?.success) return refusalOf(list?.status);
    for (const member of parsed.data.value) {
      if (member['@odata.type'] === '#microsoft.graph.user') memberIds.push(member.id as UserId);
      if (member['@odata.type'] === '#microsoft.graph.group') nestedGroupIds.push(member.id as GroupId);
    }
    next = parsed.data['@odata.nextLink'];
  }
  const { displayName, mail, mailEnabled, securityEnabled, groupTypes } = properties.data;
  return {
    kind: 'read',
    group: {
      id,
      displayName: displayName ?? id,
      address: mail ?? null,
      kind: kindOfGroup({ mailEnabled: mailEnabled === true, securityEnabled: securityEnabled === true, groupTypes }),
      memberIds,
      nestedGroupIds,
    },
  };
}

function refusalOf(status: number | undefined): Exclude<GroupTree, { kind: 'read' }> {
  if (status === 404) return { kind: 'not_found' };
  return status === 401 || status === 403 ? { kind: 'not_permitted' } : { kind: 'unavailable' };
}
