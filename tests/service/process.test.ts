import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectivityCheck } from '../../src/contract/mailbox-connectivity.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { asNewUser, mailboxPermissions } from '../support/bench.ts';
import { prepareDataDirectory } from '../support/database-dump.ts';
import {
  callAsAda,
  processEnvironment,
  type ServiceProcess,
  startProcess,
  temporaryFolder,
} from '../support/service-process.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ people: 600, settings: { graphLatencyMs: 150 } });
  sandbox.tenant.grants.grant(...mailboxPermissions);
});
afterAll(() => sandbox.close());

async function startedCheck(url: string): Promise<{ id: string; total: number }> {
  const created = await callAsAda(sandbox, url, 'POST', '/api/organizations', {
    name: 'Head office',
    externalId: 'head',
  });
  const { id } = created.body as unknown as { id: string };
  const users = sandbox.tenant.people.map(asNewUser);
  await callAsAda(sandbox, url, 'POST', `/api/organizations/${id}/users`, { users });
  const started = await callAsAda(sandbox, url, 'POST', `/api/organizations/${id}/connectivity-checks`, {});
  return (started.body as unknown as { check: { id: string; total: number } }).check;
}

async function progress(url: string, id: string): Promise<ConnectivityCheck> {
  return (await callAsAda(sandbox, url, 'GET', `/api/connectivity-checks/${id}`)).body as unknown as ConnectivityCheck;
}

test('fault 141: killed in the middle of a check and started again: the run completes, nobody twice, counts exact', {
  timeout: 90_000,
}, async () => {
  using folder = temporaryFolder();
  const environment = processEnvironment(sandbox, folder.path, { LOG_LEVEL: 'info' });
  let checkId = '';
  let total = 0;
  let before = 0;
  {
    await using first = startProcess(environment);
    const url = await first.ready();
    ({ id: checkId, total } = await startedCheck(url));
    await expect
      .poll(async () => (before = (await progress(url, checkId)).done), { timeout: 20_000, interval: 50 })
      .toBeGreaterThan(20);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
  }
  expect(before).toBeLessThan(total);
  sandbox.requests.clear();

  await using second = startProcess(environment);
  const url = await second.ready();
  await expect
    .poll(async () => (await progress(url, checkId)).state, { timeout: 30_000, interval: 100 })
    .toBe('completed');

  const check = await progress(url, checkId);
  expect([check.done, Object.values(check.counts).reduce((sum, count) => sum + count, 0)]).toEqual([total, total]);
  const again = sandbox.requests.all.filter(({ inBatch, path }) => inBatch && path.endsWith('/mailFolders/inbox'));
  const asked = Map.groupBy(again, ({ path }) => path);
  expect(asked.size).toBeLessThanOrEqual(total - before);
  const activity = (await callAsAda(sandbox, url, 'GET', '/api/activity')).body as unknown as {
    activities: { type: string }[];
  };
  expect(activity.activities.filter(({ type }) => type === 'check.ended')).toHaveLength(1);
});

test('fault 156: a second start on the same data directory is refused with the first one’s pid', async () => {
  using folder = temporaryFolder();
  await prepareDataDirectory(join(folder.path, 'data'));
  const environment = processEnvironment(sandbox, folder.path);
  await using first = startProcess(environment);
  await first.ready();

  await using second = startProcess(environment);

  expect(await second.ended).toBe(1);
  expect(second.output().trim()).toBe(
    `DATA_DIR: The data directory ${join(folder.path, 'data')} is in use by process ${first.pid}. Stop that process, or set another DATA_DIR.`,
  );
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'fault 142: %s in the middle of a check stops in order, and the next start goes on',
  { timeout: 90_000 },
  async (signal) => {
    using folder = temporaryFolder();
    await prepareDataDirectory(join(folder.path, 'data'));
    const environment = processEnvironment(sandbox, folder.path, { LOG_LEVEL: 'info' });
    let checkId = '';
    {
      await using first = startProcess(environment);
      const url = await first.ready();
      ({ id: checkId } = await startedCheck(url));
      await expect
        .poll(async () => (await progress(url, checkId)).done, { timeout: 20_000, interval: 50 })
        .toBeGreaterThan(20);
      const stoppedAt = performance.now();
      first.child.kill(signal);
      expect(await first.ended).toBe(0);
      expect(performance.now() - stoppedAt).toBeLessThan(10_000);
      expect(first.output()).toContain('"msg":"stopped"');
      expect(first.output()).not.toContain('"level":"error"');
    }
    await using second = startProcess(environment);
    const url = await second.ready();
    await expect
      .poll(async () => (await progress(url, checkId)).state, { timeout: 30_000, interval: 100 })
      .toBe('completed');
    const check = await progress(url, checkId);
    expect(check.done).toBe(check.total);
  },
);

describe('fault 142: a stop in the middle of calls that take a minute', () => {
  async function duringLongCalls(work: (service: ServiceProcess) => Promise<void>) {
    using folder = temporaryFolder();
    await prepareDataDirectory(join(folder.path, 'data'));
    await using service = startProcess(processEnvironment(sandbox, folder.path));
    const url = await service.ready();
    const usual = sandbox.settings.graphLatencyMs;
    sandbox.settings.graphLatencyMs = 60_000;
    try {
      const { id } = await startedCheck(url);
      await expect.poll(async () => (await progress(url, id)).state, { timeout: 20_000 }).toBe('running');
      await work(service);
    } finally {
      sandbox.settings.graphLatencyMs = usual;
    }
  }

  test('waits for none of them and ends in order', { timeout: 60_000 }, async () => {
    await duringLongCalls(async (service) => {
      const stoppedAtMs = performance.now();
      service.child.kill('SIGTERM');
      expect(await service.ended).toBe(0);
      expect(performance.now() - stoppedAtMs).toBeLessThan(15_000);
      expect(service.output()).toContain('"msg":"stopped"');
    });
  });

  test('ends at once at the second signal', { timeout: 60_000 }, async () => {
    await duringLongCalls(async (service) => {
      service.child.kill('SIGTERM');
      service.child.kill('SIGINT');
      expect(await service.ended).toBe(130);
    });
  });
});

describe('a start that cannot work ends with one line per fault', () => {
  async function endOf(environment: Readonly<Record<string, string>>) {
    await using service = startProcess(environment);
    const code = await service.ended;
    return { code, lines: service.output().trim().split('\n') };
  }

  test('nothing is set', async () => {
    const { code, lines } = await endOf({});
    expect(code).toBe(1);
    expect(lines).toEqual([
      'TENANT_ID is missing: set it to the Directory (tenant) ID that Entra shows.',
      'CLIENT_ID is missing: set it to the Application (client) ID of the app registration, a GUID.',
      'CLIENT_SECRET is missing: set it, or CLIENT_CERTIFICATE_PATH and CLIENT_CERTIFICATE_KEY_PATH, or CLIENT_ASSERTION_PATH.',
    ]);
  });

  test('the port is in use', async () => {
    using folder = temporaryFolder();
    await prepareDataDirectory(join(folder.path, 'data'));
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = String((other.address() as AddressInfo).port);

    const { code, lines } = await endOf(processEnvironment(sandbox, folder.path, { PORT: port }));
    await new Promise((resolve) => other.close(resolve));

    expect(code).toBe(1);
    expect(lines).toEqual([`PORT: port ${port} on 127.0.0.1 is in use: stop the other process, or set another PORT.`]);
  });

  test('the database cannot be reached', async () => {
    using folder = temporaryFolder();
    const url = 'postgres://mailbox:canary-password@127.0.0.1:1/mailbox';
    const { code, lines } = await endOf(processEnvironment(sandbox, folder.path, { DATABASE_URL: url }));

    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^DATABASE_URL: the database postgres:\/\/127\.0\.0\.1:1\/mailbox cannot be reached: .+\. Check that/,
    );
    expect(lines[0]).not.toContain('canary-password');
  });

  test('the key file cannot be read', async () => {
    using folder = temporaryFolder();
    const { code, lines } = await endOf(
      processEnvironment(sandbox, folder.path, {
        CLIENT_CERTIFICATE_PATH: '/nowhere/client.pem',
        CLIENT_CERTIFICATE_KEY_PATH: '/nowhere/client.key',
      }),
    );
    expect(code).toBe(1);
    expect(lines).toEqual([
      'CLIENT_CERTIFICATE_PATH: the file /nowhere/client.pem cannot be read (ENOENT): check the path and its permissions.',
      'CLIENT_CERTIFICATE_KEY_PATH: the file /nowhere/client.key cannot be read (ENOENT): check the path and its permissions.',
    ]);
  });

  test('the key is not of the certificate', async () => {
    using folder = temporaryFolder();
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const paths = {
      CLIENT_CERTIFICATE_PATH: join(folder.path, 'c.pem'),
      CLIENT_CERTIFICATE_KEY_PATH: join(folder.path, 'c.key'),
    };
    writeFileSync(paths.CLIENT_CERTIFICATE_PATH, sandbox.keys.current.certificate);
    writeFileSync(paths.CLIENT_CERTIFICATE_KEY_PATH, privateKey);

    const { code, lines } = await endOf(processEnvironment(sandbox, folder.path, paths));

    expect(code).toBe(1);
    expect(lines).toEqual([
      'CLIENT_CERTIFICATE_PATH and CLIENT_CERTIFICATE_KEY_PATH: the key does not belong to the certificate: point both to the same pair.',
    ]);
  });

  test('fault 162: the data directory holds something else', async () => {
    using folder = temporaryFolder();
    await prepareDataDirectory(join(folder.path, 'data'));
    const environment = processEnvironment(sandbox, folder.path);
    writeFileSync(join(folder.path, 'data', 'database', 'PG_VERSION'), '15\n');

    const { code, lines } = await endOf(environment);

    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('holds PostgreSQL 15 instead of a PostgreSQL 18 database: restore it from a backup');
  });

  test.each([
    [
      'another authority',
      { AUTHORITY_HOST: 'https://login.evil.example' },
      'AUTHORITY_HOST, GRAPH_ENDPOINT or EXCHANGE_ENDPOINT is not one of Microsoft’s',
    ],
    ['switched-off TLS', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'NODE_TLS_REJECT_UNAUTHORIZED=0'],
    ['an http address', { PUBLIC_URL: 'http://localhost:4400' }, 'PUBLIC_URL'],
  ])('production with %s', async (_name, more, named) => {
    const base = {
      NODE_ENV: 'production',
      TENANT_ID: sandbox.tenant.id,
      CLIENT_ID: sandbox.registration.clientId,
      CLIENT_SECRET: 'canary-secret',
      PUBLIC_URL: 'https://tab.contoso.com',
    };
    const { code, lines } = await endOf({ ...base, ...more });

    expect(code).toBe(1);
    expect(lines.filter((line) => line.includes(named)).length).toBeGreaterThan(0);
    expect(lines.join()).not.toContain('canary-secret');
  });
});
