import type { Selectable } from 'kysely';
import type { SyncSession } from '../../contract/users.ts';
import type { SyncSessionsTable } from './schema.ts';

/** A stored sync session as the contract shows it. */
export function toSyncSession(row: Selectable<SyncSessionsTable>): SyncSession {
  return {
    id: row.id,
    state: row.state,
    requestedAt: row.requested_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    changes: row.changes,
    reason: row.reason,
  };
}
