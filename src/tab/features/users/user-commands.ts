import type { User } from '../../../contract/users.ts';
import type { Texts } from '../../texts/en.ts';

/** What can be done with users, alone or together: the same verbs in the same order everywhere. */
export const userCommands = ['check', 'forceSync', 'move', 'remove'] as const;
export type UserCommand = (typeof userCommands)[number];

/** The service takes at most so many users in one request. */
export const commandLimit = 1_000;
/** Each forced synchronization is a request of its own. */
const syncLimit = 50;

export interface CommandContext {
  readonly organizationCount: number;
  /** Commands whose last call has not ended. */
  readonly running: ReadonlySet<UserCommand>;
}

/** Why a command is off, in words for the admin; undefined when it is on. */
export function whyNot(
  command: UserCommand,
  users: readonly User[],
  context: CommandContext,
  { users: { why } }: Texts,
): string | undefined {
  if (users.length === 0) return why.nobodySelected;
  if (context.running.has(command)) return why.alreadyRunning;
  const limit = command === 'forceSync' ? syncLimit : commandLimit;
  if (users.length > limit) return why.tooMany(limit);
  if (command === 'move' && context.organizationCount < 2) return why.noOtherOrganization;
  if (command === 'forceSync') {
    if (users.every((user) => user.connectionType !== 'graph_app_only')) return why.notConnected;
    if (users.every((user) => !user.syncEnabled)) return why.syncDisabled;
  }
  return undefined;
}
