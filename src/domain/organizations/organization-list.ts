import type { ConnectionType } from '../mailbox-sync/mailbox-state.ts';

/** Whether an organization's mailboxes are synchronized: a recorded origin is not, whatever its switch says. */
export const organizationSyncStatuses = ['enabled', 'disabled', 'not_synchronized'] as const;
export type OrganizationSyncStatus = (typeof organizationSyncStatuses)[number];

export function organizationSyncStatus({
  connectionType,
  syncEnabled,
}: {
  readonly connectionType: ConnectionType;
  readonly syncEnabled: boolean;
}): OrganizationSyncStatus {
  if (connectionType !== 'graph_app_only') return 'not_synchronized';
  return syncEnabled ? 'enabled' : 'disabled';
}

/** What the list of organizations can show and is sorted by, in the order in which it stands there. */
export const organizationColumns = [
  'name',
  'externalId',
  'connection',
  'users',
  'mailboxStatus',
  'mailboxes',
  'synchronization',
  'impersonationStatus',
  'lastCheck',
  'createdAt',
] as const;
export type OrganizationColumn = (typeof organizationColumns)[number];

/** A column, or with a minus the same one from its other end. */
export type OrganizationSort = OrganizationColumn | `-${OrganizationColumn}`;

/** Every way to sort it. */
export const organizationSorts: readonly OrganizationSort[] = organizationColumns.flatMap((column) => [
  column,
  `-${column}` as const,
]);

export function readSort(sort: OrganizationSort): { column: OrganizationColumn; isDescending: boolean } {
  const isDescending = sort.startsWith('-');
  return { column: (isDescending ? sort.slice(1) : sort) as OrganizationColumn, isDescending };
}

/** What a click on a column's head sorts by next: up, down, and then the list's own order again. */
export function nextSort(now: OrganizationSort | undefined, column: OrganizationColumn): OrganizationSort | undefined {
  if (now === column) return `-${column}`;
  return now === `-${column}` ? undefined : column;
}
