import { type Selectable, sql } from 'kysely';
import type { UserId } from '../../../domain/ids.ts';
import type { ProofCandidate, ProofMailbox } from '../../../domain/mailbox-scope/proof-sample.ts';
import { intendedSideSql } from '../../db/intended-scope.ts';
import type { ScopeProofsTable } from '../../db/schema/mailbox-scope.ts';
import type { Tx } from '../../db/schema.ts';

const mostRowsPerStatement = 5_000;

/** Who may be tried; undefined when no limit is intended. */
export async function candidatesOf(
  tx: Tx,
  { tenant_id: tenantId, registration }: Selectable<ScopeProofsTable>,
  { isDirectoryKnown, recentSince }: { readonly isDirectoryKnown: boolean; readonly recentSince: Date },
): Promise<ProofCandidate[] | undefined> {
  const known = isDirectoryKnown
    ? sql``
    : sql`
      union select tenant_id, id from users where tenant_id = ${tenantId}
      union select tenant_id, user_id from mailbox_scope_members
        where tenant_id = ${tenantId} and registration = ${registration}`;
  const { rows } = await sql<{
    userId: UserId;
    side: 'inside' | 'outside' | 'not_limited';
    isNestedOnly: boolean;
    isNew: boolean;
    wasInside: boolean;
    wasOutside: boolean;
    isShared: boolean;
  }>`
    select c.user_id as "userId", ${intendedSideSql(sql.ref('c.tenant_id'), sql.ref('c.registration'), sql.ref('c.user_id'))} as side,
      coalesce(m.is_nested, false) as "isNestedOnly",
      coalesce(m.since >= ${recentSince}::timestamptz, false) as "isNew",
      coalesce(a.status in ('working', 'limited'), false) as "wasInside",
      coalesce(a.status = 'exposed' or a.reason = 'access.outside_scope', false) as "wasOutside",
      coalesce(d.is_shared, false) as "isShared"
    from (
      select e.tenant_id, e.user_id, ${registration}::text as registration from (
        select tenant_id, user_id from directory_mailboxes where tenant_id = ${tenantId} ${known}
      ) e
    ) c
    left join mailbox_scope_members m
      on m.tenant_id = c.tenant_id and m.registration = c.registration and m.user_id = c.user_id
    left join directory_mailboxes d on d.tenant_id = c.tenant_id and d.user_id = c.user_id
    left join organizations o on o.tenant_id = c.tenant_id and o.id = (
      select u.organization_id from users u where u.tenant_id = c.tenant_id and u.id = c.user_id
    )
    left join mailbox_access a
      on a.tenant_id = c.tenant_id and a.user_id = c.user_id and o.registration = c.registration
  `.execute(tx);
  if (rows.some(({ side }) => side === 'not_limited')) return undefined;
  return rows.map(({ side, isNew, wasInside, wasOutside, ...candidate }) => ({
    ...candidate,
    side: side === 'inside' ? 'inside' : 'outside',
    // Whose last verdict is that of the other side has changed sides since.
    hasMoved: isNew || (side === 'outside' ? wasInside : wasOutside),
  }));
}

export async function insertChoice(
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
