import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { trustCertificateAuthority } from '../../src/sandbox/trust.ts';

// `npm run sandbox`, as a process of its own.

let directory: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

function run(environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url))], {
    env: { PATH: process.env.PATH, SANDBOX_DIR: directory, SANDBOX_PORT: '0', SANDBOX_PEOPLE: '20', ...environment },
  });
  children.push(child);
  let output = '';
  const started = Promise.withResolvers<string>();
  child.stdout.on('data', (chunk) => {
    output += chunk;
    const url = output.match(/Teams\s+(https:\S+)\//)?.[1];
    if (url) started.resolve(url);
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, started: started.promise, ended };
}

test('it writes the trust and an environment with which the service runs against it, and ends cleanly', async () => {
  const { child, started, ended } = run();
  const url = await started;
  trustCertificateAuthority(await readFile(join(directory, 'ca.pem'), 'utf8'));

  const state = await (await fetch(`${url}/_sandbox/state`)).json();
  const environment = parseEnv(await readFile(join(directory, 'service.env'), 'utf8'));
  child.kill('SIGTERM');
  const { code, output } = await ended;

  expect(state.tenant.people).toBeGreaterThan(20);
  expect(environment).toMatchObject({
    AUTHORITY_HOST: url,
    GRAPH_ENDPOINT: url,
    TENANT_ID: state.tenant.id,
    CLIENT_ID: state.application.clientId,
    CLOUD_LABEL: 'Simulated tenant',
    NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem'),
  });
  expect(await readFile(environment.CLIENT_CERTIFICATE_PATH ?? '', 'utf8')).toContain('BEGIN CERTIFICATE');
  expect(await readFile(environment.TLS_KEY_PATH ?? '', 'utf8')).toContain('BEGIN PRIVATE KEY');
  expect(output).toContain('service.env; set +a; npm run serve');
  expect(code).toBe(0);
});

test('trust in it lasts over a restart', async () => {
  const first = run();
  await first.started;
  const before = await readFile(join(directory, 'ca.pem'), 'utf8');
  first.child.kill('SIGINT');
  const { code } = await first.ended;

  await run().started;

  expect(code).toBe(0);
  expect(await readFile(join(directory, 'ca.pem'), 'utf8')).toBe(before);
});

test('a port in use is told in one line', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';

  const { code, output } = await run({ SANDBOX_PORT: port }).ended;
  server.close();

  expect({ code, output }).toEqual({
    code: 1,
    output: `Port ${port} is in use: stop what listens there, or set SANDBOX_PORT.\n`,
  });
});

test.each<[environment: Record<string, string>, line: RegExp]>([
  [{ NODE_ENV: 'production' }, /does not run with NODE_ENV=production/],
  [{ SANDBOX_PORT: 'x' }, /SANDBOX_PORT is not a port/],
  [{ SANDBOX_PEOPLE: '-1' }, /SANDBOX_PEOPLE is not a number/],
  [{ SANDBOX_TAB_ORIGIN: 'localhost' }, /SANDBOX_TAB_ORIGIN is not an origin/],
])('it refuses %j in one line', async (environment, line) => {
  const { code, output } = await run(environment).ended;

  expect(code).toBe(1);
  expect(output).toMatch(line);
  expect(output.trim().split('\n')).toHaveLength(1);
});
