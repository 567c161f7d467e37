import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Request } from '../../../contract/endpoint.ts';
import {
  cancelUserCommand,
  getUserCommand,
  listUserCommandResults,
  startUserCommand,
  type UserCommandRun,
} from '../../../contract/user-commands.ts';
import type { CommandRunId } from '../../../domain/ids.ts';
import { isOpen } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { UserCommandOutcome } from '../../../domain/users/user-command.ts';
import { useApi } from '../../api/api-context.ts';

const lookEveryMs = 1_000;
/** What commands change beside themselves. */
const changed = ['users', 'organizations', 'overview', 'activity', 'mailbox-connectivity'];

const keyOf = (runId: CommandRunId) => ['user-commands', runId] as const;

export function useStartCommand() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Request<typeof startUserCommand>['body']) => api.call(startUserCommand, { body }),
    onSuccess: ({ run }) => queries.setQueryData(keyOf(run.id), run),
  });
}

/** One run, looked at again until it has ended; then what it changed is read anew. */
export function useCommandRun(runId: CommandRunId) {
  const api = useApi();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: keyOf(runId),
    queryFn: ({ signal }) => api.call(getUserCommand, { params: { commandRunId: runId } }, { signal }),
    refetchInterval: ({ state: { data } }) => (data && isOpen(data.state) ? lookEveryMs : false),
  });
  const state = query.data?.state;
  useEffect(() => {
    if (!state || isOpen(state)) return;
    for (const slug of changed) void queries.invalidateQueries({ queryKey: [slug] });
  }, [state, queries]);
  return query;
}

export function useCancelCommand() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (runId: CommandRunId) => api.call(cancelUserCommand, { params: { commandRunId: runId }, body: {} }),
    onSuccess: (run) => queries.setQueryData(keyOf(run.id), run),
  });
}

/** Users with one outcome, as far as they were asked for. */
export function useCommandResults({ id: runId, done }: UserCommandRun, outcome: UserCommandOutcome) {
  const api = useApi();
  return useInfiniteQuery({
    // With what is done so far: results come while the run goes on.
    queryKey: [...keyOf(runId), outcome, done],
    queryFn: ({ pageParam, signal }) => {
      const query = { outcome, ...(pageParam ? { after: pageParam } : {}) };
      return api.call(listUserCommandResults, { params: { commandRunId: runId }, query }, { signal });
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: (previous) => previous,
    select: ({ pages }) => pages.flatMap((page) => page.results),
  });
}
