import { type Kysely, sql } from 'kysely';

/** Views of both lists, who is switched off found without reading everybody, and whom a check does not switch. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Each view says of which list it is.
  'alter table user_views rename to saved_views',
  'alter index user_views_pkey rename to saved_views_pkey',
  `update saved_views set view = jsonb_set(view, '{list}', '"users"')`,
  `alter table saved_views add column list text generated always as (view ->> 'list') stored`,
  'alter table saved_views alter column list set not null',
  'drop index user_views_of_owner',
  'drop index user_views_default',
  'create unique index saved_views_of_owner on saved_views (tenant_id, owner_id, list, lower(name))',
  'create unique index saved_views_default on saved_views (tenant_id, owner_id, list) where is_default',

  'create index users_switched_off on users (tenant_id, id) where not sync_enabled',

  // Who returned to Exchange Web Services stays there, unless a check is for that very user.
  'alter table checks add column switches_returned boolean not null default false, add column kept integer not null default 0',
  "create index ews_migration_users_returned on ews_migration_users (tenant_id, user_id) where state = 'returned'",
];
