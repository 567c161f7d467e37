import { createHash } from 'node:crypto';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Db } from './schema.ts';

/** A step that is applied to the database is another one in this release: nobody knows which schema it has. */
export class ChangedStep extends Error {}

type Steps = Readonly<Record<string, Migration>>;

/**
 * Keeps what each applied step did, and compares it with what this release would do. Steps of a database that an earlier
 * release migrated without keeping it are kept from now on.
 * @throws ChangedStep
 */
export async function compareSteps(db: Db, steps: Steps): Promise<void> {
  const names = Object.keys(steps);
  const checksums = await Promise.all(Object.values(steps).map(checksumOf));
  await sql`
    insert into kysely_checksum (name, sha256)
    select * from unnest(${names}::text[], ${checksums}::text[])
    on conflict (name) do nothing
  `.execute(db);
  const { rows } = await sql<{ name: string }>`
    select c.name from kysely_checksum c
    join unnest(${names}::text[], ${checksums}::text[]) as s (name, sha256) on s.name = c.name
    where c.sha256 <> s.sha256 order by c.name
  `.execute(db);
  if (rows.length === 0) return;
  throw new ChangedStep(
    `its schema was made by another ${rows.map(({ name }) => name).join(', ')} than this release has`,
  );
}

/** SHA-256 of the statements of a step, which hangs neither on comments nor on how its file is laid out. */
export async function checksumOf(step: Migration): Promise<string> {
  const statements: string[] = [];
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log({ query }) {
      statements.push(query.sql.replace(/\s+/g, ' ').trim(), JSON.stringify(query.parameters));
    },
  });
  await step.up(db);
  return createHash('sha256').update(statements.join('\n')).digest('hex');
}
