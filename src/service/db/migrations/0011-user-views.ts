import { type Kysely, sql } from 'kysely';

/** What the list of users is sorted by and shows, and views of it that admins keep. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // The one address that a list shows and sorts by.
  `alter table users add column sort_address text collate "C"
    generated always as (lower(coalesce(mail, user_principal_name) collate "C")) stored`,
  'alter table users add column updated_at timestamptz',
  'update users set updated_at = created_at',
  'alter table users alter column updated_at set default now(), alter column updated_at set not null',
  // The database keeps it, so that whoever writes users cannot forget it. A sync session is no update of the user.
  `create function users_updated() returns trigger language plpgsql as $$ begin
    new.updated_at = now();
    return new;
  end $$`,
  `create trigger users_updated before update on users for each row when (
    (old.organization_id, old.display_name, old.user_principal_name, old.mail, old.connection_type, old.mailbox_state,
      old.sync_enabled)
    is distinct from
    (new.organization_id, new.display_name, new.user_principal_name, new.mail, new.connection_type, new.mailbox_state,
      new.sync_enabled)
  ) execute function users_updated()`,

  // A list sorted by one of these is a walk along its index, whatever the number of users.
  'create index users_by_address on users (tenant_id, sort_address, sort_name, id)',
  'create index users_by_creation on users (tenant_id, created_at, sort_name, id)',
  'create index users_by_update on users (tenant_id, updated_at, sort_name, id)',
  'create index users_by_connection on users (tenant_id, connection_type collate "C", sort_name, id)',
  'create index users_by_mailbox_state on users (tenant_id, mailbox_state collate "C", sort_name, id)',

  // What the directory says of people; null for what was read before.
  'alter table directory_mailboxes add column account_enabled boolean, add column is_licensed boolean',

  `create table user_views (
    tenant_id uuid not null,
    id uuid not null,
    owner_id uuid not null,
    name text not null,
    view jsonb not null,
    is_default boolean not null,
    created_at timestamptz not null,
    primary key (tenant_id, id)
  )`,
  'create unique index user_views_of_owner on user_views (tenant_id, owner_id, lower(name))',
  'create unique index user_views_default on user_views (tenant_id, owner_id) where is_default',
];
