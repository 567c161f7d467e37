import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/service/db/database.ts';
import { asNewUser, mailboxPermissions } from '../support/bench.ts';
import { prepareDataDirectory } from '../support/database-dump.ts';
import { callAsAda, processEnvironment, startProcess, temporaryFolder } from '../support/service-process.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ people: 300, settings: { graphLatencyMs: 100 } });
  sandbox.tenant.grants.grant(...mailboxPermissions);
});
afterAll(() => sandbox?.close());

const run = promisify(execFile);

/** Runs a command as an operator does. */
async function command(name: 'backup' | 'restore', environment: Record<string, string>, ...options: string[]) {
  const path = fileURLToPath(new URL(`../../src/cli/${name}.ts`, import.meta.url));
  const env = { PATH: process.env.PATH ?? '', ...environment };
  try {
    const { stdout, stderr } = await run(process.execPath, [path, ...options], { env });
    return { code: 0, output: (stdout + stderr).trim() };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: (stdout + stderr).trim() };
  }
}

/** Rows of every table, and the audit trail as text. */
async function contentsOf(directory: string) {
  const database = await openDatabase({ kind: 'embedded', directory }, { onFault() {} });
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and relkind = 'r' order by 1
  `.execute(database.db);
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`.execute(
      database.db,
    );
    counts[name] = rows[0]?.count ?? 0;
  }
  const trail = await database.db.selectFrom('activities').selectAll().orderBy('id').execute();
  const { rows: checks } = await sql<{ state: string; done: number; counted: number }>`
    select state, (select count(*) from check_results r where r.check_id = c.id) as done,
      (select coalesce(sum(count), 0) from check_tallies t where t.check_id = c.id) as counted
    from checks c
  `.execute(database.db);
  await database.close();
  return { counts, trail, checks };
}

test('fault 163: a backup under load holds one moment; restored elsewhere, the run in it goes on and ends whole', {
  timeout: 120_000,
}, async () => {
  using folder = temporaryFolder();
  using elsewhere = temporaryFolder();
  await prepareDataDirectory(join(folder.path, 'data'));
  const environment = processEnvironment(sandbox, folder.path);
  const file = join(folder.path, 'backup.tar.gz');
  // So slow that the backup comes in the middle, however fast the machine is.
  await using service = startProcess({ ...environment, GRAPH_REQUESTS_PER_SECOND: '100' });
  const url = await service.ready();
  const created = await callAsAda(sandbox, url, 'POST', '/api/organizations', { name: 'Office', externalId: 'office' });
  const { id } = created.body as unknown as { id: string };
  await callAsAda(sandbox, url, 'POST', `/api/organizations/${id}/users`, {
    users: sandbox.tenant.people.map(asNewUser),
  });
  const started = await callAsAda(sandbox, url, 'POST', `/api/organizations/${id}/connectivity-checks`, {});
  const { check } = started.body as unknown as { check: { id: string } };
  const progress = async (at: string) =>
    (await callAsAda(sandbox, at, 'GET', `/api/connectivity-checks/${check.id}`)).body as unknown as {
      done: number;
      total: number;
      state: string;
    };
  await expect.poll(async () => (await progress(url)).done, { timeout: 20_000, interval: 20 }).toBeGreaterThan(20);

  const taken = await command('backup', environment, file);
  const again = { ...environment, DATA_DIR: join(elsewhere.path, 'data') };
  const restored = await command('restore', again, file);

  expect([taken.code, restored.code]).toEqual([0, 0]);
  expect(readdirSync(folder.path).filter((name) => name.includes('partial'))).toEqual([]);
  const contents = await contentsOf(again.DATA_DIR ?? '');
  expect(contents.counts.users).toBe(sandbox.tenant.people.length);
  expect(contents.trail.map(({ type }) => type).sort()).toEqual([
    'check.started',
    'organization.created',
    'organization.created',
    'users.added',
  ]);
  expect(contents.checks).toHaveLength(1);
  const [copied] = contents.checks;
  expect(copied?.done).toBeGreaterThan(20);
  expect(copied?.counted).toBe(copied?.done);
  await using other = startProcess(again);
  const otherUrl = await other.ready();
  await expect.poll(async () => (await progress(otherUrl)).state, { timeout: 30_000, interval: 100 }).toBe('completed');
  expect((await progress(otherUrl)).done).toBe(sandbox.tenant.people.length);
});

describe('a restore', () => {
  async function backupOf(folder: string) {
    const environment = { DATA_DIR: join(folder, 'data') };
    await prepareDataDirectory(environment.DATA_DIR);
    const file = join(folder, 'backup.tar.gz');
    const { code } = await command('backup', environment, file);
    expect(code).toBe(0);
    return { environment, file };
  }

  test('does not take the place of a database unless told, and keeps the one that was there', async () => {
    using folder = temporaryFolder();
    const { environment, file } = await backupOf(folder.path);

    const refused = await command('restore', environment, file);
    const done = await command('restore', environment, file, '--overwrite');

    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('add --overwrite') });
    expect(refused.output.split('\n')).toHaveLength(1);
    expect(done.code).toBe(0);
    expect(readdirSync(environment.DATA_DIR)).toContain('database.before-restore');
    const backup = await contentsOf(environment.DATA_DIR);
    expect(backup.counts.organizations).toBe(0);
  });

  test('is refused while a process has the directory open', async () => {
    using folder = temporaryFolder();
    const { environment, file } = await backupOf(folder.path);
    await using service = startProcess({ ...processEnvironment(sandbox, folder.path), ...environment });
    await service.ready();

    const refused = await command('restore', environment, file, '--overwrite');

    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining(`in use by process ${service.pid}`) });
  });

  test.each([
    ['half a file', (file: string) => truncateSync(file, Math.floor(readFileSync(file).length / 2))],
    ['something else', (file: string) => writeFileSync(file, 'not a backup')],
  ])('of %s leaves the directory as it was', async (_what, spoil) => {
    using folder = temporaryFolder();
    const { environment, file } = await backupOf(folder.path);
    spoil(file);

    const refused = await command('restore', environment, file, '--overwrite');

    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/^Nothing was restored: /);
    expect((await contentsOf(environment.DATA_DIR)).counts.organizations).toBe(0);
    expect(readdirSync(environment.DATA_DIR)).not.toContain('database.before-restore');
  });
});

test('on a PostgreSQL server both commands name the server’s own tools', async () => {
  const environment = { DATABASE_URL: 'postgres://mailbox:canary-password@127.0.0.1:1/mailbox' };
  const [taken, restored] = [
    await command('backup', environment, 'somewhere'),
    await command('restore', environment, 'somewhere'),
  ];
  expect(taken).toMatchObject({ code: 1, output: expect.stringContaining('pg_dump') });
  expect(restored).toMatchObject({ code: 1, output: expect.stringContaining('pg_restore') });
  expect(taken.output + restored.output).not.toContain('canary-password');
});
