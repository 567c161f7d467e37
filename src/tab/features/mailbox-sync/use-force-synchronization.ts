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
    onSettled: () => Promise.all(['users', 'activity'].map((slug) => queries.invalidateQueries({ queryKey: [slug] }))),
  });
}
