import { type Selectable, sql } from 'kysely';
import type { RecordActivity } from '../../audit.ts';
import { rankOf } from '../../db/access-counts.ts';
import { intendedSideSql } from '../../db/intended-scope.ts';
import type { ScopeProofsTable } from '../../db/schema/mailbox-scope.ts';
import type { Tx } from '../../db/schema.ts';
import { noteDrift } from './drift-findings.ts';

const mostKept = 20;

/** Whether the limit was given up or set anew since the proof began. */
export async function provesAnotherLimit(tx: Tx, proof: Selectable<ScopeProofsTable>): Promise<boolean> {
  const scope = await tx
    .selectFrom('mailbox_scopes')
    .select('set_at')
    .where('tenant_id', '=', proof.tenant_id)
    .where('registration', '=', proof.registration)
    .executeTakeFirst();
  return !scope || scope.set_at > proof.started_at;
}

/** What was found against another limit says nothing about this one. */
export async function forgetFindings(tx: Tx, { tenant_id, id }: Selectable<ScopeProofsTable>): Promise<void> {
  await tx.deleteFrom('scope_proof_results').where('tenant_id', '=', tenant_id).where('proof_id', '=', id).execute();
}

/** Keeps the newest proofs: the service adds one every hour, and a sweep has a row for every mailbox. */
export async function forgetOld(
  tx: Tx,
  { tenant_id: tenantId, registration }: Selectable<ScopeProofsTable>,
): Promise<void> {
  await tx
    .deleteFrom('scope_proofs')
    .where('tenant_id', '=', tenantId)
    .where('registration', '=', registration)
    .where('state', '<>', 'running')
    .where('id', 'not in', (eb) =>
      eb
        .selectFrom('scope_proofs')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('registration', '=', registration)
        .orderBy('started_at', 'desc')
        .orderBy('id')
        .limit(mostKept),
    )
    .execute();
}

/** The same verdict as a check by the application gives: reachable, outside, and nothing on its way. */
export async function exposeLeaks(
  tx: Tx,
  { tenant_id, registration, id }: Selectable<ScopeProofsTable>,
  now: Date,
): Promise<void> {
  await sql`
    update mailbox_access a set
      status = 'exposed', status_rank = ${rankOf('exposed')}, reason = 'access.open_outside_scope',
      checked_at = ${now}::timestamptz, check_id = null, attempt_reason = null, attempt_at = null,
      rescheduled_until = null, rescheduled_by = null
    from scope_proof_results r, organizations o
    where a.tenant_id = ${tenant_id} and r.tenant_id = a.tenant_id and r.proof_id = ${id} and r.user_id = a.user_id
      and r.side = 'outside' and r.outcome = 'reachable'
      -- Who came into the group while the proof ran is not outside any more.
      and o.tenant_id = a.tenant_id and o.id = a.organization_id and o.registration = ${registration}
      and ${intendedSideSql(sql.ref('o.tenant_id'), sql.ref('o.registration'), sql.ref('a.user_id'))} = 'outside'
  `.execute(tx);
}

/** Open mailboxes are drift unless a change of ours is under way. */
export async function noteExposure(
  tx: Tx,
  recordActivity: RecordActivity,
  { tenant_id: tenantId, registration }: Selectable<ScopeProofsTable>,
  now: Date,
): Promise<void> {
  const scope = await tx
    .selectFrom('mailbox_scopes as s')
    .select('s.group')
    .where('s.tenant_id', '=', tenantId)
    .where('s.registration', '=', registration)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('scope_changes as c')
            .select('c.id')
            .whereRef('c.tenant_id', '=', 's.tenant_id')
            .whereRef('c.registration', '=', 's.registration')
            .where('c.state', '=', 'open'),
        ),
      ),
    )
    .executeTakeFirst();
  if (!scope) return;
  const found = [{ what: 'mailboxes_exposed' as const, subject: scope.group.displayName, capabilities: [] }];
  await noteDrift(tx, recordActivity, { tenantId, registration, differences: found, now });
}
