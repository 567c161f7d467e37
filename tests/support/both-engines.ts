import { afterAll, beforeAll } from 'vitest';
import { type Database, type DatabaseSource, openDatabase } from '../../src/service/db/database.ts';
import { databaseDump } from './database-dump.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const noFault = { onFault() {} };

/** For a test file: an empty database of either kind. Its PostgreSQL server runs as long as its tests. */
export function bothEngines() {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 300_000);
  afterAll(() => server?.[Symbol.asyncDispose]());

  const createPostgresDatabase = () => server.createDatabase();
  /** For a service that opens its database itself. */
  const sources: [string, () => Promise<DatabaseSource>][] = [
    ['PGlite', async () => ({ kind: 'memory', dump: await databaseDump() })],
    ['PostgreSQL', async () => ({ kind: 'postgres', url: await createPostgresDatabase() })],
  ];
  const all = sources.map(([name, source]): [string, () => Promise<Database>] => [
    name,
    async () => openDatabase(await source(), noFault),
  ]);
  return { all, sources, createPostgresDatabase };
}
