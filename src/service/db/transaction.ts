import { AsyncLocalStorage } from 'node:async_hooks';
import type { CompiledQuery, KyselyPlugin } from 'kysely';
import type { Db, Tx } from './schema.ts';

const open = new AsyncLocalStorage<true>();

/** The database was used around its own transaction. */
export class OuterQueryInTransaction extends Error {
  constructor() {
    super('Inside a transaction only its `tx` may be used: the embedded database would wait for itself for ever');
  }
}

const mostTries = 3;

/**
 * Runs `work` in one transaction; the only way to get a `Tx`. Inside, only `tx` may be used, and no network is awaited:
 * the embedded database has one connection, so everybody waits meanwhile. A transaction that a server gave up in favour of
 * another one is tried again, so `work` changes nothing but the database.
 * @see PostgreSQL, Serialization Failure Handling
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  refuseInTransaction();
  return unlessLost(() => db.transaction().execute((tx) => open.run(true, () => work(tx.withoutPlugins()))));
}

async function unlessLost<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === mostTries || !isLostRace(error)) throw error;
    }
  }
}

/** `serialization_failure` and `deadlock_detected`. */
const isLostRace = (error: unknown) => ['40001', '40P01'].includes((error as { code?: string }).code ?? '');

/** How bulk work lets others use the only connection of a database first; a server has connections enough. */
export interface OnlyConnection {
  /** Resolves once nobody uses it. */
  quiet(): Promise<void>;
  /** Asks a statement once nobody uses it. */
  inBulk(text: string, parameters: readonly unknown[]): Promise<{ readonly rows: unknown[] }>;
}

const onlyConnections = new WeakMap<Db, OnlyConnection>();

export function registerOnlyConnection(db: Db, connection: OnlyConnection): void {
  onlyConnections.set(db, connection);
}

/**
 * Runs `work` in one transaction that lets others go first: for what is written in bulk while admins read. Whoever asks
 * several questions one after the other then waits for one such transaction at most, and not for one per question.
 */
export async function inBulkTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  await onlyConnections.get(db)?.quiet();
  return inTransaction(db, work);
}

/**
 * The same for one statement, which needs no transaction around it. Nothing is asked after it, so the connection is free
 * as soon as it is done, however late its answer is read.
 */
export async function inBulkStatement<Row>(db: Db, query: CompiledQuery<Row>): Promise<readonly Row[]> {
  refuseInTransaction();
  const connection = onlyConnections.get(db);
  const { rows } = await unlessLost(() =>
    connection ? connection.inBulk(query.sql, query.parameters) : db.executeQuery(query),
  );
  return rows as Row[];
}

/** @throws OuterQueryInTransaction when called from inside `inTransaction` */
export function refuseInTransaction(): void {
  if (open.getStore()) throw new OuterQueryInTransaction();
}

/**
 * Refuses queries of the outer database inside a transaction. `inTransaction` hands out a `tx` without it. It works when
 * the query is compiled, because a query that waits for the one connection of its own transaction never gets further.
 */
export const outerQueryGuard: KyselyPlugin = {
  transformQuery({ node }) {
    refuseInTransaction();
    return node;
  },
  transformResult: async ({ result }) => result,
};
