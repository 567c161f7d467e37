import { useQuery } from '@tanstack/react-query';
import { listConnectivityChecks } from '../../../contract/mailbox-connectivity.ts';
import { useApi } from '../../api/api-context.ts';
import { checkKeys } from './check-cache.ts';
import { comparableChecks } from './comparable-checks.ts';

const mostBars = 12;
/** Some of them may be of other mailboxes. */
const mostAsked = 40;
const lookAgainMs = 30_000;

/** The last checks of the same mailboxes, oldest first. */
export function useCheckTrend() {
  const api = useApi();
  return useQuery({
    queryKey: checkKeys.trend,
    queryFn: async ({ signal }) => {
      const query = { covering: 'everybody', limit: mostAsked } as const;
      const { checks } = await api.call(listConnectivityChecks, { query }, { signal });
      return comparableChecks(checks).slice(-mostBars);
    },
    refetchInterval: lookAgainMs,
  });
}
