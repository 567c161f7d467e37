import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

/** The running process did not give a whole backup; the message says why in one line. */
export class BackupFailed extends Error {}

/** Open while this process answers `requestBackup`. */
export interface BackupChannel {
  close(): Promise<void>;
}

// The path of a socket may be 104 to 108 bytes long, depending on the system.
const longestAddress = 103;

function addressIn(directory: string): string | undefined {
  if (process.platform === 'win32') {
    return `\\\\.\\pipe\\mailbox-access-backup-${createHash('sha256').update(directory).digest('hex').slice(0, 40)}`;
  }
  const path = join(directory, 'backup.sock');
  return Buffer.byteLength(path) <= longestAddress ? path : undefined;
}

/**
 * Lets another process of the same user ask for a backup: a socket in the data directory, which nobody else may enter.
 * Who connects gets one line with length and hash, then the dump. The directory is locked by this process.
 * @param dump the whole database at one moment
 */
export async function serveBackups(directory: string, dump: () => Promise<Uint8Array>): Promise<BackupChannel> {
  const address = addressIn(directory);
  if (!address) return { close: async () => {} };
  // Left by a process that was killed; we hold the lock.
  if (process.platform !== 'win32') rmSync(address, { force: true });
  let running: Promise<void> | undefined;
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    // One after the other: a dump takes as much memory as the database is large.
    running = (running ?? Promise.resolve()).then(() => answer(socket, dump));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  server.unref();
  if (process.platform !== 'win32') chmodSync(address, 0o600);
  return {
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function answer(socket: Socket, dump: () => Promise<Uint8Array>): Promise<void> {
  try {
    const bytes = await dump();
    socket.write(`${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}\n`);
    socket.end(bytes);
    await finished(socket);
  } catch (error) {
    socket.end(`error ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}\n`);
  }
}

/**
 * Takes a backup from the process that has the directory open. The file is there when it is whole, or not at all.
 * @returns its size in bytes; undefined when no process answers
 * @throws BackupFailed
 */
export async function requestBackup(directory: string, file: string): Promise<number | undefined> {
  const address = addressIn(directory);
  if (!address || (process.platform !== 'win32' && !existsSync(address))) return undefined;
  const socket = connect(address);
  const isThere = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!isThere) return undefined;

  const partial = `${file}.partial`;
  const hash = createHash('sha256');
  const output = createWriteStream(partial, { mode: 0o600, flush: true });
  let head: Buffer | undefined = Buffer.alloc(0);
  let wanted: { length: number; sha256: string } | undefined;
  let length = 0;
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      let bytes = chunk;
      if (head) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\n');
        if (end < 0) continue;
        wanted = readHead(head.subarray(0, end).toString());
        bytes = head.subarray(end + 1);
        head = undefined;
      }
      hash.update(bytes);
      length += bytes.length;
      if (!output.write(bytes)) await once(output, 'drain');
    }
    output.end();
    await finished(output);
    if (!wanted || wanted.length !== length || wanted.sha256 !== hash.digest('hex'))
      throw new BackupFailed('the running process ended before the backup was whole');
    renameSync(partial, file);
    return length;
  } catch (error) {
    output.destroy();
    rmSync(partial, { force: true });
    throw error;
  }
}

function readHead(line: string): { length: number; sha256: string } {
  if (line.startsWith('error ')) throw new BackupFailed(line.slice('error '.length));
  const [length = '', sha256 = ''] = line.split(' ');
  return { length: Number(length), sha256 };
}
