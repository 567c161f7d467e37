import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import {
  type CheckState,
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

/** A check of chosen users, followed by its id until it ends. */
export function useCheckById(checkId: CheckId | undefined) {
  const api = useApi();
  const query = useQuery({
    queryKey: ['mailbox-connectivity', checkId],
    queryFn: ({ signal }) => api.call(getConnectivityCheck, { params: { checkId: checkId as CheckId } }, { signal }),
    enabled: checkId !== undefined,
    refetchInterval: ({ state: { data } }) => (data && hasEnded(data.state) ? false : pollEveryMs),
  });
  useRefreshWhenEnded(query.data ? hasEnded(query.data.state) : true);
  return query;
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
