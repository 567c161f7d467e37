import { z } from 'zod';
import { provisioningId, tenantId } from '../../../contract/ids.ts';
import type { Clock } from '../../clock.ts';
import type { StoredProvisioning } from '../../db/schema/provisioning.ts';
import type { Db } from '../../db/schema.ts';
import type { Applications } from '../../entra/applications.ts';
import type { GraphClient } from '../../graph/client.ts';
import { createBatchingClient } from '../../graph/paced-client.ts';
import { createPeople } from '../../graph/people.ts';
import type { TenantPaces } from '../../graph/tenant-pace.ts';
import type { Metrics } from '../../metrics.ts';
import { defineJob, type JobRun } from '../../queue/job.ts';
import { FileRefused } from './csv-file.ts';
import { lookUp } from './look-up.ts';
import { type ProvisioningRuns, verdictsToAdd } from './provisioning-runs.store.ts';
import { provisioningJobName, urgentProvisioningJobName } from './provisionings.store.ts';
import { readFile, readLicensed } from './read-source.ts';

interface Dependencies {
  readonly db: Db;
  readonly runs: ProvisioningRuns;
  readonly applications: Pick<Applications, 'tokensOf'>;
  readonly graph: GraphClient;
  readonly paces: TenantPaces;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

export const provision = defineJob({
  name: provisioningJobName,
  payload: z.strictObject({ tenantId, provisioningId }),

  // May run twice: rows are keyed by line, users by their id, and each worker goes on where the one before has saved.
  async run(payload, dependencies: Dependencies & JobRun) {
    const claimed = await dependencies.runs.claim(payload.tenantId, payload.provisioningId);
    if (!claimed) return; // cancelled, discarded, or done while the job waited
    if (claimed.state === 'applying') await apply(claimed, dependencies);
    else await check(claimed, dependencies);
  },
});

/** The same for a few people: no file keeps them waiting. */
export const provisionFew = defineJob({ ...provision, name: urgentProvisioningJobName });

/** Adds everybody who is to be added, some at a time, to the end. */
async function apply(claimed: StoredProvisioning, { runs, signal }: Dependencies & JobRun): Promise<void> {
  for (const verdict of verdictsToAdd(claimed)) {
    let after: number | undefined = 0;
    while (after !== undefined) {
      signal.throwIfAborted();
      after = await runs.addSome(claimed, verdict, after);
    }
  }
  await runs.endApplying(claimed);
}

/** Brings the source into the table and looks everybody up; nobody is added. */
async function check(claimed: StoredProvisioning, dependencies: Dependencies & JobRun): Promise<void> {
  const { db, runs, applications, graph, paces, clock, metrics, signal } = dependencies;
  const registration = await runs.registrationOf(claimed);
  const tokens = applications.tokensOf(registration);
  const pace = await paces.of(claimed.tenant_id, registration);
  const people = createPeople({
    graph: createBatchingClient({ graph, pace, clock, metrics }, signal),
    clock,
    signal,
    token: () => tokens.get(claimed.tenant_id),
  });
  try {
    if (!claimed.is_staged) {
      const staged =
        claimed.source === 'csv'
          ? await readFile(claimed, { db, runs, signal })
          : await readLicensed(claimed, { people, runs });
      if (staged === false) return;
      if (staged !== true) return await runs.stop(claimed, staged.reason);
      if (!(await runs.endStaging(claimed))) return;
    }
    const end = await lookUp(claimed, { people, runs });
    await paces.remember(claimed.tenant_id, registration);
    if (end === 'done') await runs.endChecking(claimed);
    else if (end !== 'lost') await runs.stop(claimed, end.stoppedBecause);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    await runs.refuse(claimed, error.problem, error.line);
  }
}
