import { type CommandHistory, createCommandHistory } from './command-history.store.ts';
import { type CommandReports, createCommandReports } from './command-reports.store.ts';
import { type CommandDependencies, type CommandRequests, createCommandRequests } from './command-requests.store.ts';
import { type CommandBatches, type CommandRuns, createCommandRuns } from './command-runs.store.ts';

/** Commands over users: what admins ask for and read, and what workers carry out. */
export interface CommandStore extends CommandRequests, CommandReports, CommandRuns, CommandHistory {}

export function createCommandStore(dependencies: CommandDependencies, batches: CommandBatches): CommandStore {
  return {
    ...createCommandRequests(dependencies),
    ...createCommandReports(dependencies.db),
    ...createCommandRuns(dependencies, batches),
    ...createCommandHistory(dependencies),
  };
}
