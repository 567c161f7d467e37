import { type Kysely, sql } from 'kysely';

/** What each applied step did, beside the list of applied steps that Kysely keeps. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table kysely_checksum (name text primary key, sha256 text not null)`.execute(db);
}
