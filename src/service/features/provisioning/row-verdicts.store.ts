import { sql } from 'kysely';
import type { UserId } from '../../../domain/ids.ts';
import type { RowVerdict } from '../../../domain/provisioning/row-verdict.ts';
import type { StoredProvisioning } from '../../db/schema/provisioning.ts';
import type { Tx } from '../../db/schema.ts';

export interface RowResult {
  readonly line: number;
  readonly verdict: RowVerdict;
  readonly userId: UserId | null;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly mail: string | null;
}

/** What was found about rows, and who they name. */
export async function saveVerdicts(tx: Tx, of: StoredProvisioning, results: readonly RowResult[]): Promise<void> {
  await sql`
    update provisioning_rows r set verdict = n.verdict, user_id = n.user_id, display_name = n.name,
      user_principal_name = n.upn, mail = n.mail
    from unnest(
      ${results.map(({ line }) => line)}::int[], ${results.map(({ verdict }) => verdict)}::text[],
      ${results.map(({ userId }) => userId)}::uuid[], ${results.map(({ displayName }) => displayName)}::text[],
      ${results.map(({ userPrincipalName }) => userPrincipalName)}::text[], ${results.map(({ mail }) => mail)}::text[]
    ) as n (line, verdict, user_id, name, upn, mail)
    where r.tenant_id = ${of.tenant_id} and r.provisioning_id = ${of.id} and r.line = n.line
  `.execute(tx);
}

/** What became of rows; who they name stands. */
export async function setVerdicts(
  tx: Tx,
  of: StoredProvisioning,
  rows: readonly { readonly line: number; readonly verdict: RowVerdict }[],
): Promise<void> {
  await sql`
    update provisioning_rows r set verdict = n.verdict
    from unnest(${rows.map(({ line }) => line)}::int[], ${rows.map(({ verdict }) => verdict)}::text[]) as n (line, verdict)
    where r.tenant_id = ${of.tenant_id} and r.provisioning_id = ${of.id} and r.line = n.line
  `.execute(tx);
}

/** The first row of somebody stands; the others say where it is. @returns how many rows name somebody again */
export async function markRepeated(tx: Tx, of: StoredProvisioning, by: 'key' | 'user_id'): Promise<number> {
  const who = by === 'key' ? sql`key_kind, key` : sql`user_id`;
  const which = by === 'key' ? sql`verdict = 'waiting'` : sql`user_id is not null and verdict <> 'row.duplicate'`;
  const { numAffectedRows } = await sql`
    update provisioning_rows r set verdict = 'row.duplicate', duplicate_of = d.first
    from (
      select line, min(line) over (partition by ${who}) as first from provisioning_rows
      where tenant_id = ${of.tenant_id} and provisioning_id = ${of.id} and ${which}
    ) d
    where d.line <> d.first and r.tenant_id = ${of.tenant_id} and r.provisioning_id = ${of.id} and r.line = d.line
  `.execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** How many rows have which verdict, as it is stored. */
export async function countVerdicts(tx: Tx, of: StoredProvisioning): Promise<string> {
  const counts = await tx
    .selectFrom('provisioning_rows')
    .select(['verdict', (eb) => eb.fn.countAll<number>().as('count')])
    .where('tenant_id', '=', of.tenant_id)
    .where('provisioning_id', '=', of.id)
    .groupBy('verdict')
    .orderBy('verdict')
    .execute();
  return JSON.stringify(counts);
}
