import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from './child.ts';
import { type ListCase, listCases } from './list-cases.ts';
import type { Lists } from './lists.process.ts';
import { percentile } from './measurement.ts';
import type { PostgresToMeasure } from './postgres.ts';
import type { GraphToMeasure } from './simulated-graph.ts';

/** How long the users list takes to answer, asked over HTTP. */
export interface ListMeasurement {
  readonly database: ListDatabase;
  readonly users: number;
  readonly case: string;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export const listDatabases = ['embedded', 'PostgreSQL'] as const;
export type ListDatabase = (typeof listDatabases)[number];

interface ListAnswer {
  readonly tookMs: number;
  readonly nextCursor?: string | null;
}

const requestsPerCase = 60;
/** Not measured: until then the process compiles what it runs. */
const requestsBefore = 20;

/** Asks for lists of a company on one database, one after the other. */
export async function measureLists(
  database: ListDatabase,
  users: number,
  simulated: GraphToMeasure,
  postgres: PostgresToMeasure,
): Promise<ListMeasurement[]> {
  await using lists = startChild<Lists>('./lists.process.ts', {
    ...simulated.environment,
    ...(database === 'PostgreSQL' ? { DATABASE_URL: await postgres.createDatabase() } : {}),
    DATA_DIR: join(simulated.directory, crypto.randomUUID()),
    LOG_LEVEL: 'error',
  });
  const seeded = await lists.ask('seed', { users });
  const port = await lists.ask('port', undefined as never);
  const token = await simulated.graph.ask('signIn', undefined as never);

  async function ask(query: string, path = '/api/users'): Promise<ListAnswer> {
    for (;;) {
      const startedAt = performance.now();
      const response = await fetch(`http://127.0.0.1:${port}${path}?${query}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const body = (await response.json()) as { nextCursor?: string | null };
      if (response.ok) return { tookMs: performance.now() - startedAt, nextCursor: body.nextCursor };
      // One admin asks less than the bench does: what the service refuses for that is no measurement.
      if (response.status !== 429) throw new Error(`${path}?${query}: ${response.status} ${JSON.stringify(body)}`);
      await sleep(Number(response.headers.get('retry-after') ?? 1) * 1000);
    }
  }

  async function measure({ name, path, queries }: ListCase): Promise<ListMeasurement> {
    const timesMs: number[] = [];
    const before = Math.max(requestsBefore, queries.length);
    for (let request = 0; request < before; request++) await ask(queries[request % queries.length] ?? '', path);
    for (let request = 0; request < requestsPerCase; request++) {
      const query = queries[request % queries.length] ?? '';
      timesMs.push((await ask(query, path)).tookMs);
    }
    const percentileOf = (share: number) => percentile(timesMs, share) ?? 0;
    return {
      database,
      users,
      case: name,
      requests: timesMs.length,
      p50Ms: percentileOf(0.5),
      p95Ms: percentileOf(0.95),
      p99Ms: percentileOf(0.99),
    };
  }

  const measurements: ListMeasurement[] = [];
  for (const one of listCases(seeded)) measurements.push(await measure(one));
  const pages = { name: 'list, pages after it', queries: await followingPages(ask) };
  measurements.splice(1, 0, await measure(pages));
  return measurements;
}

const pagesToFollow = 10;

async function followingPages(ask: (query: string) => Promise<ListAnswer>): Promise<string[]> {
  const queries: string[] = [];
  let query = '';
  for (let page = 0; page < pagesToFollow; page++) {
    const { nextCursor } = await ask(query);
    query = `cursor=${encodeURIComponent(nextCursor ?? '')}`;
    queries.push(query);
  }
  return queries;
}
