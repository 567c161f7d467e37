import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AccessCounts, totalOf } from '../contract/access-counts.ts';
import { reasonWords } from '../contract/reasons.ts';
import { startChild } from './child.ts';
import type { Lists } from './lists.process.ts';
import type { ListDatabase } from './lists.ts';
import type { PostgresToMeasure } from './postgres.ts';
import type { GraphToMeasure } from './simulated-graph.ts';

/** One export of everybody whom a filter matches, read over HTTP. */
export interface ExportMeasurement {
  readonly database: ListDatabase;
  readonly users: number;
  readonly format: Format;
  readonly meanwhile: Meanwhile;
  /** Results that the run stored, or users whose verdict was turned over, while the file was read. */
  readonly writes: number;
  /** Everybody whom the list counted before is in the file exactly once. */
  readonly isComplete: boolean;
  /**
   * Everybody is of one moment. Of each pair of users exactly one is blocked at any moment, because both change in one
   * statement; so a file of the blocked has exactly one of each, and each row has the reason of its status. Null where
   * nobody comes or goes.
   */
  readonly isOneMoment: boolean | null;
  readonly firstByteMs: number;
  readonly seconds: number;
  readonly megabytes: number;
  /** Of the whole service, the embedded database and the run included. */
  readonly rssGrowthMb: number;
}

/** What writes while the file is read. */
type Meanwhile = 'nothing' | 'a check' | 'pairs turned over';

const formats = { csv: '/api/users/export', json: '/api/users/export.json' } as const;
type Format = (typeof bothFormats)[number];

/** Everybody: their addresses have it. */
const search = 'contoso.example';

/**
 * Exports a company on one database in each format: first in peace, then while a run stores results, then those whose
 * verdict is turned over all the time.
 */
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

  async function measure(
    format: Format,
    { meanwhile, query, total, written }: Situation,
  ): Promise<ExportMeasurement & { readonly pairs: number; readonly torn: number }> {
    const before = await lists.ask('watchMemory', undefined as never);
    const writtenBefore = await written();
    const startedAt = performance.now();
    const response = await send(`${formats[format]}?${query}`);
    const read = await readRows(response, startedAt);
    const seconds = (performance.now() - startedAt) / 1000;
    return {
      database,
      users: total,
      format,
      meanwhile,
      writes: (await written()) - writtenBefore,
      isComplete: read.rows === total && read.addresses === total,
      isOneMoment: null,
      firstByteMs: read.firstByteMs,
      seconds,
      megabytes: read.bytes / 1e6,
      rssGrowthMb: (await lists.ask('peakMemory', undefined as never)) - before,
      pairs: read.pairs,
      torn: read.torn,
    };
  }

  const query = `search=${search}`;
  const { counts } = await askJson<{ counts: AccessCounts }>(`/api/users/counts?${query}`);
  const everybody = { query, total: totalOf(counts) };
  const measurements: ExportMeasurement[] = [];
  const none = async () => 0;
  for (const format of bothFormats) {
    measurements.push(await measure(format, { ...everybody, meanwhile: 'nothing', written: none }));
  }

  const { check } = await askJson<{ check: { id: string } }>('/api/connectivity-checks', { changeConnection: false });
  const checkPath = `/api/connectivity-checks/${check.id}`;
  const written = async () => (await askJson<{ done: number }>(checkPath)).done;
  while ((await written()) === 0) await sleep(50);
  for (const format of bothFormats) {
    measurements.push(await measure(format, { ...everybody, meanwhile: 'a check', written }));
  }
  // Refused when the run has ended meanwhile.
  await askJson(`${checkPath}/cancellation`, {}).catch(() => {});
  while (!(await askJson<{ finishedAt: string | null }>(checkPath)).finishedAt) await sleep(50);

  const total = await lists.ask('startTurning', undefined as never);
  for (const format of bothFormats) {
    const situation = { query: 'status=blocked', total, meanwhile: 'pairs turned over' } as const;
    const turned = () => lists.ask('turned', undefined as never);
    const { pairs, torn, ...measurement } = await measure(format, { ...situation, written: turned });
    measurements.push({ ...measurement, isOneMoment: pairs === total && torn === 0 });
  }
  await lists.ask('stopTurning', undefined as never);
  return measurements;
}

const bothFormats = ['csv', 'json'] as const;

interface Situation {
  readonly meanwhile: Meanwhile;
  readonly query: string;
  /** How many users the filter matches all the while. */
  readonly total: number;
  /** How much has been written so far. */
  readonly written: () => Promise<number>;
}

/**
 * Reads a file without keeping it: how many rows it has, how many different people and pairs of them, and how many rows
 * have a status and the reason of another one.
 */
async function readRows(response: Response, startedAt: number) {
  const decoder = new TextDecoder();
  const addresses = new Set<string>();
  const pairs = new Set<number>();
  let torn = 0;
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
      pairs.add(Math.floor(Number(/(\d+)@/.exec(address)?.[1]) / 2));
      if (line.includes('"Blocked"') !== line.includes(reasonWords['mailbox.none'].title)) torn++;
    }
  }
  return { rows, addresses: addresses.size, pairs: pairs.size, torn, bytes, firstByteMs: firstByteMs ?? 0 };
}
