import { z } from 'zod';
import { tenantId } from '../../../contract/ids.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { type Difference, grantDifferences } from '../../../domain/mailbox-scope/drift.ts';
import type { AppTokens } from '../../entra/app-tokens.ts';
import { readAssignedRoles } from '../../graph/app-role-assignments.ts';
import type { GraphClient } from '../../graph/client.ts';
import { defineJob, type JobRun } from '../../queue/job.ts';
import { type DriftStore, driftJobName } from './drifts.store.ts';
import type { ProofStore } from './proofs.store.ts';

export interface DriftLookDependencies {
  readonly drifts: DriftStore;
  readonly proofs: Pick<ProofStore, 'start'>;
  readonly tokens: AppTokens;
  readonly graph: GraphClient;
  readonly appId: string;
  /** Verifies the consent of every organization of the tenant anew, so that features and checks know. */
  readonly verifyAgain: (tenantId: TenantId, signal: AbortSignal) => Promise<void>;
  /** Reads what Exchange enforces now, and notes what differs, where the service may ask by itself. */
  readonly readEnforced: (tenantId: TenantId) => Promise<void>;
}

export const findDrift = defineJob({
  name: driftJobName,
  payload: z.object({ tenantId }),

  // May run twice: a finding that is open already is not found again.
  async run(payload, { drifts, proofs, tokens, graph, appId, signal, ...asking }: DriftLookDependencies & JobRun) {
    const found = await lookAtGrants();
    await drifts.note(payload.tenantId, found.differences);
    if (found.isAnother) await asking.verifyAgain(payload.tenantId, signal);

    // A change that is under way reads Exchange by itself, and differs on purpose.
    if (!(await drifts.hasOpenChange(payload.tenantId))) await asking.readEnforced(payload.tenantId);

    if (await drifts.isLimitSettled(payload.tenantId)) await proofs.start(payload.tenantId, { sweep: false });

    /** `isAnother`: what is granted is not what the last verification stored, whoever changed it. */
    async function lookAtGrants(): Promise<{ differences: readonly Difference[]; isAnother: boolean }> {
      const known = await drifts.knownGrants(payload.tenantId);
      if (!known) return { differences: [], isAnother: false };
      const outcome = await tokens.refresh(payload.tenantId);
      if (outcome.kind === 'refused') {
        // Any other refusal proves nothing about the tenant.
        if (outcome.problem !== 'application_unknown' || known.isAbsent) return { differences: [], isAnother: false };
        const removed = { what: 'application_removed' as const, subject: appId, capabilities: known.used };
        return { differences: [removed], isAnother: true };
      }
      const { token, roles } = outcome;
      const assignments = roles?.includes('Application.Read.All')
        ? await readAssignedRoles(graph, { appId, token, signal })
        : undefined;
      const all = grantDifferences(known.held, { assignments, roles }, known.used);
      const differences = all.filter(({ what }) => what !== 'grant_removed' || !known.removesGrants);
      return { differences, isAnother: all.length > 0 || known.isAbsent };
    }
  },
});
