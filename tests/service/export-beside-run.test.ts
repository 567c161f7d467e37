import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { type Bench, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

// The full size, 200,000 users, is a measurement: `npm run bench -- --scenario export`.
const people = 6_000;

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

interface Exported {
  readonly userPrincipalName: string;
  readonly status: string;
  readonly checkedAt: string | null;
}

test.each(['embedded', 'PostgreSQL'])(
  'fault 83: while a run turns their filter over, everybody who matched at the start is in the file once: %s',
  async (database) => {
    await using bench = await startBench({
      sandbox: { people },
      granted: mailboxPermissions,
      ...(database === 'PostgreSQL' ? { database: { kind: 'postgres', url: await server.createDatabase() } } : {}),
    });
    const admin = bench.signIn('ada@contoso.example');
    const { people: everybody } = bench.sandbox.tenant;
    const wanted = everybody.slice(0, -100);
    const organizationId = await bench.organizationWith(admin, wanted);
    await bench.organizationWith(admin, everybody.slice(-100));

    const response = await admin.send(api.exportUsersAsJson, { query: { organizationId, status: 'not_checked' } });
    const reader = textReader(response);
    await reader.next();
    const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
    const run = bench.queue.drain();
    await expect.poll(() => resultsOf(bench, check.id), { timeout: 30_000 }).toBeGreaterThan(300);
    const users = JSON.parse(await reader.rest()) as Exported[];
    await run;

    const names = users.map(({ userPrincipalName }) => userPrincipalName);
    expect(new Set(names).size).toBe(names.length);
    expect(names.sort()).toEqual(wanted.map(({ userPrincipalName }) => userPrincipalName).sort());
    expect(response.headers.get('content-disposition')).toContain(`_${wanted.length}.json`);
    // Each row is whole, as of its reading: no status without the time of its check.
    expect(users.every(({ status, checkedAt }) => (status === 'Not checked') === (checkedAt === null))).toBe(true);
    expect(new Set(users.map(({ status }) => status)).size).toBeGreaterThan(1);
    expect(await matching(admin, organizationId)).toBe(0);
  },
  120_000,
);

function textReader(response: Response) {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  const next = async () => {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    return !done;
  };
  return {
    next,
    async rest() {
      while (await next());
      return text;
    },
  };
}

async function resultsOf({ service }: Bench, checkId: string): Promise<number> {
  const { count } = await service.database.db
    .selectFrom('check_results')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('check_id', '=', checkId as never)
    .executeTakeFirstOrThrow();
  return count;
}

async function matching(admin: TestAdmin, organizationId: string): Promise<number> {
  const { counts } = await admin.call(api.listUsers, { query: { organizationId, limit: 1 } as never });
  return counts?.not_checked ?? 0;
}
