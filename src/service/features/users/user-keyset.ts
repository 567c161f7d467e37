import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { UserId } from '../../../domain/ids.ts';
import type { CursorType } from './user-cursor.ts';

interface Key {
  readonly expression: RawBuilder<unknown>;
  readonly type: CursorType;
  readonly isDescending: boolean;
}

/** In which order users are read, and from which tables. */
export interface KeysetOrder {
  readonly id: RawBuilder<unknown>;
  readonly keys: readonly Key[];
  /** Tables and conditions. */
  readonly from: RawBuilder<unknown>;
  /** Where one value after the other is gone through: what comes within each. */
  readonly groups?: KeyGroups;
}

/** The values of the first key, each with its own walk: nothing is sorted but the rows of a page. */
export interface KeyGroups {
  /** Rows `id`, `k0`: the values that occur. */
  readonly values: RawBuilder<unknown>;
  /** Of the value `g.id`. */
  readonly within: KeysetOrder;
}

/** A user and what the order makes of them, as a cursor carries it. */
export interface KeyedId {
  readonly id: UserId;
  readonly keys: readonly string[];
}

/** What `order by` takes. */
export function byKeys({ keys }: KeysetOrder): RawBuilder<unknown> {
  return ordered(keys.map(({ expression, isDescending }) => ({ expression, isDescending })));
}

/** The keys as columns k0, k1 and so on. @param first number of the first one */
export function namedKeys({ keys }: KeysetOrder, first = 0): RawBuilder<unknown> {
  return sql.join(keys.map(({ expression }, index) => sql`${expression} as ${sql.id(`k${first + index}`)}`));
}

/** The order of rows that have the keys as columns. @param from rows of this name, and conditions */
export function orderByNamed({ keys }: KeysetOrder, rows: string, from: RawBuilder<unknown>): KeysetOrder {
  return {
    id: sql.ref(`${rows}.id`),
    keys: keys.map((key, index) => ({ ...key, expression: sql.ref(`${rows}.k${index}`) })),
    from,
  };
}

/**
 * The ids of a page and the keys of each as a cursor carries them. Those are made of the page alone: made before, they
 * would be made of everybody who is sorted.
 * @param after keys of the last row before the page
 */
export function selectPage(order: KeysetOrder, after: readonly string[] | undefined, limit: number) {
  const rows = order.groups ? groupByGroup(order, order.groups, after, limit) : walk(order, after, limit);
  return asPage(order, rows);
}

/**
 * A page of those who match on the way.
 * @param matching conditions of a row `near.id`
 * @param most no more than them is read, however far apart those who match are
 */
export function selectNear(
  order: KeysetOrder,
  matching: readonly RawBuilder<SqlBool>[],
  after: readonly string[] | undefined,
  limit: number,
  most: number,
) {
  const near = orderByNamed(
    order,
    'near',
    sql`(${walk(order, after, most)}) near where ${sql.join(matching, sql` and `)}`,
  );
  return asPage(near, walk(near, undefined, limit));
}

/** Of how many rows `selectNear` looks for those who match. */
export function countNear(order: KeysetOrder, after: readonly string[] | undefined, most: number) {
  return sql<{ near: number }>`select count(*)::int as near from (${walk(order, after, most)}) near`;
}

/** Whoever matches is read first and sorted then, whatever the database guesses of a walk. */
export function sortedOrder(order: KeysetOrder): KeysetOrder {
  const matching = sql`(select ${order.id} as id, ${namedKeys(order)} from ${order.from} offset 0) matching`;
  return orderByNamed(order, 'matching', sql`${matching} where true`);
}

function asPage({ keys }: KeysetOrder, rows: RawBuilder<unknown>) {
  const named = keys.map((key, index) => ({ ...key, expression: sql.ref(`page.k${index}`) }));
  const texts = named.map(({ type, expression }) =>
    type === 'instant' ? sql`(extract(epoch from ${expression}) * 1000000)::bigint::text` : sql`${expression}::text`,
  );
  return sql<KeyedId>`
    select page.id, array[${sql.join(texts)}] as keys from (${rows}) page order by ${ordered(named)}
  `;
}

function walk(
  order: KeysetOrder,
  after: readonly string[] | undefined,
  limit: number,
  { firstKey = 0, only = sql`` }: { firstKey?: number; only?: RawBuilder<unknown> } = {},
): RawBuilder<unknown> {
  return sql`
    select ${order.id} as id, ${namedKeys(order, firstKey)} from ${order.from}
    ${after ? sql`and ${isAfter(order, after)}` : sql``} ${only}
    order by ${byKeys(order)} limit ${limit}
  `;
}

/**
 * The groups are in order and so is each, and the database sorts one at a time (an incremental sort) until the page is
 * full: no more of a group is read than a page. Of the group in which the page before ended, what is behind it.
 */
function groupByGroup(
  { keys }: KeysetOrder,
  { values, within }: KeyGroups,
  after: readonly string[] | undefined,
  limit: number,
): RawBuilder<unknown> {
  const isDescending = keys[0]?.isDescending ?? false;
  const last = after && typedValue(keys[0]?.type ?? 'text', after[0] ?? '');
  const notBefore = isDescending ? sql`g.k0 <= ${last}` : sql`g.k0 >= ${last}`;
  const whole = (only?: RawBuilder<unknown>) =>
    walk(within, undefined, limit, { firstKey: 1, ...(only ? { only } : {}) });
  const rest = after && walk(within, after.slice(1), limit, { firstKey: 1, only: sql`and g.k0 = ${last}` });
  const rows = rest ? sql`(${rest}) union all (${whole(sql`and g.k0 <> ${last}`)})` : whole();
  return sql`
    select w.id, g.k0, ${sql.join(within.keys.map((_, index) => sql.ref(`w.k${1 + index}`)))}
    from (
      select g.id, g.k0 from (${values}) g ${last ? sql`where ${notBefore}` : sql``}
      order by ${isDescending ? sql`g.k0 desc` : sql`g.k0`}
    ) g cross join lateral (${rows}) w
    order by ${ordered(keys.map((key, index) => ({ ...key, expression: sql.ref(index === 0 ? 'g.k0' : `w.k${index}`) })))}
    limit ${limit}
  `;
}

function ordered(keys: readonly Pick<Key, 'expression' | 'isDescending'>[]): RawBuilder<unknown> {
  return sql.join(keys.map(({ expression, isDescending }) => (isDescending ? sql`${expression} desc` : expression)));
}

/** Rows behind the last one of a page. */
function isAfter({ keys }: KeysetOrder, last: readonly string[]): RawBuilder<SqlBool> {
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
