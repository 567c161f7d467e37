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
import { queryOf, type ShownApplication, useShownApplication } from '../../shown-application.ts';

const queryKeyOf = ({ registration }: Pick<ShownApplication, 'registration'>) => ['mailbox-scope', 'of', registration];
/** While a change spreads: probing often would keep Exchange's caches alive, and nobody waits for seconds here. */
const lookEveryMs = 60_000;
const lookForReachMs = 3_000;
const mostLooksForReach = 20;

/** Which mailboxes the application can open, what is intended, and what is under way. */
export function useMailboxScope() {
  const api = useApi();
  const application = useShownApplication();
  return useQuery({
    queryKey: queryKeyOf(application),
    queryFn: ({ signal }) => api.call(getMailboxScope, { query: queryOf(application) }, { signal }),
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
  const application = useShownApplication();
  const query = queryOf(application);
  const queryKey = queryKeyOf(application);
  const read = useMutation({
    mutationFn: () => api.call(readEnforcedScope, { query, body: {} }),
    onSuccess: (scope) => showScope(queries, application, scope),
  });
  const readingScript = useMutation({ mutationFn: () => api.call(getReadingScript, { query }) });
  const bringReading = useMutation({
    mutationFn: (text: string) => api.call(bringReadingResult, { query, body: { text } }),
    onSuccess: (scope) => showScope(queries, application, scope),
  });
  const migrate = useMutation({
    mutationFn: () => api.call(startPolicyMigration, { query, body: {} }),
    onSuccess: (change) => showChange(queries, application, change),
  });
  const prove = useMutation({
    mutationFn: (body: { sweep: boolean }) => api.call(startScopeProof, { query, body }),
    onSuccess: (proof) => {
      queries.setQueryData<MailboxScope>(queryKey, (scope) => scope && { ...scope, proof });
    },
  });
  const dismiss = useMutation({
    mutationFn: (driftId: ScopeDriftId) => api.call(dismissScopeDrift, { params: { driftId }, query, body: {} }),
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

function showScope(queries: QueryClient, application: ShownApplication, scope: MailboxScope): void {
  queries.setQueryData(queryKeyOf(application), scope);
  refreshOthers(queries);
}

/** Shows a change at once; what else it changed is asked for. */
export function showChange(queries: QueryClient, application: ShownApplication, change: ScopeChange): void {
  const queryKey = queryKeyOf(application);
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
