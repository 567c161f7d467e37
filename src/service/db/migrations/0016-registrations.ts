import { type Kysely, sql } from 'kysely';

/**
 * Organizations may use application registrations of their own: what belongs to an application is kept for each by its
 * name in the configuration, empty for the service's own one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const ofEach = "add column registration text not null default ''";

const statements = [
  `alter table organizations ${ofEach}`,

  `alter table exchange_readings ${ofEach}`,
  'alter table exchange_readings drop constraint exchange_readings_pkey, add primary key (tenant_id, registration)',

  `alter table mailbox_scope_members ${ofEach}`,
  'alter table mailbox_scope_members drop constraint mailbox_scope_members_tenant_id_fkey',
  `alter table mailbox_scopes ${ofEach}`,
  'alter table mailbox_scopes drop constraint mailbox_scopes_pkey, add primary key (tenant_id, registration)',
  `alter table mailbox_scope_members drop constraint mailbox_scope_members_pkey,
    add primary key (tenant_id, registration, user_id),
    add foreign key (tenant_id, registration) references mailbox_scopes (tenant_id, registration) on delete cascade`,

  `alter table scope_changes ${ofEach}`,
  'drop index scope_changes_open',
  `create unique index scope_changes_open on scope_changes (tenant_id, registration) where state = 'open'`,

  `alter table scope_proofs ${ofEach}`,
  'drop index scope_proofs_running',
  `create unique index scope_proofs_running on scope_proofs (tenant_id, registration) where state = 'running'`,
  'drop index scope_proofs_latest',
  'create index scope_proofs_latest on scope_proofs (tenant_id, registration, started_at desc)',

  `alter table scope_drifts ${ofEach}`,
  'drop index scope_drifts_open',
  `create unique index scope_drifts_open on scope_drifts (tenant_id, registration, what, subject)
    where dismissed_at is null`,

  `alter table tenant_rates ${ofEach}`,
  'alter table tenant_rates drop constraint tenant_rates_pkey, add primary key (tenant_id, registration)',

  // Which application a name stood for last: what was found out about another one does not hold.
  'create table known_registrations (name text primary key, client_id uuid not null)',

  // Whoever moves a user: a verdict of one application says nothing about another one.
  `create function mailbox_access_of_another_application() returns trigger language plpgsql as $$ begin
    if (select registration from organizations where tenant_id = new.tenant_id and id = new.organization_id)
      is distinct from
      (select registration from organizations where tenant_id = old.tenant_id and id = old.organization_id)
    then
      new.status := 'not_checked';
      new.status_rank := 5;
      new.reason := null;
      new.checked_at := null;
      new.check_id := null;
      new.attempt_reason := null;
      new.attempt_at := null;
    end if;
    return new;
  end $$`,
  `create trigger mailbox_access_moved before update of organization_id on mailbox_access
    for each row when (new.organization_id <> old.organization_id)
    execute function mailbox_access_of_another_application()`,
];
