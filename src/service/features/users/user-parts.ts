import { sql } from 'kysely';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import { accessStatuses } from '../../../domain/mailbox-access/verdict.ts';
import { connectionTypes, mailboxStates } from '../../../domain/mailbox-sync/mailbox-state.ts';
import type { SortableUserColumn } from '../../../domain/users/user-list.ts';
import type { Db } from '../../db/schema.ts';
import type { ListFilter } from '../../db/user-filter.ts';
import { organizationKey, type Wanted } from './user-order.ts';

/** Users with one value of a column: the key of the value in the order of the column, and the filter that finds them. */
export type Part = readonly [key: string, filter: ListFilter];

/** In the order of the column. */
const parts: Partial<Record<SortableUserColumn, readonly Part[]>> = {
  synchronization: [
    ['0', { sync: 'disabled' }],
    ['1', { sync: 'enabled' }],
  ],
  connection: connectionTypes.toSorted().map((connection) => [connection, { connection }]),
  mailboxStatus: mailboxStates.toSorted().map((mailboxState) => [mailboxState, { mailboxState }]),
  status: accessStatuses.map((status, rank) => [String(rank), { status }]),
};

/**
 * Where no index is the order of everybody: by synchronization, for it hangs on two switches, and by a second column
 * behind one of few values. Each value is a list of its own, and one comes after the other.
 */
export async function partsOf(
  db: Db,
  tenantId: TenantId,
  [first, ...others]: Wanted,
): Promise<readonly Part[] | undefined> {
  if (!first || (first.column !== 'synchronization' && others.length === 0)) return undefined;
  const { column } = first;
  const asked = column === 'issues' ? partsByIssues : column === 'organization' ? partsByOrganization : undefined;
  const found = asked ? await asked(db, tenantId) : parts[column];
  return first.isDescending ? found?.toReversed() : found;
}

const countedColumns: ReadonlySet<SortableUserColumn> = new Set(['synchronization', 'status', 'issues']);

/** The part in which the page before ended and those behind it: nobody may have its value any more. */
export function partsFrom(ofOrder: readonly Part[], first: Wanted[number] | undefined, last: string): readonly Part[] {
  if (!first) return [];
  const orderOf = (key: string) => (countedColumns.has(first.column) ? Number(key) : key);
  return ofOrder.filter(([key]) =>
    first.isDescending ? orderOf(key) <= orderOf(last) : orderOf(key) >= orderOf(last),
  );
}

/** From one number to the next one that occurs, along the index. */
async function partsByIssues(db: Db, tenantId: TenantId): Promise<Part[]> {
  const { rows } = await sql<{ n: number }>`
    with recursive number as (
      select min(open_issues) as n from mailbox_syncs where tenant_id = ${tenantId}
      union all
      select (select min(open_issues) from mailbox_syncs where tenant_id = ${tenantId} and open_issues > number.n)
      from number where number.n is not null
    )
    select n from number where n is not null
  `.execute(db);
  return rows.map(({ n: openIssues }) => [String(openIssues), { openIssues }]);
}

/** Organizations that have users; none where two have one name, and their users stand among each other. */
async function partsByOrganization(db: Db, tenantId: TenantId): Promise<Part[] | undefined> {
  const { rows } = await sql<{ id: OrganizationId; key: string }>`
    select o.id, ${organizationKey} as key from organizations o
    where o.tenant_id = ${tenantId}
      and 0 < (select sum(t.count) from access_tallies t where t.tenant_id = o.tenant_id and t.organization_id = o.id)
    order by key
  `.execute(db);
  const isSame = rows.some(({ key }, index) => rows[index - 1]?.key === key);
  return isSame ? undefined : rows.map(({ id: organizationId, key }) => [key, { organizationId }]);
}
