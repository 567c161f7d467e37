import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EwsMigration } from '../../src/contract/ews-migrations.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { asNewUser, mailboxPermissions } from '../support/bench.ts';
import { prepareDataDirectory } from '../support/database-dump.ts';
import { callAsAda, processEnvironment, startProcess, temporaryFolder } from '../support/service-process.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ people: 150, settings: { graphLatencyMs: 100 } });
  sandbox.tenant.grants.grant(...mailboxPermissions);
  for (const person of sandbox.tenant.people) person.mailbox.state = 'available';
});
afterAll(() => sandbox?.close());

async function startedMigration(url: string): Promise<string> {
  const post = async (path: string, body: object) =>
    (await callAsAda(sandbox, url, 'POST', path, body)).body as unknown as { id: string };
  const origin = { name: 'Head office', externalId: 'head', connectionType: 'ews_impersonation' };
  const { id } = await post('/api/organizations', origin);
  await post(`/api/organizations/${id}/users`, { users: sandbox.tenant.people.map(asNewUser) });
  await post(`/api/organizations/${id}/conversion`, {});
  return (await post(`/api/organizations/${id}/ews-migrations`, { canarySize: 5 })).id;
}

test('killed while rings switch and started again, the migration goes on, and everybody is in one state', {
  timeout: 240_000,
}, async () => {
  using folder = temporaryFolder();
  await prepareDataDirectory(join(folder.path, 'data'));
  const environment = processEnvironment(sandbox, folder.path, { LOG_LEVEL: 'info' });
  let migrationId = '';
  const get = async (url: string) =>
    (await callAsAda(sandbox, url, 'GET', `/api/ews-migrations/${migrationId}`)).body as unknown as EwsMigration;
  const isOver = ({ state }: EwsMigration) => state === 'completed';
  /** Each life of the service ends when the migration has come so far. */
  const lives: ((migration: EwsMigration) => boolean)[] = [
    ({ rings }) => rings[0]?.state === 'switching',
    ({ rings }) => rings[0]?.state === 'proved',
    ({ rings }) => (rings[2]?.check?.done ?? 0) > 0,
  ];
  for (const isFarEnough of lives) {
    await using life = startProcess(environment);
    const url = await life.ready();
    migrationId ||= await startedMigration(url);
    await expect
      .poll(
        async () => {
          const migration = await get(url);
          return isFarEnough(migration) || isOver(migration);
        },
        { interval: 10, timeout: 60_000 },
      )
      .toBe(true);
    life.child.kill('SIGKILL');
    expect(await life.ended).toBe('SIGKILL');
  }

  await using last = startProcess(environment);
  const url = await last.ready();
  await expect.poll(async () => (await get(url)).state, { interval: 100, timeout: 60_000 }).toBe('completed');
  const { rings, total } = await get(url);
  const { body } = await callAsAda(sandbox, url, 'GET', `/api/ews-migrations/${migrationId}/users?limit=200`);
  const { users } = body as unknown as { users: { id: string; state: string }[] };

  expect(total).toBe(sandbox.tenant.people.length);
  expect(rings.map(({ state, counts, total: all }) => [state, counts.on_graph, counts.switching, all])).toEqual(
    rings.map(({ total: all }) => ['proved', all, 0, all]),
  );
  expect(new Set(users.map(({ id }) => id)).size).toBe(total);
  expect(users.filter(({ state }) => state !== 'on_graph')).toEqual([]);
});
