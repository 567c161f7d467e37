import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getConsent, redeemConsent, startConsent, verifyConsent } from '../../../contract/consent.ts';
import type { RolesAnnounced } from '../../../domain/consent/consent-state.ts';
import type { ConsentAttemptId, OrganizationId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';
import { ApiError } from '../../api/api-error.ts';

const lookEveryMs = 10_000;

/** What the service has verified about the organization's consent, and how to have it verified again. */
export function useConsent(organizationId: OrganizationId) {
  const api = useApi();
  const queries = useQueryClient();
  const queryKey = ['consent', organizationId];
  const params = { organizationId };

  const refreshOthers = () =>
    Promise.all(
      ['organizations', 'overview', 'activity'].map((slug) => queries.invalidateQueries({ queryKey: [slug] })),
    );
  const consent = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.call(getConsent, { params }, { signal }),
    // The service looks again by itself while a change is on its way.
    refetchInterval: ({ state }) => (state.data?.change && !state.data.change.endedAt ? lookEveryMs : false),
  });
  const verify = useMutation({
    mutationFn: (changed: RolesAnnounced | undefined) =>
      api.call(verifyConsent, { params, body: changed ? { changed: writable(changed) } : {} }),
    onSuccess: async (verified) => {
      queries.setQueryData(queryKey, verified);
      await refreshOthers();
    },
  });
  const start = (returnTo: 'teams' | 'browser') => api.call(startConsent, { params, body: { returnTo } });

  /** Ends an attempt whatever its window said: only the service's own verification counts. */
  const redeem = async (attemptId: ConsentAttemptId) => {
    const answer = await api.call(redeemConsent, { params: { organizationId, attemptId }, body: {} });
    queries.setQueryData(queryKey, answer.consent);
    void refreshOthers();
    return answer;
  };
  return { consent, verify, start, redeem };
}

const writable = ({ granted, revoked }: RolesAnnounced) => ({ granted: [...granted], revoked: [...revoked] });

/** An attempt that the service no longer knows: its verification can still be asked for. */
export function isAttemptGone(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    (error.code === 'consent.attempt_not_found' || error.code === 'consent.attempt_expired')
  );
}
