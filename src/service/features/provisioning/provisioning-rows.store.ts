import { sql } from 'kysely';
import type { ProvisioningRow } from '../../../contract/provisioning.ts';
import { type EligibilityCause, eligibilityCauses } from '../../../domain/eligibility/eligibility.ts';
import type { ProvisioningId, TenantId, UserId } from '../../../domain/ids.ts';
import type { ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import type { KeyKind } from '../../../domain/provisioning/csv-row.ts';
import {
  groupOfVerdict,
  type RowGroup,
  type RowVerdict,
  rowVerdicts,
  verdictsOfGroup,
} from '../../../domain/provisioning/row-verdict.ts';
import type { Db, Tx } from '../../db/schema.ts';

export interface NewRow {
  readonly line: number;
  readonly verdict: RowVerdict;
  readonly keyKind: KeyKind;
  readonly key: string;
  readonly userId: UserId | null;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly mail: string | null;
}

interface Of {
  readonly tenant_id: TenantId;
  readonly id: ProvisioningId;
}

/** With a parameter per column: with one per cell the database spends most of its time on reading the statement. */
export async function insertRows(tx: Tx, of: Of, rows: readonly NewRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += mostRowsPerStatement) {
    const some = rows.slice(start, start + mostRowsPerStatement);
    await sql`
      insert into provisioning_rows (tenant_id, provisioning_id, line, verdict, key_kind, key, user_id, display_name,
        user_principal_name, mail)
      select ${of.tenant_id}::uuid, ${of.id}::uuid, n.line, n.verdict, n.key_kind, n.key, n.user_id, n.name, n.upn, n.mail
      from unnest(
        ${some.map(({ line }) => line)}::int[], ${some.map(({ verdict }) => verdict)}::text[],
        ${some.map(({ keyKind }) => keyKind)}::text[], ${some.map(({ key }) => key)}::text[],
        ${some.map(({ userId }) => userId)}::uuid[], ${some.map(({ displayName }) => displayName)}::text[],
        ${some.map(({ userPrincipalName }) => userPrincipalName)}::text[], ${some.map(({ mail }) => mail)}::text[]
      ) as n (line, verdict, key_kind, key, user_id, name, upn, mail)
    `.execute(tx);
  }
}

const mostRowsPerStatement = 2_000;

/** Rows as an admin reads them: page by page, by verdict or by line. */
export interface ProvisioningRows {
  page(
    tenantId: TenantId,
    id: ProvisioningId,
    options: { readonly group?: RowGroup | undefined; readonly after: number; readonly limit: number },
  ): Promise<{ rows: ProvisioningRow[]; hasMore: boolean }>;
  /** All of them by line, or those that somebody has to look at. */
  all(tenantId: TenantId, id: ProvisioningId, which: 'attention' | 'all'): AsyncGenerator<ProvisioningRow[]>;
}

const exportPageSize = 1_000;

export function createProvisioningRows(db: Db): ProvisioningRows {
  /** The next lines of some verdicts: from the beginning of each, of which the first lines of all are taken. */
  async function next(
    tenantId: TenantId,
    id: ProvisioningId,
    verdicts: readonly RowVerdict[],
    after: number,
    limit: number,
  ): Promise<ProvisioningRow[]> {
    const { rows } = await sql<StoredRow>`
      select r.line, r.verdict, r.key, r.key_kind, r.user_id, r.display_name, r.user_principal_name, r.duplicate_of,
        o.name as organization_name
      from (
        select f.* from unnest(${verdicts}::text[]) as v (verdict)
        cross join lateral (
          select * from provisioning_rows x
          where x.tenant_id = ${tenantId} and x.provisioning_id = ${id} and x.verdict = v.verdict and x.line > ${after}
          order by x.line limit ${limit}
        ) f
        order by f.line limit ${limit}
      ) r
      left join users u on r.verdict = 'in_another_organization' and u.tenant_id = ${tenantId} and u.id = r.user_id
      left join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id
      order by r.line
    `.execute(db);
    return rows.map(toRow);
  }

  return {
    async page(tenantId, id, { group, after, limit }) {
      const verdicts = group ? verdictsOfGroup(group) : rowVerdicts;
      const rows = await next(tenantId, id, verdicts, after, limit + 1);
      return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
    },

    async *all(tenantId, id, which) {
      const verdicts = rowVerdicts.filter((verdict) => which === 'all' || needsAttention(verdict));
      for (let after = 0; ; ) {
        const rows = await next(tenantId, id, verdicts, after, exportPageSize);
        const last = rows.at(-1);
        if (!last) return;
        yield rows;
        after = last.line;
      }
    },
  };
}

interface StoredRow {
  readonly line: number;
  readonly verdict: RowVerdict;
  readonly key: string;
  readonly user_id: UserId | null;
  readonly display_name: string | null;
  readonly user_principal_name: string | null;
  readonly duplicate_of: number | null;
  readonly organization_name: string | null;
}

function needsAttention(verdict: RowVerdict): boolean {
  const group = groupOfVerdict(verdict);
  return group === 'fixable' || group === 'impossible' || verdict === 'row.duplicate';
}

function toRow(row: StoredRow): ProvisioningRow {
  return {
    line: row.line,
    verdict: row.verdict,
    reason: reasonOf(row.verdict),
    named: row.key,
    userId: row.user_id,
    displayName: row.display_name,
    userPrincipalName: row.user_principal_name,
    duplicateOf: row.duplicate_of,
    organizationName: row.organization_name,
  };
}

function reasonOf(verdict: RowVerdict): ReasonCode | null {
  const cause = verdict in eligibilityCauses ? eligibilityCauses[verdict as EligibilityCause] : undefined;
  return cause && 'reason' in cause ? cause.reason : null;
}
