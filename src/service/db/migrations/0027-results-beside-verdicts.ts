import { type Kysely, sql } from 'kysely';

/**
 * Whoever saves results learns a mailbox's organization where its verdict stands, which is written next, and not from its
 * user, whose row is read for nothing else. The rest is as in migration 0023, planned as the connection says (0026).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(saveCheckResults).execute(db);
}

const keepsEarlier = `(r.status = 'could_not_tell' and a.status not in ('could_not_tell', 'not_checked', 'waiting'))`;

// Where the plan is kept, it cannot know how many users a batch names: an index leads to each, whatever it guesses.
const saveCheckResults = `create or replace function save_check_results(
  of_tenant uuid, of_check uuid, of_fence integer, throttled timestamptz, per_second double precision, application text,
  statuses text[], ranks integer[], reasons text[], answers jsonb[],
  user_ids uuid[], answer_of integer[], checked_ms double precision[]
) returns table (run_state text, new_count bigint, new_ids uuid[])
language plpgsql
set enable_seqscan = off
set enable_nestloop = off
as $$ begin
  return query with owned as (
    update checks c set throttled_until = throttled,
      mailboxes_per_second = coalesce(per_second, c.mailboxes_per_second)
    where c.tenant_id = of_tenant and c.id = of_check and c.fence = of_fence
      and c.state in ('running', 'pausing', 'cancelling')
    returning c.state
  ), reached as materialized (
    select o.id, o.registration <> application as by_another from organizations o
    where o.tenant_id = of_tenant and o.id in (
      select distinct m.organization_id from mailbox_access m where m.tenant_id = of_tenant and m.user_id = any(user_ids)
    )
    for share
  ), given as materialized (
    select g.user_id, g.answer, to_timestamp(g.ms / 1000) as at
    from owned cross join unnest(user_ids, answer_of, checked_ms) as g (user_id, answer, ms)
  ), added as (
    insert into check_results (tenant_id, check_id, user_id, status, reason, capabilities, checked_at)
    select of_tenant, of_check, user_id, statuses[answer], reasons[answer], answers[answer], at from given
    where (not exists (select from reached where by_another) or user_id not in (
      select m.user_id from mailbox_access m
      where m.tenant_id = of_tenant and m.user_id = any(user_ids)
        and m.organization_id in (select id from reached where by_another)
    )) and user_id not in (
      select s.user_id from check_results s
      where s.tenant_id = of_tenant and s.check_id = of_check and s.user_id = any(user_ids)
    )
    returning user_id, status, reason, checked_at as at
  ), counted as (
    insert into check_tallies as t (tenant_id, check_id, status, reason, count)
    select of_tenant, of_check, status, reason, count(*) from added group by status, reason
    on conflict (tenant_id, check_id, status, reason) do update set count = t.count + excluded.count
  ), moved as (
    update mailbox_access a set
      status = case when ${keepsEarlier} then a.status else r.status end,
      status_rank = case when ${keepsEarlier} then a.status_rank else ranks[array_position(statuses, r.status)] end,
      reason = case when ${keepsEarlier} then a.reason else r.reason end,
      checked_at = case when ${keepsEarlier} then a.checked_at else r.at end,
      check_id = case when ${keepsEarlier} then a.check_id else of_check end,
      attempt_reason = case when ${keepsEarlier} then r.reason end,
      attempt_at = case when ${keepsEarlier} then r.at end,
      rescheduled_until = null,
      rescheduled_by = null
    from added r
    where a.tenant_id = of_tenant and a.user_id = any(user_ids) and a.user_id = r.user_id
      and (a.checked_at is null or a.checked_at <= r.at)
      -- Who came to another application in this moment has no verdict yet.
      and a.organization_id = any(array(select id from reached where not by_another))
  )
  select (select o.state from owned o), count(*),
    case when count(*) < cardinality(user_ids) then array_agg(n.user_id) end
  from added n;
end $$`;
