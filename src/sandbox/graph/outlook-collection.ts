import { contextOf, linkTo, pick, selected, top, wantsCount } from './collection.ts';
import { readFilter } from './filter.ts';
import { badRequest } from './graph-error.ts';
import type { Call, GraphAnswer } from './operation.ts';

interface OutlookPageOptions {
  readonly typeName: string;
  /** After `users('…')/` in the context. */
  readonly context: string;
  /** Properties that `$filter` and `$orderby` may name. */
  readonly sortable: readonly string[];
}

/** Query options of Outlook's collections. */
export const outlookQuery = ['$select', '$top', '$skip', '$count', '$filter', '$orderby'];

/** One page of an Outlook collection: ten items unless asked otherwise, `$skip` in the next link. */
export function outlookPage(
  call: Call,
  items: readonly Readonly<Record<string, unknown>>[],
  { typeName, context, sortable }: OutlookPageOptions,
): GraphAnswer {
  const skip = Number(call.query.get('$skip') ?? 0);
  if (!Number.isInteger(skip) || skip < 0) throw badRequest(`Invalid value for $skip: '${call.query.get('$skip')}'.`);
  const size = top(call, 10, 1000);
  const filterText = call.query.get('$filter');
  const filter = filterText === undefined ? undefined : readFilter(filterText, sortable);
  const found = filter ? items.filter(filter.test) : items;
  const ordered = inOrder(call, found, sortable);
  const names = selected(call);
  const next = skip + size;
  return {
    status: 200,
    body: {
      '@odata.context': contextOf(call, `users('${call.path['user-id']}')/${context}${names ? `(${names})` : ''}`),
      ...(wantsCount(call) && { '@odata.count': found.length }),
      value: ordered.slice(skip, next).map((item) => pick(item, names, typeName)),
      ...(next < found.length && { '@odata.nextLink': linkTo(call, { $skip: String(next) }) }),
    },
  };
}

function inOrder<T extends Readonly<Record<string, unknown>>>(
  call: Call,
  items: readonly T[],
  sortable: readonly string[],
): readonly T[] {
  const orderBy = call.query.get('$orderby');
  if (orderBy === undefined) return items;
  const [name = '', direction = 'asc'] = orderBy.split(/[ +]/);
  if (!sortable.includes(name)) throw badRequest(`The property '${name}' cannot be sorted by.`);
  const ordered = items.toSorted((one, other) => String(one[name]).localeCompare(String(other[name])));
  return direction === 'desc' ? ordered.reverse() : ordered;
}
