import { sql } from 'kysely';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import { accessStatuses } from '../../../domain/mailbox-access/verdict.ts';
import { connectionTypes, mailboxStates } from '../../../domain/mailbox-sync/mailbox-state.ts';
import type { SortableUserColumn } from '../../../domain/users/user-list.ts';
import { rankOf } from '../../db/access-counts.ts';
import type { Db } from '../../db/schema.ts';
import type { ListFilter } from '../../db/user-filter.ts';
import { organizationKey, type Wanted } from './user-order.ts';

/** Users with some values of a column. */
export interface Part {
  /** The first and the last of the values, in the order of the column. */
  readonly from: string;
  readonly to: string;
  /** Finds them. */
  readonly filter: ListFilter;
}

const partOf = (key: string, filter: ListFilter): Part => ({ from: key, to: key, filter });

/** In the order of the column. */
const parts: Partial<Record<SortableUserColumn, readonly Part[]>> = {
  synchronization: [partOf('0', { sync: 'disabled' }), partOf('1', { sync: 'enabled' })],
  connection: connectionTypes.toSorted().map((connection) => partOf(connection, { connection })),
  mailboxStatus: mailboxStates.toSorted().map((mailboxState) => partOf(mailboxState, { mailboxState })),
  status: accessStatuses.map((status, rank) => partOf(String(rank), { status })),
};

/** Most mailboxes work, and every check would rewrite an index that had them by verdict. They stand by name anyway. */
const partsByVerdict: readonly Part[] = [
  { from: '0', to: String(rankOf('working') - 1), filter: { isNotWorking: true } },
  partOf(String(rankOf('working')), { status: 'working' }),
];

/**
 * Where no index is the order of everybody: by verdict, by synchronization, for it hangs on two switches, and by a second
 * column behind one of few values. Each value is a list of its own, and one comes after the other.
 */
export async function partsOf(
  db: Db,
  tenantId: TenantId,
  [first, ...others]: Wanted,
): Promise<readonly Part[] | undefined> {
  const found = first && (await partsInOrder(db, tenantId, first.column, others.length === 0));
  return first?.isDescending ? found?.toReversed() : found;
}

async function partsInOrder(db: Db, tenantId: TenantId, column: SortableUserColumn, isOnly: boolean) {
  if (isOnly && column === 'status') return partsByVerdict;
  if (isOnly && column !== 'synchronization') return undefined;
  if (column === 'issues') return partsByIssues(db, tenantId);
  if (column === 'organization') return partsByOrganization(db, tenantId);
  return parts[column];
}

const countedColumns: ReadonlySet<SortableUserColumn> = new Set(['synchronization', 'status', 'issues']);

/** The part in which the page before ended and those behind it: nobody may have its value any more. */
export function partsFrom(ofOrder: readonly Part[], first: Wanted[number] | undefined, last: string): readonly Part[] {
  return ofOrder.filter(({ from, to }) =>
    first?.isDescending ? !isBehind(first, from, last) : first && !isBehind(first, last, to),
  );
}

/** Whether a key is of a part. */
export function containsKey({ from, to }: Part, first: Wanted[number] | undefined, key: string): boolean {
  return first !== undefined && !isBehind(first, from, key) && !isBehind(first, key, to);
}

/** Whether one key stands behind another in the order of the column. */
function isBehind({ column }: Wanted[number], one: string, other: string): boolean {
  return countedColumns.has(column) ? Number(one) > Number(other) : one > other;
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
  return rows.map(({ n: openIssues }) => partOf(String(openIssues), { openIssues }));
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
  return isSame ? undefined : rows.map(({ id: organizationId, key }) => partOf(key, { organizationId }));
}
