import { isEventual, requireEventual, wantsCount } from './collection.ts';
import { readFilter } from './filter.ts';
import { unsupportedQuery } from './graph-error.ts';
import type { Call, GraphAnswer } from './operation.ts';
import { readSearch } from './search.ts';

type Resource = Readonly<Record<string, unknown>>;

/** What a directory collection can be asked for. */
export interface DirectoryOptions<T> {
  readonly resource: (item: T) => Resource;
  readonly filterable: readonly string[];
  readonly searchable: readonly string[];
  readonly sortable: readonly string[];
}

/**
 * Applies `$filter`, `$search` and `$orderby`.
 * @throws {GraphError} 400 when the query needs the advanced capabilities and does not ask for them
 * @see Microsoft Learn, Advanced query capabilities on directory objects
 */
export function queryDirectory<T>(call: Call, items: readonly T[], options: DirectoryOptions<T>): readonly T[] {
  if (wantsCount(call)) requireEventual(call, '$count');
  return sorted(call, matching(call, items, options, wantsCount(call)), options);
}

/** Answers `…/$count`. */
export function countDirectory<T>(call: Call, items: readonly T[], options: DirectoryOptions<T>): GraphAnswer {
  requireEventual(call, '$count');
  return { status: 200, text: String(matching(call, items, options, true).length) };
}

function matching<T>(call: Call, items: readonly T[], options: DirectoryOptions<T>, counts: boolean): readonly T[] {
  const filterText = call.query.get('$filter');
  const searchText = call.query.get('$search');
  let found = items;
  if (filterText !== undefined) {
    const filter = readFilter(filterText, options.filterable);
    const isAdvanced = filter.isAdvanced || call.query.has('$orderby');
    if (isAdvanced && !(isEventual(call) && counts)) throw unsupportedQuery('Unsupported Query.');
    found = found.filter((item) => filter.test(options.resource(item)));
  }
  if (searchText !== undefined) {
    requireEventual(call, '$search');
    const search = readSearch(searchText, options.searchable);
    found = found.filter((item) => search(options.resource(item)));
  }
  return found;
}

function sorted<T>(call: Call, found: readonly T[], options: DirectoryOptions<T>): readonly T[] {
  const orderBy = call.query.get('$orderby');
  if (orderBy === undefined) return found;
  const [name = '', direction = 'asc'] = orderBy.trim().split(/\s+/);
  const sortable = call.query.has('$search') ? ['displayName'] : options.sortable;
  if (!sortable.includes(name) || !['asc', 'desc'].includes(direction)) {
    throw unsupportedQuery(`Sorting by '${orderBy}' is not supported for current query.`);
  }
  const key = (item: T) => String(options.resource(item)[name]);
  const ordered = found.toSorted((one, other) => key(one).localeCompare(key(other)));
  return direction === 'desc' ? ordered.reverse() : ordered;
}
