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
import { showChange } from './use-mailbox-scope.ts';

export type ScriptPurpose = (typeof scriptPurposes)[number];

/** What takes an open change further, or ends it. */
export function useScopeChange(changeId: ScopeChangeId) {
  const api = useApi();
  const queries = useQueryClient();
  const params = { changeId };
  const onSuccess = (change: ScopeChange) => showChange(queries, change);

  const bring = useMutation({
    mutationFn: (text: string) => api.call(bringScopeResult, { params, body: { text } }),
    onSuccess,
  });
  const run = useMutation({
    mutationFn: (body: { purpose: ScriptPurpose; whatIf: boolean }) => api.call(runScopeStep, { params, body }),
    onSuccess,
  });
  const advance = useMutation({
    mutationFn: () => api.call(advanceScopeChange, { params, body: {} }),
    onSuccess,
  });
  const end = useMutation({
    mutationFn: () => api.call(endScopeChange, { params, body: {} }),
    onSuccess,
  });
  return { bring, run, advance, end };
}

/** The script of a step. It stays the same as long as the plan does. */
export function useScopeScript(changeId: ScopeChangeId, purpose: ScriptPurpose) {
  const api = useApi();
  return useQuery({
    queryKey: ['mailbox-scope', 'script', changeId, purpose],
    queryFn: ({ signal }) => api.call(getScopeScript, { params: { changeId, purpose } }, { signal }),
    staleTime: 60_000,
  });
}

/** The script that takes everything back, fetched when it is asked for. */
export function useUndoScript(changeId: ScopeChangeId) {
  const api = useApi();
  return useMutation({
    mutationFn: () => api.call(getScopeScript, { params: { changeId, purpose: 'undo' } }),
  });
}
