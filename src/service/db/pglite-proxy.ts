import { Worker } from 'node:worker_threads';
import { passStep } from '../steps.ts';
import type { EngineAnswer, EngineRequest, EngineStart } from './pglite-protocol.ts';

export interface EngineResult {
  rows: Record<string, unknown>[];
  affectedRows?: number;
  fields: { name: string; dataTypeID: number }[];
}

/** The engine did not answer in time: it hangs, or its disk is full. */
export class DatabaseDeadline extends Error {}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}
type Unnumbered = EngineRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

export interface EngineOptions extends EngineStart {
  /** Milliseconds after which a query counts as hung; the engine itself knows no statement timeout. */
  readonly queryDeadlineMs?: number;
  /** Called once when a query misses its deadline or the thread ends by itself. */
  onFault?(error: Error): void;
}

/**
 * The embedded database as Kysely and pg-boss know it (`query`, `exec`, `transaction`, `listen`, …),
 * answered by a worker thread.
 */
export class EmbeddedDatabase {
  readonly waitReady: Promise<void>;
  ready = false;
  closed = false;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<number, (payload: string) => void>();
  readonly #options: EngineOptions;
  #nextId = 1;
  #nextTransaction = 1;
  #fault: Error | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { directory, dump } = options;
    this.#worker = new Worker(new URL('./pglite.worker.ts', import.meta.url), {
      workerData: { ...(directory ? { directory } : {}), ...(dump ? { dump } : {}) } satisfies EngineStart,
    });
    this.#worker.on('message', (answer: EngineAnswer) => this.#receive(answer));
    this.#worker.on('error', (error) => this.#fail(error as Error));
    this.#worker.on('exit', () => this.closed || this.#fail(new Error('The database thread ended')));
    // The first start creates the database, which takes seconds.
    this.waitReady = this.#ask({ op: 'open' }, 180_000).then(() => {
      this.ready = true;
    });
    this.waitReady.catch(() => {});
  }

  query(sql: string, params: readonly unknown[] = []): Promise<EngineResult> {
    return this.#ask({ op: 'query', sql, params }) as Promise<EngineResult>;
  }

  /** The same for bulk work, in its turn (`bulk-lane.ts`). */
  inBulk(sql: string, params: readonly unknown[]): Promise<EngineResult> {
    return this.#ask({ op: 'query', sql, params, isBulk: true }) as Promise<EngineResult>;
  }

  /** Several statements at once, without parameters. */
  exec(sql: string, deadlineMs?: number): Promise<EngineResult[]> {
    return this.#ask({ op: 'exec', sql }, deadlineMs) as Promise<EngineResult[]>;
  }

  /** The first statement is not kept waiting for the beginning: it fails with it. */
  async transaction<T>(run: (tx: EngineTransaction) => Promise<T>): Promise<T> {
    const transaction = this.#nextTransaction++;
    const begun = this.#ask({ op: 'begin', transaction });
    begun.catch(() => {});
    const inside = async (answer: Promise<unknown>) => (await Promise.all([answer, begun]))[0];
    try {
      const value = await run({
        query: (sql, params = []) =>
          inside(this.#ask({ op: 'query', sql, params, transaction })) as Promise<EngineResult>,
        exec: (sql) => inside(this.#ask({ op: 'exec', sql, transaction })) as Promise<EngineResult[]>,
      });
      await begun;
      await this.#ask({ op: 'end', transaction, commit: true });
      return value;
    } catch (error) {
      // Also a transaction whose commit was never asked for; where the commit failed, nothing is open any more.
      await this.#ask({ op: 'end', transaction, commit: false }).catch(() => {});
      throw error;
    }
  }

  async listen(channel: string, onNotification: (payload: string) => void): Promise<() => Promise<void>> {
    const id = (await this.#ask({ op: 'listen', channel })) as number;
    this.#listeners.set(id, onNotification);
    return async () => {
      this.#listeners.delete(id);
      if (!this.closed) await this.#ask({ op: 'unlisten', listener: id });
    };
  }

  /** Resolves when it is the turn of bulk work (`bulk-lane.ts`) that is more than a statement. */
  async quiet(): Promise<void> {
    await this.#ask({ op: 'quiet' });
  }

  /** How often the engine synced a file to disk. */
  fsyncs(): Promise<number> {
    return this.#ask({ op: 'fsyncs' }) as Promise<number>;
  }

  /** How often the engine asked the system how long a file is. */
  sizeReads(): Promise<number> {
    return this.#ask({ op: 'sizeReads' }) as Promise<number>;
  }

  /** The whole database, compressed; another database can start from it. */
  dump(): Promise<Uint8Array> {
    return this.#ask({ op: 'dump' }, 120_000) as Promise<Uint8Array>;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.#ask({ op: 'close' }, 10_000).catch(() => {});
    await this.#worker.terminate();
  }

  async #ask(request: Unnumbered, deadlineMs = this.#options.queryDeadlineMs ?? 30_000): Promise<unknown> {
    if (this.#fault) throw this.#fault;
    // What undoes the others is none of them.
    if (request.op !== 'quiet' && (request.op !== 'end' || request.commit)) passStep('database.statement');
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const waited = new DatabaseDeadline(`The embedded database did not answer within ${deadlineMs} ms`);
        this.#fail(waited);
      }, deadlineMs);
      timer.unref();
      this.#pending.set(id, { resolve, reject, timer });
      this.#worker.postMessage({ id, ...request });
    });
  }

  #receive(answer: EngineAnswer): void {
    if ('notification' in answer) {
      this.#listeners.get(answer.notification)?.(answer.payload);
      return;
    }
    const pending = this.#pending.get(answer.id);
    if (!pending) return;
    this.#pending.delete(answer.id);
    clearTimeout(pending.timer);
    if ('error' in answer) pending.reject(Object.assign(new Error(String(answer.error.message)), answer.error));
    else pending.resolve(answer.value);
  }

  #fail(error: Error): void {
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(error);
    }
    this.#pending.clear();
    if (this.#fault || this.closed) return;
    this.#fault = error;
    this.#options.onFault?.(error);
  }
}

export interface EngineTransaction {
  query(sql: string, params?: readonly unknown[]): Promise<EngineResult>;
  exec(sql: string): Promise<EngineResult[]>;
}
