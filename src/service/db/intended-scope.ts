import { type RawBuilder, sql } from 'kysely';
import type { TenantId } from '../../domain/ids.ts';
import { exchangeKnowsAt } from '../../domain/mailbox-scope/propagation.ts';
import type { RegistrationName } from '../../domain/registration.ts';
import type { Db, Tx } from './schema.ts';

/**
 * The side of the intended limit that the mailbox of a row is on, in SQL: an allow-list lets its members in and nobody
 * else, a block-list everybody but its members.
 * @param tenantId SQL of the row's tenant
 * @param registration SQL of the application's registration
 * @param userId SQL of the row's user
 */
export function intendedSideSql(
  tenantId: RawBuilder<unknown>,
  registration: RawBuilder<unknown>,
  userId: RawBuilder<unknown>,
) {
  const isMember = sql`exists (
    select 1 from mailbox_scope_members m
    where m.tenant_id = ${tenantId} and m.registration = ${registration} and m.user_id = ${userId}
  )`;
  const list = sql`(select s.list from mailbox_scopes s where s.tenant_id = ${tenantId} and s.registration = ${registration})`;
  return sql<'inside' | 'outside' | 'not_limited'>`case
    when ${list} is null then 'not_limited'
    when (${list} = 'allow') = ${isMember} then 'inside'
    else 'outside'
  end`;
}

/** When the open change of an application's limit was made, the last of its steps; null when nothing was changed. */
export function scopeChangedAtSql(tenantId: TenantId, registration: RegistrationName) {
  return sql<Date | null>`(
    select greatest(c.made_at, c.grants_gone_at, c.assignments_removed_at, c.policies_removed_at) from scope_changes c
    where c.tenant_id = ${tenantId} and c.registration = ${registration} and c.state = 'open'
  )`;
}

/** Until when Exchange may not show the open change of an application's limit; undefined when nothing was changed. */
export async function scopeSpreadsUntil(
  db: Db | Tx,
  tenantId: TenantId,
  registration: RegistrationName,
  boundMinutes: number,
): Promise<Date | undefined> {
  const { changedAt } = await db
    .selectNoFrom(scopeChangedAtSql(tenantId, registration).as('changedAt'))
    .executeTakeFirstOrThrow();
  return changedAt ? exchangeKnowsAt(changedAt, boundMinutes) : undefined;
}
