import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import {
  type AssignmentRules,
  type AssignmentRun,
  createAssignmentRule,
  deleteAssignmentRule,
  getScopeDifferences,
  listAssignedPeople,
  listAssignmentRules,
  previewAssignmentRule,
  startAssignmentRun,
  updateAssignmentRule,
} from '../../../contract/assignment-rules.ts';
import type { Request } from '../../../contract/endpoint.ts';
import type { AssignmentOutcome } from '../../../domain/assignment-rules/decide.ts';
import type { AssignmentRuleId, AssignmentRunId, OrganizationId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';

const slug = 'assignment-rules';
const queryKey = [slug];
const pollEveryMs = 2_000;

/** Whether a run has not said its last word. */
export function isGoingOn(run: AssignmentRun | null | undefined): boolean {
  return run?.state === 'queued' || run?.state === 'running';
}

/** The rules of the tenant, read again while a run goes on; what it changes is read again when it ends. */
export function useAssignmentRules() {
  const api = useApi();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.call(listAssignmentRules, {}, { signal }),
    refetchInterval: ({ state: { data } }) =>
      isGoingOn(data?.lastRun) || isGoingOn(data?.preview) ? pollEveryMs : false,
  });
  const wasApplying = useRef(false);
  const isApplying = isGoingOn(query.data?.lastRun);
  useEffect(() => {
    if (wasApplying.current && !isApplying) {
      for (const changed of ['organizations', 'users', 'overview', 'activity', `${slug}-differences`]) {
        void queries.invalidateQueries({ queryKey: [changed] });
      }
    }
    wasApplying.current = isApplying;
  }, [isApplying, queries]);
  return query;
}

/** What changes rules and starts runs; each answers the rules as they are then. */
export function useRuleCommands() {
  const api = useApi();
  const queries = useQueryClient();
  const onSuccess = (rules: AssignmentRules) => {
    queries.setQueryData(queryKey, rules);
    // A rule about a group needs a permission.
    for (const changed of ['activity', 'consent']) void queries.invalidateQueries({ queryKey: [changed] });
  };
  return {
    create: useMutation({
      mutationFn: (request: Request<typeof createAssignmentRule>) => api.call(createAssignmentRule, request),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: (request: Request<typeof updateAssignmentRule>) => api.call(updateAssignmentRule, request),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (ruleId: AssignmentRuleId) => api.call(deleteAssignmentRule, { params: { ruleId } }),
      onSuccess,
    }),
    preview: useMutation({
      mutationFn: (ruleId: AssignmentRuleId) => api.call(previewAssignmentRule, { params: { ruleId }, body: {} }),
      onSuccess,
    }),
    applyNow: useMutation({ mutationFn: () => api.call(startAssignmentRun, { body: {} }), onSuccess }),
  };
}

/** Whom a run found, page after page. */
export function useAssignedPeople(
  runId: AssignmentRunId,
  outcome: AssignmentOutcome,
  organizationId: OrganizationId | undefined,
) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [slug, 'people', runId, outcome, organizationId],
    queryFn: ({ pageParam, signal }) =>
      api.call(
        listAssignedPeople,
        { params: { runId }, query: { outcome, organizationId, cursor: pageParam || undefined } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    select: ({ pages }) => pages.flatMap(({ people }) => people),
  });
}

export function useScopeDifferences(organizationId: OrganizationId) {
  const api = useApi();
  return useQuery({
    queryKey: [`${slug}-differences`, organizationId],
    queryFn: ({ signal }) => api.call(getScopeDifferences, { params: { organizationId } }, { signal }),
  });
}
