import { type Kysely, sql } from 'kysely';

/** The limit of the application: what is intended, what Exchange enforces, changes, proofs and drift. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table directory_mailboxes (
    tenant_id uuid not null,
    user_id uuid not null,
    display_name text not null,
    address text,
    is_shared boolean not null default false,
    seen_at timestamptz not null,
    primary key (tenant_id, user_id)
  )`,
  'create table directory_readings (tenant_id uuid primary key, read_at timestamptz not null)',

  `create table exchange_readings (
    tenant_id uuid primary key,
    read_at timestamptz not null,
    source text not null,
    configuration jsonb not null
  )`,

  `create table scope_changes (
    tenant_id uuid not null,
    id uuid not null,
    kind text not null,
    mechanism text not null,
    list text not null,
    "group" jsonb not null,
    includes_nested boolean not null,
    plans jsonb not null,
    report jsonb not null,
    state text not null,
    made_at timestamptz,
    roles_proved boolean,
    caches_know_at timestamptz,
    grants_gone_at timestamptz,
    assignments_removed_at timestamptz,
    policies_removed_at timestamptz,
    created_at timestamptz not null,
    created_by uuid not null,
    created_by_name text not null,
    ended_at timestamptz,
    primary key (tenant_id, id)
  )`,
  // One change at a time: two would undo each other's safe order.
  `create unique index scope_changes_open on scope_changes (tenant_id) where state = 'open'`,

  `create table mailbox_scopes (
    tenant_id uuid primary key,
    change_id uuid not null,
    mechanism text not null,
    list text not null,
    "group" jsonb not null,
    includes_nested boolean not null,
    set_at timestamptz not null,
    set_by uuid,
    set_by_name text
  )`,
  `create table mailbox_scope_members (
    tenant_id uuid not null references mailbox_scopes (tenant_id) on delete cascade,
    user_id uuid not null,
    is_nested boolean not null,
    since timestamptz not null,
    primary key (tenant_id, user_id)
  )`,

  `create table scope_proofs (
    tenant_id uuid not null,
    id uuid not null,
    state text not null,
    is_sweep boolean not null,
    expected_by timestamptz,
    fence integer not null default 0,
    started_at timestamptz not null,
    finished_at timestamptz,
    primary key (tenant_id, id)
  )`,
  `create unique index scope_proofs_running on scope_proofs (tenant_id) where state = 'running'`,
  'create index scope_proofs_latest on scope_proofs (tenant_id, started_at desc)',
  `create table scope_proof_results (
    tenant_id uuid not null,
    proof_id uuid not null,
    user_id uuid not null,
    side text not null,
    why text not null,
    outcome text,
    reason text,
    primary key (tenant_id, proof_id, user_id),
    foreign key (tenant_id, proof_id) references scope_proofs (tenant_id, id) on delete cascade
  )`,

  `create table scope_drifts (
    tenant_id uuid not null,
    id uuid not null,
    what text not null,
    subject text not null,
    capabilities text[] not null,
    "by" text,
    found_at timestamptz not null,
    dismissed_at timestamptz,
    primary key (tenant_id, id)
  )`,
  // A finding that is open already is not found again.
  `create unique index scope_drifts_open on scope_drifts (tenant_id, what, subject) where dismissed_at is null`,
  'create table drift_looks (tenant_id uuid primary key, looked_at timestamptz not null)',
];
