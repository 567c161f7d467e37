import { z } from 'zod';
import { tenantId } from '../../../contract/ids.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { type Difference, grantDifferences } from '../../../domain/mailbox-scope/drift.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { Clock } from '../../clock.ts';
import type { Application } from '../../entra/applications.ts';
import { readAssignedRoles } from '../../graph/app-role-assignments.ts';
import type { GraphClient } from '../../graph/client.ts';
import { defineJob, type JobRun } from '../../queue/job.ts';
import { type DriftLooks, driftJobName } from './drift-looks.store.ts';
import type { DriftStore } from './drifts.store.ts';
import type { ProofStore } from './proofs.store.ts';

/** What a look at one application needs. */
export interface DriftLookDependencies extends Pick<Application, 'appId' | 'tokens'> {
  readonly drifts: DriftStore;
  readonly proofs: Pick<ProofStore, 'start'>;
  readonly graph: GraphClient;
  readonly clock: Clock;
  /** Verifies the consent of every organization of the tenant that the application serves anew, so that features and checks know. */
  readonly verifyAgain: (tenantId: TenantId, signal: AbortSignal) => Promise<void>;
  /** Reads what Exchange enforces now, and notes what differs, where the service may ask by itself. */
  readonly readEnforced: (tenantId: TenantId) => Promise<void>;
}

interface Dependencies {
  readonly looks: Pick<DriftLooks, 'registrationsOf'>;
  /** Undefined for a registration that the configuration does not have: nobody can be asked. */
  readonly lookAs: (tenantId: TenantId, registration: RegistrationName) => DriftLookDependencies | undefined;
}

export const findDrift = defineJob({
  name: driftJobName,
  payload: z.strictObject({ tenantId }),

  // May run twice: a finding that is open already is not found again.
  async run(payload, { looks, lookAs, signal }: Dependencies & JobRun) {
    for (const registration of await looks.registrationsOf(payload.tenantId)) {
      const application = lookAs(payload.tenantId, registration);
      if (application) await lookAt(payload.tenantId, application, signal);
    }
  },
});

async function lookAt(
  tenantId: TenantId,
  { drifts, proofs, tokens, graph, clock, appId, ...asking }: DriftLookDependencies,
  signal: AbortSignal,
): Promise<void> {
  const found = await lookAtGrants();
  await drifts.note(tenantId, found.differences);
  if (found.isAnother) await asking.verifyAgain(tenantId, signal);

  // A change that is under way reads Exchange by itself, and differs on purpose.
  if (!(await drifts.hasOpenChange(tenantId))) await asking.readEnforced(tenantId);

  if (await drifts.isLimitSettled(tenantId)) await proofs.start(tenantId, { sweep: false });

  /** `isAnother`: what is granted is not what the last verification stored, whoever changed it. */
  async function lookAtGrants(): Promise<{ differences: readonly Difference[]; isAnother: boolean }> {
    const known = await drifts.knownGrants(tenantId);
    if (!known) return { differences: [], isAnother: false };
    const outcome = await tokens.refresh(tenantId);
    if (outcome.kind === 'refused') {
      const { problem } = outcome;
      // Any other refusal proves nothing about the tenant.
      const isShutOut = problem === 'application_unknown' || problem === 'application_disabled';
      if (!isShutOut || problem === known.problem) return { differences: [], isAnother: false };
      const removed = { what: 'application_removed' as const, subject: appId, capabilities: known.used };
      return { differences: problem === 'application_unknown' ? [removed] : [], isAnother: true };
    }
    const { token, roles } = outcome;
    const assignments = roles?.includes('Application.Read.All')
      ? await readAssignedRoles(graph, clock, { appId, token, signal })
      : undefined;
    const all = grantDifferences(known.held, { assignments, roles }, known.used);
    const differences = all.filter(({ what }) => what !== 'grant_removed' || !known.removesGrants);
    return { differences, isAnother: all.length > 0 || known.problem !== null };
  }
}
