import { sql } from 'kysely';
import type { Db } from '../../src/service/db/schema.ts';

/**
 * Each rule counts the rows that break it; the names are those of faults.md. Of old runs the service keeps counts alone:
 * they have no rows to compare with.
 */
const rules: Readonly<Record<string, ReturnType<typeof sql<{ count: number }>>>> = {
  'I1 success without a stored 2xx that is newer than the start of its run': sql`
    select count(*) as count from check_results r
    join checks c on c.tenant_id = r.tenant_id and c.id = r.check_id
    where r.status in ('working', 'limited') and (
      r.checked_at < c.started_at
      or not exists (select from jsonb_array_elements(r.capabilities) e where e->>'reason' = 'connected')
      or exists (
        select from jsonb_array_elements(r.capabilities) e
        where e->>'reason' = 'connected' and coalesce((e->>'httpStatus')::int, 0) not between 200 and 299
      )
    )`,
  'I1 a standing success that no check found': sql`
    select count(*) as count from mailbox_access a
    where a.status in ('working', 'limited') and not exists (
      select from check_results r
      where r.tenant_id = a.tenant_id and r.check_id = a.check_id and r.user_id = a.user_id and r.status = a.status
    )`,
  'I2 a run that has not ended': sql`
    select count(*) as count from checks where state not in ('completed', 'cancelled')`,
  'I2 a completed run whose counts are not its rows': sql`
    select count(*) as count from checks c
    where c.state = 'completed' and c.forgotten_at is null and (
      c.total <> (select count(*) from check_results r where r.tenant_id = c.tenant_id and r.check_id = c.id)
      or c.total <> (select count(*) from users u where u.tenant_id = c.tenant_id and u.organization_id = c.organization_id)
    )`,
  'I2 a count that differs from the rows it counts': sql`
    select count(*) as count from (
      select tenant_id, check_id, status, reason, count(*) as count from check_results group by 1, 2, 3, 4
    ) r full join check_tallies t using (tenant_id, check_id, status, reason)
    join checks c on c.id = coalesce(r.check_id, t.check_id)
    where c.forgotten_at is null and r.count is distinct from t.count`,
  'I2 a number of open issues that is not the errors it counts': sql`
    select count(*) as count from mailbox_syncs s where s.open_issues <> (
      select count(*) from sync_errors e
      where e.tenant_id = s.tenant_id and e.user_id = s.user_id and e.resolved_at is null
    )`,
  'I2 a sync session that has not ended': sql`
    select count(*) as count from sync_sessions where state in ('queued', 'running') and started_by = 'admin'`,
  'I2 a job that failed for good': sql`
    select count(*) as count from pgboss.job where state = 'failed'`,
  'I2 a switched mailbox whose switch was counted twice or not at all': sql`
    select abs(
      (select coalesce(sum(switched), 0) from checks)
      - (select count(*) from sync_errors where kind = 'connection_switching')
    ) as count`,
  'I4 a token in what the queue keeps': sql`
    select count(*) as count from pgboss.job where concat(data, output) like '%eyJ%'`,
  'I5 runs started without exactly one audit row': sql`
    select abs((select count(*) from checks) - (select count(*) from activities where type = 'check.started')) as count`,
  'I5 runs ended without exactly one audit row': sql`
    select abs(
      (select count(*) from checks where finished_at is not null)
      - (select count(*) from activities where type = 'check.ended')
    ) as count`,
  'I5 forced sessions without exactly one audit row': sql`
    select abs(
      (select count(*) from sync_sessions where started_by = 'admin')
      - (select count(*) from activities where type = 'sync.forced')
    ) as count`,
};

/** Which invariants the database breaks, one sentence each; empty when it is whole. */
export async function brokenInvariants(db: Db): Promise<string[]> {
  const broken: string[] = [];
  for (const [name, rule] of Object.entries(rules)) {
    const { rows } = await rule.execute(db);
    const count = Number(rows[0]?.count ?? 0);
    if (count > 0) broken.push(`${name} (${count})`);
  }
  return broken;
}

/** Acknowledged checks and sessions that are not there. */
export async function lostWrites(db: Db, acknowledged: readonly string[]): Promise<string[]> {
  if (acknowledged.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${[...acknowledged]}::uuid[]) as a (id)
    where not exists (select from checks c where c.id = a.id and c.state = 'completed')
      and not exists (select from sync_sessions s where s.id = a.id)
  `.execute(db);
  return rows.map(({ id }) => `acknowledged, but not there or not completed: ${id}`);
}
