import { forceSynchronization } from '../../../contract/mailbox-sync.ts';
import { route } from '../../http/route.ts';
import type { SyncSessionStore } from './sync-sessions.store.ts';

export function mailboxSyncRoutes({ sessions }: { sessions: SyncSessionStore }) {
  return [route(forceSynchronization, ({ admin, params }) => sessions.force(admin, params.userId))];
}
