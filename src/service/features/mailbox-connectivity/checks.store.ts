import { type CheckComparisons, createCheckComparisons } from './check-comparisons.store.ts';
import { type CheckControls, createCheckControls } from './check-controls.store.ts';
import { type CheckHistory, createCheckHistory } from './check-history.store.ts';
import { type CheckReports, createCheckReports } from './check-reports.store.ts';
import { type CheckRequestDependencies, type CheckRequests, createCheckRequests } from './check-requests.store.ts';
import { type CheckRunDependencies, type CheckRuns, createCheckRuns } from './check-runs.store.ts';

/** Checks of mailboxes: what admins ask for and read, and what workers save. */
export interface CheckStore
  extends CheckRequests,
    CheckControls,
    CheckReports,
    CheckComparisons,
    CheckRuns,
    CheckHistory {}

export function createCheckStore(dependencies: CheckRequestDependencies & CheckRunDependencies): CheckStore {
  return {
    ...createCheckRequests(dependencies),
    ...createCheckControls(dependencies),
    ...createCheckReports(dependencies.db),
    ...createCheckComparisons(dependencies.db),
    ...createCheckHistory(dependencies),
    ...createCheckRuns(dependencies),
  };
}
