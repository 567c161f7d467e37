import { keepPreviousData, skipToken, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Directory } from './directory.ts';

const shortest = 2;

export function usePeopleSearch(directory: Directory | undefined, text: string) {
  const isReady = directory && text.trim().length >= shortest;
  return useInfiniteQuery({
    queryKey: ['directory', 'people', text],
    queryFn: isReady
      ? ({ pageParam, signal }) =>
          pageParam ? directory.nextPeople(pageParam, signal) : directory.searchPeople(text, signal)
      : skipToken,
    initialPageParam: '',
    getNextPageParam: (page) => page.nextLink,
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap((page) => page.items),
    staleTime: 60_000,
  });
}

export function useGroupSearch(directory: Directory | undefined, text: string) {
  const isReady = directory && text.trim().length >= shortest;
  return useQuery({
    queryKey: ['directory', 'groups', text],
    queryFn: isReady ? async ({ signal }) => (await directory.searchGroups(text, signal)).items : skipToken,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** Members of a group, page after page, up to a limit. */
export function useGroupMembers(directory: Directory | undefined, groupId: string | undefined, limit: number) {
  return useQuery({
    queryKey: ['directory', 'members', groupId, limit],
    queryFn:
      directory && groupId
        ? async ({ signal }) => {
            let page = await directory.listMembers(groupId, signal);
            const members = [...page.items];
            while (page.nextLink && members.length < limit) {
              page = await directory.nextPeople(page.nextLink, signal);
              members.push(...page.items);
            }
            return members.slice(0, limit);
          }
        : skipToken,
    staleTime: 60_000,
  });
}
