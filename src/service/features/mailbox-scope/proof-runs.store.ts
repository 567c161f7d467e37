import { type Selectable, sql } from 'kysely';
import type { ScopeProofId, TenantId, UserId } from '../../../domain/ids.ts';
import { type Capability, capabilities, isProbed } from '../../../domain/mailbox-access/capability.ts';
import {
  chooseAll,
  chooseSample,
  type ProofCandidate,
  type ProofMailbox,
  recentDays,
} from '../../../domain/mailbox-scope/proof-sample.ts';
import { judgeProof, type ProofFinding } from '../../../domain/mailbox-scope/proof-verdict.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Clock } from '../../clock.ts';
import { rankOf } from '../../db/access-counts.ts';
import { intendedSideSql, scopeSpreadsUntil } from '../../db/intended-scope.ts';
import type { Db, ScopeProofsTable, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { endDrift, noteDrift } from './drift-findings.ts';
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
  ): Promise<'running' | 'lost'>;
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
const mostKept = 20;

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
      return inTransaction(db, async (tx) => {
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
        return 'running';
      });
    },

    async finish({ proof }, state) {
      await inTransaction(db, async (tx) => {
        const now = clock.now();
        // A change that came while it ran makes its answers those of a moment.
        const spreadsUntil = await scopeSpreadsUntil(tx, proof.tenant_id, exchangeBoundMinutes);
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
        await forgetOld(tx, proof.tenant_id);
        const sides = await sidesOf(tx, ended);
        const verdict = judgeProof({ state, ...sides, isSettled: expectedBy === null });
        if (verdict === 'leaks') {
          await exposeLeaks(tx, ended, now);
          await recordActivity(tx, {
            tenantId: proof.tenant_id,
            type: 'scope.leak_found',
            details: { leaks: sides.outside.reachable, outside: sides.outside.total, isSweep: proof.is_sweep },
          });
          await noteExposure(tx, proof.tenant_id, now);
        } else if (verdict === 'holds') {
          await endDrift(tx, proof.tenant_id, 'mailboxes_exposed', now);
        }
      });
    },
  };

  /** Open mailboxes are drift unless a change of ours is under way. */
  async function noteExposure(tx: Tx, tenantId: TenantId, now: Date): Promise<void> {
    const scope = await tx
      .selectFrom('mailbox_scopes as s')
      .select('s.group')
      .where('s.tenant_id', '=', tenantId)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('scope_changes as c')
              .select('c.id')
              .whereRef('c.tenant_id', '=', 's.tenant_id')
              .where('c.state', '=', 'open'),
          ),
        ),
      )
      .executeTakeFirst();
    if (!scope) return;
    const found = [{ what: 'mailboxes_exposed' as const, subject: scope.group.displayName, capabilities: [] }];
    await noteDrift(tx, recordActivity, { tenantId, differences: found, now });
  }
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

/** Who may be tried; undefined when no limit is intended. */
async function candidatesOf(
  tx: Tx,
  { tenant_id: tenantId }: Selectable<ScopeProofsTable>,
  { isDirectoryKnown, recentSince }: { readonly isDirectoryKnown: boolean; readonly recentSince: Date },
): Promise<ProofCandidate[] | undefined> {
  const known = isDirectoryKnown
    ? sql``
    : sql`
      union select tenant_id, id from users where tenant_id = ${tenantId}
      union select tenant_id, user_id from mailbox_scope_members where tenant_id = ${tenantId}`;
  const { rows } = await sql<{
    userId: UserId;
    side: 'inside' | 'outside' | 'not_limited';
    isNestedOnly: boolean;
    isNew: boolean;
    wasInside: boolean;
    wasOutside: boolean;
    isShared: boolean;
  }>`
    select c.user_id as "userId", ${intendedSideSql('c.tenant_id', 'c.user_id')} as side,
      coalesce(m.is_nested, false) as "isNestedOnly",
      coalesce(m.since >= ${recentSince}::timestamptz, false) as "isNew",
      coalesce(a.status in ('working', 'limited'), false) as "wasInside",
      coalesce(a.status = 'exposed' or a.reason = 'access.outside_scope', false) as "wasOutside",
      coalesce(d.is_shared, false) as "isShared"
    from (
      select tenant_id, user_id from directory_mailboxes where tenant_id = ${tenantId} ${known}
    ) c
    left join mailbox_scope_members m on m.tenant_id = c.tenant_id and m.user_id = c.user_id
    left join directory_mailboxes d on d.tenant_id = c.tenant_id and d.user_id = c.user_id
    left join mailbox_access a on a.tenant_id = c.tenant_id and a.user_id = c.user_id
  `.execute(tx);
  if (rows.some(({ side }) => side === 'not_limited')) return undefined;
  return rows.map(({ side, isNew, wasInside, wasOutside, ...candidate }) => ({
    ...candidate,
    side: side === 'inside' ? 'inside' : 'outside',
    // Whose last verdict is that of the other side has changed sides since.
    hasMoved: isNew || (side === 'outside' ? wasInside : wasOutside),
  }));
}

async function insertChoice(
  tx: Tx,
  { tenant_id, id }: Selectable<ScopeProofsTable>,
  chosen: readonly ProofMailbox[],
): Promise<void> {
  for (let start = 0; start < chosen.length; start += mostRowsPerStatement) {
    const some = chosen.slice(start, start + mostRowsPerStatement);
    await sql`
      insert into scope_proof_results (tenant_id, proof_id, user_id, side, why)
      select ${tenant_id}::uuid, ${id}::uuid, c.user_id, c.side, c.why
      from unnest(
        ${some.map(({ userId }) => userId)}::uuid[], ${some.map(({ side }) => side)}::text[],
        ${some.map(({ why }) => why)}::text[]
      ) as c (user_id, side, why)
      on conflict do nothing
    `.execute(tx);
  }
}

/** Keeps the newest proofs: the service adds one every hour, and a sweep has a row for every mailbox. */
async function forgetOld(tx: Tx, tenantId: TenantId): Promise<void> {
  await tx
    .deleteFrom('scope_proofs')
    .where('tenant_id', '=', tenantId)
    .where('state', '<>', 'running')
    .where('id', 'not in', (eb) =>
      eb
        .selectFrom('scope_proofs')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .orderBy('started_at', 'desc')
        .orderBy('id')
        .limit(mostKept),
    )
    .execute();
}

/** The same verdict as a check gives: reachable, outside, and nothing on its way. */
async function exposeLeaks(tx: Tx, { tenant_id, id }: Selectable<ScopeProofsTable>, now: Date): Promise<void> {
  await sql`
    update mailbox_access a set
      status = 'exposed', status_rank = ${rankOf('exposed')}, reason = 'access.open_outside_scope',
      checked_at = ${now}::timestamptz, check_id = null, attempt_reason = null, attempt_at = null
    from scope_proof_results r
    where a.tenant_id = ${tenant_id} and r.tenant_id = a.tenant_id and r.proof_id = ${id} and r.user_id = a.user_id
      and r.side = 'outside' and r.outcome = 'reachable'
      -- Who came into the group while the proof ran is not outside any more.
      and ${intendedSideSql('a.tenant_id', 'a.user_id')} = 'outside'
  `.execute(tx);
}
