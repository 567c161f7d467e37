import { type Kysely, sql } from 'kysely';

/**
 * A plan that was kept since the tables were almost empty went through everybody for each user of a page, and took seconds
 * among 5,000: a page is planned anew. What saves results is planned as the connection says (`database.ts`).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(usersAsJson).execute(db);
  await sql.raw('alter function save_check_results reset plan_cache_mode').execute(db);
}

// Each table by the ids, and none of them once for each row of another: without statistics, which the embedded database
// does not gather by itself, the planner takes a tenant of many for one of few. `user-row.ts` has the rows.
const usersAsJson = `create or replace function users_as_json(of_tenant uuid, user_ids uuid[]) returns text
language plpgsql stable
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set enable_nestloop = off
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
    join organizations o on o.tenant_id = of_tenant and o.id = u.organization_id
    join mailbox_access a on a.tenant_id = of_tenant and a.user_id = any(user_ids) and a.user_id = u.id
    join mailbox_syncs s on s.tenant_id = of_tenant and s.user_id = any(user_ids) and s.user_id = u.id
    left join directory_mailboxes d on d.tenant_id = of_tenant and d.user_id = any(user_ids) and d.user_id = u.id
    where u.tenant_id = of_tenant and u.id = any(user_ids)
  ) listed)::text;
end $$`;
