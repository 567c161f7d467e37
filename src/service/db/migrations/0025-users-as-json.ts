import { type Kysely, sql } from 'kysely';

/**
 * Users of a page as lists show them, read by a function: the database keeps how it finds them, instead of finding that out
 * for every page anew, which took longer than to read it. `user-row.ts` has the rows.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(usersAsJson).execute(db);
}

// One text: to hand over each cell of a page from the embedded database's thread takes longer than to read it. Of a mailbox
// that is disabled due to an error, it says the one that was seen last.
const usersAsJson = `create function users_as_json(of_tenant uuid, user_ids uuid[]) returns text
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$ begin
  return (select json_agg(listed) from (
    select u.id, u.display_name, u.user_principal_name, u.mail, u.organization_id, u.connection_type, u.mailbox_state,
      u.sync_enabled, u.created_at, u.updated_at,
      o.name as organization_name, o.sync_enabled as organization_sync_enabled,
      a.status, a.reason, a.checked_at, a.attempt_reason, a.attempt_at, a.rescheduled_until,
      s.last_sync_at, s.open_issues,
      d.account_enabled, d.is_licensed, d.is_shared,
      (
        select e.reason from sync_errors e
        where e.tenant_id = u.tenant_id and e.user_id = u.id and u.mailbox_state = 'disabled_due_to_error'
          and e.resolved_at is null and e.reason <> ''
        order by e.last_seen_at desc limit 1
      ) as disabled_due_to
    from users u
    join organizations o on o.tenant_id = u.tenant_id and o.id = u.organization_id
    join mailbox_access a on a.tenant_id = u.tenant_id and a.user_id = u.id
    join mailbox_syncs s on s.tenant_id = u.tenant_id and s.user_id = u.id
    left join directory_mailboxes d on d.tenant_id = u.tenant_id and d.user_id = u.id
    where u.tenant_id = of_tenant and u.id = any(user_ids)
  ) listed)::text;
end $$`;
