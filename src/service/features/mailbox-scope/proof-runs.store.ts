import { type Selectable, sql } from 'kysely';
import type { ScopeProofId, TenantId, UserId } from '../../../domain/ids.ts';
import { type Capability, capabilities, isProbed } from '../../../domain/mailbox-access/capability.ts';
import { chooseAll, chooseSample, recentDays } from '../../../domain/mailbox-scope/proof-sample.ts';
import { judgeProof, type ProofFinding } from '../../../domain/mailbox-scope/proof-verdict.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Clock } from '../../clock.ts';
import { scopeSpreadsUntil } from '../../db/intended-scope.ts';
import type { ScopeProofsTable } from '../../db/schema/mailbox-scope.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inBulkTransaction, inTransaction } from '../../db/transaction.ts';
import { endDrift } from './drift-findings.ts';
import { candidatesOf, insertChoice } from './proof-candidates.ts';
import { exposeLeaks, forgetFindings, forgetOld, noteExposure, provesAnotherLimit } from './proof-consequences.ts';
import { sidesOf } from './proof-reports.store.ts';

/** A proof that this worker owns until somebody else claims it. */
export interface ClaimedProof {
  readonly proof: Selectable<ScopeProofsTable>;
  /** What the tenant's organizations use, as far as a call can try it. */
  readonly capabilities: readonly Capability[];
  /** Whether the mailboxes to try are chosen already. */
  readonly isChosen: boolean;
}

/** What a worker does with a proof that it took over. */
export interface ProofRuns {
  /** Takes a run over; undefined when it has ended or is gone. */
  claim(tenantId: TenantId, id: ScopeProofId): Promise<ClaimedProof | undefined>;
  /**
   * Chooses the mailboxes and stores the choice.
   * @param isDirectoryKnown otherwise from the users and the group alone
   * @returns `not_set` when the limit was given up meanwhile
   */
  choose(claimed: ClaimedProof, isDirectoryKnown: boolean): Promise<'chosen' | 'not_set' | 'lost'>;
  /** Mailboxes that were not tried yet, by id after `after`. */
  pending(claimed: ClaimedProof, after: UserId | undefined, limit: number): Promise<UserId[]>;
  saveFindings(
    claimed: ClaimedProof,
    findings: readonly (ProofFinding & { readonly userId: UserId })[],
  ): Promise<'go_on' | 'lost'>;
  /** Says of mailboxes without a finding that they could not be told: the application was shut out meanwhile. */
  leaveUntold(claimed: ClaimedProof): Promise<void>;
  /** Ends the proof, and draws its consequences: users who are open outside the limit are exposed at once. */
  finish(claimed: ClaimedProof, state: 'completed' | 'failed'): Promise<void>;
}

export interface ProofRunDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
  readonly exchangeBoundMinutes: number;
}

const mostRowsPerStatement = 5_000;

export function createProofRuns(dependencies: ProofRunDependencies): ProofRuns {
  const { db, clock, recordActivity, exchangeBoundMinutes } = dependencies;
  return {
    async claim(tenantId, id) {
      return inTransaction(db, async (tx) => {
        const proof = await tx
          .updateTable('scope_proofs')
          .set((eb) => ({ fence: eb('fence', '+', 1) }))
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .where('state', '=', 'running')
          .returningAll()
          .executeTakeFirst();
        if (!proof) return undefined;
        const organizations = await tx
          .selectFrom('organizations')
          .select('capabilities')
          .where('tenant_id', '=', tenantId)
          .where('registration', '=', proof.registration)
          .where('connection_type', '=', 'graph_app_only')
          .execute();
        const used = new Set(organizations.flatMap((one) => one.capabilities));
        const probed = capabilities.filter(isProbed);
        const tried = probed.filter((capability) => used.has(capability));
        const chosen = await tx
          .selectFrom('scope_proof_results')
          .select('user_id')
          .where('tenant_id', '=', tenantId)
          .where('proof_id', '=', id)
          .limit(1)
          .executeTakeFirst();
        return { proof, capabilities: tried.length > 0 ? tried : probed, isChosen: chosen !== undefined };
      });
    },

    async choose({ proof }, isDirectoryKnown) {
      return inTransaction(db, async (tx) => {
        if (!(await isOwned(tx, proof))) return 'lost';
        const found = await candidatesOf(tx, proof, {
          isDirectoryKnown,
          recentSince: new Date(clock.now().getTime() - recentDays * 24 * 3_600_000),
        });
        if (!found) return 'not_set';
        await insertChoice(tx, proof, proof.is_sweep ? chooseAll(found) : chooseSample(found, proof.id));
        return 'chosen';
      });
    },

    async pending({ proof }, after, limit) {
      const rows = await db
        .selectFrom('scope_proof_results')
        .select('user_id')
        .where('tenant_id', '=', proof.tenant_id)
        .where('proof_id', '=', proof.id)
        .where('outcome', 'is', null)
        .$if(after !== undefined, (query) => query.where('user_id', '>', after as UserId))
        .orderBy('user_id')
        .limit(limit)
        .execute();
      return rows.map(({ user_id }) => user_id);
    },

    async saveFindings({ proof }, findings) {
      return inBulkTransaction(db, async (tx) => {
        // A worker that was paused past its lease has an older number: it must not write any more.
        if (!(await isOwned(tx, proof))) return 'lost';
        for (let start = 0; start < findings.length; start += mostRowsPerStatement) {
          const some = findings.slice(start, start + mostRowsPerStatement);
          await sql`
            update scope_proof_results r set outcome = f.outcome, reason = f.reason
            from unnest(
              ${some.map(({ userId }) => userId)}::uuid[], ${some.map(({ outcome }) => outcome)}::text[],
              ${some.map(({ reason }) => reason)}::text[]
            ) as f (user_id, outcome, reason)
            where r.tenant_id = ${proof.tenant_id} and r.proof_id = ${proof.id} and r.user_id = f.user_id
              and r.outcome is null
          `.execute(tx);
        }
        return 'go_on';
      });
    },

    async leaveUntold({ proof }) {
      await inTransaction(db, async (tx) => {
        if (!(await isOwned(tx, proof))) return;
        await tx
          .updateTable('scope_proof_results')
          .set({ outcome: 'could_not_tell', reason: 'consent.changed' })
          .where('tenant_id', '=', proof.tenant_id)
          .where('proof_id', '=', proof.id)
          .where('outcome', 'is', null)
          .execute();
      });
    },

    async finish({ proof }, wanted) {
      await inTransaction(db, async (tx) => {
        const now = clock.now();
        const isSuperseded = await provesAnotherLimit(tx, proof);
        const state = isSuperseded ? 'failed' : wanted;
        // A change that came while it ran makes its answers those of a moment.
        const spreadsUntil = await scopeSpreadsUntil(tx, proof.tenant_id, proof.registration, exchangeBoundMinutes);
        const expectedBy = spreadsUntil && now < spreadsUntil ? spreadsUntil : proof.expected_by;
        const ended = await tx
          .updateTable('scope_proofs')
          .set({ state, finished_at: now, expected_by: expectedBy })
          .where('tenant_id', '=', proof.tenant_id)
          .where('id', '=', proof.id)
          .where('fence', '=', proof.fence)
          .where('state', '=', 'running')
          .returningAll()
          .executeTakeFirst();
        if (!ended) return;
        if (isSuperseded) await forgetFindings(tx, proof);
        await forgetOld(tx, proof);
        const sides = await sidesOf(tx, ended);
        const verdict = judgeProof({ state, ...sides, isSettled: expectedBy === null });
        if (verdict === 'leaks') {
          await exposeLeaks(tx, ended, now);
          await recordActivity(tx, {
            tenantId: proof.tenant_id,
            type: 'scope.leak_found',
            details: { leaks: sides.outside.reachable, outside: sides.outside.total, isSweep: proof.is_sweep },
          });
          await noteExposure(tx, recordActivity, proof, now);
        } else if (verdict === 'holds') {
          await endDrift(
            tx,
            { tenantId: proof.tenant_id, registration: proof.registration, what: 'mailboxes_exposed' },
            now,
          );
        }
      });
    },
  };
}

async function isOwned(tx: Tx, proof: Selectable<ScopeProofsTable>): Promise<boolean> {
  const row = await tx
    .selectFrom('scope_proofs')
    .select('id')
    .where('tenant_id', '=', proof.tenant_id)
    .where('id', '=', proof.id)
    .where('fence', '=', proof.fence)
    .where('state', '=', 'running')
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}
