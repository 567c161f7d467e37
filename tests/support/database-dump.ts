import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/service/db/database.ts';
import { createLogger } from '../../src/service/log.ts';
import { createQueue } from '../../src/service/queue/queue.ts';

const folder = fileURLToPath(new URL('../../node_modules/.cache/mailbox-access/', import.meta.url));
const migrations = new URL('../../src/service/db/migrations/', import.meta.url);

/** Path of a saved, migrated, empty database: a test starts from it in a fifth of the time. Made when it is missing. */
export async function databaseDump(): Promise<string> {
  const path = `${folder}empty-${fingerprint()}.tar.gz`;
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const database = await openDatabase({ kind: 'memory' }, { onFault() {} });
  const queue = createQueue({ database, logger: createLogger('silent'), works: false });
  await queue.start();
  await queue.stop(1_000);
  const dump = await database.embedded?.dump();
  await database.close();
  // Several test files may make it at once: each writes its own, and the last rename wins.
  const own = `${path}.${process.pid}.${crypto.randomUUID()}`;
  writeFileSync(own, dump ?? new Uint8Array());
  renameSync(own, path);
  return path;
}

/** Puts a created, migrated, empty database into a data directory: a first start takes seconds, a later one does not. */
export async function prepareDataDirectory(directory: string): Promise<void> {
  const template = `${folder}directory-${fingerprint()}`;
  if (!existsSync(template)) {
    const own = `${template}.${process.pid}.${crypto.randomUUID()}`;
    const database = await openDatabase({ kind: 'embedded', directory: own }, { onFault() {} });
    const queue = createQueue({ database, logger: createLogger('silent'), works: false });
    await queue.start();
    await queue.stop(1_000);
    await database.close();
    try {
      renameSync(own, template);
    } catch {
      // Another test file was faster.
      rmSync(own, { recursive: true, force: true });
    }
  }
  cpSync(template, directory, { recursive: true });
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(migrations).sort()) hash.update(readFileSync(new URL(name, migrations)));
  for (const name of ['@electric-sql/pglite', 'pg-boss']) {
    hash.update(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url)));
  }
  return hash.digest('hex').slice(0, 16);
}
