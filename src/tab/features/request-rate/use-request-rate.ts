import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRequestRate, setRequestRate } from '../../../contract/request-rate.ts';
import { useApi } from '../../api/api-context.ts';

const queryKey = ['request-rate'];

/** How fast Microsoft is asked for this tenant, and how to set a ceiling. */
export function useRequestRate() {
  const api = useApi();
  const queries = useQueryClient();
  const rate = useQuery({ queryKey, queryFn: ({ signal }) => api.call(getRequestRate, {}, { signal }) });
  const setCeiling = useMutation({
    mutationFn: (ceiling: number | null) => api.call(setRequestRate, { body: { ceiling } }),
    onSuccess: (saved) => {
      queries.setQueryData(queryKey, saved);
      return queries.invalidateQueries({ queryKey: ['activity'] });
    },
  });
  return { rate, setCeiling };
}
