import { type Kysely, sql } from 'kysely';

/** Checks over a tenant, a group or what could not be told; checks that pause; and joining by what is checked. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table checks alter column organization_id drop not null',
  `alter table checks
    add column scope text not null default 'organization',
    add column group_name text,
    add column retry_of uuid,
    add column paused_because text,
    add column forgotten_at timestamptz,
    add column covers text not null default ''`,
  `update checks set
    scope = case when selection is null then 'organization' else 'selection' end,
    covers = case when selection is null then 'organization ' || organization_id else 'users ' || id end`,
  'alter table checks alter column scope drop default, alter column covers drop default',
  // A second start of the same joins the run that has not ended: the database decides, not a look before.
  'drop index checks_running',
  `create unique index checks_open on checks (tenant_id, covers)
    where state in ('queued', 'running', 'pausing', 'paused', 'cancelling')`,
  // The run of the same mailboxes before this one.
  'create index checks_of_same on checks (tenant_id, covers, created_at desc)',
];
