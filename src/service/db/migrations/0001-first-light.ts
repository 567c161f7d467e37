import { type Kysely, sql } from 'kysely';

/** Every table is keyed by tenant first: a query that forgets the tenant cannot use the key either. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'create extension if not exists pg_trgm',

  `create table organizations (
    tenant_id uuid not null,
    id uuid not null,
    name text not null,
    external_id text not null,
    connection_type text not null,
    is_default boolean not null,
    sync_enabled boolean not null default true,
    capabilities text[] not null,
    last_check_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant_id, id)
  )`,
  'create unique index organizations_external_id on organizations (tenant_id, lower(external_id))',
  'create unique index organizations_default on organizations (tenant_id) where is_default',

  `create table users (
    tenant_id uuid not null,
    id uuid not null,
    organization_id uuid not null,
    organization_since timestamptz not null,
    display_name text not null,
    user_principal_name text not null,
    mail text,
    search text not null,
    sort_name text collate "C" not null,
    connection_type text not null,
    mailbox_state text not null default 'not_initialized',
    sync_enabled boolean not null default true,
    last_sync_at timestamptz,
    created_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id)
  )`,
  'create index users_by_name on users (tenant_id, sort_name, id)',
  'create index users_by_organization on users (tenant_id, organization_id, id)',
  'create index users_search on users using gin (search gin_trgm_ops)',

  `create table mailbox_access (
    tenant_id uuid not null,
    user_id uuid not null,
    status text not null default 'not_checked',
    status_rank smallint not null,
    reason text,
    checked_at timestamptz,
    check_id uuid,
    attempt_reason text,
    attempt_at timestamptz,
    primary key (tenant_id, user_id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
  ) with (fillfactor = 70)`,

  `create table checks (
    tenant_id uuid not null,
    id uuid not null,
    organization_id uuid not null,
    state text not null,
    changes_connection boolean not null,
    selection uuid[],
    total integer not null,
    switched integer not null default 0,
    fence integer not null default 0,
    throttled_until timestamptz,
    mailboxes_per_second double precision,
    started_by uuid not null,
    started_by_name text not null,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
  )`,
  // A second start joins the run that is going on: the database decides, not a look before.
  `create unique index checks_running on checks (tenant_id, organization_id)
    where state in ('queued', 'running', 'cancelling')`,
  'create index checks_latest on checks (tenant_id, created_at desc, id)',

  `create table check_results (
    tenant_id uuid not null,
    check_id uuid not null,
    user_id uuid not null,
    status text not null,
    reason text not null,
    capabilities jsonb not null,
    checked_at timestamptz not null,
    primary key (tenant_id, check_id, user_id),
    foreign key (tenant_id, check_id) references checks (tenant_id, id) on delete cascade
  )`,
  `create table check_tallies (
    tenant_id uuid not null,
    check_id uuid not null,
    status text not null,
    reason text not null,
    count integer not null,
    primary key (tenant_id, check_id, status, reason),
    foreign key (tenant_id, check_id) references checks (tenant_id, id) on delete cascade
  ) with (fillfactor = 70)`,

  `create table consents (
    tenant_id uuid not null,
    organization_id uuid not null,
    state text not null,
    problem text,
    permissions jsonb not null,
    verified_at timestamptz,
    granted_by uuid,
    granted_by_name text,
    granted_at timestamptz,
    primary key (tenant_id, organization_id),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
  )`,
  `create table consent_attempts (
    tenant_id uuid not null,
    id uuid not null,
    organization_id uuid not null,
    user_id uuid not null,
    state_hash text not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    callback jsonb,
    callback_at timestamptz,
    redeemed_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
  )`,

  `create table sync_sessions (
    tenant_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    state text not null,
    requested_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    changes integer not null default 0,
    reason text,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
  )`,
  'create index sync_sessions_of_user on sync_sessions (tenant_id, user_id, requested_at desc)',
  `create table sync_cursors (
    tenant_id uuid not null,
    user_id uuid not null,
    resource text not null,
    delta_link text not null,
    updated_at timestamptz not null,
    primary key (tenant_id, user_id, resource),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
  )`,
  `create table sync_errors (
    tenant_id uuid not null,
    id bigint generated always as identity,
    user_id uuid not null,
    kind text not null,
    title text not null,
    detail text not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    count integer not null default 1,
    resolved_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
  )`,
  'create unique index sync_errors_open on sync_errors (tenant_id, user_id, kind) where resolved_at is null',

  `create table activities (
    tenant_id uuid not null,
    id bigint generated always as identity,
    at timestamptz not null,
    type text not null,
    by_user_id uuid,
    by_name text,
    organization_id uuid,
    organization_name text,
    details jsonb not null,
    primary key (tenant_id, id)
  )`,
];
