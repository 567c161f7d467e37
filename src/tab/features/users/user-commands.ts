import type { User } from '../../../contract/users.ts';
import type { Texts } from '../../texts/en.ts';

/** What can be done with users, alone or together: the same verbs in the same order everywhere. */
export const userCommands = [
  'check',
  'forceSync',
  'enableSync',
  'disableSync',
  'reset',
  'reinitialize',
  'move',
  'remove',
] as const;
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
  { users: { why }, sync }: Texts,
): string | undefined {
  if (users.length === 0) return why.nobodySelected;
  if (context.running.has(command)) return why.alreadyRunning;
  const limit = command === 'forceSync' ? syncLimit : commandLimit;
  if (users.length > limit) return why.tooMany(limit);
  if (command === 'move' && context.organizationCount < 2) return why.noOtherOrganization;
  // One for whom it can be done is enough: the service says of each what became of it.
  const nobody = (isPossible: (user: User) => boolean) => !users.some(isPossible);
  switch (command) {
    case 'forceSync':
    case 'reinitialize':
      if (nobody((user) => user.connectionType === 'graph_app_only')) return why.notConnected;
      if (nobody((user) => user.syncSwitches.organization)) return sync.why.organizationDisabled;
      return nobody((user) => user.syncEnabled) ? sync.why.userDisabled : undefined;
    case 'enableSync':
      return nobody((user) => !user.syncSwitches.user) ? sync.why.enabled : undefined;
    case 'disableSync':
      return nobody((user) => user.syncSwitches.user) ? sync.why.disabled : undefined;
    case 'reset':
      return nobody((user) => user.mailboxState !== 'not_initialized') ? sync.why.nothingToReset : undefined;
    default:
      return undefined;
  }
}
