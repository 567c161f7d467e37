import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { TenantId } from '../../../domain/ids.ts';
import { readUserSort, type SortableUserColumn, type UserSort } from '../../../domain/users/user-list.ts';
import { isByVerdict, type ListFilter, tablesOfFilter, userConditions } from '../../db/user-filter.ts';
import type { CursorType } from './user-cursor.ts';
import { type KeysetOrder, sortedOrder } from './user-keyset.ts';

/** What a list is sorted by, one after the other. */
export type Wanted = readonly { readonly column: SortableUserColumn; readonly isDescending: boolean }[];

/** Each has a row per user, with the name. */
type Base = 'u' | 'a' | 's';
type Table = Base | 'o';

/**
 * The order of a list. Ids alone are read in it, from the fewest and narrowest tables; a page's users are read by id.
 *
 * Every column has an index that is its order, and a page is a walk along it from where the one before ended, as long
 * however many users there are; from its other end when turned round, which is why ties then stand the other way round
 * too. By organization, each organization is a walk of its own. `user-pages.ts` has the rest: verdicts, whose index leaves
 * out those that work, filters that stand in another table, synchronization, which hangs on two switches, and several sorts
 * at once.
 */
export function orderOf(tenantId: TenantId, filter: ListFilter, sorts: readonly UserSort[]): KeysetOrder {
  const wanted = wantedOf(filter, sorts);
  const isTurned = wanted.at(-1)?.isDescending ?? false;
  const order = orderBy(tenantId, filter, wanted, isTurned);
  if (wanted[0]?.column !== 'organization') return order;
  const within = orderBy(tenantId, filter, wanted.slice(1), isTurned, { organizationId: 'g.id' });
  const values = sql`select o.id, ${organizationKey} as k0 from organizations o where o.tenant_id = ${tenantId}`;
  return { ...order, groups: { values, within } };
}

/** A walk along the index that is the order. */
export interface Walk {
  readonly order: KeysetOrder;
  /** What the filter asks of whom the walk meets, as `near.id`: nothing where an index has the filter and the order. */
  readonly matching: readonly RawBuilder<SqlBool>[];
}

/** Nothing where no index is the order. */
export function walkOf(tenantId: TenantId, filter: ListFilter, sorts: readonly UserSort[]): Walk | undefined {
  const [first, ...others] = wantedOf(filter, sorts);
  if (others.length > 0 || first?.column === 'organization' || first?.column === 'synchronization') return undefined;
  if (first?.column === 'status' && !filter.isNotWorking) return undefined;
  const [indexed, left] = splitFilter(first?.column ?? 'name', filter);
  const order = orderBy(tenantId, indexed, first ? [first] : [], first?.isDescending ?? false);
  return { order, matching: matchingOf(tenantId, left) };
}

/** What an index has of a filter before the order, and what is left of it. */
function splitFilter(order: SortableUserColumn, filter: ListFilter): readonly [ListFilter, ListFilter] {
  const { organizationId, status, isNotWorking, openIssues, ...ofUser } = filter;
  if (order === 'status')
    return [
      { organizationId, isNotWorking },
      { status, openIssues, ...ofUser },
    ];
  if (order !== 'name') return [{}, filter];
  if (openIssues !== undefined) return [{ openIssues }, { organizationId, status, ...ofUser }];
  return isByVerdict({ status }) ? [{ organizationId, status }, ofUser] : [{ organizationId }, { status, ...ofUser }];
}

/**
 * What a filter asks of a user `near.id`: each of its own table, one user after the other, whatever the database guesses
 * of how many there will be.
 */
export function matchingOf(tenantId: TenantId, filter: ListFilter): readonly RawBuilder<SqlBool>[] {
  const { status, isNotWorking, openIssues, ...ofUser } = filter;
  const asked = [
    { table: 'u', conditions: userConditions(tenantId, ofUser) },
    { table: 'a', conditions: userConditions(tenantId, { status, isNotWorking }) },
    { table: 's', conditions: userConditions(tenantId, { openIssues }) },
  ] as const;
  return asked
    .filter(({ conditions }) => conditions.length > 0)
    .map(({ table, conditions }) => {
      const row = sql`${sql.table(tableNames[table])} ${sql.id(table)}`;
      const isSame = sql`${sql.ref(`${table}.tenant_id`)} = ${tenantId} and ${idOf(table)} = near.id`;
      return sql<SqlBool>`exists (select from ${row} where ${sql.join([isSame, ...conditions], sql` and `)} offset 0)`;
    });
}

/**
 * The same order of rows that were read before, all of them with their verdicts.
 * @param read names rows with what {@link keyColumns} has of users
 */
export function orderOfRead(
  tenantId: TenantId,
  filter: ListFilter,
  sorts: readonly UserSort[],
  read: RawBuilder<unknown>,
): KeysetOrder {
  const wanted = wantedOf(filter, sorts);
  const tables = new Set<Table>(['u', 'a', ...wanted.flatMap(({ column }) => tablesOf[column])]);
  return {
    ...keysOf(wanted, 'u', wanted.at(-1)?.isDescending ?? false),
    from: joined(tenantId, 'u', tables, { read, areFew: true }),
  };
}

/** What a list is sorted by. What the filter fixes orders nothing. */
export function wantedOf(filter: ListFilter, sorts: readonly UserSort[]): Wanted {
  return sorts
    .map(readUserSort)
    .filter(({ column }) => !(column === 'status' && filter.status))
    .filter(({ column }) => !(column === 'organization' && filter.organizationId))
    .filter(({ column }) => !(column === 'connection' && filter.connection))
    .filter(({ column }) => !(column === 'synchronization' && filter.sync))
    .filter(({ column }) => !(column === 'mailboxStatus' && filter.mailboxState))
    .filter(({ column }) => !(column === 'issues' && filter.openIssues !== undefined));
}

/**
 * The order of those whom a filter by verdict or organization finds, when they are few: they are read by its index, and
 * what they are sorted by is read of them all at once where one table has it, of one after the other otherwise. Those that
 * work are picked out of all.
 */
export function orderOfFew(tenantId: TenantId, filter: ListFilter, sorts: readonly UserSort[]): KeysetOrder {
  const wanted = wantedOf(filter, sorts);
  const isTurned = wanted.at(-1)?.isDescending ?? false;
  const fewOf = filter.status ? 'a' : 'u';
  const [table, ...others] = new Set(wanted.flatMap(({ column }) => tablesOf[column]));
  if (others.length > 0 || (table !== 'u' && table !== 's')) {
    return sortedOrder(orderBy(tenantId, filter, wanted, isTurned, { fewOf }));
  }
  const few = sql`${sql.table(tableNames[fewOf])} ${sql.id(fewOf)}`;
  const conditions = [sql`${sql.ref(`${fewOf}.tenant_id`)} = ${tenantId}`, ...userConditions(tenantId, filter, fewOf)];
  const ids = sql`array(select ${idOf(fewOf)} from ${few} where ${sql.join(conditions, sql` and `)})`;
  const isTenants = sql`${sql.ref(`${table}.tenant_id`)} = ${tenantId}`;
  const from = sql`${sql.table(tableNames[table])} ${sql.id(table)} where ${isTenants} and ${idOf(table)} = any(${ids})`;
  return sortedOrder({ ...keysOf(wanted, table, isTurned), from });
}

interface Ways {
  /** Names the one organization whose users are read. */
  readonly organizationId?: string;
  /** The table that leads to few users. */
  readonly fewOf?: Base;
}

function orderBy(
  tenantId: TenantId,
  filter: ListFilter,
  wanted: Wanted,
  isTurned: boolean,
  { organizationId, fewOf }: Ways = {},
): KeysetOrder {
  const base = fewOf ?? baseOf(wanted[0]?.column, filter);
  const tables = new Set<Table>([base, ...tablesOfFilter(filter), ...wanted.flatMap(({ column }) => tablesOf[column])]);
  if (filter.organizationId || organizationId || tables.has('o')) tables.add(withOrganization(base));
  const conditions = [
    sql<SqlBool>`${sql.ref(`${base}.tenant_id`)} = ${tenantId}`,
    ...userConditions(tenantId, filter, withOrganization(base)),
    ...(organizationId ? [sql`${organizationOf(base)} = ${sql.ref(organizationId)}`] : []),
  ];
  return {
    ...keysOf(wanted, base, isTurned),
    from: sql`${joined(tenantId, base, tables, { areFew: fewOf !== undefined })} where ${sql.join(conditions, sql` and `)}`,
  };
}

function keysOf(wanted: Wanted, base: Base, isTurned: boolean): Pick<KeysetOrder, 'id' | 'keys'> {
  const name = { expression: sql.ref(`${base}.sort_name`), type: 'text' } as const;
  const id = idOf(base);
  return {
    id,
    keys: [
      ...wanted.map(({ column, isDescending }) => ({
        ...(column === 'name' ? name : keyOf[column]),
        isDescending,
      })),
      ...(wanted.some(({ column }) => column === 'name') ? [] : [{ ...name, isDescending: isTurned }]),
      { expression: id, type: 'uuid', isDescending: isTurned },
    ],
  };
}

/** The table that is walked: name and id stand in all of them. */
function baseOf(first: SortableUserColumn | undefined, filter: ListFilter): Base {
  if (first === 'status' || first === 'lastCheck') return 'a';
  if (first === 'lastSync' || first === 'issues') return 's';
  if (first !== undefined && first !== 'name') return 'u';
  return filter.openIssues !== undefined ? 's' : isByVerdict(filter) ? 'a' : 'u';
}

/** Of two tables the organization is known. */
const withOrganization = (base: Base) => (base === 's' ? 'u' : base);
const organizationOf = (base: Base) => sql.ref(`${withOrganization(base)}.organization_id`);
const idOf = (base: Base) => sql.ref(base === 'u' ? 'u.id' : `${base}.user_id`);

/** Never is before everything. */
const orNever = (column: string) => sql`coalesce(${sql.ref(column)}, timestamptz 'epoch')`;
const byBytes = (column: string) => sql`${sql.ref(column)} collate "C"`;

interface ColumnKey {
  readonly expression: RawBuilder<unknown>;
  readonly type: CursorType;
}

/** Of an organization `o`. */
export const organizationKey = sql`lower(o.name) collate "C"`;

const keyOf: Readonly<Record<Exclude<SortableUserColumn, 'name'>, ColumnKey>> = {
  status: { expression: sql.ref('a.status_rank'), type: 'number' },
  address: { expression: sql.ref('u.sort_address'), type: 'text' },
  organization: { expression: organizationKey, type: 'text' },
  connection: { expression: byBytes('u.connection_type'), type: 'text' },
  mailboxStatus: { expression: byBytes('u.mailbox_state'), type: 'text' },
  synchronization: { expression: sql`(u.sync_enabled and o.sync_enabled)::int`, type: 'number' },
  issues: { expression: sql.ref('s.open_issues'), type: 'number' },
  lastCheck: { expression: orNever('a.checked_at'), type: 'instant' },
  lastSync: { expression: orNever('s.last_sync_at'), type: 'instant' },
  createdAt: { expression: sql.ref('u.created_at'), type: 'instant' },
  updatedAt: { expression: sql.ref('u.updated_at'), type: 'instant' },
};

const tablesOf: Readonly<Record<SortableUserColumn, readonly Table[]>> = {
  status: ['a'],
  name: [],
  address: ['u'],
  organization: ['o'],
  connection: ['u'],
  mailboxStatus: ['u'],
  synchronization: ['u', 'o'],
  issues: ['s'],
  lastCheck: ['a'],
  lastSync: ['s'],
  createdAt: ['u'],
  updatedAt: ['u'],
};

const tableNames = { u: 'users', a: 'mailbox_access', s: 'mailbox_syncs' } as const;

/** What lists are filtered and sorted by. Reading names, addresses and what is searched would double the time it takes. */
export const keyColumns = {
  u: 'u.tenant_id, u.id, u.organization_id, u.sort_name, u.sort_address, u.connection_type, u.mailbox_state, u.sync_enabled, u.created_at, u.updated_at',
  a: 'a.organization_id, a.status, a.status_rank, a.checked_at',
  s: 's.open_issues, s.last_sync_at',
} as const;

function joined(
  tenantId: TenantId,
  base: Base,
  tables: ReadonlySet<Table>,
  { read, areFew }: { readonly read?: RawBuilder<unknown>; readonly areFew: boolean },
): RawBuilder<unknown> {
  const others = (['u', 'a', 's'] as const).filter((table) => table !== base && tables.has(table));
  const parts = [
    sql`${read ?? sql.table(tableNames[base])} ${sql.id(base)}`,
    ...others.map((table) => {
      if (areFew) return oneByOne(table, tenantId, idOf(base));
      const isTenants = sql`${sql.ref(`${table}.tenant_id`)} = ${sql.ref(`${base}.tenant_id`)}`;
      return sql`join ${sql.table(tableNames[table])} ${sql.id(table)} on ${isTenants} and ${idOf(table)} = ${idOf(base)}`;
    }),
    ...(tables.has('o')
      ? [sql`join organizations o on o.tenant_id = ${tenantId} and o.id = ${organizationOf(base)}`]
      : []),
  ];
  return sql.join(parts, sql` `);
}

/** Whatever the database guesses of how many were read: it would read all of a table for some thousands. */
function oneByOne(table: Base, tenantId: TenantId, id: RawBuilder<unknown>): RawBuilder<unknown> {
  const row = sql`${sql.table(tableNames[table])} ${sql.id(table)}`;
  const isSame = sql`${sql.ref(`${table}.tenant_id`)} = ${tenantId} and ${idOf(table)} = ${id}`;
  return sql`join lateral (select ${sql.raw(keyColumns[table])} from ${row} where ${isSame} offset 0) ${sql.id(table)} on true`;
}
