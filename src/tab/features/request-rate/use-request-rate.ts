import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRequestRate, setRequestRate } from '../../../contract/request-rate.ts';
import { useApi } from '../../api/api-context.ts';
import { queryOf, useShownApplication } from '../../shown-application.ts';

/** How fast the shown application asks Microsoft for this tenant, and how to set a ceiling. */
export function useRequestRate() {
  const api = useApi();
  const queries = useQueryClient();
  const { registration } = useShownApplication();
  const query = queryOf({ registration });
  const queryKey = ['request-rate', registration];
  const rate = useQuery({ queryKey, queryFn: ({ signal }) => api.call(getRequestRate, { query }, { signal }) });
  const setCeiling = useMutation({
    mutationFn: (ceiling: number | null) => api.call(setRequestRate, { query, body: { ceiling } }),
    onSuccess: (saved) => {
      queries.setQueryData(queryKey, saved);
      return queries.invalidateQueries({ queryKey: ['activity'] });
    },
  });
  return { rate, setCeiling };
}
