import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import {
  type CheckState,
  type ConnectivityCheck,
  cancelConnectivityCheck,
  getConnectivityCheck,
  listConnectivityChecks,
  startConnectivityCheck,
} from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, OrganizationId, UserId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';
import { pollEveryMs } from '../../api/query-client.ts';

/** Whether a check has said its last word. */
export function hasEnded(state: CheckState): boolean {
  return state === 'completed' || state === 'cancelled' || state === 'failed';
}

/** The latest check of an organization, followed while it runs, and how to start and stop one. */
export function useConnectivityCheck(organizationId: OrganizationId) {
  const api = useApi();
  const queries = useQueryClient();
  const latestKey = ['mailbox-connectivity', 'latest', organizationId];
  const latest = useQuery({
    queryKey: latestKey,
    queryFn: async ({ signal }) => {
      const { checks } = await api.call(listConnectivityChecks, { query: { organizationId, limit: 1 } }, { signal });
      return checks[0] ?? null;
    },
    refetchInterval: ({ state: { data } }) => (data && !hasEnded(data.state) ? pollEveryMs : false),
  });
  const start = useMutation({
    mutationFn: (body: { userIds?: UserId[]; changeConnection: boolean }) =>
      api.call(startConnectivityCheck, { params: { organizationId }, body }),
    onSuccess: ({ check }) => queries.setQueryData(latestKey, check),
  });
  const cancel = useMutation({
    mutationFn: (checkId: CheckId) => api.call(cancelConnectivityCheck, { params: { checkId }, body: {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: latestKey }),
  });

  const check = latest.data;
  useRefreshWhenEnded(check ? hasEnded(check.state) : true);
  return { latest, check, start, cancel, isRunning: check ? !hasEnded(check.state) : false };
}

/** Checks of chosen users, one per organization, followed by their ids until all have ended. */
export function useChecksById(checkIds: readonly CheckId[]) {
  const api = useApi();
  const { checks, error } = useQueries({
    queries: checkIds.map((checkId) => ({
      queryKey: ['mailbox-connectivity', checkId],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.call(getConnectivityCheck, { params: { checkId } }, { signal }),
      refetchInterval: ({ state: { data } }: { state: { data?: ConnectivityCheck | undefined } }) =>
        data && hasEnded(data.state) ? (false as const) : pollEveryMs,
    })),
    combine: (results) => ({
      checks: results.flatMap(({ data }) => data ?? []),
      error: results.find((result) => result.error)?.error ?? undefined,
    }),
  });
  const isEnded = checks.length === checkIds.length && checks.every(({ state }) => hasEnded(state));
  useRefreshWhenEnded(isEnded);
  return { checks, error, isEnded };
}

export function useStartCheck() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ organizationId, userIds }: { organizationId: OrganizationId; userIds: UserId[] }) =>
      api.call(startConnectivityCheck, { params: { organizationId }, body: { userIds } }),
  });
}

/** What other pages show has changed when a check ends. */
function useRefreshWhenEnded(isEnded: boolean): void {
  const queries = useQueryClient();
  const wasRunning = useRef(false);
  useEffect(() => {
    if (isEnded && wasRunning.current) {
      for (const slug of ['users', 'organizations', 'overview', 'activity', 'consent']) {
        void queries.invalidateQueries({ queryKey: [slug] });
      }
    }
    wasRunning.current = !isEnded;
  }, [isEnded, queries]);
}
