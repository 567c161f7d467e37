import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { Step } from '../../src/service/steps.ts';
import { asNewUser, mailboxPermissions } from '../support/bench.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { callAsAda, processEnvironment, startProcess, temporaryFolder } from '../support/service-process.ts';

let sandbox: Sandbox;
let server: PostgresServer;
beforeAll(async () => {
  sandbox = await startSandbox({ people: 200, settings: { graphLatencyMs: 60 } });
  sandbox.tenant.grants.grant(...mailboxPermissions);
  server = await startPostgres();
}, 300_000);
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

/** pg-boss gives a job away when its worker has not been heard of for so long. */
const leaseSeconds = 10;

async function read<Row>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

const rowsOf = (url: string) =>
  read<{ user_id: string }>(url, 'select * from check_results order by check_id, user_id');
const stateOf = async (url: string) => (await read<{ state: string }>(url, 'select state from checks'))[0]?.state;

async function startCheck(url: string): Promise<void> {
  const created = await callAsAda(sandbox, url, 'POST', '/api/organizations', { name: 'Office', externalId: 'office' });
  const { id } = created.body as unknown as { id: string };
  const users = sandbox.tenant.people.map(asNewUser);
  await callAsAda(sandbox, url, 'POST', `/api/organizations/${id}/users`, { users });
  await callAsAda(sandbox, url, 'POST', `/api/organizations/${id}/connectivity-checks`, {});
}

test.each<[string, Step, number]>([
  ['with a batch on its way', 'batch.answered', 8],
  ['inside a transaction', 'results.saving', 2],
])(
  'fault 143: a worker stopped %s for twice its lease overwrites nothing; the other one completed the run',
  { timeout: 120_000 },
  async (_where, step, count) => {
    using folder = temporaryFolder();
    const DATABASE_URL = await server.createDatabase();
    const environment = processEnvironment(sandbox, folder.path, { DATABASE_URL });
    await using web = startProcess({ ...environment, ROLES: 'web' });
    const url = await web.ready();
    await using stopped = startProcess({
      ...environment,
      ROLES: 'worker',
      STOP_AT: `${step}:${count}`,
      STOP_SIGNAL: 'SIGSTOP',
    });
    await stopped.ready();
    sandbox.requests.clear();

    await startCheck(url);
    await expect.poll(() => stopped.output(), { timeout: 20_000 }).toContain(`stopped at ${step}`);
    const stoppedAtMs = performance.now();
    const before = await rowsOf(DATABASE_URL);
    await using other = startProcess({ ...environment, ROLES: 'worker' });
    await other.ready();
    await expect.poll(() => stateOf(DATABASE_URL), { timeout: 40_000, interval: 100 }).toBe('completed');
    const completed = await rowsOf(DATABASE_URL);
    await expect
      .poll(() => performance.now() - stoppedAtMs, { timeout: 30_000, interval: 200 })
      .toBeGreaterThan(2 * leaseSeconds * 1000);
    stopped.child.kill('SIGCONT');
    // It hands back or ends all it holds before it stops.
    stopped.child.kill('SIGTERM');

    expect(await stopped.ended).toBe(0);
    expect(before.length).toBeLessThan(completed.length);
    expect(completed).toHaveLength(sandbox.tenant.people.length);
    expect(await rowsOf(DATABASE_URL)).toEqual(completed);
    expect(await stateOf(DATABASE_URL)).toBe('completed');
    expect(await read(DATABASE_URL, `select from activities where type = 'check.ended'`)).toHaveLength(1);
    const asked = Map.groupBy(
      sandbox.requests.all.filter(({ inBatch, path }) => inBatch && path.endsWith('/mailFolders/inbox')),
      ({ path }) => path.split('/').find((part) => /^[0-9a-f-]{36}$/.test(part)) ?? '',
    );
    // What was stored is not asked again: only the unfinished batches of the stopped worker are.
    expect(before.filter(({ user_id }) => asked.get(user_id)?.length !== 1)).toEqual([]);
  },
);

test('fault 144: an event loop that stands still past its lease loses the run or keeps it, and never half of both', {
  timeout: 120_000,
}, async () => {
  using folder = temporaryFolder();
  const DATABASE_URL = await server.createDatabase();
  const environment = processEnvironment(sandbox, folder.path, { DATABASE_URL });
  await using service = startProcess({ ...environment, STOP_AT: 'batch.answered:8', STOP_SECONDS: '22' });
  const url = await service.ready();
  await using other = startProcess({ ...environment, ROLES: 'worker' });

  await startCheck(url);
  await expect.poll(() => service.output(), { timeout: 20_000 }).toContain('stopped at batch.answered');
  await other.ready();
  await expect.poll(() => stateOf(DATABASE_URL), { timeout: 60_000, interval: 200 }).toBe('completed');
  const completed = await rowsOf(DATABASE_URL);
  // It finds the run in other hands, or its connection ended by the server because it stood still inside a transaction.
  await expect
    .poll(() => service.output(), { timeout: 40_000 })
    .toMatch(/check lost|no longer active under this worker|job failed/);

  expect(completed).toHaveLength(sandbox.tenant.people.length);
  expect(await rowsOf(DATABASE_URL)).toEqual(completed);
  expect(await read(DATABASE_URL, `select from activities where type = 'check.ended'`)).toHaveLength(1);
});
