import type { Mailbox } from '../tenant/mailbox.ts';
import { contextOf, decodeToken, encodeToken, linkTo, pick } from './collection.ts';
import { readFilter } from './filter.ts';
import { badRequest, GraphError } from './graph-error.ts';
import type { Call, GraphAnswer } from './operation.ts';
import { idOf } from './outlook-item.ts';

/** Query options that the links of a delta query carry. */
export const deltaQuery = ['$skiptoken', '$deltatoken'];

interface Tracked {
  readonly key: string;
  readonly createdAtVersion: number;
  readonly changedAtVersion: number;
  readonly removed: boolean;
}

interface DeltaOptions<T extends Tracked> {
  /** Removed items too. */
  readonly items: readonly T[];
  /** Kind in the items' ids, and their type in Graph. */
  readonly kind: 'message' | 'event' | 'contact';
  /** What the token is for: a token of another folder or range is refused. */
  readonly scope: string;
  readonly context: string;
  /** Whether `$filter` by `receivedDateTime` is taken. */
  readonly mayFilter?: boolean;
  readonly write: (item: T) => Record<string, unknown>;
}

type TokenOptions = Pick<DeltaOptions<Tracked>, 'scope' | 'mayFilter'>;

interface State {
  readonly scope: string;
  readonly generation: number;
  readonly since: number;
  /** Version when the round began: the next round resumes from it. */
  readonly until: number;
  readonly from: number;
  /** Query options are part of the token from the second request on. */
  readonly select: string | undefined;
  readonly filter: string | undefined;
  readonly changeType: string | undefined;
}

/**
 * One page of changes to Outlook items: everything in the first round, afterwards what changed since the token.
 * @throws {GraphError} 410 when Exchange forgot the token
 * @see Microsoft Learn, Use delta query to track changes
 */
export function answerDelta<T extends Tracked>(call: Call, mailbox: Mailbox, options: DeltaOptions<T>): GraphAnswer {
  const state = readState(call, mailbox, options);
  const filter = state.filter ? readFilter(state.filter, ['receivedDateTime']) : undefined;
  const changed = options.items
    .filter((item) => item.changedAtVersion > state.since && item.changedAtVersion <= state.until)
    .filter((item) => (state.since === 0 ? !item.removed : isAsked(item, state)))
    .filter((item) => !filter || item.removed || filter.test(options.write(item)));
  const size = pageSize(call);
  const next = state.from + size;
  const names = state.select?.split(',');
  return {
    status: 200,
    headers: call.request.headers.prefer ? { 'preference-applied': `odata.maxpagesize=${size}` } : {},
    body: {
      '@odata.context': contextOf(call, options.context),
      ...(next < changed.length
        ? { '@odata.nextLink': linkTo(call, only('$skiptoken', { ...state, from: next })) }
        : { '@odata.deltaLink': linkTo(call, only('$deltatoken', { ...state, since: state.until, from: 0 })) }),
      value: changed
        .slice(state.from, next)
        .map((item) =>
          item.removed
            ? { '@removed': { reason: 'deleted' }, id: idOf(call, options.kind, item.key) }
            : pick(options.write(item), names, options.kind),
        ),
    },
  };
}

function isAsked(item: Tracked, { since, changeType }: State): boolean {
  if (!changeType) return true;
  if (item.removed) return changeType === 'deleted';
  return changeType === (item.createdAtVersion > since ? 'created' : 'updated');
}

function readState(call: Call, mailbox: Mailbox, options: TokenOptions): State {
  const token = call.query.get('$skiptoken') ?? call.query.get('$deltatoken');
  if (token === undefined) return firstState(call, mailbox, options);
  const state = decodeToken<State>(token, 'sync state');
  if (state.scope !== options.scope) throw badRequest('The sync state belongs to another collection.');
  if (state.generation !== mailbox.generation) {
    throw new GraphError(410, 'SyncStateNotFound', 'The sync state generation is not found; perform a full sync.', {
      location: linkTo(call, { $skiptoken: undefined, $deltatoken: '' }),
    });
  }
  return call.query.has('$deltatoken') ? { ...state, until: mailbox.version } : state;
}

function firstState(call: Call, mailbox: Mailbox, { scope, mayFilter }: TokenOptions): State {
  const filter = call.query.get('$filter');
  const orderBy = call.query.get('$orderby');
  const changeType = call.query.get('changeType');
  if (filter !== undefined && (!mayFilter || !/^receivedDateTime (ge|gt) \S+$/.test(filter))) {
    throw badRequest(`The $filter '${filter}' is not supported by the delta function.`);
  }
  if (orderBy !== undefined && orderBy.toLowerCase() !== 'receiveddatetime desc') {
    throw badRequest(`The $orderby '${orderBy}' is not supported by the delta function.`);
  }
  if (changeType !== undefined && !['created', 'updated', 'deleted'].includes(changeType)) {
    throw badRequest(`The changeType '${changeType}' is not valid.`);
  }
  const { generation, version } = mailbox;
  return {
    scope,
    generation,
    since: 0,
    until: version,
    from: 0,
    select: call.query.get('$select'),
    filter,
    changeType,
  };
}

/** `Prefer: odata.maxpagesize`, or `$top`; ten otherwise. */
function pageSize(call: Call): number {
  const asked = call.request.headers.prefer?.match(/odata\.maxpagesize=(\d+)/i)?.[1] ?? call.query.get('$top');
  const size = Number(asked ?? 10);
  if (!Number.isInteger(size) || size < 1) throw badRequest(`Invalid page size: '${asked}'.`);
  return Math.min(size, 1000);
}

/** The options of the first request are in the token, not in the link. */
const only = (option: '$skiptoken' | '$deltatoken', state: State) => ({
  $select: undefined,
  $top: undefined,
  $filter: undefined,
  $orderby: undefined,
  changeType: undefined,
  startDateTime: undefined,
  endDateTime: undefined,
  $skiptoken: undefined,
  $deltatoken: undefined,
  [option]: encodeToken(state),
});
