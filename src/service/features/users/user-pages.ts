import type { User, UserFilter } from '../../../contract/users.ts';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import type { UserSort } from '../../../domain/users/user-list.ts';
import type { Db } from '../../db/schema.ts';
import { isOfUser, type ListFilter } from '../../db/user-filter.ts';
import { decodeCursor, encodeCursor } from './user-cursor.ts';
import { type Asked, type FoundRows, isCommon, readFound } from './user-found.ts';
import { countNear, type KeyedId, selectNear, selectPage, sortedOrder } from './user-keyset.ts';
import { sumTallies } from './user-numbers.ts';
import { orderOf, orderOfFew, type Walk, walkOf, wantedOf } from './user-order.ts';
import { containsKey, type Part, partsFrom, partsOf } from './user-parts.ts';
import { readUsers, readWithUsers } from './user-row.ts';

export interface UserPage {
  readonly sorts: readonly UserSort[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface FoundPage {
  readonly users: User[];
  readonly nextCursor: string | null;
  /** How many match whatever their status, where they were few enough to be counted on the way. */
  readonly numbers: FoundRows['numbers'];
}

export async function readPage(db: Db, tenantId: TenantId, filter: UserFilter, page: UserPage): Promise<FoundPage> {
  const { sorts, limit, cursor } = page;
  const fixed = (['organizationId', 'status', 'connection', 'sync', 'mailboxState'] as const).filter(
    (name) => filter[name],
  );
  const orderName = [sorts.join(), ...fixed].join(' ');
  const types = orderOf(tenantId, filter, sorts).keys.map(({ type }) => type);
  const after = cursor === undefined ? undefined : decodeCursor(cursor, orderName, types);
  const { rows, users, numbers } = await readRows(db, tenantId, { filter, sorts, after, limit: limit + 1 });
  const found = rows.slice(0, limit);
  const last = found.at(-1);
  const ids = found.map(({ id }) => id);
  const others = await readUsers(
    db,
    tenantId,
    ids.filter((id) => !users?.has(id)),
  );
  return {
    // Who was removed a moment ago is left out.
    users: ids.flatMap((id) => users?.get(id) ?? others.get(id) ?? []),
    nextCursor: rows.length > limit && last ? encodeCursor(orderName, last.keys) : null,
    numbers,
  };
}

/** Whom a walk may pass for each of a page before it is given up. */
const passedForEach = 50;
/** To sort more than that takes longer than such a walk, where an index has the filter. */
const mostToSort = 8_000;

/**
 * A walk along an index where it has the filter and the order. Of any other filter, those whom an index finds are read
 * first; many are met on a walk soon, unless they stand behind all others: blocked mailboxes, say, were synchronized
 * before anybody else. Those are sorted, too.
 */
async function readRows(db: Db, tenantId: TenantId, asked: Asked): Promise<FoundRows> {
  const { filter, sorts, after, limit } = asked;
  const walk = walkOf(tenantId, filter, sorts);
  if (walk?.matching.length === 0) return readWithUsers(db, tenantId, selectPage(walk.order, after, limit));
  const meet = () => walk && meetOnWalk(db, walk, asked);
  const isMetSoon =
    filter.isNotWorking || (filter.search !== undefined && (await isCommon(db, tenantId, filter.search)));
  const metSoon = isMetSoon && (await meet());
  if (metSoon) return metSoon;
  const isFoundByIndex = isOfUser(filter) && !(isMetSoon && !walk);
  const found = isFoundByIndex ? await readFound(db, tenantId, asked, walk?.order) : undefined;
  if (found) return found;
  const ofOrder = await partsOf(db, tenantId, wantedOf(filter, sorts));
  if (ofOrder) return readByParts(db, tenantId, asked, ofOrder);
  const order = orderOf(tenantId, filter, sorts);
  if (!walk) return selectPage(order, after, limit).execute(db);
  const few = () => selectPage(orderOfFew(tenantId, filter, sorts), after, limit).execute(db);
  const areFew = async () => (await countTallied(db, tenantId, filter)) <= mostToSort;
  // Those that work are most, and no index has them by verdict.
  const isUsual = filter.status === 'working';
  if (!isOfUser(filter) && !isUsual && (await areFew())) return few();
  const met = isMetSoon ? undefined : await meet();
  if (met) return met;
  if (!isOfUser(filter) && isUsual && (await areFew())) return few();
  return selectPage(sortedOrder(order), after, limit).execute(db);
}

/** Undefined where no page is met, and the walk has not ended either. */
async function meetOnWalk(
  db: Db,
  { order, matching }: Walk,
  { filter, after, limit }: Asked,
): Promise<FoundRows | undefined> {
  // Of those that do not work, all, unless they are very many.
  const most = Math.max(limit * passedForEach, filter.isNotWorking ? mostToSort : 0);
  const { rows } = await selectNear(order, matching, after, limit, most).execute(db);
  if (rows.length === limit) return { rows };
  const [passed] = (await countNear(order, after, most).execute(db)).rows;
  return passed && passed.near < most ? { rows } : undefined;
}

async function countTallied(db: Db, tenantId: TenantId, filter: ListFilter): Promise<number> {
  const sums = await sumTallies(db, tenantId, filter);
  const matching = sums.filter(({ status }) => !filter.status || status === filter.status);
  return matching.reduce((total, { count }) => total + Number(count), 0);
}

async function readByParts(
  db: Db,
  tenantId: TenantId,
  { filter, sorts, after, limit }: Asked,
  ofOrder: readonly Part[],
): Promise<FoundRows> {
  const [first, ...others] = wantedOf(filter, sorts);
  const rest = others.map(({ column, isDescending }): UserSort => (isDescending ? `-${column}` : column));
  const within = rest.length === 0 && first?.isDescending ? (['-name'] as const) : rest;
  const last = after?.[0] ?? '';
  const rows: KeyedId[] = [];
  const users = new Map<UserId, User>();
  for (const part of after ? partsFrom(ofOrder, first, last) : ofOrder) {
    const isOfOne = part.from === part.to;
    const hasLast = after && containsKey(part, first, last);
    const found = await readRows(db, tenantId, {
      filter: { ...filter, ...part.filter },
      sorts: isOfOne ? within : sorts,
      after: hasLast ? after.slice(isOfOne ? 1 : 0) : undefined,
      limit: limit - rows.length,
    });
    rows.push(...found.rows.map(({ id, keys }) => ({ id, keys: isOfOne ? [part.from, ...keys] : keys })));
    for (const [id, user] of found.users ?? []) users.set(id, user);
    if (rows.length === limit) break;
  }
  return { rows, users };
}
