import type { AppId, GroupId } from '../ids.ts';

/** Exchange's limit for the names of scopes and assignments, in characters. */
export const longestName = 64;

interface Limit {
  readonly appId: AppId;
  readonly groupId: GroupId;
  readonly list: 'allow' | 'block';
}

/** The name of the management scope of a limit; another application, group or list has another one. */
export function scopeName({ appId, groupId, list }: Limit): string {
  return `Mailbox Access ${list} ${ending(appId)} ${ending(groupId)}`;
}

/** The name of the assignment of one role within a limit. */
export function assignmentName(role: string, { appId, groupId, list }: Limit): string {
  return `MA ${role.replace('Application ', '')} ${list} ${ending(appId)} ${ending(groupId)}`;
}

/** Two whole ids beside the longest role do not fit; 48 bits of each do. */
const ending = (id: string) => id.slice(-12);
