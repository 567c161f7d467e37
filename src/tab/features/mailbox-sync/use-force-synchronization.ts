import { useMutation, useQueryClient } from '@tanstack/react-query';
import { forceSynchronization } from '../../../contract/mailbox-sync.ts';
import type { UserId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';

/** What became of a forced synchronization of several users. */
export interface Forced {
  readonly started: number;
  /** One error per user that was refused. */
  readonly refused: readonly unknown[];
}

/** A session takes seconds, seldom more: what it changed is looked for a few times, not for ever. */
const looksMs = [2_000, 5_000, 10_000, 30_000];

/** Forces a synchronization of each user, one after the other: the service allows one a minute for each. */
export function useForceSynchronization() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (userIds: readonly UserId[]): Promise<Forced> => {
      const refused: unknown[] = [];
      for (const userId of userIds) {
        try {
          await api.call(forceSynchronization, { params: { userId }, body: {} });
        } catch (error) {
          refused.push(error);
        }
      }
      return { started: userIds.length - refused.length, refused };
    },
    onSettled: async () => {
      const lookAgain = () =>
        Promise.all(['users', 'activity'].map((slug) => queries.invalidateQueries({ queryKey: [slug] })));
      for (const afterMs of looksMs) setTimeout(() => void lookAgain(), afterMs);
      await lookAgain();
    },
  });
}
