import type { Selectable } from 'kysely';
import type { SyncSession } from '../../contract/users.ts';
import type { SyncSessionsTable } from './schema/mailbox-sync.ts';

/** A stored sync session as the contract shows it. */
export function toSyncSession(row: Selectable<SyncSessionsTable>): SyncSession {
  return {
    id: row.id,
    state: row.state,
    startedBy: row.started_by,
    requestedAt: row.requested_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    changes: row.changes,
    issues: row.issues,
    reason: row.reason,
    errorCategory: row.category,
    errorSource: row.error_resource ? { capability: row.error_capability, resource: row.error_resource } : null,
    restarted: row.restarted,
    retryAt: row.retry_at?.toISOString() ?? null,
  };
}
