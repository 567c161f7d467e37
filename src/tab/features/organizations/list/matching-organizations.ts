import type { Organization, OrganizationFilter } from '../../../../contract/organizations.ts';
import { foldText } from '../../../../domain/fold-text.ts';
import {
  type OrganizationColumn,
  type OrganizationSort,
  organizationSyncStatus,
  readSort,
} from '../../../../domain/organizations/organization-list.ts';
import type { Texts } from '../../../texts/en.ts';

/**
 * The organizations that a filter matches, in the order asked for; without one in that of the service, which has the
 * default organization first. Words are sorted as the admin reads them, and equals keep the service's order.
 */
export function matchingOrganizations(
  organizations: readonly Organization[],
  { search, connection, sync }: OrganizationFilter,
  sort: OrganizationSort | undefined,
  texts: Texts,
): readonly Organization[] {
  const wanted = foldText(search ?? '');
  const matching = organizations.filter(
    (one) =>
      foldText(`${one.name} ${one.externalId}`).includes(wanted) &&
      (connection === undefined || one.connectionType === connection) &&
      (sync === undefined || organizationSyncStatus(one) === sync),
  );
  if (!sort) return matching;
  const { column, isDescending } = readSort(sort);
  const keyed = matching.map((organization) => ({ organization, key: keyOf(organization, column, texts) }));
  keyed.sort((a, b) => (isDescending ? compare(b.key, a.key) : compare(a.key, b.key)));
  return keyed.map(({ organization }) => organization);
}

function keyOf(one: Organization, column: OrganizationColumn, texts: Texts): string | number {
  switch (column) {
    case 'name':
      return one.name;
    case 'externalId':
      return one.externalId;
    case 'connection':
      return texts.connection[one.connectionType];
    case 'users':
      return one.userCount;
    case 'mailboxStatus':
      return one.userCount === 0 ? 0 : one.initializedCount / one.userCount;
    case 'mailboxes':
      return one.accessCounts.exposed + one.accessCounts.blocked + one.accessCounts.limited;
    case 'synchronization':
      return texts.organizations.syncStatus[organizationSyncStatus(one)];
    case 'impersonationStatus':
      return texts.impersonation[one.consentState];
    case 'lastCheck':
      return one.lastCheckAt ?? '';
    case 'createdAt':
      return one.createdAt;
  }
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
