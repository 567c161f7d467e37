import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/service/db/database.ts';
import { databaseDump } from '../support/database-dump.ts';
import { temporaryFolder } from '../support/service-process.ts';

// What a server does by itself, and the embedded database has nobody for.

async function open(directory: string): Promise<Database> {
  return openDatabase({ kind: 'embedded', directory, dump: await databaseDump(), beforeOpen() {} }, { onFault() {} });
}

async function reopen(directory: string): Promise<Database> {
  return openDatabase({ kind: 'embedded', directory }, { onFault() {} });
}

/** What changed is told to the statistics once a second at most. */
const tell = ({ db }: Database) => sql`select pg_stat_force_next_flush()`.execute(db);

async function lines({ db }: Database) {
  const { rows } = await sql<{ planned: number; columns: number; dead: number; bytes: number }>`
    select reltuples::int8 as planned, (select count(*) from pg_stats where tablename = 'lines') as columns,
      pg_stat_get_dead_tuples(oid) as dead, pg_relation_size(oid) as bytes
    from pg_class where oid = 'lines'::regclass
  `.execute(db);
  return rows[0];
}

async function fill({ db }: Database) {
  await sql`create table lines (id int primary key, line text)`.execute(db);
  await sql`insert into lines select n, repeat('x', 200) from generate_series(1, 5000) n`.execute(db);
}

test('statistics are there after rows came in bulk, at the first look that sees nobody write', async () => {
  using folder = temporaryFolder();
  const database = await open(folder.path);
  await fill(database);
  const before = await lines(database);
  await database.upkeep?.look();
  await database.upkeep?.look();
  const after = await lines(database);
  await database.close();
  expect(before).toMatchObject({ columns: 0 });
  expect(after).toMatchObject({ planned: 5000, columns: 2 });
});

test('statistics are there where rows came before a start, of which nothing was counted', async () => {
  using folder = temporaryFolder();
  const database = await open(folder.path);
  await fill(database);
  await database.close();
  const opened = await reopen(folder.path);
  await opened.upkeep?.look();
  const after = await lines(opened);
  await opened.close();
  expect(after).toMatchObject({ planned: 5000, columns: 2 });
});

test('dead rows are gone once nobody writes, so a table that is written anew over and over does not grow', async () => {
  using folder = temporaryFolder();
  const database = await open(folder.path);
  await fill(database);
  // In bulk, so that two looks see that it is over.
  const twice = async () => {
    await database.upkeep?.look();
    await database.upkeep?.look();
  };
  await twice();
  const rounds: Awaited<ReturnType<typeof lines>>[] = [];
  for (let round = 0; round < 5; round++) {
    await sql`update lines set line = repeat('y', 200)`.execute(database.db);
    await tell(database);
    await twice();
    rounds.push(await lines(database));
  }
  await database.close();
  expect(rounds.map((round) => round?.dead)).toEqual([0, 0, 0, 0, 0]);
  expect(rounds.at(-1)?.bytes).toBe(rounds[0]?.bytes);
});

test('the end waits for what is being done, and nothing is begun after it', async () => {
  using folder = temporaryFolder();
  const faults: Error[] = [];
  const database = await openDatabase(
    { kind: 'embedded', directory: folder.path },
    { onFault: (error) => faults.push(error) },
  );
  await fill(database);
  const looking = database.upkeep?.look();
  await database.close();
  await looking;
  await database.upkeep?.look();
  expect(faults).toEqual([]);
});
