import { type Kysely, sql } from 'kysely';

/** When each mailbox is read next, what a session says of itself, and to which window a delta link belongs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table organizations add column sync_interval_minutes integer not null default 30',

  // Narrow on purpose: a session rewrites its row. `phase` spreads mailboxes evenly over the interval of their
  // organization, and stays, so that a pause of the service brings nobody out of step.
  `create table mailbox_syncs (
    tenant_id uuid not null,
    user_id uuid not null,
    phase double precision not null,
    next_sync_at timestamptz,
    tries integer not null default 0,
    primary key (tenant_id, user_id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
  ) with (fillfactor = 70)`,
  'create index mailbox_syncs_due on mailbox_syncs (tenant_id, next_sync_at) where next_sync_at is not null',
  `insert into mailbox_syncs (tenant_id, user_id, phase, next_sync_at)
    select u.tenant_id, u.id, p.phase,
      case when u.sync_enabled and o.sync_enabled and u.mailbox_state <> 'disabled_due_to_error'
        then now() + p.phase * interval '30 minutes' end
    from users u
    join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id
    cross join lateral (
      select ('x' || substr(md5(u.id::text), 1, 8))::bit(32)::bigint / 4294967296.0::double precision as phase
    ) p
    where u.connection_type = 'graph_app_only'`,

  // One job at a time reads the mailboxes of a tenant that are due.
  `create table sync_rounds (
    tenant_id uuid primary key,
    fence integer not null default 0,
    is_open boolean not null,
    touched_at timestamptz not null
  )`,

  "alter table sync_sessions add column started_by text not null default 'admin'",
  'alter table sync_sessions add column round integer',
  'alter table sync_sessions add column claims integer not null default 0',
  'alter table sync_sessions add column issues integer not null default 0',
  'alter table sync_sessions add column category text',
  'alter table sync_sessions add column error_capability text',
  'alter table sync_sessions add column error_resource text',
  `alter table sync_sessions add column restarted text[] not null default '{}'`,
  'alter table sync_sessions add column retry_at timestamptz',
  `update sync_sessions s set state = 'failed', ended_at = now() where state in ('queued', 'running') and exists (
    select 1 from sync_sessions newer where newer.tenant_id = s.tenant_id and newer.user_id = s.user_id
      and newer.state in ('queued', 'running') and (newer.requested_at, newer.id) > (s.requested_at, s.id)
  )`,
  // A mailbox is read by one session at a time: the database decides, not a look before.
  `create unique index sync_sessions_open on sync_sessions (tenant_id, user_id) where state in ('queued', 'running')`,

  'alter table sync_cursors add column window_start_at timestamptz',
  'alter table sync_cursors add column window_end_at timestamptz',
  // Links of calendars without their window, and of contacts without their folder, are read anew.
  `delete from sync_cursors where resource in ('calendar', 'contacts')`,
  `update sync_cursors set resource = 'inbox' where resource = 'mail'`,

  `alter table sync_errors add column reason text not null default ''`,
  'alter table sync_errors add column capability text',
  'alter table sync_errors add column resource text',
  'drop index sync_errors_open',
  'create unique index sync_errors_open on sync_errors (tenant_id, user_id, kind, reason) where resolved_at is null',
];
