import type { UserDetails } from '../../../contract/users.ts';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import type { Db } from '../../db/schema.ts';
import { toSyncSession } from '../../db/sync-session.ts';
import { selectUsers, toUser } from './user-row.ts';

/** One user with what the latest check found, its sync errors and sync sessions. */
export interface UserDetailsReader {
  get(tenantId: TenantId, id: UserId): Promise<UserDetails | undefined>;
}

export function createUserDetails(db: Db): UserDetailsReader {
  return {
    async get(tenantId, id) {
      const row = await selectUsers(db, tenantId).where('u.id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const result = row.check_id
        ? await db
            .selectFrom('check_results')
            .select('capabilities')
            .where('tenant_id', '=', tenantId)
            .where('check_id', '=', row.check_id)
            .where('user_id', '=', id)
            .executeTakeFirst()
        : undefined;
      const schedule = await db
        .selectFrom('mailbox_syncs')
        .select('next_sync_at')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', id)
        .executeTakeFirst();
      const syncErrors = await db
        .selectFrom('sync_errors')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', id)
        .orderBy((eb) => eb('resolved_at', 'is not', null))
        .orderBy('last_seen_at', 'desc')
        .orderBy('id', 'desc')
        .limit(20)
        .execute();
      const syncSessions = await db
        .selectFrom('sync_sessions')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', id)
        .orderBy('requested_at', 'desc')
        .limit(20)
        .execute();
      return {
        ...toUser(row),
        capabilities: result?.capabilities ?? [],
        nextSyncAt: schedule?.next_sync_at?.toISOString() ?? null,
        syncErrors: syncErrors.map((error) => ({
          kind: error.kind,
          title: error.title,
          detail: error.detail,
          reason: error.reason || null,
          source: error.resource ? { capability: error.capability, resource: error.resource } : null,
          firstSeenAt: error.first_seen_at.toISOString(),
          lastSeenAt: error.last_seen_at.toISOString(),
          count: error.count,
          resolvedAt: error.resolved_at?.toISOString() ?? null,
        })),
        syncSessions: syncSessions.map(toSyncSession),
      };
    },
  };
}
