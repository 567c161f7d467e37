import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  bringReadingResult,
  dismissScopeDrift,
  getMailboxScope,
  getReadingScript,
  type MailboxScope,
  readEnforcedScope,
  type ScopeChange,
  startPolicyMigration,
  startScopeProof,
} from '../../../contract/mailbox-scope.ts';
import type { ScopeDriftId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';

const queryKey = ['mailbox-scope', 'tenant'];
/** While a change spreads: probing often would keep Exchange's caches alive, and nobody waits for seconds here. */
const lookEveryMs = 60_000;
const lookForReachMs = 3_000;
const mostLooksForReach = 20;

/** Which mailboxes the application can open, what is intended, and what is under way. One for the tenant. */
export function useMailboxScope() {
  const api = useApi();
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => api.call(getMailboxScope, {}, { signal }),
    refetchInterval: ({ state: { data, dataUpdateCount } }) => {
      // The directory of a large tenant takes a while to be read for the first time.
      if (data?.reach === null && dataUpdateCount < mostLooksForReach) return lookForReachMs;
      return data && isWaiting(data) ? lookEveryMs : false;
    },
  });
}

function isWaiting({ change }: MailboxScope): boolean {
  return change?.state === 'open' && change.steps.some(({ state }) => state === 'waiting');
}

/** What can be done about the scope as a whole. */
export function useScopeCommands() {
  const api = useApi();
  const queries = useQueryClient();
  const read = useMutation({
    mutationFn: () => api.call(readEnforcedScope, { body: {} }),
    onSuccess: (scope) => showScope(queries, scope),
  });
  const readingScript = useMutation({ mutationFn: () => api.call(getReadingScript, {}) });
  const bringReading = useMutation({
    mutationFn: (text: string) => api.call(bringReadingResult, { body: { text } }),
    onSuccess: (scope) => showScope(queries, scope),
  });
  const migrate = useMutation({
    mutationFn: () => api.call(startPolicyMigration, { body: {} }),
    onSuccess: (change) => showChange(queries, change),
  });
  const prove = useMutation({
    mutationFn: (body: { sweep: boolean }) => api.call(startScopeProof, { body }),
    onSuccess: (proof) => {
      queries.setQueryData<MailboxScope>(queryKey, (scope) => scope && { ...scope, proof });
    },
  });
  const dismiss = useMutation({
    mutationFn: (driftId: ScopeDriftId) => api.call(dismissScopeDrift, { params: { driftId }, body: {} }),
    onSuccess: (_, driftId) => {
      queries.setQueryData<MailboxScope>(
        queryKey,
        (scope) => scope && { ...scope, drifts: scope.drifts.filter(({ id }) => id !== driftId) },
      );
      void queries.invalidateQueries({ queryKey: ['activity'] });
    },
  });
  return { read, readingScript, bringReading, migrate, prove, dismiss };
}

function showScope(queries: QueryClient, scope: MailboxScope): void {
  queries.setQueryData(queryKey, scope);
  refreshOthers(queries);
}

/** Shows a change at once; what else it changed is asked for. */
export function showChange(queries: QueryClient, change: ScopeChange): void {
  queries.setQueryData<MailboxScope>(queryKey, (scope) => scope && { ...scope, change });
  void queries.invalidateQueries({ queryKey });
  refreshOthers(queries);
}

/** What other pages say rests on the scope too. */
export function refreshOthers(queries: QueryClient): void {
  for (const slug of ['users', 'overview', 'activity', 'consent']) {
    void queries.invalidateQueries({ queryKey: [slug] });
  }
}
