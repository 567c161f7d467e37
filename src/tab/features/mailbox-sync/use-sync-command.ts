import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  reinitializeMailboxes,
  resetMailboxes,
  type SyncCommandOutcome,
  switchSynchronization,
} from '../../../contract/mailbox-sync.ts';
import type { UserId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';

export const syncCommands = ['enableSync', 'disableSync', 'reset', 'reinitialize'] as const;
export type SyncCommand = (typeof syncCommands)[number];

/** What became of a command on several users. */
export interface CommandDone {
  readonly done: number;
  /** How many it could not be done for, by why. */
  readonly refused: ReadonlyMap<Exclude<SyncCommandOutcome, 'done'>, number>;
}

/** Switches, resets and re-initializes the synchronization of users. */
export function useSyncCommand() {
  const api = useApi();
  const queries = useQueryClient();

  function send(command: SyncCommand, userIds: UserId[]) {
    switch (command) {
      case 'enableSync':
      case 'disableSync':
        return api.call(switchSynchronization, { body: { userIds, enabled: command === 'enableSync' } });
      case 'reset':
        return api.call(resetMailboxes, { body: { userIds } });
      case 'reinitialize':
        return api.call(reinitializeMailboxes, { body: { userIds } });
    }
  }

  return useMutation({
    mutationFn: async ({ command, userIds }: { command: SyncCommand; userIds: UserId[] }): Promise<CommandDone> => {
      const { results } = await send(command, userIds);
      const refused = new Map<Exclude<SyncCommandOutcome, 'done'>, number>();
      for (const { outcome } of results) {
        if (outcome !== 'done') refused.set(outcome, (refused.get(outcome) ?? 0) + 1);
      }
      return { done: results.filter(({ outcome }) => outcome === 'done').length, refused };
    },
    onSettled: () =>
      Promise.all(
        ['users', 'organizations', 'activity'].map((slug) => queries.invalidateQueries({ queryKey: [slug] })),
      ),
  });
}
