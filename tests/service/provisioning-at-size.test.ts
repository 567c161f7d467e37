import { readFileSync } from 'node:fs';
import { request } from 'undici';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import type { Provisioning, ProvisioningRow } from '../../src/contract/provisioning.ts';
import type { RowVerdict } from '../../src/domain/provisioning/row-verdict.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { guidOf } from '../../src/sandbox/tenant/random.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import {
  callAsAda,
  processEnvironment,
  type ServiceProcess,
  startProcess,
  temporaryFolder,
} from '../support/service-process.ts';

const rowCount = 100_000;
/** What JavaScript may hold, whatever the size of the file: a process that needs more dies. */
const heapMegabytes = 128;
/** Peak of the whole process above what it needs to be ready, with the embedded engine’s own memory. */
const mostGrowthMegabytes = 256;

let server: PostgresServer;
let sandbox: Sandbox;
beforeAll(async () => {
  server = await startPostgres();
  sandbox = await startSandbox({ people: 0 });
  sandbox.tenant.grants.grant('User.Read.All');
  for (let number = 1; number <= rowCount; number++) if (!isBad(number)) sandbox.tenant.add(employee(number));
}, 600_000);
afterAll(async () => {
  await sandbox?.close();
  await server?.[Symbol.asyncDispose]();
});

const isBad = (number: number) => number % 20 === 0;
const nameOf = (number: number) => `person${number}@contoso.example`;
/** The number of a row is one less than its line: the first line names the columns. */
const lineOf = (number: number) => number + 1;

function employee(number: number) {
  return {
    id: guidOf(`at-size/${number}`),
    displayName: `Person ${number}`,
    givenName: 'Person',
    surname: String(number),
    userPrincipalName: nameOf(number),
    mail: nameOf(number),
    proxyAddresses: [],
    userType: 'Member' as const,
    accountEnabled: true,
    onPremisesSyncEnabled: null,
    jobTitle: null,
    department: null,
    officeLocation: null,
    licences: ['microsoft365E3' as const],
    mailbox: { purpose: 'user' as const, state: 'available' as const },
    directoryRoles: [],
    createdAt: new Date('2026-01-01T00:00:00Z'),
    deletedAt: null,
    purged: false,
  };
}

/** What is wrong with every twentieth row, in turn. */
const faults: readonly { readonly verdict: RowVerdict; readonly row: (number: number) => string }[] = [
  { verdict: 'not_in_directory', row: (number) => `,${nameOf(number)},"Nobody, ${number}"` },
  { verdict: 'row.address', row: (number) => `,person${number},=1+1` },
  { verdict: 'row.object_id', row: (number) => `${number},${nameOf(number)},` },
  { verdict: 'row.duplicate', row: (number) => `,${nameOf(number - 1).toUpperCase()},` },
  { verdict: 'row.too_many_cells', row: (number) => `,${nameOf(number)},x,y` },
];
const faultOf = (number: number) => faults[(number / 20) % faults.length] as (typeof faults)[number];

/** The file, never whole in memory. */
function* file(): Generator<Buffer> {
  yield Buffer.from('\uFEFFObject Id,User principal name,Display Name\r\n');
  for (let start = 1; start <= rowCount; start += 500) {
    const rows = Array.from({ length: 500 }, (_, index) => {
      const number = start + index;
      return isBad(number) ? faultOf(number).row(number) : `,${nameOf(number)},"Person, ${number}"`;
    });
    yield Buffer.from(`${rows.join('\r\n')}\r\n`);
  }
}

const peakMegabytes = (pid: number) =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

test.each([
  ['embedded', async () => ({})],
  ['PostgreSQL', async () => ({ DATABASE_URL: await server.createDatabase() })],
] as const)(
  '100,000 rows with 5,000 bad ones on %s: killed, cancelled, resumed, killed again; every bad row named, everybody added once, in constant memory',
  { timeout: 900_000 },
  async (_name, database) => {
    using folder = temporaryFolder();
    const limit = `--max-old-space-size=${heapMegabytes}`;
    const environment = processEnvironment(sandbox, folder.path, { NODE_OPTIONS: limit, ...(await database()) });
    let service: ServiceProcess = startProcess({ ...environment, STOP_AT: 'results.saved:70' });
    onTestFailed(() => void process.stderr.write(service.output().slice(-4_000)));
    let url = await service.ready();
    const growths: number[] = [];
    const readyMegabytes = peakMegabytes(service.pid);
    const restart = async () => {
      service = startProcess(environment);
      url = await service.ready();
    };
    const call = async (method: 'GET' | 'POST', path: string, body?: unknown) =>
      (await callAsAda(sandbox, url, method, path, body)).body as unknown;
    const current = async () => (await call('GET', `/api/provisionings/${id}`)) as Provisioning;
    const reaches = (isThere: (now: Provisioning) => boolean) =>
      expect.poll(async () => isThere(await current()), { timeout: 600_000, interval: 100 }).toBe(true);

    // The file is sent as it is made.
    const { organizations } = (await call('GET', '/api/organizations')) as { organizations: { id: string }[] };
    const organizationId = organizations[0]?.id ?? '';
    let bytes = 0;
    for (const part of file()) bytes += part.length;
    const started = { source: 'csv', name: 'people.csv', bytes };
    const { id } = (await call('POST', `/api/organizations/${organizationId}/provisionings`, started)) as Provisioning;
    const ada = sandbox.tenant.person('ada@contoso.example').id;
    const upload = await request(`${url}/api/provisionings/${id}/file`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.signIn(ada)}`, 'content-type': 'text/csv' },
      body: file() as unknown as AsyncIterable<Buffer> as never,
    });
    const received = (await upload.body.json()) as Provisioning;
    expect(received).toMatchObject({
      state: 'mapping',
      file: { mapping: { id: 0, userPrincipalName: 1, displayName: 2 } },
    });

    // Killed while people are looked up; the next process goes on by itself.
    await call('POST', `/api/provisionings/${id}/mapping`, { mapping: received.file?.mapping });
    expect(await service.ended).toBe('SIGKILL');
    await restart();
    await reaches(({ checked }) => checked > 30_000);

    // Cancelled: it stands still, nobody was added. Resumed: it goes on from there.
    expect(await call('POST', `/api/provisionings/${id}/cancellation`, {})).toMatchObject({ state: 'cancelled' });
    const cancelled = await current();
    expect(cancelled.checked).toBeLessThan(rowCount);
    expect(await call('GET', '/api/users?limit=1')).toMatchObject({ total: 0 });
    await call('POST', `/api/provisionings/${id}/resumption`, {});
    await reaches(({ state }) => state === 'ready');

    const preview = await current();
    expect(preview.total).toBe(rowCount);
    expect(Object.fromEntries(preview.counts.map(({ verdict, count }) => [verdict, count]))).toEqual({
      eligible: rowCount * 0.95,
      ...Object.fromEntries(faults.map(({ verdict }) => [verdict, rowCount / 20 / faults.length])),
    });
    const bad: ProvisioningRow[] = [];
    for (const group of ['fixable', 'impossible', 'skipped']) {
      for (let after = 0, hasMore = true; hasMore; ) {
        const path = `/api/provisionings/${id}/rows?group=${group}&after=${after}&limit=500`;
        const page = (await call('GET', path)) as { rows: ProvisioningRow[]; hasMore: boolean };
        bad.push(...page.rows);
        after = page.rows.at(-1)?.line ?? 0;
        hasMore = page.hasMore;
      }
    }
    const named = bad
      .sort((a, b) => a.line - b.line)
      .map(({ line, verdict, duplicateOf }) => ({ line, verdict, duplicateOf }));
    expect(named).toEqual(
      Array.from({ length: rowCount / 20 }, (_, index) => {
        const number = (index + 1) * 20;
        const { verdict } = faultOf(number);
        return { line: lineOf(number), verdict, duplicateOf: verdict === 'row.duplicate' ? lineOf(number - 1) : null };
      }),
    );
    growths.push(peakMegabytes(service.pid) - readyMegabytes);

    // Killed while people are added: the next process adds the rest, and nobody twice.
    await call('POST', `/api/provisionings/${id}/application`, {});
    await reaches(({ added }) => added > 2_000);
    service.child.kill('SIGKILL');
    await service.ended;
    await restart();
    await reaches(({ state }) => state === 'applied');
    expect(await current()).toMatchObject({ added: rowCount * 0.95, state: 'applied' });
    expect(await call('GET', '/api/users?limit=1')).toMatchObject({ total: rowCount * 0.95 });
    growths.push(peakMegabytes(service.pid) - readyMegabytes);
    await service[Symbol.asyncDispose]();

    process.stdout.write(`peak above ready: ${growths.map((growth) => `${Math.round(growth)} MB`).join(', ')}\n`);
    for (const growth of growths) expect(growth).toBeLessThan(mostGrowthMegabytes);
  },
);
