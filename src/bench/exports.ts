import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AccessCounts, totalOf } from '../contract/access-counts.ts';
import { startChild } from './child.ts';
import type { Lists } from './lists.process.ts';
import type { ListDatabase } from './lists.ts';
import type { PostgresToMeasure } from './postgres.ts';
import type { GraphToMeasure } from './simulated-graph.ts';

/** One export of everybody whom a search finds, read over HTTP. */
export interface ExportMeasurement {
  readonly database: ListDatabase;
  readonly users: number;
  readonly format: Format;
  /** Results that a run over the same users stored while the file was read; null without a run. */
  readonly resultsMeanwhile: number | null;
  /** Everybody whom the list counted before is in the file exactly once. */
  readonly isComplete: boolean;
  readonly firstByteMs: number;
  readonly seconds: number;
  readonly megabytes: number;
  /** Of the whole service, the embedded database and the run included. */
  readonly rssGrowthMb: number;
}

const formats = { csv: '/api/users/export', json: '/api/users/export.json' } as const;
type Format = keyof typeof formats;

/** Everybody: their addresses have it. */
const search = 'contoso.example';

/** Exports a company on one database in each format, first in peace, then while a run stores results. */
export async function measureExports(
  database: ListDatabase,
  users: number,
  simulated: GraphToMeasure,
  postgres: PostgresToMeasure,
): Promise<ExportMeasurement[]> {
  await using lists = startChild<Lists>('./lists.process.ts', {
    ...simulated.environment,
    ...(database === 'PostgreSQL' ? { DATABASE_URL: await postgres.createDatabase() } : {}),
    DATA_DIR: join(simulated.directory, crypto.randomUUID()),
    LOG_LEVEL: 'error',
  });
  await lists.ask('seed', { users });
  const port = await lists.ask('port', undefined as never);
  const token = await simulated.graph.ask('signIn', undefined as never);

  async function send(path: string, body?: object): Promise<Response> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  const askJson = async <T>(path: string, body?: object) => (await (await send(path, body)).json()) as T;

  async function measure(format: Format, done?: () => Promise<number>): Promise<ExportMeasurement> {
    const { counts } = await askJson<{ counts: AccessCounts }>(`/api/users/counts?search=${search}`);
    const total = totalOf(counts);
    const before = await lists.ask('watchMemory', undefined as never);
    const doneBefore = await done?.();
    const startedAt = performance.now();
    const response = await send(`${formats[format]}?search=${search}`);
    const read = await readRows(response, startedAt);
    const seconds = (performance.now() - startedAt) / 1000;
    return {
      database,
      users: total,
      format,
      resultsMeanwhile: done ? (await done()) - (doneBefore ?? 0) : null,
      isComplete: read.rows === total && read.addresses === total,
      firstByteMs: read.firstByteMs,
      seconds,
      megabytes: read.bytes / 1e6,
      rssGrowthMb: (await lists.ask('peakMemory', undefined as never)) - before,
    };
  }

  const measurements: ExportMeasurement[] = [];
  for (const format of ['csv', 'json'] as const) measurements.push(await measure(format));
  const { check } = await askJson<{ check: { id: string } }>('/api/connectivity-checks', { changeConnection: false });
  const checkPath = `/api/connectivity-checks/${check.id}`;
  const doneSoFar = async () => (await askJson<{ done: number }>(checkPath)).done;
  while ((await doneSoFar()) === 0) await sleep(50);
  for (const format of ['csv', 'json'] as const) measurements.push(await measure(format, doneSoFar));
  // Refused when the run has ended meanwhile.
  await askJson(`${checkPath}/cancellation`, {}).catch(() => {});
  return measurements;
}

/** Reads a file without keeping it: how many rows it has, and how many different people. */
async function readRows(response: Response, startedAt: number) {
  const decoder = new TextDecoder();
  const addresses = new Set<string>();
  let rows = 0;
  let bytes = 0;
  let firstByteMs: number | undefined;
  let rest = '';
  for await (const chunk of response.body ?? []) {
    firstByteMs ??= performance.now() - startedAt;
    bytes += chunk.length;
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [address] = /[^",]+@contoso\.example/.exec(line) ?? [];
      if (!address) continue;
      rows++;
      addresses.add(address);
    }
  }
  return { rows, addresses: addresses.size, bytes, firstByteMs: firstByteMs ?? 0 };
}
