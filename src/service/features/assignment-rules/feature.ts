import type { TenantId } from '../../../domain/ids.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';
import type { Applications } from '../../entra/applications.ts';
import type { GraphClient } from '../../graph/client.ts';
import type { Route } from '../../http/route.ts';
import type { Logger } from '../../log.ts';
import type { Queue } from '../../queue/queue.ts';
import { createDirectoryMirror } from './directory-mirror.store.ts';
import type { InsertUsers } from './placements.store.ts';
import { assignmentRuleRoutes } from './routes.ts';
import { createRuleStore } from './rules.store.ts';
import { runAssignments } from './run-assignments.job.ts';
import { createRunRequests, createRunStarter } from './run-requests.store.ts';
import { createRunStore } from './runs.store.ts';

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Queue;
  readonly logger: Logger;
  readonly recordActivity: RecordActivity;
  readonly applications: Pick<Applications, 'tokensOf'>;
  readonly graph: GraphClient;
  readonly organizations: Parameters<typeof assignmentRuleRoutes>[0]['organizations'];
  readonly insertUsers: InsertUsers;
  /** Told in the transaction in which rules about groups come or go: they need a permission. */
  readonly onNeedsChanged: (tx: Tx, tenantId: TenantId) => Promise<void>;
  /** Minutes between two runs of the service itself; 0 for none. */
  readonly everyMinutes: number;
}

/** Puts the rules that keep organizations in step with the directory together, and makes their job known. */
export function createAssignmentRules(dependencies: Dependencies): {
  readonly routes: Route[];
  /** Starts a run in each tenant where it is time. */
  readonly applyDue: (tenantIds: readonly TenantId[]) => Promise<void>;
} {
  const { queue } = dependencies;
  const starter = createRunStarter(dependencies);
  const rules = createRuleStore({ ...dependencies, starter });
  const requests = createRunRequests(starter, dependencies);
  const runs = createRunStore(dependencies);
  const mirror = createDirectoryMirror(dependencies);
  queue.register(runAssignments, { ...dependencies, runs, mirror }, { concurrency: 2, oneAtATimePerKey: true });
  return {
    routes: assignmentRuleRoutes({ ...dependencies, rules, requests }),
    applyDue: requests.applyDue,
  };
}
