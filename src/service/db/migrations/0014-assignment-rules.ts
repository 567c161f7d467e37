import { type Kysely, sql } from 'kysely';

/** Rules that keep organizations in step with the directory, what they are judged by, and what they did. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table assignment_rules (
    tenant_id uuid not null,
    id uuid not null,
    organization_id uuid not null,
    position integer not null,
    domain text,
    group_id uuid,
    group_name text,
    moves_hand_placed boolean not null,
    is_on boolean not null,
    created_at timestamptz not null,
    primary key (tenant_id, id),
    check ((domain is null) <> (group_id is null)),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
  )`,
  // A second rule for the same people would never decide.
  'create unique index assignment_rules_domain on assignment_rules (tenant_id, domain)',
  'create unique index assignment_rules_group on assignment_rules (tenant_id, group_id)',

  `create table assignment_directories (
    tenant_id uuid not null primary key,
    link text,
    round integer not null,
    is_whole boolean not null,
    read_at timestamptz
  )`,
  `create table assignment_looks (
    tenant_id uuid not null primary key,
    looked_at timestamptz not null
  )`,
  `create table assignment_people (
    tenant_id uuid not null,
    user_id uuid not null,
    display_name text,
    user_principal_name text,
    mail text,
    user_type text,
    round integer not null,
    primary key (tenant_id, user_id)
  )`,
  `create table assignment_groups (
    tenant_id uuid not null,
    group_id uuid not null,
    round integer not null,
    read_at timestamptz,
    problem text,
    primary key (tenant_id, group_id)
  )`,
  `create table assignment_group_members (
    tenant_id uuid not null,
    user_id uuid not null,
    group_id uuid not null,
    round integer not null,
    primary key (tenant_id, user_id, group_id),
    foreign key (tenant_id, group_id) references assignment_groups (tenant_id, group_id) on delete cascade
  )`,
  'create index assignment_group_members_of_group on assignment_group_members (tenant_id, group_id, round)',

  // Who was put where by a rule; it outlives the user, so that a removal by hand stays one.
  `create table assignment_placements (
    tenant_id uuid not null,
    user_id uuid not null,
    organization_id uuid not null,
    placed_at timestamptz not null,
    primary key (tenant_id, user_id),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
  )`,
  'create index assignment_placements_of_organization on assignment_placements (tenant_id, organization_id)',

  `create table assignment_runs (
    tenant_id uuid not null,
    id uuid not null,
    kind text not null,
    state text not null,
    rule_id uuid,
    rules jsonb not null,
    problem text,
    counts jsonb not null,
    conflicts jsonb not null,
    started_by uuid,
    started_by_name text,
    created_at timestamptz not null,
    finished_at timestamptz,
    primary key (tenant_id, id)
  )`,
  `create unique index assignment_runs_open on assignment_runs (tenant_id, kind) where state in ('queued', 'running')`,
  'create index assignment_runs_latest on assignment_runs (tenant_id, kind, created_at desc)',
  `create table assignment_outcomes (
    tenant_id uuid not null,
    run_id uuid not null,
    user_id uuid not null,
    outcome text not null,
    reason text,
    organization_id uuid,
    from_organization_id uuid,
    rule_id uuid,
    display_name text not null,
    address text,
    sort_name text collate "C" not null,
    primary key (tenant_id, run_id, user_id),
    foreign key (tenant_id, run_id) references assignment_runs (tenant_id, id) on delete cascade
  )`,
  'create index assignment_outcomes_list on assignment_outcomes (tenant_id, run_id, outcome, sort_name, user_id)',
];
