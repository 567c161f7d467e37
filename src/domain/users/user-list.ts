/** Whether a mailbox is synchronized: the organization's switch and the user's own. */
export const userSyncStatuses = ['enabled', 'disabled'] as const;
export type UserSyncStatus = (typeof userSyncStatuses)[number];

/** What the list of users can show, in the order in which it stands there. */
export const userColumns = [
  'status',
  'name',
  'address',
  'organization',
  'connection',
  'mailboxStatus',
  'synchronization',
  'issues',
  'lastCheck',
  'lastSync',
  'createdAt',
  'userId',
  'license',
  'accountEnabled',
  'mailboxType',
  'updatedAt',
  'disabledDueTo',
] as const;
export type UserColumn = (typeof userColumns)[number];

/** What it shows until somebody chooses. */
export const initialUserColumns: readonly UserColumn[] = userColumns.slice(0, userColumns.indexOf('userId'));

/** What it is sorted by. What the directory says is not: it is read for a page and not for a tenant. */
export const sortableUserColumns = [
  'status',
  'name',
  'address',
  'organization',
  'connection',
  'mailboxStatus',
  'synchronization',
  'issues',
  'lastCheck',
  'lastSync',
  'createdAt',
  'updatedAt',
] as const satisfies readonly UserColumn[];
export type SortableUserColumn = (typeof sortableUserColumns)[number];

/** A column, or with a minus the same one from its other end. */
export type UserSort = SortableUserColumn | `-${SortableUserColumn}`;

/** Beyond that, nobody sees what a further column does. */
export const mostUserSorts = 3;
export const initialUserSorts: readonly UserSort[] = ['status'];

export function readUserSort(sort: UserSort): { column: SortableUserColumn; isDescending: boolean } {
  const isDescending = sort.startsWith('-');
  return { column: (isDescending ? sort.slice(1) : sort) as SortableUserColumn, isDescending };
}

/** Reads sorts as an address carries them, such as `connection,-lastSync`. @returns undefined for any other text */
export function parseUserSorts(text: string): readonly UserSort[] | undefined {
  const sorts = text.split(',').map((part) => knownSorts.find((sort) => sort === part));
  const columns = new Set(sorts.map((sort) => sort && readUserSort(sort).column));
  const isKnown = !columns.has(undefined) && columns.size === sorts.length && sorts.length <= mostUserSorts;
  return isKnown ? (sorts as UserSort[]) : undefined;
}

const knownSorts = sortableUserColumns.flatMap((column): UserSort[] => [column, `-${column}`]);

/**
 * The sorts after a click on a head: up, then down, then not at all.
 * @param isAdding keeps the others, and begins a new one behind them
 */
export function nextUserSorts(
  sorts: readonly UserSort[],
  column: SortableUserColumn,
  isAdding: boolean,
): readonly UserSort[] {
  const at = sorts.findIndex((sort) => readUserSort(sort).column === column);
  const current = sorts[at];
  const next: UserSort | undefined = current === undefined ? column : current === column ? `-${column}` : undefined;
  if (!isAdding) return next === undefined ? initialUserSorts : [next];
  const kept =
    current === undefined ? [...sorts, ...(next ? [next] : [])] : sorts.toSpliced(at, 1, ...(next ? [next] : []));
  return kept.length === 0 ? initialUserSorts : kept.slice(-mostUserSorts);
}
