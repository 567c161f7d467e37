import { useMutation, useQueryClient } from '@tanstack/react-query';
import { forceSynchronization } from '../../../contract/mailbox-sync.ts';
import type { UserId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';

/** A session takes seconds, seldom more: what it changed is looked for a few times, not for ever. */
const looksMs = [2_000, 5_000, 10_000, 30_000];

/** Forces the synchronization of a user: the service allows one a minute. */
export function useForceSynchronization() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (userId: UserId) => api.call(forceSynchronization, { params: { userId }, body: {} }),
    onSettled: async () => {
      const lookAgain = () =>
        Promise.all(['users', 'activity'].map((slug) => queries.invalidateQueries({ queryKey: [slug] })));
      for (const afterMs of looksMs) setTimeout(() => void lookAgain(), afterMs);
      await lookAgain();
    },
  });
}
