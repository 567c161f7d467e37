import {
  forceSynchronization,
  reinitializeMailboxes,
  resetMailboxes,
  switchSynchronization,
} from '../../../contract/mailbox-sync.ts';
import { route } from '../../http/route.ts';
import type { SyncCommands } from './sync-commands.store.ts';

export function mailboxSyncRoutes({ sessions }: { sessions: SyncCommands }) {
  return [
    route(forceSynchronization, ({ admin, params }) => sessions.force(admin, params.userId)),
    route(switchSynchronization, async ({ admin, body }) => ({
      results: await sessions.switch(admin, body.userIds, body.enabled),
    })),
    route(resetMailboxes, async ({ admin, body }) => ({ results: await sessions.reset(admin, body.userIds) })),
    route(reinitializeMailboxes, async ({ admin, body }) => ({
      results: await sessions.reinitialize(admin, body.userIds),
    })),
  ];
}
