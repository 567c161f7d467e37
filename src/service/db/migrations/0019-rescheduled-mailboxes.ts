import { type Kysely, sql } from 'kysely';

/** Mailboxes that Microsoft put off for long, and old results whose deletion was broken off. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Nothing of it is indexed while nobody is put off: the rows that a check rewrites stay as cheap as they were.
  `alter table mailbox_access
    add column rescheduled_until timestamptz,
    add column rescheduled_by uuid`,
  `create index mailbox_access_rescheduled on mailbox_access (tenant_id, rescheduled_by, rescheduled_until)
    where rescheduled_by is not null`,
  'alter table checks add column reschedules smallint not null default 0',

  // A verdict of one application says nothing about another one, and neither does how long that one was put off.
  `create or replace function mailbox_access_of_another_application() returns trigger language plpgsql as $$ begin
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
      new.rescheduled_until := null;
      new.rescheduled_by := null;
    end if;
    return new;
  end $$`,

  // Of those that were forgotten before nobody knows whether all was deleted: they are gone through once more.
  'alter table checks add column is_emptied boolean not null default false',
];
