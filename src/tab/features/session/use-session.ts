import { useQuery } from '@tanstack/react-query';
import { getSession } from '../../../contract/session.ts';
import { useApi } from '../../api/api-context.ts';

/** Who is signed in, as the service sees it. */
export function useSession() {
  const api = useApi();
  return useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => api.call(getSession, {}, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
