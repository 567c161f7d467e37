import { afterAll, beforeAll } from 'vitest';
import { type Database, openDatabase } from '../../src/service/db/database.ts';
import { databaseDump } from './database-dump.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const noFault = { onFault() {} };

/** For a test file: opens an empty database of either kind. Its PostgreSQL server runs as long as its tests. */
export function bothEngines() {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 300_000);
  afterAll(() => server?.[Symbol.asyncDispose]());

  const createPostgresDatabase = () => server.createDatabase();
  const all: [string, () => Promise<Database>][] = [
    ['PGlite', async () => openDatabase({ kind: 'memory', dump: await databaseDump() }, noFault)],
    ['PostgreSQL', async () => openDatabase({ kind: 'postgres', url: await createPostgresDatabase() }, noFault)],
  ];
  return { all, createPostgresDatabase };
}
