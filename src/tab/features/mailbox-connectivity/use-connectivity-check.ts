import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type ConnectivityCheck,
  compareConnectivityCheck,
  getConnectivityCheck,
  listConnectivityChecks,
} from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, OrganizationId } from '../../../domain/ids.ts';
import { isOpen } from '../../../domain/mailbox-connectivity/run-state.ts';
import { useApi } from '../../api/api-context.ts';
import { checkKeys, coversEverybody } from './check-cache.ts';
import { useFollowedChecks } from './use-followed-checks.ts';

/** Whether a check has said its last word. */
export function hasEnded({ state }: ConnectivityCheck): boolean {
  return !isOpen(state);
}

/** Somebody else may have started one. */
const lookAgainMs = 30_000;
/** More than a list shows, as those above it are left out. */
const recentLimit = 14;

/** The latest check of everybody, in an organization or in the tenant, followed while it runs. */
export function useLatestCheck(organizationId: OrganizationId | undefined) {
  const api = useApi();
  const latest = useQuery({
    queryKey: checkKeys.latest(organizationId),
    queryFn: async ({ signal }) => {
      const query = { organizationId, covering: 'everybody', limit: 1 } as const;
      const { checks } = await api.call(listConnectivityChecks, { query }, { signal });
      return checks[0] ?? null;
    },
    refetchInterval: ({ state: { data } }) => (data && isOpen(data.state) ? false : lookAgainMs),
  });
  const check = latest.data ?? undefined;
  const stream = useFollowedChecks(check ? [check] : []);
  return { latest, check, stream, isRunning: check ? !hasEnded(check) : false };
}

/**
 * The newest checks of an organization, whomever they cover.
 * @returns `part`, the newest of some mailboxes only that runs, or has run since this page is open
 */
export function useRecentChecks(organizationId: OrganizationId) {
  const api = useApi();
  const recent = useQuery({
    queryKey: checkKeys.recent(organizationId),
    queryFn: async ({ signal }) => {
      const query = { organizationId, covering: 'anybody', limit: recentLimit } as const;
      return (await api.call(listConnectivityChecks, { query }, { signal })).checks;
    },
    refetchInterval: lookAgainMs,
  });
  const parts = (recent.data ?? []).filter((check) => !coversEverybody(check));
  const stream = useFollowedChecks(parts);
  const [shownId, setShownId] = useState<CheckId>();
  const running = parts.find((check) => !hasEnded(check));
  if (running && running.id !== shownId) setShownId(running.id);
  return { recent, part: parts.find(({ id }) => id === shownId), stream };
}

/** One check, followed while it runs. */
export function useCheck(checkId: CheckId) {
  const api = useApi();
  const query = useQuery({
    queryKey: checkKeys.one(checkId),
    queryFn: ({ signal }) => api.call(getConnectivityCheck, { params: { checkId } }, { signal }),
  });
  useFollowedChecks(query.data ? [query.data] : []);
  return query;
}

/** Checks of chosen users, one per organization, followed until each has ended or waits for an admin. */
export function useChecksById(checkIds: readonly CheckId[]) {
  const api = useApi();
  const { checks, error } = useQueries({
    queries: checkIds.map((checkId) => ({
      queryKey: checkKeys.one(checkId),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.call(getConnectivityCheck, { params: { checkId } }, { signal }),
    })),
    combine: (results) => ({
      checks: results.flatMap(({ data }) => data ?? []),
      error: results.find((result) => result.error)?.error ?? null,
    }),
  });
  const stream = useFollowedChecks(checks);
  const isSettled =
    checks.length === checkIds.length && checks.every((check) => hasEnded(check) || check.state === 'paused');
  return { checks, error: error ?? stream.error, isSettled };
}

/** What a check found against the one before it. */
export function useCheckComparison({ id }: ConnectivityCheck) {
  const api = useApi();
  return useQuery({
    queryKey: checkKeys.comparison(id),
    queryFn: ({ signal }) => api.call(compareConnectivityCheck, { params: { checkId: id } }, { signal }),
    // An ended check has an end: nothing about it changes any more.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
