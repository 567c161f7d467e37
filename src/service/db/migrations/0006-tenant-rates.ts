import { type Kysely, sql } from 'kysely';

/** How fast a tenant may be asked, small checks that overtake large ones, and failures of our own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table tenant_rates (
    tenant_id uuid primary key,
    requests_per_second double precision not null,
    is_limit boolean not null,
    learnt_at timestamptz not null
  )`,
  'alter table checks add column is_urgent boolean not null default false',
  'alter table checks add column failures integer not null default 0',
  // A few mailboxes that an admin waits for are a run of their own, beside the one of the organization.
  'drop index checks_running',
  `create unique index checks_running on checks (tenant_id, organization_id)
    where state in ('queued', 'running', 'cancelling') and not is_urgent`,
  `create unique index checks_running_urgent on checks (tenant_id, organization_id, selection)
    where state in ('queued', 'running', 'cancelling') and is_urgent`,
];
