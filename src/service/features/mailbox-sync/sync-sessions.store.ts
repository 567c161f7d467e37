import type { RecordActivity } from '../../audit.ts';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/schema.ts';
import type { Queue } from '../../queue/queue.ts';
import { createSessionClaims, type SessionClaims } from './session-claims.store.ts';
import { createSessionOutcomes, type SessionOutcomes } from './session-outcomes.store.ts';
import { createSyncCommands, type SyncCommands } from './sync-commands.store.ts';

/** Sync sessions: asked for by admins, claimed by workers, ended with what they found. */
export interface SyncSessionStore extends SyncCommands, SessionClaims, SessionOutcomes {}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
  readonly exchangeBoundMinutes: number;
}

export function createSyncSessionStore(dependencies: Dependencies): SyncSessionStore {
  return {
    ...createSyncCommands(dependencies),
    ...createSessionClaims(dependencies),
    ...createSessionOutcomes(dependencies),
  };
}
