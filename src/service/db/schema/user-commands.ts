import type { Generated } from 'kysely';
import type { UserFilter } from '../../../contract/users.ts';
import type { CommandRunId, OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { RunState } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { UserCommand, UserCommandOutcome } from '../../../domain/users/user-command.ts';
import type { Json } from './json.ts';

/** One command over many users. */
export interface UserCommandRunsTable {
  tenant_id: TenantId;
  id: CommandRunId;
  command: UserCommand;
  /** Says in one text what is done for whom: of equal ones at most one has not ended. */
  covers: string;
  /** What chose the users; null when they were named one by one. */
  filter: Json<UserFilter> | null;
  /** Where to, of a move; the organization may be gone. */
  target_id: OrganizationId | null;
  target_name: string | null;
  /** Everybody it covers, by id. Up to all users of a tenant: named where it is read, never with the other columns. */
  selection: UserId[];
  /** How many of them have their result. */
  position: Generated<number>;
  state: Exclude<RunState, 'pausing' | 'paused'>;
  total: number;
  /** Counts the workers that took the run; a writer with an older number is refused. */
  fence: Generated<number>;
  /** When the single results of an old run were deleted; its counts stay. */
  forgotten_at: Generated<Date | null>;
  started_by: UserId;
  started_by_name: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface UserCommandResultsTable {
  tenant_id: TenantId;
  run_id: CommandRunId;
  outcome: UserCommandOutcome;
  user_id: UserId;
  /** As it was then; null for somebody who was not here any more. */
  display_name: string | null;
  done_at: Date;
}

/** Counts of a command, moved in the same transaction as its results. */
export interface UserCommandTalliesTable {
  tenant_id: TenantId;
  run_id: CommandRunId;
  outcome: UserCommandOutcome;
  count: number;
}

export interface UserCommandsSchema {
  user_command_runs: UserCommandRunsTable;
  user_command_results: UserCommandResultsTable;
  user_command_tallies: UserCommandTalliesTable;
}
