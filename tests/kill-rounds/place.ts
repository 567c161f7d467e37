import { join } from 'node:path';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openDatabase } from '../../src/service/db/database.ts';
import type { Db } from '../../src/service/db/schema.ts';
import { asNewUser } from '../support/bench.ts';
import { prepareDataDirectory } from '../support/database-dump.ts';
import type { PostgresServer } from '../support/postgres.ts';
import { callAsAda, processEnvironment, startProcess, temporaryFolder } from '../support/service-process.ts';

/** A database with one organization, on which processes are killed one after the other. */
export interface Place extends Disposable {
  readonly name: 'embedded' | 'postgres';
  readonly sandbox: Sandbox;
  readonly environment: Readonly<Record<string, string>>;
  readonly organizationId: string;
  /** Looks into the database while no process runs. */
  inspect<T>(work: (db: Db) => Promise<T>): Promise<T>;
}

/** @param server absent: an embedded database in a folder of its own */
export async function createPlace(sandbox: Sandbox, server?: PostgresServer): Promise<Place> {
  const folder = temporaryFolder();
  const directory = join(folder.path, 'data');
  const url = await server?.createDatabase();
  if (!url) await prepareDataDirectory(directory);
  const environment = processEnvironment(sandbox, folder.path, {
    LOG_LEVEL: 'info',
    ...(url ? { DATABASE_URL: url } : {}),
  });
  const source = url ? ({ kind: 'postgres', url } as const) : ({ kind: 'embedded', directory } as const);
  return {
    name: url ? 'postgres' : 'embedded',
    sandbox,
    environment,
    organizationId: await createOrganization(sandbox, environment),
    async inspect(work) {
      const database = await openDatabase(source, {
        onFault(error) {
          throw error;
        },
      });
      try {
        return await work(database.db);
      } finally {
        await database.close();
      }
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

async function createOrganization(sandbox: Sandbox, environment: Readonly<Record<string, string>>): Promise<string> {
  await using service = startProcess(environment);
  const url = await service.ready();
  const created = await callAsAda(sandbox, url, 'POST', '/api/organizations', {
    name: 'Head office',
    externalId: 'head',
  });
  const { id } = created.body as unknown as { id: string };
  const users = sandbox.tenant.people.map(asNewUser);
  await callAsAda(sandbox, url, 'POST', `/api/organizations/${id}/users`, { users });
  service.child.kill('SIGTERM');
  await service.ended;
  return id;
}
