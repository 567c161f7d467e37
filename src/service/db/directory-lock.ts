import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Held while this process owns the data directory. */
export interface DirectoryLock {
  release(): Promise<void>;
}

/** Another process owns the directory; `pid` where it could be learnt. */
export class DirectoryInUse extends Error {
  readonly pid: number | undefined;

  constructor(directory: string, pid: number | undefined) {
    super(`The data directory ${directory} is in use by process ${pid ?? '(unknown)'}.`);
    this.pid = pid;
  }
}

/**
 * Takes the directory before the database is opened: PGlite has no lock of its own, and a second process loses rows
 * without an error. A listening socket is the lock, because the kernel frees it when the owner dies in any way; who
 * connects to it reads the owner's pid. The file beside it names the owner to people and to other machines.
 * @throws DirectoryInUse
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const address = socketAddress(realpathSync(directory));
  const file = join(directory, 'service.pid');
  const server = await listen(address, directory, file);
  server.unref();
  writeFileSync(file, `${process.pid} ${hostname()}\n`);
  return {
    async release() {
      rmSync(file, { force: true });
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function socketAddress(realPath: string): string {
  const name = `mailbox-access-${createHash('sha256').update(realPath).digest('hex').slice(0, 40)}`;
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(tmpdir(), `${name}.sock`);
}

async function listen(address: string, directory: string, file: string): Promise<Server> {
  try {
    return await tryListen(address);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  }
  const owner = await askOwner(address);
  if (owner.isAlive) throw new DirectoryInUse(directory, owner.pid ?? pidInFile(file));
  // A socket file outlives a killed owner where the system has no abstract sockets.
  rmSync(address, { force: true });
  try {
    return await tryListen(address);
  } catch {
    throw new DirectoryInUse(directory, pidInFile(file));
  }
}

function tryListen(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(String(process.pid));
    });
    server.once('error', reject);
    server.listen(address, () => resolve(server));
  });
}

function askOwner(address: string): Promise<{ isAlive: boolean; pid?: number }> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(address);
    // An owner that is too busy to answer is still an owner.
    socket.setTimeout(1_000, () => {
      socket.destroy();
      resolve({ isAlive: true });
    });
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('end', () =>
      resolve({ isAlive: true, pid: Number(text) || undefined } as { isAlive: boolean; pid?: number }),
    );
    socket.on('error', () => resolve({ isAlive: false }));
  });
}

function pidInFile(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}
