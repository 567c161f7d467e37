import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { advanceScopeChange, getScopeProof, type ScopeProof } from '../../../contract/mailbox-scope.ts';
import type { ScopeChangeId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';
import { pollEveryMs } from '../../api/query-client.ts';
import { queryOf, useShownApplication } from '../../shown-application.ts';
import { refreshOthers, showChange } from './use-mailbox-scope.ts';

/**
 * Follows a proof while it runs.
 * @param latest the newest proof that is known
 * @param openChangeId the change whose last step a proof may be: when it ends, the change is looked at again
 */
export function useScopeProof(latest: ScopeProof | null, openChangeId: ScopeChangeId | undefined): ScopeProof | null {
  const api = useApi();
  const queries = useQueryClient();
  const { registration, clientId } = useShownApplication();
  const followed = latest?.state === 'running' ? latest.id : undefined;
  const { data } = useQuery({
    queryKey: ['mailbox-scope', 'proof', followed],
    queryFn: followed
      ? ({ signal }) =>
          api.call(getScopeProof, { params: { proofId: followed }, query: queryOf({ registration }) }, { signal })
      : skipToken,
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'running' ? false : pollEveryMs),
  });
  const proof = followed && data ? data : latest;

  const isRunning = proof?.state === 'running';
  const wasRunning = useRef(false);
  useEffect(() => {
    if (wasRunning.current && !isRunning) {
      const lookAgain = async () => {
        if (openChangeId) {
          const request = { params: { changeId: openChangeId }, query: queryOf({ registration }), body: {} };
          const change = await api.call(advanceScopeChange, request);
          showChange(queries, { registration, clientId }, change);
        }
      };
      // The scope is asked for in any case, and says what is known.
      lookAgain()
        .catch(() => {})
        .finally(() => void queries.invalidateQueries({ queryKey: ['mailbox-scope', 'of'] }));
      refreshOthers(queries);
    }
    wasRunning.current = isRunning;
  }, [api, clientId, isRunning, openChangeId, queries, registration]);
  return proof;
}
