import type { QueryClient } from '@tanstack/react-query';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, OrganizationId } from '../../../domain/ids.ts';

const slug = 'mailbox-connectivity';

/** Where the page keeps what it knows of checks; without an organization: of the whole tenant. */
export const checkKeys = {
  all: [slug],
  latest: (organizationId: OrganizationId | undefined) => [slug, 'latest', organizationId ?? 'tenant'],
  trend: [slug, 'trend'],
  recent: (organizationId: OrganizationId) => [slug, 'recent', organizationId],
  one: (checkId: CheckId) => [slug, 'one', checkId],
  comparison: (checkId: CheckId) => [slug, 'comparison', checkId],
};

/** Whether a check is one of all mailboxes of its organization, or of the tenant. */
export function coversEverybody({ scope }: ConnectivityCheck): boolean {
  return scope === 'organization' || scope === 'tenant';
}

/** Puts the newest state of a check wherever the page shows it. */
export function keepCheck(queries: QueryClient, check: ConnectivityCheck): void {
  queries.setQueryData(checkKeys.one(check.id), check);
  for (const query of queries.getQueryCache().findAll({ queryKey: checkKeys.all })) {
    const { data } = query.state;
    if (isCheck(data) && data.id === check.id) {
      // An answer still on its way is older than what the service has just told.
      void query.cancel({ revert: true, silent: true });
      queries.setQueryData(query.queryKey, check);
    } else if (Array.isArray(data)) {
      const renewed = data.map((known: ConnectivityCheck) => (known.id === check.id ? check : known));
      queries.setQueryData(query.queryKey, renewed);
    }
  }
}

/** Shows a check that has just been started at once, before anybody asks the service again. */
export function addCheck(queries: QueryClient, check: ConnectivityCheck): void {
  keepCheck(queries, check);
  const { organizationId } = check;
  if (coversEverybody(check)) {
    // The newest of an organization is the newest of the tenant, and one of the tenant is that of each organization.
    const keys = organizationId ? [checkKeys.latest(organizationId), checkKeys.latest(undefined)] : [[slug, 'latest']];
    for (const queryKey of keys) queries.setQueriesData({ queryKey }, check);
  }
  const key = organizationId ? checkKeys.recent(organizationId) : [slug, 'recent'];
  queries.setQueriesData(
    { queryKey: key },
    (known: readonly ConnectivityCheck[] | undefined) => known && [check, ...known.filter(({ id }) => id !== check.id)],
  );
}

function isCheck(data: unknown): data is ConnectivityCheck {
  return typeof data === 'object' && data !== null && 'counts' in data && 'state' in data;
}
