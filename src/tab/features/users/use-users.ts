import {
  keepPreviousData,
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import {
  getUser,
  getUserHistory,
  listUsers,
  moveUsers,
  removeUsers,
  type UserFilter,
} from '../../../contract/users.ts';
import type { OrganizationId, UserId } from '../../../domain/ids.ts';
import type { UserSort } from '../../../domain/users/user-list.ts';
import { useApi } from '../../api/api-context.ts';

const pageSize = 100;
const refreshEveryMs = 2_000;

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
      return { users: pages.flatMap((page) => page.users), counts: last?.counts, total: last?.total ?? 0 };
    },
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
