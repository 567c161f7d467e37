import { type Kysely, sql } from 'kysely';

/**
 * A page of users is planned as the connection says (`database.ts`): the embedded database keeps the plan, because to plan
 * a page for its hundred ids took as long as to read it. Merged or hashed, each table is read once, so that a plan made
 * while they were almost empty stays a good one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter function users_as_json reset plan_cache_mode').execute(db);
}
