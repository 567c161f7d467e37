import { statfsSync } from 'node:fs';
import { type Dialect, Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, types } from 'pg';
import type { ConstructorOptions } from 'pg-boss';
import { fromPglite } from 'pg-boss';
import type { Config } from '../config.ts';
import { type BackupChannel, serveBackups } from './backup-channel.ts';
import { lockDirectory } from './directory-lock.ts';
import { migrateToLatest } from './migrate.ts';
import { UnqueuedPGliteDialect } from './pglite-dialect.ts';
import { EmbeddedDatabase } from './pglite-proxy.ts';
import { clientWithDeadline } from './postgres-client.ts';
import type { Db, Schema } from './schema.ts';
import { outerQueryGuard, refuseInTransaction, registerOnlyConnection } from './transaction.ts';
import { startUpkeep, type Upkeep, walPosition } from './upkeep.ts';

/** The opened database and what the rest of the process needs from it. */
export interface Database {
  readonly db: Db;
  readonly kind: 'embedded' | 'postgres';
  /** How pg-boss reaches the same database. */
  readonly bossOptions: ConstructorOptions;
  /** The engine itself, where it is embedded: for its tests and for backups. */
  readonly embedded?: EmbeddedDatabase;
  /** Of a directory; a server keeps itself up. */
  readonly upkeep?: Upkeep;
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

/** The database cannot be used; the message says why in one line. */
export class DatabaseUnavailable extends Error {}

export type DatabaseSource =
  | Config['database']
  /** For a restore: `dump` is the path of a backup, `beforeOpen` runs once the directory is ours. */
  | { readonly kind: 'embedded'; readonly directory: string; readonly dump: string; readonly beforeOpen: () => void }
  /** For tests: gone with the process. `dump` is the path of a saved database to start from. */
  | { readonly kind: 'memory'; readonly dump?: string };

interface Options {
  /** Milliseconds after which a statement has failed. */
  readonly queryDeadlineMs?: number;
  /** Called once when the embedded engine hangs or dies. */
  onFault(error: Error): void;
}

/**
 * Opens and migrates the database.
 * @throws DirectoryInUse, NewerSchema, ChangedStep, DatabaseUnavailable
 */
export function openDatabase(source: DatabaseSource, options: Options): Promise<Database> {
  return source.kind === 'postgres' ? openPostgres(source.url, options) : openEmbedded(source, options);
}

async function openEmbedded(
  source: Exclude<DatabaseSource, { kind: 'postgres' }>,
  { onFault, queryDeadlineMs }: Options,
): Promise<Database> {
  const lock = source.kind === 'embedded' ? await lockDirectory(source.directory) : undefined;
  let backups: BackupChannel | undefined;
  try {
    if ('beforeOpen' in source) source.beforeOpen();
  } catch (error) {
    await lock?.release();
    throw error;
  }
  const pglite = new EmbeddedDatabase({
    ...(source.kind === 'embedded' ? { directory: source.directory } : {}),
    ...('dump' in source && source.dump ? { dump: source.dump } : {}),
    ...(queryDeadlineMs ? { queryDeadlineMs } : {}),
    onFault,
  });
  try {
    await pglite.waitReady;
    if (source.kind === 'embedded') backups = await serveBackups(source.directory, () => pglite.dump());
    const db = kyselyOn(new UnqueuedPGliteDialect({ pglite: pglite as never }));
    registerOnlyConnection(db, pglite);
    // Opening wrote a checkpoint; what steps of a migration write counts for the next one.
    const openedAt = await walPosition(pglite);
    await migrateToLatest(db);
    const adapter = fromPglite(pglite as never);
    const inTurn = createTurns();
    const upkeep = source.kind === 'embedded' ? startUpkeep(pglite, openedAt) : undefined;
    return {
      db,
      kind: 'embedded',
      embedded: pglite,
      bossOptions: {
        backend: 'pglite',
        db: {
          ...adapter,
          executeSql(text, values) {
            refuseInTransaction();
            return inTurn(() => adapter.executeSql(text, values));
          },
        },
      },
      ...(upkeep ? { upkeep } : {}),
      isReady: async () => (source.kind !== 'embedded' || hasRoom(source.directory)) && (await answers(db)),
      async close() {
        await upkeep?.stop();
        await backups?.close();
        if (source.kind === 'embedded') await pglite.exec('CHECKPOINT', 60_000).catch(() => {});
        await db.destroy();
        await pglite.close();
        await lock?.release();
      },
    };
  } catch (error) {
    await backups?.close();
    await pglite.close();
    await lock?.release();
    throw source.kind === 'embedded' && !pglite.ready
      ? new DatabaseUnavailable(`the database in ${source.directory} does not open: ${firstLine(error)}`, {
          cause: error,
        })
      : error;
  }
}

/** The queue's workers all look for jobs at once: one after the other lets who reads a list go in between. */
function createTurns(): <T>(ask: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (ask) => {
    const mine = last.then(ask);
    last = mine.catch(() => {});
    return mine;
  };
}

/** One segment of the WAL: with less, the next commit may fail. */
const leastRoomBytes = 16 * 1024 * 1024;

function hasRoom(directory: string): boolean {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize >= leastRoomBytes;
}

async function openPostgres(url: string, { queryDeadlineMs = 30_000 }: Options): Promise<Database> {
  const connection = {
    connectionString: url,
    Client: clientWithDeadline(queryDeadlineMs + 5_000),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: queryDeadlineMs,
  };
  const pool = new Pool({
    ...connection,
    max: 10,
    idleTimeoutMillis: 60_000,
    // Nothing outside the database is awaited inside a transaction: one that rests so long belongs to a worker that stands
    // still, whose locks would keep the next worker from taking over.
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'mailbox-access',
    // Statements are many and short: to start helpers, or to compile, takes a page of a list longer than to read it. A plan
    // that a function keeps is one of the day when its tables were almost empty.
    options: '-c max_parallel_workers_per_gather=0 -c jit=off -c plan_cache_mode=force_custom_plan',
  });
  // An idle connection that the server drops is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  // One that is dropped while it is used has told whoever uses it.
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    const client = await pool.connect();
    client.release();
  } catch (error) {
    await pool.end();
    throw new DatabaseUnavailable(`the database ${withoutPassword(url)} cannot be reached: ${firstLine(error)}`, {
      cause: error,
    });
  }
  const db = kyselyOn(new PostgresDialect({ pool }));
  try {
    await migrateToLatest(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    kind: 'postgres',
    bossOptions: { ...connection, max: 4, application_name: 'mailbox-access-queue' } as ConstructorOptions,
    isReady: () => answers(db),
    close: () => db.destroy(),
  };
}

function kyselyOn(dialect: Dialect): Db {
  return new Kysely<Schema>({ dialect, plugins: [outerQueryGuard] });
}

// int8 as a number, as the embedded engine gives it; the default is text.
types.setTypeParser(20, (text: string) => Number(text));

async function answers(db: Db): Promise<boolean> {
  try {
    await sql`select 1`.execute(db);
    return true;
  } catch {
    return false;
  }
}

function firstLine(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return (message || code || String(error)).split('\n')[0] ?? '';
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
  } catch {
    return 'of DATABASE_URL';
  }
}
