import type { UserDetails } from '../../../contract/users.ts';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import type { Db } from '../../db/schema.ts';
import { toSyncSession } from '../../db/sync-session.ts';
import { readUsers } from './user-row.ts';

/** One user with what the latest check found, its sync errors and sync sessions. */
export interface UserDetailsReader {
  get(tenantId: TenantId, id: UserId): Promise<UserDetails | undefined>;
}

export function createUserDetails(db: Db): UserDetailsReader {
  return {
    async get(tenantId, id) {
      const user = (await readUsers(db, tenantId, [id])).get(id);
      if (!user) return undefined;
      const result = await db
        .selectFrom('mailbox_access as a')
        .innerJoin('check_results as r', (join) =>
          join
            .onRef('r.tenant_id', '=', 'a.tenant_id')
            .onRef('r.check_id', '=', 'a.check_id')
            .onRef('r.user_id', '=', 'a.user_id'),
        )
        .select('r.capabilities')
        .where('a.tenant_id', '=', tenantId)
        .where('a.user_id', '=', id)
        .executeTakeFirst();
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
        ...user,
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
