import { type RawBuilder, sql } from 'kysely';
import type { OrganizationId, TenantId, UserId } from '../../domain/ids.ts';
import type { Tx } from './schema.ts';

/** Whether a mailbox `s` of a user `u` in an organization `o` is synchronized by schedule. */
export const isScheduledSql = sql<boolean>`(
  u.sync_enabled and o.sync_enabled and u.connection_type = 'graph_app_only'
  and u.mailbox_state <> 'disabled_due_to_error'
)`;

/**
 * The next turn of a mailbox `s` in an organization `o`: each has its own place in the interval, so that mailboxes are
 * spread evenly, and a pause of the service is followed by one turn and not by all that were missed.
 */
export function nextTurnSql(now: Date): RawBuilder<Date> {
  const seconds = sql`o.sync_interval_minutes * 60.0`;
  const at = sql`${now.getTime() / 1000}::double precision`;
  return sql<Date>`to_timestamp(
    (floor((${at} - s.phase * ${seconds}) / (${seconds})) + 1 + s.phase) * (${seconds})
  )`;
}

type Who = { readonly userIds: readonly UserId[] } | { readonly organizationId: OrganizationId };

/**
 * Gives mailboxes their next turn by what holds now: interval, switches, state. Who is not synchronized has none.
 * @param turn `now` for the very next one
 */
export async function reschedule(
  tx: Tx,
  tenantId: TenantId,
  who: Who,
  now: Date,
  turn: 'next' | 'now' = 'next',
): Promise<void> {
  const whom =
    'userIds' in who ? sql`u.id = any(${who.userIds}::uuid[])` : sql`u.organization_id = ${who.organizationId}`;
  const next = sql`case when ${isScheduledSql} then ${turn === 'now' ? sql`${now}::timestamptz` : nextTurnSql(now)} end`;
  await sql`
    update mailbox_syncs s set tries = 0, next_sync_at = ${next}
    from users u
    join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id
    where u.tenant_id = ${tenantId} and ${whom} and s.tenant_id = u.tenant_id and s.user_id = u.id
      and (s.tries <> 0 or s.next_sync_at is distinct from ${next})
  `.execute(tx);
}
