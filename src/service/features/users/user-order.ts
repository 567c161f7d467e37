import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { UserFilter } from '../../../contract/users.ts';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import { readUserSort, type SortableUserColumn, type UserSort } from '../../../domain/users/user-list.ts';
import { tablesOfFilter, userConditions } from '../../db/user-filter.ts';
import type { CursorType } from './user-cursor.ts';

type Table = 'u' | 'a' | 'o' | 'e';

interface Key {
  readonly expression: RawBuilder<unknown>;
  readonly type: CursorType;
  readonly isDescending: boolean;
}

/** In which order a list is read, and from which tables. */
export interface UserOrder {
  readonly id: RawBuilder<unknown>;
  readonly keys: readonly Key[];
  /** Users of the tenant that the filter matches. */
  readonly from: RawBuilder<unknown>;
}

/**
 * The order of a list. Ids alone are read in it, from the fewest and narrowest tables; a page's users are read by id.
 *
 * Name, status, address, creation, update, connection and mailbox status have an index that is the order, and a page is a walk
 * along it from where the one before ended, as long however many users there are; from its other end when turned round,
 * which is why ties then stand the other way round too. The other sorts, and several at once, change with every session
 * or check, and an index on them would make each of those rewrite all indexes of the user: they are sorted. That is
 * bounded all the same: the database reads the keys of everybody once and keeps no more than a page of them, some tenths
 * of a second for 200,000 users, and a filter that few match is few to sort.
 */
export function orderOf(tenantId: TenantId, filter: UserFilter, sorts: readonly UserSort[]): UserOrder {
  const wanted = wantedOf(filter, sorts);
  const base = baseOf(wanted[0]?.column, filter);
  const tables = new Set<Table>([base, ...tablesOfFilter(filter), ...wanted.flatMap(({ column }) => tablesOf[column])]);
  const conditions = [
    sql<SqlBool>`${sql.ref(`${base}.tenant_id`)} = ${tenantId}`,
    ...userConditions(tenantId, filter, base),
  ];
  return {
    ...keysOf(wanted, base),
    from: sql`${joined(tenantId, base, tables)} where ${sql.join(conditions, sql` and `)}`,
  };
}

/**
 * The same order of rows that were read before, all of them with their verdicts.
 * @param read names rows with all that users have
 */
export function orderOfRead(
  tenantId: TenantId,
  filter: UserFilter,
  sorts: readonly UserSort[],
  read: RawBuilder<unknown>,
): UserOrder {
  const wanted = wantedOf(filter, sorts);
  const tables = new Set<Table>(['u', 'a', ...wanted.flatMap(({ column }) => tablesOf[column])]);
  return { ...keysOf(wanted, 'u'), from: joined(tenantId, 'u', tables, read) };
}

function wantedOf(filter: UserFilter, sorts: readonly UserSort[]) {
  return (
    sorts
      .map(readUserSort)
      // What the filter fixes orders nothing.
      .filter(({ column }) => !(column === 'status' && filter.status))
      .filter(({ column }) => !(column === 'organization' && filter.organizationId))
      .filter(({ column }) => !(column === 'connection' && filter.connection))
      .filter(({ column }) => !(column === 'synchronization' && filter.sync))
  );
}

function keysOf(wanted: ReturnType<typeof wantedOf>, base: 'u' | 'a'): Pick<UserOrder, 'id' | 'keys'> {
  const isTurned = wanted.at(-1)?.isDescending ?? false;
  const name = { expression: sql.ref(`${base}.sort_name`), type: 'text' } as const;
  const id = base === 'u' ? sql.ref('u.id') : sql.ref('a.user_id');
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

/** The table that is walked: name, organization and id stand in both. */
function baseOf(first: SortableUserColumn | undefined, filter: UserFilter): 'u' | 'a' {
  if (first === 'status' || first === 'lastCheck') return 'a';
  return filter.status && (first === undefined || first === 'name') ? 'a' : 'u';
}

/** Never is before everything. */
const orNever = (column: string) => sql`coalesce(${sql.ref(column)}, timestamptz 'epoch')`;
const byBytes = (column: string) => sql`${sql.ref(column)} collate "C"`;

const keyOf: Readonly<Record<Exclude<SortableUserColumn, 'name'>, Omit<Key, 'isDescending'>>> = {
  status: { expression: sql.ref('a.status_rank'), type: 'number' },
  address: { expression: sql.ref('u.sort_address'), type: 'text' },
  organization: { expression: sql`lower(o.name) collate "C"`, type: 'text' },
  connection: { expression: byBytes('u.connection_type'), type: 'text' },
  mailboxStatus: { expression: byBytes('u.mailbox_state'), type: 'text' },
  synchronization: { expression: sql`(u.sync_enabled and o.sync_enabled)::int`, type: 'number' },
  issues: { expression: sql`coalesce(e.open, 0)`, type: 'number' },
  lastCheck: { expression: orNever('a.checked_at'), type: 'instant' },
  lastSync: { expression: orNever('u.last_sync_at'), type: 'instant' },
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
  issues: ['e'],
  lastCheck: ['a'],
  lastSync: ['u'],
  createdAt: ['u'],
  updatedAt: ['u'],
};

/** Whatever the database guesses of how many were read: it would read all verdicts for some thousands. */
const oneByOne = sql`join lateral (
  select * from mailbox_access where tenant_id = u.tenant_id and user_id = u.id offset 0
) a on true`;

function joined(
  tenantId: TenantId,
  base: 'u' | 'a',
  tables: ReadonlySet<Table>,
  read?: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const both = sql`a.tenant_id = u.tenant_id and a.user_id = u.id`;
  const organization = sql.ref(`${base}.organization_id`);
  const parts = [
    base === 'u' ? sql`${read ?? sql`users`} u` : sql`mailbox_access a`,
    ...(base === 'u' && tables.has('a') ? [read ? oneByOne : sql`join mailbox_access a on ${both}`] : []),
    ...(base === 'a' && tables.has('u') ? [sql`join users u on ${both}`] : []),
    ...(tables.has('o') ? [sql`join organizations o on o.tenant_id = ${tenantId} and o.id = ${organization}`] : []),
    ...(tables.has('e')
      ? [
          sql`left join (
            select user_id, count(*)::int as open from sync_errors
            where tenant_id = ${tenantId} and resolved_at is null group by user_id
          ) e on e.user_id = ${base === 'u' ? sql.ref('u.id') : sql.ref('a.user_id')}`,
        ]
      : []),
  ];
  return sql.join(parts, sql` `);
}

/** What `order by` takes. */
export function byKeys({ keys }: UserOrder): RawBuilder<unknown> {
  return ordered(keys.map(({ expression, isDescending }) => ({ expression, isDescending })));
}

/** The keys as columns k0, k1 and so on. */
export function namedKeys({ keys }: UserOrder): RawBuilder<unknown> {
  return sql.join(keys.map(({ expression }, index) => sql`${expression} as ${sql.id(`k${index}`)}`));
}

/** The order of rows that have the keys as columns. @param rows of this name, with its conditions */
export function orderByNamed({ keys }: UserOrder, rows: string, conditions: RawBuilder<unknown>): UserOrder {
  return {
    id: sql.ref(`${rows}.id`),
    keys: keys.map((key, index) => ({ ...key, expression: sql.ref(`${rows}.k${index}`) })),
    from: sql`${sql.table(rows)} where ${conditions}`,
  };
}

/**
 * The ids of a page and the keys of each as a cursor carries them. Those are made of the page alone: made before, they
 * would be made of everybody who is sorted.
 */
export function selectPage(order: UserOrder, conditions: RawBuilder<unknown>, limit: number) {
  const name = (index: number) => sql.ref(`page.k${index}`);
  const texts = order.keys.map(({ type }, index) =>
    type === 'instant' ? sql`(extract(epoch from ${name(index)}) * 1000000)::bigint::text` : sql`${name(index)}::text`,
  );
  return sql<{ id: UserId; keys: string[] }>`
    select page.id, array[${sql.join(texts)}] as keys from (
      select ${order.id} as id, ${namedKeys(order)} from ${order.from} ${conditions}
      order by ${byKeys(order)} limit ${limit}
    ) page
    order by ${ordered(order.keys.map(({ isDescending }, index) => ({ expression: name(index), isDescending })))}
  `;
}

function ordered(keys: readonly Pick<Key, 'expression' | 'isDescending'>[]): RawBuilder<unknown> {
  return sql.join(keys.map(({ expression, isDescending }) => (isDescending ? sql`${expression} desc` : expression)));
}

/** Rows behind the last one of a page. */
export function isAfter({ keys }: UserOrder, last: readonly string[]): RawBuilder<SqlBool> {
  const values = keys.map(({ type }, index) => typedValue(type, last[index] ?? ''));
  const [first] = keys;
  if (first && keys.every(({ isDescending }) => isDescending === first.isDescending)) {
    const row = sql.join(keys.map(({ expression }) => expression));
    return sql<SqlBool>`(${row}) ${first.isDescending ? sql`<` : sql`>`} (${sql.join(values)})`;
  }
  // Up by one and down by another: equal so far, and behind by the next.
  const steps = keys.map(({ expression, isDescending }, index) => {
    const equal = keys.slice(0, index).map((key, before) => sql`${key.expression} = ${values[before]}`);
    return sql`(${sql.join(
      [...equal, sql`${expression} ${isDescending ? sql`<` : sql`>`} ${values[index]}`],
      sql` and `,
    )})`;
  });
  return sql<SqlBool>`(${sql.join(steps, sql` or `)})`;
}

function typedValue(type: CursorType, value: string): RawBuilder<unknown> {
  switch (type) {
    case 'number':
      return sql`${value}::int`;
    case 'text':
      return sql`${value}::text`;
    case 'uuid':
      return sql`${value}::uuid`;
    case 'instant':
      return sql`(timestamptz 'epoch' + ${value}::bigint * interval '1 microsecond')`;
  }
}
