import { useInfiniteQuery } from '@tanstack/react-query';
import { listActivity } from '../../../contract/activity.ts';
import { useApi } from '../../api/api-context.ts';

export function useActivity() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['activity'],
    queryFn: ({ pageParam, signal }) =>
      api.call(listActivity, { query: pageParam ? { cursor: pageParam } : {} }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    select: ({ pages }) => pages.flatMap((page) => page.activities),
    staleTime: 5_000,
  });
}
