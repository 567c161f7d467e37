import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { lockDirectory } from '../../src/service/db/directory-lock.ts';
import { startSnapshots } from '../snapshots/snapshots.ts';
import { mailboxPermissions } from '../support/bench.ts';
import { prepareDataDirectory } from '../support/database-dump.ts';
import { callAsAda, processEnvironment, startProcess, temporaryFolder } from '../support/service-process.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ people: 300, settings: { graphLatencyMs: 60 } });
  sandbox.tenant.grants.grant(...mailboxPermissions);
});
afterAll(() => sandbox?.close());

async function createOrganization(url: string, name: string) {
  const created = await callAsAda(sandbox, url, 'POST', '/api/organizations', { name, externalId: name });
  return { status: created.status, id: (created.body as unknown as { id: string }).id };
}

async function organizationNames(url: string): Promise<string[]> {
  const { body } = await callAsAda(sandbox, url, 'GET', '/api/organizations');
  return (body as unknown as { organizations: { name: string }[] }).organizations.map(({ name }) => name);
}

test('fault 155: killed while the database is created and migrated, the next start goes on from there', {
  timeout: 180_000,
}, async () => {
  using folder = temporaryFolder();
  const environment = processEnvironment(sandbox, folder.path);
  {
    await using creating = startProcess(environment);
    await expect
      .poll(() => existsSync(join(folder.path, 'data', 'database.creating')), { timeout: 30_000, interval: 10 })
      .toBe(true);
    creating.child.kill('SIGKILL');
    await creating.ended;
  }
  for (const nth of [4, 25, 70]) {
    await using service = startProcess({ ...environment, STOP_AT: `database.statement:${nth}` });
    expect(await service.ended).toBe('SIGKILL');
  }

  await using service = startProcess(environment);
  const url = await service.ready();

  expect((await createOrganization(url, 'afterwards')).status).toBe(201);
  expect(readdirSync(join(folder.path, 'data'))).not.toContain('database.creating');
});

test('fault 157: with a full disk nothing is acknowledged, the process says why it ends, and no acknowledged row is missing', {
  timeout: 120_000,
}, async () => {
  using folder = temporaryFolder();
  await prepareDataDirectory(join(folder.path, 'data'));
  const flag = join(folder.path, 'disk-is-full');
  const environment = processEnvironment(sandbox, folder.path, { DISK_FULL_WHILE: flag });
  {
    await using service = startProcess(environment);
    const url = await service.ready();
    expect((await createOrganization(url, 'before')).status).toBe(201);
    writeFileSync(flag, '');

    const [ready, health] = [await fetch(`${url}/readyz`), await fetch(`${url}/healthz`)];
    const refused = await createOrganization(url, 'meanwhile').catch(() => ({ status: 'cut off' }));

    expect([ready.status, health.status]).toEqual([503, 200]);
    expect([503, 'cut off']).toContain(refused.status);
    expect(await service.ended).toBe(70);
    expect(service.output()).toContain('see that the disk of DATA_DIR has space');
  }
  rmSync(flag);

  await using service = startProcess(environment);
  const names = await organizationNames(await service.ready());

  expect(names).toContain('before');
  expect(names).not.toContain('meanwhile');
});

// `npm run snapshots` takes fifty.
test('fault 161: snapshots of the directory in the middle of writes open whole, with everything acknowledged', {
  timeout: 180_000,
}, async () => {
  await using snapshots = await startSnapshots(sandbox);
  const results = [];
  const isInTheMiddle = ({ held }: { held: number }) => held < sandbox.tenant.people.length;
  // How many of them meet a check on its way is up to the machine.
  while (results.length < 10 || (results.filter(isInTheMiddle).length < 5 && results.length < 40)) {
    results.push(await snapshots.take());
  }

  expect(results.flatMap(({ broken }) => broken)).toEqual([]);
  expect(results.filter(isInTheMiddle).length).toBeGreaterThanOrEqual(5);
});

describe('fault 162: a damaged data directory', () => {
  const largestTable = (base: string) => {
    const files = readdirSync(join(base, 'base', '5')).map((name) => join(base, 'base', '5', name));
    return files.sort((a, b) => statSync(b).size - statSync(a).size)[0] ?? '';
  };
  const walFiles = (base: string) =>
    readdirSync(join(base, 'pg_wal'))
      .filter((name) => /^[0-9A-F]{24}$/.test(name))
      .map((name) => join(base, 'pg_wal', name));

  test.each<[string, (base: string) => void]>([
    ['without its WAL', (base) => walFiles(base).forEach((file) => void rmSync(file))],
    [
      'with flipped bytes in its control file',
      (base) => {
        const path = join(base, 'global', 'pg_control');
        const bytes = readFileSync(path);
        for (let index = 8; index < 64; index++) bytes[index] = (bytes[index] ?? 0) ^ 0xff;
        writeFileSync(path, bytes);
      },
    ],
    ['with a table cut short', (base) => truncateSync(largestTable(base), 8192)],
    [
      'that is empty',
      (base) => readdirSync(base).forEach((name) => void rmSync(join(base, name), { recursive: true })),
    ],
  ])(
    '%s is refused with what to do, and nothing new is created over it',
    { timeout: 60_000 },
    async (_what, damage) => {
      using folder = temporaryFolder();
      await prepareDataDirectory(join(folder.path, 'data'));
      const base = join(folder.path, 'data', 'database');
      damage(base);
      const left = readdirSync(base).length;

      await using service = startProcess(processEnvironment(sandbox, folder.path));

      expect(await service.ended).toBe(1);
      const lines = service.output().trim().split('\n');
      expect(lines.at(-1)).toMatch(/^DATA_DIR: .*npm run restore/);
      expect(readdirSync(join(folder.path, 'data'))).not.toContain('database.creating');
      expect(readdirSync(base).length).toBeGreaterThanOrEqual(Math.min(left, 1));
      expect(left === 0 ? readdirSync(base) : []).toEqual([]);
    },
  );
});

test('fault 156: a pid in the file that belongs to somebody else by now does not keep the directory locked', async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, 'service.pid'), `${process.ppid} elsewhere\n`);
  const lock = await lockDirectory(folder.path);
  expect(readFileSync(join(folder.path, 'service.pid'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  await lock.release();
});
