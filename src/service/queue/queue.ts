import { sql } from 'kysely';
import { type ConstructorOptions, fromKysely, PgBoss } from 'pg-boss';
import type { Database } from '../db/database.ts';
import type { Tx } from '../db/schema.ts';
import type { Logger } from '../log.ts';
import { passStep } from '../steps.ts';
import { HandedBack, type Job, type JobRun, OtherRelease } from './job.ts';

interface Registration {
  readonly name: string;
  /** Jobs of this kind that run at once in this process. */
  readonly concurrency: number;
  readonly oneAtATimePerKey: boolean;
  run(data: unknown, run: JobRun): Promise<void>;
}

/** Durable jobs in the same database as the records they belong to. */
export interface Queue {
  /** Makes a job known; before `start`. */
  register<Payload, Dependencies>(
    job: Job<Payload, Dependencies>,
    dependencies: Dependencies,
    options: {
      readonly concurrency: number;
      /** Of jobs with the same `key` one runs, in all processes together; the others wait without taking a slot. */
      readonly oneAtATimePerKey?: boolean;
    },
  ): void;
  /** Adds a job in the transaction of its record: both exist, or none. */
  enqueue<Payload extends object>(
    tx: Tx,
    job: { readonly name: string },
    payload: Payload,
    options?: EnqueueOptions,
  ): Promise<void>;
  start(): Promise<void>;
  /** Stops claiming, lets running jobs hand back, and waits at most `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
  /** Jobs that wait or run. */
  depth(): Promise<number>;
  /**
   * Resolves when no job waits or runs.
   * @param wait how to let the time pass until a job that starts later is due; without it such jobs are left alone
   */
  drain(wait?: (ms: number) => Promise<void>): Promise<void>;
  isReady(): boolean;
}

export interface EnqueueOptions {
  /** A job of this id that is there already, waiting or done, is not added again. */
  readonly id?: string;
  /** Whose job it is, where one runs at a time per key. */
  readonly key?: string;
  /** Seconds until it may start. */
  readonly startAfterSeconds?: number;
}

interface Options {
  readonly database: Database;
  readonly logger: Logger;
  /** Whether this process runs jobs, or only adds them. */
  readonly works: boolean;
}

/** While releases change, their workers run beside each other. */
const otherReleaseWaitSeconds = 5;

export function createQueue({ database, logger, works }: Options): Queue {
  const boss = new PgBoss({
    ...database.bossOptions,
    schedule: false,
    useListenNotify: true,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 3600,
    // The embedded engine has no vacuum of its own; ours runs by itself.
    monitorVacuum: false,
    reindex: false,
  } as ConstructorOptions);
  boss.on('error', (error) => logger.error({ err: error }, 'queue error'));
  boss.on('warning', (warning) => logger.warn({ warning: warning.message }, 'queue warning'));

  const registrations: Registration[] = [];
  const stopping = new AbortController();
  const waiting = new Set<() => void>();
  let started = false;

  async function depth(): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pgboss.job where state in ('created', 'retry', 'active')
    `.execute(database.db);
    return rows[0]?.count ?? 0;
  }

  async function onlyLaterJobsAreLeft(): Promise<boolean> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pgboss.job
      where state in ('retry', 'active') or (state = 'created' and start_after <= pgboss.job_now())
    `.execute(database.db);
    return rows[0]?.count === 0;
  }

  /** Lets the time pass until the next job that starts later, and starts it. */
  async function bringForward(wait: (ms: number) => Promise<void>): Promise<void> {
    const { rows } = await sql<{ id: string; name: string; data: object; key: string | null; ms: number }>`
      select id, name, data, singleton_key as key, (extract(epoch from start_after - pgboss.job_now()) * 1000)::float8 as ms
      from pgboss.job where state = 'created' order by start_after limit 1
    `.execute(database.db);
    const [next] = rows;
    if (!next) return;
    await wait(Math.max(0, next.ms));
    // Sent anew rather than moved: only a new job wakes the workers.
    const { numDeletedRows } = await database.db
      .deleteFrom('pgboss.job' as never)
      .where(sql`id`, '=', next.id)
      .where(sql`state`, '=', 'created')
      .executeTakeFirst();
    if (numDeletedRows > 0n) await boss.send(next.name, next.data, { id: next.id, ...keyOption(next.key) });
  }

  /** We hold the directory: whatever is still active was left by a process that is gone. */
  async function resumeAbandoned(): Promise<void> {
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name from pgboss.job where state = 'active'
    `.execute(database.db);
    for (const { id, name } of rows) await boss.fail(name, id, { message: 'the process ended' });
    if (rows.length > 0) logger.info({ jobs: rows.length }, 'jobs of the process before are resumed');
  }

  /** A job of the same name that waits for a slot, and not for one of its own key. */
  async function othersWait(id: string): Promise<boolean> {
    const { rows } = await sql`
      select 1 from pgboss.job mine
      join pgboss.job other on other.name = mine.name and other.state in ('created', 'retry')
        and other.start_after <= pgboss.job_now()
      where mine.id = ${id} and (
        other.singleton_key is not distinct from mine.singleton_key
        or not exists (
          select from pgboss.job running
          where running.name = other.name and running.state = 'active' and running.singleton_key = other.singleton_key
        )
      )
      limit 1
    `.execute(database.db);
    return rows.length > 0;
  }

  async function work({ name, concurrency, run }: Registration): Promise<void> {
    await boss.work(
      name,
      {
        localConcurrency: concurrency,
        pollingIntervalSeconds: 1,
        notifyPollingIntervalSeconds: 2,
        batchSize: 1,
        includeMetadata: true,
      },
      async (jobs) => {
        const [job] = jobs;
        if (!job) return;
        try {
          const signal = AbortSignal.any([stopping.signal, job.signal]);
          if (signal.aborted) throw new HandedBack();
          passStep('job.claimed');
          await run(job.data, { signal, retryCount: job.retryCount, othersWait: () => othersWait(job.id) });
          passStep('job.done');
        } catch (error) {
          // Sent anew, so that this is no failed try; this one then counts as done.
          if (error instanceof HandedBack) {
            await boss.send(name, job.data as object, keyOption(job.singletonKey));
            return;
          }
          if (error instanceof OtherRelease) {
            logger.warn({ job: name, jobId: job.id }, 'a job of another release is left to its workers');
            const startAfter = otherReleaseWaitSeconds;
            await boss.send(name, job.data as object, { ...keyOption(job.singletonKey), startAfter });
            return;
          }
          logger.error({ err: error, job: name, jobId: job.id }, 'job failed');
          throw error;
        } finally {
          // pg-boss settles the job after this returns.
          setTimeout(() => {
            for (const resolve of waiting) resolve();
          }, 20).unref();
        }
      },
    );
  }

  return {
    register(job, dependencies, { concurrency, oneAtATimePerKey = false }) {
      registrations.push({
        name: job.name,
        concurrency,
        oneAtATimePerKey,
        async run(data, run) {
          const payload = job.payload.safeParse(data);
          if (!payload.success) throw new OtherRelease(job.name);
          await job.run(payload.data, { ...dependencies, ...run });
        },
      });
    },
    async enqueue(tx, job, payload, { id, key, startAfterSeconds } = {}) {
      await boss.send(job.name, payload, {
        db: fromKysely(tx as never),
        ...(id ? { id } : {}),
        ...keyOption(key),
        ...(startAfterSeconds ? { startAfter: startAfterSeconds } : {}),
      });
    },
    async start() {
      await boss.start();
      for (const { name, oneAtATimePerKey } of registrations) {
        const policy = oneAtATimePerKey ? 'singleton' : 'standard';
        // A queue that is there keeps its policy whatever `createQueue` says.
        await sql`update pgboss.queue set policy = ${policy} where name = ${name} and policy <> ${policy}`.execute(
          database.db,
        );
        await boss.createQueue(name, {
          policy,
          notify: true,
          retryLimit: 1_000,
          retryDelay: 1,
          retryBackoff: true,
          retryDelayMax: 30,
          // A run lasts as long as it must; a dead worker is found by its missing heartbeat.
          expireInSeconds: 20 * 3600,
          heartbeatSeconds: 10,
          deleteAfterSeconds: 24 * 3600,
        } as Parameters<typeof boss.createQueue>[1]);
      }
      if (works) {
        if (database.kind === 'embedded') await resumeAbandoned();
        for (const registration of registrations) await work(registration);
      }
      started = true;
    },
    async stop(timeoutMs) {
      if (!started) return;
      started = false;
      stopping.abort(new HandedBack());
      await boss.stop({ graceful: true, timeout: timeoutMs, close: database.kind === 'postgres' });
    },
    depth,
    async drain(wait) {
      while ((await depth()) > 0) {
        if (await onlyLaterJobsAreLeft()) {
          if (!wait) return;
          await bringForward(wait);
        }
        const settled = Promise.withResolvers<void>();
        waiting.add(settled.resolve);
        const again = setTimeout(settled.resolve, 100);
        await settled.promise;
        clearTimeout(again);
        waiting.delete(settled.resolve);
      }
    },
    isReady: () => started,
  };
}

function keyOption(key: string | null | undefined): { singletonKey?: string } {
  return key ? { singletonKey: key } : {};
}
