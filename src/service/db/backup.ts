import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestBackup } from './backup-channel.ts';
import { type Database, DatabaseUnavailable, openDatabase } from './database.ts';

/** A restore would take the place of a database. */
export class DatabaseExists extends Error {}

const rethrow = {
  onFault(error: Error) {
    throw error;
  },
};

/**
 * Writes the embedded database into one file, as it is at one moment: by the process that has it open, or else by this
 * one.
 * @returns the size in bytes
 * @throws BackupFailed, DirectoryInUse, DatabaseUnavailable when there is no database
 */
export async function backUp(directory: string, file: string): Promise<number> {
  if (!existsSync(join(directory, 'database'))) throw new DatabaseUnavailable(`there is no database in ${directory}`);
  const length = await requestBackup(directory, file);
  if (length !== undefined) return length;
  const database = await openDatabase({ kind: 'embedded', directory }, rethrow);
  try {
    const bytes = (await database.embedded?.dump()) ?? new Uint8Array();
    const partial = `${file}.partial`;
    writeFileSync(partial, bytes, { mode: 0o600, flush: true });
    renameSync(partial, file);
    return bytes.length;
  } finally {
    await database.close();
  }
}

/**
 * Puts a backup into a data directory, and brings it to this release's schema. What was there stays beside it, in
 * `database.before-restore`.
 * @throws DatabaseExists unless told to take its place; DirectoryInUse while a process has it open; DatabaseUnavailable
 * when the file is no backup, and then the directory is as it was
 */
export async function restore(directory: string, file: string, { overwrite }: { overwrite: boolean }): Promise<void> {
  const path = join(directory, 'database');
  const aside = join(directory, 'database.before-restore');
  let restored: Database | undefined;
  let isAside = false;
  try {
    restored = await openDatabase(
      {
        kind: 'embedded',
        directory,
        dump: file,
        // Only whoever holds the directory may move what is in it.
        beforeOpen() {
          if (!existsSync(path)) return;
          if (!overwrite) throw new DatabaseExists(`there is a database in ${directory}`);
          rmSync(aside, { recursive: true, force: true });
          renameSync(path, aside);
          isAside = true;
        },
      },
      rethrow,
    );
  } catch (error) {
    if (isAside) {
      rmSync(path, { recursive: true, force: true });
      renameSync(aside, path);
    }
    throw error;
  } finally {
    await restored?.close();
  }
}
