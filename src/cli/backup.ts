import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { backUp } from '../service/db/backup.ts';

// `npm run backup -- <file>`: one file with the whole embedded database as it is now, also while the service runs.

const { positionals } = parseArgs({ allowPositionals: true });
const [file] = positionals;
const directory = process.env.DATA_DIR || '.local/data';

if (process.env.DATABASE_URL) {
  console.error('DATABASE_URL names a PostgreSQL server: back it up with `pg_dump -Fc`, as its manual says.');
  process.exitCode = 1;
} else if (!file) {
  console.error('Say where to: npm run backup -- <file>');
  process.exitCode = 1;
} else {
  try {
    const bytes = await backUp(resolve(directory), resolve(file));
    console.log(`${file}: ${bytes} bytes. It holds everything, names of people too: keep it as safe as the database.`);
  } catch (error) {
    console.error(`The backup was not taken: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
