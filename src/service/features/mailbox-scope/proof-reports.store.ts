import { type Selectable, sql } from 'kysely';
import type { ScopeProof } from '../../../contract/mailbox-scope.ts';
import type { ScopeProofId, TenantId } from '../../../domain/ids.ts';
import { judgeProof, type ProofOutcome, type ProofSide } from '../../../domain/mailbox-scope/proof-verdict.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { ScopeProofResultsTable, ScopeProofsTable } from '../../db/schema/mailbox-scope.ts';
import type { Db, Tx } from '../../db/schema.ts';

/** How proofs stand: what the admin reads while one runs and after. */
export interface ProofReports {
  find(tenantId: TenantId, id: ScopeProofId): Promise<ScopeProof | undefined>;
  /** The one that began last. */
  latest(tenantId: TenantId): Promise<ScopeProof | undefined>;
}

const mostNamed = 100;

type StoredProof = Selectable<ScopeProofsTable>;

export function createProofReports({
  db,
  registration,
}: {
  readonly db: Db;
  readonly registration: RegistrationName;
}): ProofReports {
  return {
    async find(tenantId, id) {
      const row = await db
        .selectFrom('scope_proofs')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('registration', '=', registration)
        .where('id', '=', id)
        .executeTakeFirst();
      return row && reportOf(db, row);
    },

    async latest(tenantId) {
      const row = await db
        .selectFrom('scope_proofs')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('registration', '=', registration)
        .orderBy('started_at', 'desc')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      return row && reportOf(db, row);
    },
  };
}

export async function reportOf(source: Db | Tx, row: StoredProof): Promise<ScopeProof> {
  const sides = await sidesOf(source, row);
  const leaks = await named(source, row, 'outside', 'reachable');
  const blocked = await named(source, row, 'inside', 'closed');
  return {
    id: row.id,
    state: row.state,
    isSweep: row.is_sweep,
    ...sides,
    verdict: judgeProof({ state: row.state, ...sides, isSettled: row.expected_by === null }),
    leaks: leaks.map(({ why, ...person }) => ({ ...person, why, reason: 'access.open_outside_scope' as const })),
    blocked: blocked.map(({ why: _, reason, ...person }) => ({
      ...person,
      reason: reason ?? ('access.denied_by_exchange' as const),
    })),
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

/** Counts of both sides; what was not tried yet is in the totals only. */
export async function sidesOf(
  source: Db | Tx,
  { tenant_id, id }: StoredProof,
): Promise<{ inside: ProofSide; outside: ProofSide }> {
  const rows = await source
    .selectFrom('scope_proof_results')
    .select(['side', 'outcome', (eb) => eb.fn.countAll<number>().as('count')])
    .where('tenant_id', '=', tenant_id)
    .where('proof_id', '=', id)
    .groupBy(['side', 'outcome'])
    .execute();
  const sideOf = (side: 'inside' | 'outside'): ProofSide => {
    const ofSide = rows.filter((row) => row.side === side);
    const count = (outcome: ProofOutcome) => ofSide.find((row) => row.outcome === outcome)?.count ?? 0;
    return {
      total: ofSide.reduce((sum, row) => sum + row.count, 0),
      reachable: count('reachable'),
      closed: count('closed'),
      couldNotTell: count('could_not_tell'),
      noMailbox: count('no_mailbox'),
    };
  };
  return { inside: sideOf('inside'), outside: sideOf('outside') };
}

function named(
  source: Db | Tx,
  { tenant_id, id }: StoredProof,
  side: ScopeProofResultsTable['side'],
  outcome: ProofOutcome,
) {
  return source
    .selectFrom('scope_proof_results as r')
    .leftJoin('directory_mailboxes as d', (join) =>
      join.onRef('d.tenant_id', '=', 'r.tenant_id').onRef('d.user_id', '=', 'r.user_id'),
    )
    .leftJoin('users as u', (join) => join.onRef('u.tenant_id', '=', 'r.tenant_id').onRef('u.id', '=', 'r.user_id'))
    .select([
      'r.user_id as id',
      'r.why',
      'r.reason',
      sql<string>`coalesce(d.display_name, u.display_name, r.user_id::text)`.as('displayName'),
      sql<string | null>`coalesce(d.address, u.mail)`.as('address'),
    ])
    .where('r.tenant_id', '=', tenant_id)
    .where('r.proof_id', '=', id)
    .where('r.side', '=', side)
    .where('r.outcome', '=', outcome)
    .orderBy('displayName')
    .orderBy('r.user_id')
    .limit(mostNamed)
    .execute();
}
