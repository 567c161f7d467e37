import { sql } from 'kysely';
import type { TenantId, UserId } from '../../domain/ids.ts';
import type { ConnectionType } from '../../domain/mailbox-sync/mailbox-state.ts';
import type { Tx } from './schema.ts';

export interface Disconnection {
  readonly id: UserId;
  /** The connection that is recorded from now on. */
  readonly to: ConnectionType;
}

/**
 * Takes mailboxes off Microsoft Graph: they are not synchronized any more, how far they were read is forgotten, and the
 * sessions that would say so again end.
 */
export async function disconnectMailboxes(
  tx: Tx,
  tenantId: TenantId,
  users: readonly Disconnection[],
  now: Date,
): Promise<void> {
  if (users.length === 0) return;
  const ids = users.map(({ id }) => id);
  await sql`
    update users u set connection_type = d.connection, mailbox_state = 'not_initialized'
    from unnest(${ids}::uuid[], ${users.map(({ to }) => to)}::text[]) as d (id, connection)
    where u.tenant_id = ${tenantId} and u.id = d.id
  `.execute(tx);
  await sql`
    update mailbox_syncs set next_sync_at = null, tries = 0
    where tenant_id = ${tenantId} and user_id = any(${ids}::uuid[])
  `.execute(tx);
  await sql`delete from sync_cursors where tenant_id = ${tenantId} and user_id = any(${ids}::uuid[])`.execute(tx);
  await sql`
    update sync_sessions set
      state = 'failed', reason = 'sync.reset', category = 'other', error_resource = 'service',
      started_at = coalesce(started_at, ${now}::timestamptz), ended_at = ${now}::timestamptz
    where tenant_id = ${tenantId} and user_id = any(${ids}::uuid[]) and state in ('queued', 'running')
  `.execute(tx);
  await sql`
    update sync_errors set resolved_at = ${now}::timestamptz
    where tenant_id = ${tenantId} and user_id = any(${ids}::uuid[]) and resolved_at is null
  `.execute(tx);
}
