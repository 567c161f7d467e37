import { remembering } from '../remembering.ts';
import { badRequest, unsupportedQuery } from './graph-error.ts';
import type { Call, GraphAnswer } from './operation.ts';

/** Graph's metadata address of what an answer holds. */
export const contextOf = (call: Call, what: string) => `${call.world.origins.graph}/v1.0/$metadata#${what}`;

/** The names of `$select`; absent when the request has none. */
export function selected(call: Call): readonly string[] | undefined {
  const select = call.query.get('$select');
  return select === undefined ? undefined : namesIn(select);
}

const namesIn = remembering((select): readonly string[] =>
  select
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean),
);

/**
 * Only what `$select` names.
 * @param always names that Graph answers anyway
 * @throws {GraphError} 400 for a name the type does not have
 */
export function pick<T>(
  item: Readonly<Record<string, T>>,
  names: readonly string[] | undefined,
  typeName: string,
  always: readonly string[] = ['id'],
): Record<string, T> {
  if (!names) return { ...item };
  const picked: Record<string, T> = {};
  const all = Object.keys(item);
  for (const name of all) {
    if (name.includes('@') || always.includes(name)) picked[name] = item[name] as T;
  }
  for (const name of names) {
    const known = all.includes(name) ? name : all.find((each) => each.toLowerCase() === name.toLowerCase());
    if (!known) {
      throw badRequest(
        `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${typeName}'.`,
      );
    }
    picked[known] = item[known] as T;
  }
  return picked;
}

/** `$top`, checked. */
export function top(call: Call, standard: number, most: number): number {
  const asked = call.query.get('$top');
  if (asked === undefined) return standard;
  const size = Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > most) {
    throw unsupportedQuery(`Invalid page size specified: '${asked}'. Must be between 1 and ${most} inclusive.`);
  }
  return size;
}

/** The same request with other query options, as next links and delta links have it. */
export function linkTo(call: Call, changes: Readonly<Record<string, string | undefined>>): string {
  const options = new Map(call.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) options.delete(name);
    else options.set(name, value);
  }
  const query = [...options].map(([name, value]) => `${encodeName(name)}=${encodeURIComponent(value)}`).join('&');
  return `${call.world.origins.graph}${call.request.target.path}${query ? `?${query}` : ''}`;
}

const encodeName = (name: string) => encodeURIComponent(name).replace('%24', '$');

/** A cursor that nobody should read. */
export const encodeToken = (state: object) => Buffer.from(JSON.stringify(state)).toString('base64url');

/** @throws {GraphError} 400 when it is not a cursor of ours */
export function decodeToken<T>(token: string, optionName: string): T {
  try {
    const state: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof state === 'object' && state !== null) return state as T;
  } catch {
    // Falls through to the error below.
  }
  throw badRequest(`The ${optionName} of the request is not valid.`);
}

/**
 * One page of a directory collection, with a next link that holds a place rather than a number of items.
 * @param items with a place that never changes, in ascending order of it unless sorted otherwise
 */
export function directoryPage<T>(
  call: Call,
  items: readonly T[],
  write: (item: T) => Record<string, unknown>,
  context: string,
  pageSize: number,
): GraphAnswer {
  const skipToken = call.query.get('$skiptoken');
  const from = skipToken ? decodeToken<{ from: number }>(skipToken, '$skiptoken').from : 0;
  const page = items.slice(from, from + pageSize);
  const next = from + pageSize;
  return {
    status: 200,
    body: {
      '@odata.context': contextOf(call, context),
      ...(wantsCount(call) && { '@odata.count': items.length }),
      ...(next < items.length && { '@odata.nextLink': linkTo(call, { $skiptoken: encodeToken({ from: next }) }) }),
      value: page.map(write),
    },
  };
}

export const wantsCount = (call: Call) => call.query.get('$count')?.toLowerCase() === 'true';

/** Whether the request may use the advanced query capabilities of the directory. */
export const isEventual = (call: Call) => call.request.headers.consistencylevel?.toLowerCase() === 'eventual';

/** @throws {GraphError} 400 without `ConsistencyLevel: eventual` */
export function requireEventual(call: Call, option: string): void {
  if (isEventual(call)) return;
  throw unsupportedQuery(
    `Request with ${option} query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'`,
  );
}
