import { type Kysely, sql } from 'kysely';

/** Which app roles a change of consent granted or removed, as the admin's browser reported it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table consent_changes add column announced jsonb`.execute(db);
}
