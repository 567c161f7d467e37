import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DatabaseExists, restore } from '../service/db/backup.ts';

// `npm run restore -- <file>`: puts a backup into DATA_DIR while the service is stopped.

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { overwrite: { type: 'boolean', default: false } },
});
const [file] = positionals;
const directory = process.env.DATA_DIR || '.local/data';

if (process.env.DATABASE_URL) {
  console.error('DATABASE_URL names a PostgreSQL server: restore it with `pg_restore`, as its manual says.');
  process.exitCode = 1;
} else if (!file || !existsSync(file)) {
  console.error('Say which backup: npm run restore -- <file>');
  process.exitCode = 1;
} else {
  try {
    await restore(resolve(directory), resolve(file), values);
    console.log(
      `${directory} holds the backup ${file}. What was there before, if anything, is in database.before-restore.`,
    );
  } catch (error) {
    const remedy =
      error instanceof DatabaseExists ? ': stop the service and add --overwrite to put the backup in its place' : '';
    console.error(`Nothing was restored: ${error instanceof Error ? error.message : error}${remedy}`);
    process.exitCode = 1;
  }
}
