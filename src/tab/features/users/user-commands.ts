import { mostNamedUsers } from '../../../contract/mailbox-connectivity.ts';
import type { User, UserFilter } from '../../../contract/users.ts';
import { type UserCommand, userCommands } from '../../../domain/users/user-command.ts';
import type { Texts } from '../../texts/en.ts';

export { type UserCommand, userCommands };

/** Whom a command is for. */
export interface UserSelection {
  /** Those that were chosen, as far as they are known here. */
  readonly users: readonly User[];
  /** Everybody the filter matches when the command starts, in place of them. */
  readonly matching?: { readonly filter: UserFilter; readonly total: number } | undefined;
}

/** How many a command is for, as it looks now. */
export function countOf({ users, matching }: UserSelection): number {
  return matching?.total ?? users.length;
}

/** Whether a command is a run with a result per user: one user's command answers at once. */
export function isRun({ users, matching }: UserSelection): boolean {
  return matching !== undefined || users.length > 1;
}

export interface CommandContext {
  readonly organizationCount: number;
  /** Commands whose last call has not ended. */
  readonly running: ReadonlySet<UserCommand>;
}

/** Why a command is off, in words for the admin; undefined when it is on. */
export function whyNot(
  command: UserCommand,
  selection: UserSelection,
  context: CommandContext,
  { users: { why }, sync }: Texts,
): string | undefined {
  const { users, matching } = selection;
  if (countOf(selection) === 0) return why.nobodySelected;
  if (context.running.has(command)) return why.alreadyRunning;
  if (command === 'move' && context.organizationCount < 2) return why.noOtherOrganization;
  // The service says of each what became of it.
  if (matching) return undefined;
  if (users.length > mostNamedUsers) return why.tooMany(mostNamedUsers);
  // One for whom it can be done is enough.
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
    case 'remove':
      return nobody((user) => user.mailboxState !== 'initialized') ? why.initialized : undefined;
    default:
      return undefined;
  }
}
