import { useQuery } from '@tanstack/react-query';
import { getOverview } from '../../../contract/overview.ts';
import { useApi } from '../../api/api-context.ts';

const whileRunningMs = 5_000;

export function useOverview() {
  const api = useApi();
  return useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => api.call(getOverview, {}, { signal }),
    refetchInterval: ({ state: { data } }) => (data?.stages.verification.isRunning ? whileRunningMs : false),
  });
}
