import { type Kysely, sql } from 'kysely';

/** How fast each tenant may be asked. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table tenant_rates (
    tenant_id uuid primary key,
    requests_per_second double precision not null,
    burst double precision not null,
    is_limit boolean not null,
    learnt_at timestamptz not null
  )`.execute(db);
}
