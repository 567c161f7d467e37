import type { CheckId, CommandRunId, OrganizationId, UserId } from '../../domain/ids.ts';
import { type AccessStatus, accessStatuses } from '../../domain/mailbox-access/verdict.ts';
import {
  type ConnectionType,
  connectionTypes,
  type MailboxState,
  mailboxStates,
  type OrganizationConnectionType,
  organizationConnectionTypes,
} from '../../domain/mailbox-sync/mailbox-state.ts';
import {
  organizationColumns as allOrganizationColumns,
  type OrganizationColumn,
  type OrganizationSort,
  type OrganizationSyncStatus,
  organizationSorts,
  organizationSyncStatuses,
} from '../../domain/organizations/organization-list.ts';
import {
  userColumns as allUserColumns,
  parseUserSorts,
  type UserColumn,
  type UserSort,
  type UserSyncStatus,
  userSyncStatuses,
} from '../../domain/users/user-list.ts';

export const pageNames = ['overview', 'organizations', 'users', 'connectivity', 'leaving-ews', 'activity'] as const;
export type PageName = (typeof pageNames)[number];

/** Everything the address says: enough to share a view as a link. */
export interface Place {
  readonly page: PageName;
  /** The organization that is picked; on the organizations page, the one that is open. */
  readonly organizationId?: OrganizationId | undefined;
  readonly status?: AccessStatus | undefined;
  readonly search?: string | undefined;
  /** The user whose drawer is open. */
  readonly userId?: UserId | undefined;
  /** The check whose drawer is open. */
  readonly checkId?: CheckId | undefined;
  /** The command over users whose drawer is open. */
  readonly runId?: CommandRunId | undefined;
  /** Of the list of organizations: its filters, its order and its columns. */
  readonly connection?: OrganizationConnectionType | undefined;
  readonly sync?: OrganizationSyncStatus | undefined;
  readonly sort?: OrganizationSort | undefined;
  readonly organizationColumns?: readonly OrganizationColumn[] | undefined;
  /** Of the list of users: further filters, its order and its columns; absent, as at first. */
  readonly userConnection?: ConnectionType | undefined;
  readonly userSync?: UserSyncStatus | undefined;
  readonly mailboxState?: MailboxState | undefined;
  readonly userSorts?: readonly UserSort[] | undefined;
  readonly userColumns?: readonly UserColumn[] | undefined;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const searchLimit = 120;
const subPageLimit = 1_000;

/** The address of a place, from the root of this origin. */
export function addressOf(place: Place): string {
  const { page, organizationId, status, search, userId, checkId, runId, connection, sync, sort } = place;
  const { organizationColumns, userConnection, userSync, mailboxState, userSorts, userColumns } = place;
  const isOpenOrganization = page === 'organizations' && organizationId !== undefined;
  const path = page === 'overview' ? '/' : isOpenOrganization ? `/organizations/${organizationId}` : `/${page}`;
  const query = new URLSearchParams();
  if (organizationId && !isOpenOrganization) query.set('organization', organizationId);
  if (page === 'users') {
    if (status) query.set('status', status);
    if (search) query.set('search', search);
    if (userConnection) query.set('connection', userConnection);
    if (userSync) query.set('sync', userSync);
    if (mailboxState) query.set('mailbox', mailboxState);
    if (userSorts) query.set('sort', userSorts.join());
    if (userColumns) query.set('columns', userColumns.join());
    if (userId) query.set('user', userId);
  }
  if (page === 'organizations' && !isOpenOrganization) {
    if (search) query.set('search', search);
    if (connection) query.set('connection', connection);
    if (sync) query.set('sync', sync);
    if (sort) query.set('sort', sort);
    if (organizationColumns) query.set('columns', organizationColumns.join());
  }
  if ((page === 'users' || page === 'activity') && runId) query.set('run', runId);
  if (page === 'connectivity' && checkId) query.set('check', checkId);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** An address the service serves and that names no place: the overview says so. */
export const unknownAddress = '/overview?organization=unknown';

/** Reads an address. @returns undefined for anything that {@link addressOf} could not have written */
export function placeOf(pathname: string, search: string): Place | undefined {
  const [first = 'overview', opened, ...rest] = pathname.split('/').filter(Boolean);
  const page = pageNames.find((name) => name === first);
  if (!page || rest.length > 0 || (opened !== undefined && page !== 'organizations')) return undefined;

  const query = new URLSearchParams(search);
  const organizationId = opened ?? query.get('organization') ?? undefined;
  const userId = query.get('user') ?? undefined;
  const checkId = query.get('check') ?? undefined;
  const runId = query.get('run') ?? undefined;
  const statusText = query.get('status') ?? undefined;
  const status = accessStatuses.find((known) => known === statusText);
  const connectionText = query.get('connection') ?? undefined;
  const userConnection = page === 'users' ? connectionTypes.find((known) => known === connectionText) : undefined;
  const connection =
    page === 'users' ? undefined : organizationConnectionTypes.find((known) => known === connectionText);
  const syncText = query.get('sync') ?? undefined;
  const userSync = page === 'users' ? userSyncStatuses.find((known) => known === syncText) : undefined;
  const sync = page === 'users' ? undefined : organizationSyncStatuses.find((known) => known === syncText);
  const mailboxText = query.get('mailbox') ?? undefined;
  const mailboxState = page === 'users' ? mailboxStates.find((known) => known === mailboxText) : undefined;
  const sortText = query.get('sort') ?? undefined;
  const sort = page === 'users' ? undefined : organizationSorts.find((known) => known === sortText);
  const userSorts = page === 'users' && sortText !== undefined ? parseUserSorts(sortText) : undefined;
  const columnsText = query.get('columns')?.split(',');
  const organizationColumns =
    page === 'organizations' ? columnsText && columnsIn(columnsText, allOrganizationColumns) : undefined;
  const userColumns = page === 'users' ? columnsText && columnsIn(columnsText, allUserColumns) : undefined;
  const isKnown =
    (organizationId === undefined || guid.test(organizationId)) &&
    (userId === undefined || guid.test(userId)) &&
    (checkId === undefined || guid.test(checkId)) &&
    (runId === undefined || guid.test(runId)) &&
    (statusText === undefined || status !== undefined) &&
    (connectionText === undefined || (connection ?? userConnection) !== undefined) &&
    (syncText === undefined || (sync ?? userSync) !== undefined) &&
    (mailboxText === undefined || mailboxState !== undefined) &&
    (sortText === undefined || sort !== undefined || userSorts !== undefined) &&
    (columnsText === undefined || (organizationColumns ?? userColumns)?.length === columnsText.length);
  if (!isKnown) return undefined;

  return {
    page,
    organizationId: organizationId?.toLowerCase() as OrganizationId | undefined,
    userId: userId?.toLowerCase() as UserId | undefined,
    checkId: checkId?.toLowerCase() as CheckId | undefined,
    runId: runId?.toLowerCase() as CommandRunId | undefined,
    status,
    search: query.get('search')?.slice(0, searchLimit) || undefined,
    connection,
    sync,
    sort,
    organizationColumns,
    userConnection,
    userSync,
    mailboxState,
    userSorts,
    userColumns,
  };
}

/** In the order of the list, whatever that of the address. */
function columnsIn<Column extends string>(names: readonly string[], columns: readonly Column[]): readonly Column[] {
  return columns.filter((column) => names.includes(column));
}

/** What a Teams link carries for a place. */
export function subPageIdOf(place: Place): string {
  return addressOf(place).slice(1);
}

/** Reads what a Teams link carries: anybody can write one, so only known places come out. */
export function placeOfSubPageId(subPageId: string): Place | undefined {
  if (subPageId.length > subPageLimit || !/^[a-z?][\w\-/?&=%.+]*$/i.test(subPageId)) return undefined;
  const [pathname = '', search = ''] = subPageId.split('?');
  return placeOf(pathname, search);
}
