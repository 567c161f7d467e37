import { type Kysely, sql } from 'kysely';
import { keepTallies } from './0008-user-lists.ts';

/** Migrations from Exchange Web Services in rings, and what Exchange says of Exchange Web Services. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // How many users have which connection, per organization: read by the cockpit, and never counted.
  `create table connection_tallies (
    tenant_id uuid not null,
    id bigint generated always as identity,
    organization_id uuid not null,
    connection_type text not null,
    count integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
  ) with (fillfactor = 50)`,
  'create index connection_tallies_of_organization on connection_tallies (tenant_id, organization_id, connection_type)',
  `insert into connection_tallies (tenant_id, organization_id, connection_type, count)
    select tenant_id, organization_id, connection_type, count(*) from users group by 1, 2, 3`,
  ...keepTallies({
    rows: 'users',
    tallies: 'connection_tallies',
    columns: ['tenant_id', 'organization_id', 'connection_type'],
    sources: ['tenant_id', 'organization_id', 'connection_type'],
  }),

  `create table ews_migrations (
    tenant_id uuid not null,
    id uuid not null,
    organization_id uuid not null,
    state text not null,
    ews_app_id uuid not null,
    failure_limit smallint not null,
    returns_held_rings boolean not null,
    total integer not null,
    started_by uuid not null,
    started_by_name text not null,
    created_at timestamptz not null,
    ended_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
  )`,
  // One that goes on per organization: the database decides, not a look before.
  `create unique index ews_migrations_open on ews_migrations (tenant_id, organization_id)
    where state in ('running', 'paused')`,
  'create index ews_migrations_latest on ews_migrations (tenant_id, created_at desc, id)',

  `create table ews_migration_rings (
    tenant_id uuid not null,
    migration_id uuid not null,
    name text not null,
    position smallint not null,
    state text not null,
    held_because text,
    total integer not null,
    check_id uuid,
    started_at timestamptz,
    ended_at timestamptz,
    primary key (tenant_id, migration_id, name),
    foreign key (tenant_id, migration_id) references ews_migrations (tenant_id, id) on delete cascade
  )`,

  // One row per user and so one state; who is removed from the product stays here as gone.
  `create table ews_migration_users (
    tenant_id uuid not null,
    migration_id uuid not null,
    user_id uuid not null,
    ring text not null,
    state text not null,
    from_connection text not null,
    reason text,
    changed_at timestamptz not null,
    primary key (tenant_id, migration_id, user_id),
    foreign key (tenant_id, migration_id, ring) references ews_migration_rings (tenant_id, migration_id, name)
      on delete cascade
  )`,
  // Whom a step of a ring takes next, and pages of results.
  `create index ews_migration_users_of_ring on ews_migration_users (tenant_id, migration_id, ring, state, user_id)`,

  `create table ews_migration_tallies (
    tenant_id uuid not null,
    id bigint generated always as identity,
    migration_id uuid not null,
    ring text not null,
    state text not null,
    count integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, migration_id) references ews_migrations (tenant_id, id) on delete cascade
  ) with (fillfactor = 50)`,
  'create index ews_migration_tallies_of_ring on ews_migration_tallies (tenant_id, migration_id, ring, state)',
  ...keepTallies({
    rows: 'ews_migration_users',
    tallies: 'ews_migration_tallies',
    columns: ['tenant_id', 'migration_id', 'ring', 'state'],
    sources: ['tenant_id', 'migration_id', 'ring', 'state'],
  }),

  // The check of a ring covers the users who are switching in it.
  'alter table checks add column migration_id uuid, add column ring text',

  `create table ews_readings (
    tenant_id uuid primary key,
    read_at timestamptz not null,
    source text not null,
    access jsonb not null
  )`,
];
