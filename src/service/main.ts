import { readConfig } from './config.ts';
import { DatabaseUnavailable } from './db/database.ts';
import { DirectoryInUse } from './db/directory-lock.ts';
import { NewerSchema } from './db/migrate.ts';
import { ChangedStep } from './db/migration-checksums.ts';
import { PortInUse } from './http/server.ts';
import { createLogger } from './log.ts';
import { createService, type Service } from './service.ts';
import { setV8Flags } from './v8-flags.ts';

// The process: configuration in, one line per fault out, and an end in order.

const hardExitMs = 15_000;
/** Exit code when the embedded database hangs, `EX_SOFTWARE` of sysexits.h. */
const hungDatabase = 70;
setV8Flags();
const result = readConfig(process.env);
if (!result.ok) {
  for (const fault of result.faults) console.error(fault);
  process.exit(1);
}
const { config } = result;
const logger = createLogger(config.logLevel);
let service: Service | undefined;
let isStopping = false;
let isDatabaseHung = false;

async function stop(reason: string, exitCode: number): Promise<void> {
  if (isStopping) process.exit(isDatabaseHung ? hungDatabase : exitCode || 130);
  isStopping = true;
  logger.info({ reason }, 'stopping');
  setTimeout(() => {
    logger.error('stopping took too long');
    process.exit(1);
  }, hardExitMs).unref();
  await service?.stop().catch((error: unknown) => logger.error({ err: error }, 'stopping failed'));
  logger.info('stopped');
  process.exit(isDatabaseHung ? hungDatabase : exitCode);
}

process.on('SIGTERM', () => void stop('SIGTERM', 0));
process.on('SIGINT', () => void stop('SIGINT', 0));
process.on('uncaughtException', (error) => {
  logger.error({ err: error }, 'unplanned error');
  void stop('unplanned error', 1);
});

try {
  service = await createService(config, {
    logger,
    // A hung engine cannot be closed in order: the supervisor starts a new process.
    onFault(error) {
      isDatabaseHung = true;
      console.error(
        `Database: ${error.message}. What was acknowledged is on disk: see that the disk of DATA_DIR has space and answers, and start again.`,
      );
      setTimeout(() => process.exit(hungDatabase), 100);
    },
  });
  const { port } = await service.start();
  logger.info(
    { port, publicUrl: config.http.publicUrl, roles: config.roles, authority: config.cloud.authorityHost },
    'ready',
  );
} catch (error) {
  console.error(remedyOf(error));
  await service?.stop().catch(() => {});
  process.exit(1);
}

/** One line with cause and remedy for what an operator can mend; everything else is logged whole. */
function remedyOf(error: unknown): string {
  if (error instanceof PortInUse) return `PORT: ${error.message}: stop the other process, or set another PORT.`;
  if (error instanceof DirectoryInUse) return `DATA_DIR: ${error.message} Stop that process, or set another DATA_DIR.`;
  if (error instanceof NewerSchema || error instanceof ChangedStep) {
    return `Database: ${error.message}: start that release, or restore a backup.`;
  }
  if (error instanceof DatabaseUnavailable) {
    return config.database.kind === 'postgres'
      ? `DATABASE_URL: ${error.message}. Check that it exists and that this user may use it.`
      : `DATA_DIR: ${error.message}. Check that this user may use it; what is damaged, npm run restore brings back from a backup.`;
  }
  logger.error({ err: error }, 'start failed');
  return `The service could not start: ${error instanceof Error ? error.message : String(error)}`;
}
