import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  advanceScopeChange,
  bringScopeResult,
  endScopeChange,
  getScopeScript,
  runScopeStep,
  type ScopeChange,
  type scriptPurposes,
} from '../../../contract/mailbox-scope.ts';
import type { ScopeChangeId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';
import { queryOf, useShownApplication } from '../../shown-application.ts';
import { showChange } from './use-mailbox-scope.ts';

export type ScriptPurpose = (typeof scriptPurposes)[number];

/** What takes an open change further, or ends it. */
export function useScopeChange(changeId: ScopeChangeId) {
  const api = useApi();
  const queries = useQueryClient();
  const application = useShownApplication();
  const request = { params: { changeId }, query: queryOf(application) };
  const onSuccess = (change: ScopeChange) => showChange(queries, application, change);

  const bring = useMutation({
    mutationFn: (text: string) => api.call(bringScopeResult, { ...request, body: { text } }),
    onSuccess,
  });
  const run = useMutation({
    mutationFn: (body: { purpose: ScriptPurpose; whatIf: boolean }) => api.call(runScopeStep, { ...request, body }),
    onSuccess,
  });
  const advance = useMutation({
    mutationFn: () => api.call(advanceScopeChange, { ...request, body: {} }),
    onSuccess,
  });
  const end = useMutation({
    mutationFn: () => api.call(endScopeChange, { ...request, body: {} }),
    onSuccess,
  });
  return { bring, run, advance, end };
}

/** The script of a step. It stays the same as long as the plan does. */
export function useScopeScript(changeId: ScopeChangeId, purpose: ScriptPurpose) {
  const api = useApi();
  const query = queryOf(useShownApplication());
  return useQuery({
    queryKey: ['mailbox-scope', 'script', changeId, purpose],
    queryFn: ({ signal }) => api.call(getScopeScript, { params: { changeId, purpose }, query }, { signal }),
    staleTime: 60_000,
  });
}

/** The script that takes everything back, fetched when it is asked for. */
export function useUndoScript(changeId: ScopeChangeId) {
  const api = useApi();
  const query = queryOf(useShownApplication());
  return useMutation({
    mutationFn: () => api.call(getScopeScript, { params: { changeId, purpose: 'undo' }, query }),
  });
}
