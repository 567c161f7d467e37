import { type Kysely, sql } from 'kysely';

/** Commands over users as runs with a result per user, and activities that say which user they concern. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Whom a run covers is settled when it is recorded: an array, because 200,000 rows would be written in one go.
  `create table user_command_runs (
    tenant_id uuid not null,
    id uuid not null,
    command text not null,
    covers text not null,
    filter jsonb,
    target_id uuid,
    target_name text,
    selection uuid[] not null,
    position integer not null default 0,
    state text not null,
    total integer not null,
    fence integer not null default 0,
    forgotten_at timestamptz,
    started_by uuid not null,
    started_by_name text not null,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    primary key (tenant_id, id)
  )`,
  // A second start of the same joins the run that has not ended: the database decides, not a look before.
  `create unique index user_command_runs_open on user_command_runs (tenant_id, covers)
    where state in ('queued', 'running', 'cancelling')`,
  'create index user_command_runs_latest on user_command_runs (tenant_id, created_at desc, id)',

  // Written with what was done, in the same transaction. Users may be gone by then, so nothing refers to them.
  `create table user_command_results (
    tenant_id uuid not null,
    run_id uuid not null,
    outcome text not null,
    user_id uuid not null,
    display_name text,
    done_at timestamptz not null,
    primary key (tenant_id, run_id, user_id),
    foreign key (tenant_id, run_id) references user_command_runs (tenant_id, id) on delete cascade
  )`,
  'create index user_command_results_by_outcome on user_command_results (tenant_id, run_id, outcome, user_id)',
  'create index user_command_results_of_user on user_command_results (tenant_id, user_id, done_at desc)',
  `create table user_command_tallies (
    tenant_id uuid not null,
    run_id uuid not null,
    outcome text not null,
    count integer not null,
    primary key (tenant_id, run_id, outcome),
    foreign key (tenant_id, run_id) references user_command_runs (tenant_id, id) on delete cascade
  ) with (fillfactor = 70)`,

  'alter table activities add column user_id uuid',
  'create index activities_of_user on activities (tenant_id, user_id, id desc) where user_id is not null',
];
