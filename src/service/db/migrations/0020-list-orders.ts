import { type Kysely, sql } from 'kysely';

/** A list sorted by organization, last check, last sync or issues is a walk along an index, too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const place = (id: string) =>
  `('x' || substr(md5(${id}::text), 1, 8))::bit(32)::bigint / 4294967296.0::double precision`;

const statements = [
  `create index mailbox_access_by_check
    on mailbox_access (tenant_id, (coalesce(checked_at, timestamptz 'epoch')), sort_name, user_id)`,

  // What sessions write stands in their own narrow row, one per user: a session rewrites no user and none of the
  // indexes that users have.
  `alter table mailbox_syncs
    add column sort_name text collate "C",
    add column last_sync_at timestamptz,
    add column open_issues integer not null default 0`,
  `insert into mailbox_syncs (tenant_id, user_id, phase)
    select tenant_id, id, ${place('id')} from users on conflict do nothing`,
  `update mailbox_syncs s set sort_name = u.sort_name, last_sync_at = u.last_sync_at, open_issues = (
      select count(*) from sync_errors e
      where e.tenant_id = s.tenant_id and e.user_id = s.user_id and e.resolved_at is null
    )
    from users u where u.tenant_id = s.tenant_id and u.id = s.user_id`,
  'alter table mailbox_syncs alter column sort_name set not null',
  'alter table users drop column last_sync_at',
  `create index mailbox_syncs_by_sync
    on mailbox_syncs (tenant_id, (coalesce(last_sync_at, timestamptz 'epoch')), sort_name, user_id)`,
  'create index mailbox_syncs_by_issues on mailbox_syncs (tenant_id, open_issues, sort_name, user_id)',

  // The database keeps the rows, the names and the numbers, so that whoever writes users or errors cannot forget them.
  `create function mailbox_syncs_of_users() returns trigger language plpgsql as $$ begin
    insert into mailbox_syncs (tenant_id, user_id, sort_name, phase)
      select tenant_id, id, sort_name, ${place('id')} from after;
    return null;
  end $$`,
  `create trigger mailbox_syncs_of_users after insert on users referencing new table as after
    for each statement execute function mailbox_syncs_of_users()`,
  `create function mailbox_syncs_renamed() returns trigger language plpgsql as $$ begin
    update mailbox_syncs set sort_name = new.sort_name where tenant_id = new.tenant_id and user_id = new.id;
    return null;
  end $$`,
  `create trigger mailbox_syncs_renamed after update of sort_name on users
    for each row when (old.sort_name <> new.sort_name) execute function mailbox_syncs_renamed()`,
  ...keepOpenIssues(
    'insert',
    'new table as after',
    'select tenant_id, user_id, 1 from after where resolved_at is null',
  ),
  ...keepOpenIssues(
    'update',
    'old table as before new table as after',
    `select tenant_id, user_id, 1 from after where resolved_at is null
      union all select tenant_id, user_id, -1 from before where resolved_at is null`,
  ),
  ...keepOpenIssues(
    'delete',
    'old table as before',
    'select tenant_id, user_id, -1 from before where resolved_at is null',
  ),

  // A database that does not know how many rows these are would not walk.
  'analyze mailbox_access',
  'analyze mailbox_syncs',
];

function keepOpenIssues(event: string, transition: string, changed: string): string[] {
  return [
    `create function open_issues_on_${event}() returns trigger language plpgsql as $$ begin
      update mailbox_syncs s set open_issues = s.open_issues + c.n
      from (
        select tenant_id, user_id, sum(n) as n from (${changed}) as c (tenant_id, user_id, n)
        group by tenant_id, user_id having sum(n) <> 0
      ) c
      where s.tenant_id = c.tenant_id and s.user_id = c.user_id;
      return null;
    end $$`,
    `create trigger open_issues_on_${event} after ${event} on sync_errors referencing ${transition}
      for each statement execute function open_issues_on_${event}()`,
  ];
}
