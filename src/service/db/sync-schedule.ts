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

/** Puts mailboxes that are connected over Microsoft Graph on the schedule; those that are on it keep their place. */
export async function putOnSchedule(tx: Tx, tenantId: TenantId, userIds: readonly UserId[], now: Date): Promise<void> {
  if (userIds.length === 0) return;
  await sql`
    insert into mailbox_syncs (tenant_id, user_id, phase, next_sync_at)
    select u.tenant_id, u.id, s.phase, case when ${isScheduledSql} then ${nextTurnSql(now)} end
    from users u
    join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id
    left join mailbox_syncs known on known.tenant_id = u.tenant_id and known.user_id = u.id
    cross join lateral (
      select coalesce(
        known.phase, ('x' || substr(md5(u.id::text), 1, 8))::bit(32)::bigint / 4294967296.0::double precision
      ) as phase
    ) s
    where u.tenant_id = ${tenantId} and u.id = any(${userIds}::uuid[]) and u.connection_type = 'graph_app_only'
    on conflict (tenant_id, user_id) do update set tries = 0, next_sync_at = excluded.next_sync_at
  `.execute(tx);
}

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
  await sql`
    update mailbox_syncs s set
      tries = 0,
      next_sync_at = case when ${isScheduledSql} then ${turn === 'now' ? sql`${now}::timestamptz` : nextTurnSql(now)} end
    from users u
    join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id
    where u.tenant_id = ${tenantId} and ${whom} and s.tenant_id = u.tenant_id and s.user_id = u.id
  `.execute(tx);
}
