import { existsSync, fsyncSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { createBulkLane } from './bulk-lane.ts';
import { type NodeFileSystem, rememberFileSizes } from './known-file-sizes.ts';
import type { EngineAnswer, EngineRequest, EngineStart } from './pglite-protocol.ts';

/**
 * The embedded database in a thread of its own, so that no query blocks the event loop. It speaks the protocol of
 * `pglite-protocol.ts` with `pglite-proxy.ts` and is never imported.
 */

const { directory, dump } = workerData as EngineStart;
if (!parentPort) throw new Error('pglite.worker.ts runs as a worker thread only');
const port = parentPort;

let fsyncs = 0;
let sizeReads = () => 0;

/** PGlite's file system never syncs: without this, a power loss costs acknowledged commits. */
class DurableNodeFS extends NodeFS {
  override async init(pg: PGlite, options: Parameters<NodeFS['init']>[1]): ReturnType<NodeFS['init']> {
    const result = await super.init(pg, options);
    // Emscripten's NODEFS is internal to PGlite; a test counts the syncs so that an upgrade cannot lose them.
    result.emscriptenOpts.preRun?.push((mod) => {
      const nodefs = (mod as unknown as { NODEFS: NodeFileSystem & { stream_ops: Record<string, unknown> } }).NODEFS;
      nodefs.stream_ops.fsync = (stream: { nfd?: number }) => {
        if (stream.nfd !== undefined) {
          fsyncSync(stream.nfd);
          fsyncs += 1;
        }
        return 0;
      };
      sizeReads = rememberFileSizes(nodefs);
    });
    return result;
  }
}

// int8 fits a number here: no count or id of ours comes near 2^53. The same parser stands in postgres.ts.
const common = { extensions: { pg_trgm }, parsers: { 20: (text: string) => Number(text) } };

function openDirectory(path: string, loadDataDir?: Blob): Promise<PGlite> {
  return PGlite.create({
    ...common,
    ...(loadDataDir ? { loadDataDir } : {}),
    fs: new DurableNodeFS(path),
    // -F switches fsync off; fdatasync is a no-op in the WASM build, so WAL is synced with fsync.
    // After a checkpoint at most so many old segments wait to be used again; they are in every backup, too.
    // Statistics of 3,000 rows instead of 30,000 are renewed within 0.2 s, where everybody waits (docs/decisions/0025).
    startParams: [
      ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
      ...['-c', 'wal_sync_method=fsync', '-c', 'max_wal_size=128MB'],
      ...['-c', 'default_statistics_target=10'],
    ],
  });
}

async function open(): Promise<PGlite> {
  const loadDataDir = dump ? new Blob([readFileSync(dump)]) : undefined;
  if (!directory) return PGlite.create({ ...common, ...(loadDataDir ? { loadDataDir } : {}) });

  const database = join(directory, 'database');
  if (!existsSync(database)) {
    // Created beside and renamed when whole: a start that is killed meanwhile leaves nothing half made.
    const fresh = join(directory, 'database.creating');
    rmSync(fresh, { recursive: true, force: true });
    const pglite = await openDirectory(fresh, loadDataDir);
    await pglite.close();
    renameSync(fresh, database);
  }
  const version = existsSync(join(database, 'PG_VERSION'))
    ? readFileSync(join(database, 'PG_VERSION'), 'utf8').trim()
    : '';
  if (version !== '18') {
    const found = version ? `PostgreSQL ${version}` : `${readdirSync(database).length} entries and no PG_VERSION`;
    throw new Error(`${database} holds ${found} instead of a PostgreSQL 18 database: restore it from a backup`);
  }
  return openDirectory(database);
}

const opening = open();
// Told to whoever asks; unheard until then it would end the thread.
opening.catch(() => {});
/** Transactions that have begun, or are about to. */
const transactions = new Map<number, Promise<OpenTransaction>>();
const listeners = new Map<number, () => Promise<void>>();

interface OpenTransaction {
  readonly tx: Transaction;
  /** Resolves once it has ended so. */
  end(commit: boolean): Promise<void>;
}

class RolledBack extends Error {}

async function begin(pglite: PGlite): Promise<OpenTransaction> {
  const begun = Promise.withResolvers<Transaction>();
  const ended = Promise.withResolvers<void>();
  const settled = pglite
    .transaction(async (tx) => {
      begun.resolve(tx);
      await ended.promise;
    })
    .catch((error: unknown) => {
      begun.reject(error);
      if (!(error instanceof RolledBack)) throw error;
    });
  settled.catch(() => {});
  const tx = await begun.promise;
  return {
    tx,
    end(commit) {
      if (commit) ended.resolve();
      else ended.reject(new RolledBack());
      return settled;
    },
  };
}

function opened(id: number): Promise<OpenTransaction> {
  const transaction = transactions.get(id);
  if (!transaction) throw new Error('The transaction has ended already');
  return transaction;
}

async function targetOf({ transaction }: { readonly transaction?: number }, pglite: PGlite) {
  return transaction === undefined ? pglite : (await opened(transaction)).tx;
}

async function answer(request: EngineRequest): Promise<unknown> {
  const pglite = await opening;
  switch (request.op) {
    case 'open':
    case 'quiet':
      return undefined;
    case 'query': {
      const { rows, affectedRows, fields } = await (await targetOf(request, pglite)).query(
        request.sql,
        request.params as unknown[],
      );
      return { rows, affectedRows, fields };
    }
    case 'exec': {
      const results = await (await targetOf(request, pglite)).exec(request.sql);
      return results.map(({ rows, affectedRows, fields }) => ({ rows, affectedRows, fields }));
    }
    case 'begin': {
      const beginning = begin(pglite);
      transactions.set(request.transaction, beginning);
      await beginning.catch((error: unknown) => {
        transactions.delete(request.transaction);
        throw error;
      });
      return undefined;
    }
    case 'end': {
      const transaction = await opened(request.transaction);
      transactions.delete(request.transaction);
      await transaction.end(request.commit);
      return undefined;
    }
    case 'listen': {
      const stop = await pglite.listen(request.channel, (payload) => {
        port.postMessage({ notification: request.id, payload } satisfies EngineAnswer);
      });
      listeners.set(request.id, () => stop());
      return request.id;
    }
    case 'unlisten':
      await listeners.get(request.listener)?.();
      listeners.delete(request.listener);
      return undefined;
    case 'fsyncs':
      return fsyncs;
    case 'sizeReads':
      return sizeReads();
    case 'dump':
      return new Uint8Array(await (await pglite.dumpDataDir('gzip')).arrayBuffer());
    case 'close':
      await pglite.close();
      return undefined;
  }
}

const lane = createBulkLane({
  monotonicMs: () => performance.now(),
  later(call, ms) {
    if (ms > 0) setTimeout(call, ms);
    else setImmediate(call);
  },
});

function inTurn(request: EngineRequest): Promise<unknown> {
  const work = () => answer(request);
  return request.op === 'quiet' || (request.op === 'query' && request.isBulk)
    ? lane.bulk(work)
    : lane.others(work, !('transaction' in request));
}

port.on('message', (request: EngineRequest) => {
  inTurn(request).then(
    (value) => port.postMessage({ id: request.id, value } satisfies EngineAnswer),
    (error: unknown) => port.postMessage({ id: request.id, error: errorData(error) } satisfies EngineAnswer),
  );
});

/** An error as data: class instances do not cross threads with their fields. */
function errorData(error: unknown): Record<string, unknown> {
  const source = error as Record<string, unknown>;
  const fields = ['message', 'code', 'severity', 'detail', 'hint', 'constraint', 'table', 'column', 'schema', 'where'];
  const known = fields.filter((name) => source?.[name] !== undefined).map((name) => [name, source[name]]);
  return { message: String(error), ...Object.fromEntries(known) };
}
