import type { Person } from '../tenant/person.ts';
import { contextOf, decodeToken, directoryPage, encodeToken, linkTo, pick, selected, top } from './collection.ts';
import { countDirectory, type DirectoryOptions, queryDirectory } from './directory-query.ts';
import { authorizationDenied, GraphError, NotSimulated, resourceNotFound, unsupportedQuery } from './graph-error.ts';
import type { Call, GraphAnswer, Operation, Permissions } from './operation.ts';
import { basicUserProperties, defaultUserProperties, userResource } from './user.ts';

const readAll = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];
const read: Permissions = {
  application: ['User.ReadBasic.All', ...readAll],
  delegated: ['User.ReadBasic.All', ...readAll],
};

export const users: readonly Operation[] = [
  {
    method: 'GET',
    path: '/users',
    service: 'directory',
    permissions: read,
    query: ['$select', '$top', '$filter', '$search', '$count', '$orderby', '$skiptoken', '$skip'],
    units: 2,
    answer: listUsers,
  },
  {
    method: 'GET',
    path: '/users/$count',
    service: 'directory',
    permissions: read,
    query: ['$filter', '$search'],
    units: 2,
    answer: countUsers,
  },
  {
    method: 'GET',
    path: '/users/delta()',
    service: 'directory',
    permissions: { application: readAll, delegated: readAll },
    query: ['$select', '$deltatoken', '$skiptoken', '$top', '$orderby', '$expand', '$filter'],
    answer: usersDelta,
  },
  {
    method: 'GET',
    path: '/users/{user-id}',
    service: 'directory',
    permissions: { application: read.application, delegated: ['User.Read', ...read.delegated] },
    query: ['$select'],
    answer: getUser,
  },
  {
    method: 'GET',
    path: '/directory/deletedItems/microsoft.graph.user',
    service: 'directory',
    permissions: { application: readAll, delegated: readAll },
    query: ['$select', '$top', '$skiptoken'],
    units: 2,
    answer: listDeletedUsers,
  },
];

const filterable = [
  'accountEnabled',
  'assignedLicenses',
  'assignedPlans',
  'createdDateTime',
  'department',
  'displayName',
  'givenName',
  'id',
  'jobTitle',
  'mail',
  'mailNickname',
  'officeLocation',
  'onPremisesSyncEnabled',
  'proxyAddresses',
  'surname',
  'userPrincipalName',
  'userType',
];
const searchable = ['displayName', 'givenName', 'mail', 'mailNickname', 'surname', 'userPrincipalName'];

function listUsers(call: Call): GraphAnswer {
  if (call.query.has('$skip')) throw unsupportedQuery("'$skip' is not supported by the service.");
  const names = readableProperties(call);
  const found = queryDirectory(call, candidates(call), optionsFor(call));
  const write = (person: Person) => writeUser(call, person, names);
  return directoryPage(call, found, write, `users${namesIn(names)}`, top(call, 100, 999));
}

/** A filter that names people by id or user principal name matches nobody else: a large tenant need not be walked. */
function candidates({ query, tenant }: Call): readonly Person[] {
  const [, list] =
    /^(?:id|userPrincipalName) in \(((?:'(?:[^']|'')*',? ?)+)\)$/i.exec(query.get('$filter') ?? '') ?? [];
  if (!list) return tenant.people;
  const named = [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, name = '']) => tenant.find(name.replaceAll("''", "'")));
  return [...new Set(named)].filter((person) => person !== undefined && !person.deletedAt) as Person[];
}

function countUsers(call: Call): GraphAnswer {
  return countDirectory(call, call.tenant.people, optionsFor(call));
}

function getUser(call: Call): GraphAnswer {
  const asked = call.path['user-id'] ?? '';
  const person = call.tenant.find(asked);
  if (!person || person.deletedAt) throw resourceNotFound(asked);
  const names = readableProperties(call);
  return {
    status: 200,
    body: { '@odata.context': contextOf(call, `users${namesIn(names)}/$entity`), ...writeUser(call, person, names) },
  };
}

/**
 * The properties to answer.
 * @throws {GraphError} 403 when one is selected that the caller may not see, 501 for one of Exchange's
 */
function readableProperties(call: Call): readonly string[] | undefined {
  const names = selected(call);
  if (names?.some((name) => name.toLowerCase() === 'mailboxsettings')) {
    if (call.path['user-id']) throw new NotSimulated('$select=mailboxSettings of one user');
    throw new GraphError(501, 'NotImplemented', 'This operation target is not yet supported.');
  }
  const basic = basicUserProperties.map((name) => name.toLowerCase());
  if (names && !seesEverything(call) && names.some((name) => !basic.includes(name.toLowerCase()))) {
    throw authorizationDenied();
  }
  return names;
}

/**
 * The directory's deleted items. A deleted user gives the name free: the id without dashes stands before it.
 * @see Microsoft Learn, List deletedItems; Restore deleted users
 */
function listDeletedUsers(call: Call): GraphAnswer {
  const names = selected(call);
  const deleted = call.tenant.everybody.filter(({ deletedAt, purged }) => deletedAt && !purged);
  const write = (person: Person) => {
    const userPrincipalName = `${person.id.replaceAll('-', '')}${person.userPrincipalName}`;
    return pick({ ...userResource(person), userPrincipalName }, names ?? defaultUserProperties, 'user', []);
  };
  return directoryPage(call, deleted, write, `directoryObjects${namesIn(names)}`, top(call, 100, 999));
}

const seesEverything = (call: Call) =>
  call.holds(...readAll) || (call.path['user-id'] !== undefined && call.holds('User.Read'));

const optionsFor = (call: Call): DirectoryOptions<Person> => ({
  resource: userResource,
  filterable: seesEverything(call) ? filterable : basicUserProperties,
  searchable,
  sortable: ['displayName', 'userPrincipalName', 'createdDateTime'],
});

/** Users of a collection: id only when selected or by default, as the directory answers it. */
function writeUser(call: Call, person: Person, names: readonly string[] | undefined): Record<string, unknown> {
  const resource = userResource(person);
  if (names) return pick(resource, names, 'user', []);
  const shown = pick(resource, defaultUserProperties, 'user', []);
  if (seesEverything(call)) return shown;
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [name, basicUserProperties.includes(name) ? value : emptyLike(value)]),
  );
}

const emptyLike = (value: unknown) => (Array.isArray(value) ? [] : null);

const namesIn = (names: readonly string[] | undefined) => (names ? `(${names.join(',')})` : '');

interface UsersState {
  /** Changes after this version of the tenant are reported. */
  readonly since: number;
  /** The first round skips who is deleted. */
  readonly first: boolean;
  /** Version when the round began: the next round resumes from it. */
  readonly until: number;
  readonly from: number;
  readonly select: string | undefined;
  readonly issuedAt: number;
}

const deltaPageSize = 100;
const sevenDaysMs = 7 * 24 * 3600_000;

/** @see Microsoft Learn, user: delta */
function usersDelta(call: Call): GraphAnswer {
  for (const option of ['$top', '$orderby', '$expand']) {
    if (call.query.has(option)) throw unsupportedQuery(`'${option}' is not supported by the delta function.`);
  }
  if (call.query.has('$filter')) throw new NotSimulated('$filter of users/delta');
  if (/return=minimal/i.test(call.request.headers.prefer ?? '')) throw new NotSimulated('Prefer: return=minimal');
  const state = readState(call);
  const changed = call.tenant.everybody
    .filter((person) => person.changedAtVersion > state.since && person.changedAtVersion <= state.until)
    .filter((person) => !state.first || !person.deletedAt);
  const page = changed.slice(state.from, state.from + deltaPageSize);
  const next = state.from + deltaPageSize;
  const names = state.select?.split(',');
  return {
    status: 200,
    body: {
      '@odata.context': contextOf(call, `users${namesIn(names)}`),
      ...(next < changed.length
        ? { '@odata.nextLink': deltaLink(call, '$skiptoken', { ...state, from: next }) }
        : { '@odata.deltaLink': deltaLink(call, '$deltatoken', { ...state, since: state.until }) }),
      value: page.map((person) => writeChange(person, names)),
    },
  };
}

function writeChange(person: Person, names: readonly string[] | undefined): Record<string, unknown> {
  if (person.deletedAt) return { id: person.id, '@removed': { reason: person.purged ? 'deleted' : 'changed' } };
  return pick(userResource(person), names ?? defaultUserProperties, 'user');
}

function readState(call: Call): UsersState {
  const now = call.world.clock.now().getTime();
  const { version } = call.tenant;
  const select = call.query.get('$select');
  const fresh = { since: 0, first: true, until: version, from: 0, select, issuedAt: now };
  const skipToken = call.query.get('$skiptoken');
  if (skipToken) return checkAge(decodeToken<UsersState>(skipToken, '$skiptoken'), now);
  const deltaToken = call.query.get('$deltatoken');
  if (!deltaToken) return fresh;
  // `latest` starts from now, without the users that are there already.
  if (deltaToken.toLowerCase() === 'latest') return { ...fresh, since: version };
  const state = checkAge(decodeToken<UsersState>(deltaToken, '$deltatoken'), now);
  return { ...state, first: false, until: version, from: 0, issuedAt: now };
}

/** Delta tokens of the directory live for seven days. */
function checkAge(state: UsersState, now: number): UsersState {
  if (now - state.issuedAt <= sevenDaysMs) return state;
  throw new GraphError(410, 'resyncRequired', 'Resync required. Replace any local items with the server’s version.');
}

function deltaLink(call: Call, option: '$skiptoken' | '$deltatoken', state: UsersState): string {
  return linkTo(call, {
    $select: undefined,
    $skiptoken: undefined,
    $deltatoken: undefined,
    [option]: encodeToken(state),
  });
}
