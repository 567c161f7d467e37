import { type Kysely, sql } from 'kysely';

/** Bringing people into an organization: rows wait in a table of their own until an admin says that they are added. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table provisionings (
    tenant_id uuid not null,
    id uuid not null,
    organization_id uuid not null,
    source text not null,
    state text not null,
    stopped_because text,
    refusal_problem text,
    refusal_line integer,
    file_name text,
    file_bytes bigint,
    received_bytes bigint not null default 0,
    headings jsonb not null,
    sample jsonb not null,
    mapping jsonb not null,
    is_staged boolean not null,
    staged_line integer not null default 0,
    next_link text,
    total integer not null default 0,
    checked integer not null default 0,
    added integer not null default 0,
    counts jsonb not null,
    includes_fixable boolean not null default false,
    fence integer not null default 0,
    started_by uuid not null,
    started_by_name text not null,
    applied_by uuid,
    applied_by_name text,
    created_at timestamptz not null,
    finished_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
  )`,
  'create index provisionings_latest on provisionings (tenant_id, created_at desc, id)',
  'create index provisionings_of_organization on provisionings (tenant_id, organization_id)',

  `create table provisioning_pieces (
    tenant_id uuid not null,
    provisioning_id uuid not null,
    starts_at bigint not null,
    content bytea not null,
    primary key (tenant_id, provisioning_id, starts_at),
    foreign key (tenant_id, provisioning_id) references provisionings (tenant_id, id) on delete cascade
  )`,
  // Text compresses to little, and the embedded database pays for every page that it writes.
  'alter table provisioning_pieces alter column content set storage extended',

  `create table provisioning_rows (
    tenant_id uuid not null,
    provisioning_id uuid not null,
    line integer not null,
    verdict text collate "C" not null,
    key_kind text not null,
    key text collate "C" not null,
    user_id uuid,
    display_name text,
    user_principal_name text,
    mail text,
    duplicate_of integer,
    primary key (tenant_id, provisioning_id, line),
    foreign key (tenant_id, provisioning_id) references provisionings (tenant_id, id) on delete cascade
  )`,
  // Lists of one verdict by line, and the work that is left: whatever the size of the file, a page is a short walk.
  'create index provisioning_rows_by_verdict on provisioning_rows (tenant_id, provisioning_id, verdict, line)',
];
