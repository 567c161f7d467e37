import { sql } from 'kysely';
import {
  type MigrantCounts,
  type MigrantState,
  noMigrants,
  startingStates,
  stateOfVerdict,
} from '../../../domain/ews-migration/migrant-state.ts';
import type { CheckId, EwsMigrationId, OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import { accessStatuses } from '../../../domain/mailbox-access/verdict.ts';
import type { ConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { type Disconnection, disconnectMailboxes } from '../../db/disconnect-mailboxes.ts';
import type { Db, Tx } from '../../db/schema.ts';
import type { RingRow, StoredMigration } from './stored-migration.ts';

/** So many users are moved in one transaction that nobody has to wait for it. */
const usersAtOnce = 1_000;

/**
 * Marks users of a ring as switching: those who are on Exchange Web Services. Who left is gone, and whom another check
 * has opened meanwhile is done.
 * @returns how many were looked at; none when nobody is left to mark
 */
export async function markSwitching(tx: Tx, stored: StoredMigration, ring: RingRow, now: Date): Promise<number> {
  const { rows } = await sql<{ user_id: UserId }>`
    with page as (
      select m.user_id, u.id as present, u.connection_type
      from ${pageOf(ring, startingStates)} m
      left join users u on u.tenant_id = ${ring.tenant_id} and u.id = m.user_id
        and u.organization_id = ${stored.row.organization_id}
    )
    update ews_migration_users m set changed_at = ${now}::timestamptz, state = case
      when p.present is null then 'gone' when p.connection_type = 'graph_app_only' then 'on_graph' else 'switching' end
    from page p
    where m.tenant_id = ${ring.tenant_id} and m.migration_id = ${ring.migration_id} and m.user_id = p.user_id
    returning m.user_id
  `.execute(tx);
  return rows.length;
}

/**
 * Writes down what the ring's check made of users who were switching. That somebody is on Microsoft Graph is read from
 * the user, and not believed of the check.
 * @returns how many were settled; none when nobody is left
 */
export async function settle(tx: Tx, stored: StoredMigration, ring: RingRow, now: Date): Promise<number> {
  const { rows } = await sql<{ user_id: UserId }>`
    with verdict as (
      select * from unnest(${accessStatuses}::text[], ${accessStatuses.map(stateOfVerdict)}::text[]) as v (status, state)
    ), page as (
      select m.user_id, u.id as present, u.connection_type, v.state, r.reason
      from ${pageOf(ring, ['switching'])} m
      left join users u on u.tenant_id = ${ring.tenant_id} and u.id = m.user_id
        and u.organization_id = ${stored.row.organization_id}
      left join check_results r on r.tenant_id = ${ring.tenant_id} and r.check_id = ${ring.check_id}::uuid
        and r.user_id = m.user_id
      left join verdict v on v.status = r.status
    )
    update ews_migration_users m set changed_at = ${now}::timestamptz, reason = p.reason, state = case
      when p.present is null then 'gone'
      when p.connection_type = 'graph_app_only' then 'on_graph'
      when p.state is null or p.state = 'on_graph' then ${stateOfVerdict(null)}
      else p.state end
    from page p
    where m.tenant_id = ${ring.tenant_id} and m.migration_id = ${ring.migration_id} and m.user_id = p.user_id
    returning m.user_id
  `.execute(tx);
  return rows.length;
}

/** Catches up with what happened to a ring's users elsewhere: removed, moved, or opened by another check. */
export async function catchUp(tx: Tx, stored: StoredMigration, ring: RingRow, now: Date): Promise<void> {
  const ofRing = sql`m.tenant_id = ${ring.tenant_id} and m.migration_id = ${ring.migration_id} and m.ring = ${ring.name}`;
  const ofUser = sql`u.tenant_id = m.tenant_id and u.id = m.user_id and u.organization_id = ${stored.row.organization_id}`;
  await sql`
    update ews_migration_users m set state = 'gone', changed_at = ${now}::timestamptz
    where ${ofRing} and m.state <> 'gone' and not exists (select from users u where ${ofUser})
  `.execute(tx);
  await sql`
    update ews_migration_users m set state = 'on_graph', changed_at = ${now}::timestamptz
    from users u
    where ${ofRing} and m.state = any(${startingStates}::text[]) and ${ofUser} and u.connection_type = 'graph_app_only'
  `.execute(tx);
}

/**
 * Puts users of a ring back to where they came from.
 * @returns how many were looked at; none when nobody is left
 */
export async function putBack(tx: Tx, stored: StoredMigration, ring: RingRow, now: Date): Promise<number> {
  const { rows } = await sql<{ id: UserId; to: Disconnection['to']; connection: ConnectionType | null }>`
    select m.user_id as id, m.from_connection as to, u.connection_type as connection
    from ${pageOf(ring, ['on_graph'])} m
    left join users u on u.tenant_id = ${ring.tenant_id} and u.id = m.user_id
      and u.organization_id = ${stored.row.organization_id}
  `.execute(tx);
  const onGraph = rows.filter(({ connection }) => connection === 'graph_app_only');
  await disconnectMailboxes(tx, ring.tenant_id, onGraph, now);
  await sql`
    update ews_migration_users m set state = n.state, changed_at = ${now}::timestamptz
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(stateAfterReturn)}::text[]) as n (id, state)
    where m.tenant_id = ${ring.tenant_id} and m.migration_id = ${ring.migration_id} and m.user_id = n.id
  `.execute(tx);
  return rows.length;
}

function stateAfterReturn({ connection }: { readonly connection: ConnectionType | null }): MigrantState {
  if (connection === null) return 'gone';
  return connection === 'graph_app_only' ? 'returned' : 'on_ews';
}

/** Users of a ring who are in one of these states, held until the transaction ends. */
function pageOf({ tenant_id, migration_id, name }: RingRow, states: readonly MigrantState[]) {
  return sql`(
    select user_id, from_connection from ews_migration_users
    where tenant_id = ${tenant_id} and migration_id = ${migration_id} and ring = ${name} and state = any(${states}::text[])
    order by user_id limit ${usersAtOnce} for update
  )`;
}

/** How many users of each ring are in which state. */
export async function countMigrants(
  source: Db | Tx,
  tenantId: TenantId,
  migrationIds: readonly EwsMigrationId[],
): Promise<(migrationId: EwsMigrationId, ring: string) => MigrantCounts> {
  const rows =
    migrationIds.length === 0
      ? []
      : await source
          .selectFrom('ews_migration_tallies')
          .select(['migration_id', 'ring', 'state', (eb) => eb.fn.sum<number>('count').as('count')])
          .where('tenant_id', '=', tenantId)
          .where('migration_id', 'in', [...migrationIds])
          .groupBy(['migration_id', 'ring', 'state'])
          .execute();
  return (migrationId, ring) => {
    const counts = noMigrants();
    for (const row of rows) {
      if (row.migration_id === migrationId && row.ring === ring) counts[row.state] += Number(row.count);
    }
    return counts;
  };
}

/** Mailboxes that a check found closed, or open where they should not be. */
export async function countFailed(source: Db | Tx, tenantId: TenantId, checkId: CheckId): Promise<number> {
  const failed = accessStatuses.filter((status) => stateOfVerdict(status) === 'failed');
  const { count } = await source
    .selectFrom('check_tallies')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('count'), eb.lit(0)).as('count'))
    .where('tenant_id', '=', tenantId)
    .where('check_id', '=', checkId)
    .where('status', 'in', failed)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Users of an organization on Exchange Web Services, put into the rings of a new migration, in the order of their ids. */
export async function enlist(
  tx: Tx,
  migration: { readonly tenant_id: TenantId; readonly id: EwsMigrationId; readonly organization_id: OrganizationId },
  {
    upTo,
    connections,
    now,
  }: {
    readonly upTo: { canary: number; second: number };
    readonly connections: readonly ConnectionType[];
    readonly now: Date;
  },
): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (let enlisted = 0; ; ) {
    const { rows } = await sql<{ user_id: UserId }>`
      insert into ews_migration_users (tenant_id, migration_id, user_id, ring, state, from_connection, changed_at)
      select ${migration.tenant_id}::uuid, ${migration.id}::uuid, p.id,
        case when n <= ${upTo.canary}::int then 'canary' when n <= ${upTo.second}::int then 'second' else 'rest' end,
        'on_ews', p.connection_type, ${now}::timestamptz
      from (
        select id, connection_type, ${enlisted}::int + row_number() over (order by id) as n from users
        where tenant_id = ${migration.tenant_id} and organization_id = ${migration.organization_id} and id > ${after}
          and connection_type = any(${connections}::text[])
        order by id limit ${usersAtOnce * 5}
      ) p
      order by p.id
      returning user_id
    `.execute(tx);
    const last = rows.at(-1);
    if (!last) return;
    after = last.user_id;
    enlisted += rows.length;
  }
}
