import { type Kysely, sql } from 'kysely';

/** How fast an admin allows their tenant to be asked. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table tenant_ceilings (
    tenant_id uuid primary key,
    requests_per_second integer not null
  )`.execute(db);
}
