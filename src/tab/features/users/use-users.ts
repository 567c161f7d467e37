import {
  keepPreviousData,
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useState } from 'react';
import { totalOf } from '../../../contract/access-counts.ts';
import {
  countUserFacet,
  countUsers,
  getUser,
  getUserHistory,
  listUsers,
  moveUsers,
  removeUsers,
  type UserFacet,
  type UserFacetCounts,
  type UserFilter,
} from '../../../contract/users.ts';
import type { OrganizationId, UserId } from '../../../domain/ids.ts';
import type { UserSort } from '../../../domain/users/user-list.ts';
import { useApi } from '../../api/api-context.ts';

const pageSize = 100;
const refreshEveryMs = 2_000;
/** Longer than between two keys of somebody who types. */
const restMs = 300;

/** The users a filter matches, as far as they have been scrolled to. */
export function useUsers(filter: UserFilter, sorts: readonly UserSort[]) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['users', filter, sorts],
    queryFn: ({ pageParam, signal }) =>
      api.call(
        listUsers,
        { query: { ...filter, sort: sorts.join(), limit: pageSize, ...(pageParam ? { cursor: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    select: ({ pages }) => {
      const last = pages[pages.length - 1];
      return { users: pages.flatMap((page) => page.users), counts: last?.counts, total: last?.total };
    },
  });
}

/**
 * How many users a filter matches, and how many have which verdict; undefined while that is not known. Where the list
 * cannot say it on the way, it is counted once nobody types any more.
 */
export function useUserCounts({ status, ...scope }: UserFilter, list: ReturnType<typeof useUsers>) {
  const api = useApi();
  const isUnknown = list.data?.counts === null && !list.isPlaceholderData;
  const counted = useQuery({
    queryKey: ['users', 'counts', scope],
    queryFn: isUnknown
      ? async ({ signal }) => {
          await rest(signal);
          return api.call(countUsers, { query: scope }, { signal });
        }
      : skipToken,
  });
  const counts = list.data?.counts ?? (isUnknown ? counted.data?.counts : undefined);
  return { counts, total: list.data?.total ?? (counts && totalOf(counts, status)) };
}

type CountsOf<Facet> = Extract<UserFacetCounts, { facet: Facet }>['counts'];

/** How many users each choice of a filter would leave; counted while its menu is open, never while somebody types. */
export function useFacetCounts<Facet extends UserFacet>(facet: Facet, filter: UserFilter) {
  const api = useApi();
  const { [facet]: _, ...others } = filter;
  const [isShown, setShown] = useState(false);
  const { data } = useQuery({
    queryKey: ['users', 'facet-counts', facet, others],
    queryFn: isShown
      ? ({ signal }) => api.call(countUserFacet, { query: { facet, ...others } }, { signal })
      : skipToken,
  });
  return { counts: data?.counts as CountsOf<Facet> | undefined, show: setShown };
}

/** @throws as soon as nobody wants to know any more */
function rest(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, restMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Everything about one user; asked again while something about the user is under way. */
export function useUser(userId: UserId | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ['users', 'one', userId],
    queryFn: userId ? ({ signal }) => api.call(getUser, { params: { userId } }, { signal }) : skipToken,
    staleTime: 2_000,
    refetchInterval: ({ state: { data } }) => {
      const isBusy = data?.syncSessions.some(({ state }) => state === 'queued' || state === 'running');
      return isBusy ? refreshEveryMs : false;
    },
  });
}

/** What checks found about the user so far, and what was done. */
export function useUserHistory(userId: UserId) {
  const api = useApi();
  return useQuery({
    queryKey: ['users', 'history', userId],
    queryFn: ({ signal }) => api.call(getUserHistory, { params: { userId } }, { signal }),
  });
}

export function useMoveUsers() {
  const api = useApi();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ organizationId, userIds }: { organizationId: OrganizationId; userIds: UserId[] }) =>
      api.call(moveUsers, { params: { organizationId }, body: { userIds } }),
    onSuccess: refresh,
  });
}

export function useRemoveUsers() {
  const api = useApi();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: { userIds: UserId[]; force: boolean }) => api.call(removeUsers, { body }),
    onSuccess: refresh,
  });
}

function useRefresh() {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      ['users', 'organizations', 'overview', 'activity'].map((slug) => queries.invalidateQueries({ queryKey: [slug] })),
    );
}
