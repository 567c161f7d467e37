import { useQueries, useQueryClient } from '@tanstack/react-query';
import { type ConnectivityCheck, watchConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId } from '../../../domain/ids.ts';
import { isOpen } from '../../../domain/mailbox-connectivity/run-state.ts';
import { useApi } from '../../api/api-context.ts';
import { checkKeys, keepCheck } from './check-cache.ts';

/** A browser keeps about six connections to one service; the calls of the page need some, too. */
const mostStreams = 3;
/** What other pages show, and a check that ends or stops has changed. */
const touched = ['users', 'organizations', 'overview', 'activity', 'consent'];

/**
 * Keeps checks up to date for as long as they go on: the service tells, nobody asks. Whoever follows the same check
 * shares one stream. Of many checks the first few are followed, and the next one when one of them has ended.
 */
export function useFollowedChecks(checks: readonly ConnectivityCheck[]) {
  const api = useApi();
  const queries = useQueryClient();
  const open = checks.filter(({ state }) => isOpen(state)).slice(0, mostStreams);

  const follow = async (checkId: CheckId, signal: AbortSignal) => {
    const refresh = (keys: readonly string[]) => {
      for (const key of keys) void queries.invalidateQueries({ queryKey: [key] });
    };
    let former: ConnectivityCheck['state'] | undefined;
    await api.watch(
      watchConnectivityCheck,
      { params: { checkId } },
      {
        onEvent: (check) => {
          keepCheck(queries, check);
          if (check.state === 'paused' && former && former !== 'paused') refresh(touched);
          former = check.state;
        },
        isLast: ({ state }) => !isOpen(state),
        signal,
      },
    );
    refresh(touched);
    void queries.invalidateQueries({ queryKey: checkKeys.all, predicate: ({ state }) => Array.isArray(state.data) });
    return null;
  };
  return useQueries({
    queries: open.map(({ id }) => ({
      queryKey: ['mailbox-connectivity-stream', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => follow(id, signal),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
      retry: false,
      networkMode: 'always' as const,
    })),
    combine: (streams) => {
      const failed = streams.find(({ error }) => error);
      return { error: failed?.error ?? null, refetch: failed?.refetch };
    },
  });
}
