import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { reasonWords } from '../../src/contract/reasons.ts';
import { rankOf } from '../../src/service/db/access-counts.ts';
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

test.each(['embedded', 'PostgreSQL'])(
  'fault 83: a file is of one moment and is not read ahead for a reader that takes its time: %s',
  async (database) => {
    const pairs = 20_000;
    await using bench = await startBench(
      database === 'PostgreSQL' ? { database: { kind: 'postgres', url: await server.createDatabase() } } : {},
    );
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, []);
    const { db } = bench.service.database;
    await sql`
      insert into users (tenant_id, id, organization_id, organization_since, display_name, user_principal_name, search,
        sort_name, connection_type, created_at)
      select ${bench.tenantId}, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, ${organizationId}, now(),
        'Person ' || n, n || '@pair.example', 'person ' || n, 'person ' || n, 'none', now()
      from generate_series(0, ${2 * pairs - 1}) n
    `.execute(db);
    const [working, blocked] = [rankOf('working'), rankOf('blocked')];
    await sql`
      insert into mailbox_access (tenant_id, user_id, organization_id, sort_name, status, status_rank, reason)
      select tenant_id, id, organization_id, sort_name, s.status, s.rank, s.reason from users
      join (values (0, 'blocked', ${blocked}::int, 'mailbox.none'), (1, 'working', ${working}::int, 'connected'))
        as s (half, status, rank, reason) on s.half = right(id::text, 12)::bigint % 2
      where tenant_id = ${bench.tenantId} and sort_name like 'person%'
    `.execute(db);

    const response = await admin.send(api.exportUsersAsJson, { query: { organizationId, status: 'blocked' } });
    const reader = textReader(response);
    await reader.next();
    // Everybody who was blocked works, and the other way round, in one statement.
    await sql`
      update mailbox_access set
        status = case status when 'blocked' then 'working' else 'blocked' end,
        status_rank = case status when 'blocked' then ${working}::int else ${blocked}::int end,
        reason = case status when 'blocked' then 'connected' else 'mailbox.none' end
      where tenant_id = ${bench.tenantId} and organization_id = ${organizationId}
    `.execute(db);
    const users = JSON.parse(await reader.rest()) as (Exported & { readonly reason: string })[];

    const numbers = users.map(({ userPrincipalName }) => Number.parseInt(userPrincipalName, 10));
    expect(numbers).toHaveLength(pairs);
    expect(new Set(numbers.map((number) => Math.floor(number / 2))).size).toBe(pairs);
    expect(numbers.every((number) => number % 2 === 0)).toBe(true);
    const [reasonOfBlocked, reasonOfWorking] = [reasonWords['mailbox.none'].title, reasonWords.connected.title];
    const whole = { Blocked: reasonOfBlocked, Working: reasonOfWorking } as Record<string, string>;
    expect(users.filter(({ status, reason }) => whole[status] !== reason)).toEqual([]);
    // What was read before the reader had taken the first piece: a few pages, however long the file is.
    expect(users.filter(({ status }) => status === 'Blocked').length).toBeLessThan(pairs / 8);
  },
  300_000,
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
