import type { ScopeProof } from '../../../contract/mailbox-scope.ts';
import type { ScopeProofId, TenantId } from '../../../domain/ids.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { scopeSpreadsUntil } from '../../db/intended-scope.ts';
import type { Db } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';
import { reportOf } from './proof-reports.store.ts';

/** That a proof of the limit of one application begins. */
export interface ProofRequests {
  /**
   * Saves the proof, the audit row of an admin’s click and the job together; joins the one that is running.
   * @param by absent: the service itself
   * @throws AppError `scope.not_set`
   */
  start(
    tenantId: TenantId,
    options: { readonly sweep: boolean; readonly by?: Admin },
  ): Promise<{ readonly proof: ScopeProof; readonly joined: boolean }>;
}

export interface ProofRequestDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
  readonly registration: RegistrationName;
  /** Minutes until a change in Exchange counts as known everywhere. */
  readonly exchangeBoundMinutes: number;
}

export const proofJobName = 'mailbox-scope.prove-scope';

export function createProofRequests(dependencies: ProofRequestDependencies): ProofRequests {
  const { db, clock, queue, recordActivity, registration, exchangeBoundMinutes } = dependencies;
  return {
    async start(tenantId, { sweep, by }) {
      return inTransaction(db, async (tx) => {
        const scope = await tx
          .selectFrom('mailbox_scopes')
          .select('tenant_id')
          .where('tenant_id', '=', tenantId)
          .where('registration', '=', registration)
          .executeTakeFirst();
        if (!scope) throw new AppError('scope.not_set');
        const now = clock.now();
        const spreadsUntil = await scopeSpreadsUntil(tx, tenantId, registration, exchangeBoundMinutes);
        const created = await tx
          .insertInto('scope_proofs')
          .values({
            tenant_id: tenantId,
            registration,
            id: crypto.randomUUID() as ScopeProofId,
            state: 'running',
            is_sweep: sweep,
            expected_by: spreadsUntil && now < spreadsUntil ? spreadsUntil : null,
            started_at: now,
            finished_at: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returningAll()
          .executeTakeFirst();
        const row =
          created ??
          (await tx
            .selectFrom('scope_proofs')
            .selectAll()
            .where('tenant_id', '=', tenantId)
            .where('registration', '=', registration)
            .where('state', '=', 'running')
            .executeTakeFirst());
        // The running one ended between the two statements: the caller's next click starts a new one.
        if (!row) throw new AppError('service.unavailable', { retryAfterSeconds: 1 });
        if (created) {
          await queue.enqueue(tx, { name: proofJobName }, { tenantId, registration, proofId: created.id });
          // What the service does every hour by itself is told when it finds something.
          if (by) await recordActivity(tx, { tenantId, type: 'scope.proof_started', by, details: { isSweep: sweep } });
        }
        return { proof: await reportOf(tx, row), joined: !created };
      });
    },
  };
}
