import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { openDatabase } from '../../src/service/db/database.ts';
import { inTransaction } from '../../src/service/db/transaction.ts';
import { channelPrefix, type StepMessage } from '../../src/service/steps.ts';
import { mailboxPermissions, startBench } from '../support/bench.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

const noFault = { onFault() {} };
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

test('fault 164: the server restarts in the middle of a check: 503 with Retry-After, then the run completes, once', {
  timeout: 90_000,
}, async () => {
  await using proxy = await startFaultProxy(await server.createDatabase());
  await using bench = await startBench({
    granted: mailboxPermissions,
    database: { kind: 'postgres', url: proxy.url },
    sandbox: { people: 200, settings: { graphLatencyMs: 100 } },
  });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
  const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  const progress = () => admin.call(api.getConnectivityCheck, { params: { checkId: check.id } });
  await expect.poll(async () => (await progress()).done, { timeout: 10_000, interval: 20 }).toBeGreaterThan(20);

  proxy.refuse();
  const refused = await admin.send(api.createOrganization, { body: { name: 'Meanwhile', externalId: 'meanwhile' } });
  const alive = await bench.fetch('/healthz');
  const ready = await bench.fetch('/readyz');
  proxy.mend();
  const created = await admin.send(api.createOrganization, { body: { name: 'Meanwhile', externalId: 'meanwhile' } });
  await expect.poll(async () => (await progress()).state, { timeout: 60_000, interval: 100 }).toBe('completed');

  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
  expect([alive.status, ready.status]).toEqual([200, 503]);
  expect(created.status).toBe(201);
  expect(await progress()).toMatchObject({ done: bench.sandbox.tenant.people.length });
  const { activities } = await admin.call(api.listActivity, { query: { limit: 50 } });
  expect(activities.filter(({ type }) => type === 'check.ended')).toHaveLength(1);
  expect((await bench.fetch('/readyz')).status).toBe(200);
});

test('fault 164: a connection that went silent is cut at the deadline and replaced', async () => {
  await using proxy = await startFaultProxy(await server.createDatabase());
  const database = await openDatabase({ kind: 'postgres', url: proxy.url }, { ...noFault, queryDeadlineMs: 300 });
  proxy.silence();
  const hanging = database.db.selectFrom('organizations').selectAll().execute();
  proxy.mend();

  await expect(hanging).rejects.toThrow('Connection terminated');
  await expect(database.db.selectFrom('organizations').selectAll().execute()).resolves.toEqual([]);
  await database.close();
});

test('fault 158: a lock that another session holds ends the request with 503, and the next one works', async () => {
  const url = await server.createDatabase();
  const database = await openDatabase({ kind: 'postgres', url }, { ...noFault, queryDeadlineMs: 500 });
  await using _closing = { [Symbol.asyncDispose]: () => database.close() };
  await using bench = await startBench({ service: { database } });
  const admin = bench.signIn('ada@contoso.example');
  await admin.call(api.listOrganizations);
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query('begin; lock table users, mailbox_access in access exclusive mode');

  const hanging = await admin.send(api.listUsers);
  await other.query('rollback');
  await other.end();

  expect(hanging.status).toBe(503);
  expect((await admin.send(api.listUsers)).status).toBe(200);
});

test('fault 165: with every connection taken a request waits five seconds at most, and health needs none', async () => {
  const url = await server.createDatabase();
  const database = await openDatabase({ kind: 'postgres', url }, noFault);
  await using _closing = { [Symbol.asyncDispose]: () => database.close() };
  await using bench = await startBench({ service: { database } });
  const admin = bench.signIn('ada@contoso.example');
  await admin.call(api.listOrganizations);
  const free = Promise.withResolvers<void>();
  const holding = Array.from({ length: 10 }, () =>
    inTransaction(database.db, async (tx) => {
      await sql`select 1`.execute(tx);
      await free.promise;
    }),
  );
  await expect
    .poll(async () => {
      const watching = new Client({ connectionString: url });
      await watching.connect();
      const { rows } = await watching.query(
        `select count(*)::int as count from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`,
      );
      await watching.end();
      return rows[0]?.count;
    })
    .toBe(10);

  const askedAtMs = performance.now();
  const refused = await admin.send(api.listUsers);
  const waitedMs = performance.now() - askedAtMs;
  const health = await bench.fetch('/healthz');
  free.resolve();
  await Promise.all(holding);

  expect(refused.status).toBe(503);
  expect(waitedMs).toBeLessThan(8_000);
  expect(health.status).toBe(200);
  expect((await admin.send(api.listUsers)).status).toBe(200);
});

test('fault 166: of two transactions that wait for each other one is tried again, and nobody sees it', async () => {
  const database = await openDatabase({ kind: 'postgres', url: await server.createDatabase() }, noFault);
  const { db } = database;
  await sql`create table lines (id int primary key, count int not null default 0)`.execute(db);
  await sql`insert into lines values (1), (2)`.execute(db);
  const both = Promise.withResolvers<void>();
  let holding = 0;
  let tries = 0;
  const addToBoth = (first: number, second: number) =>
    inTransaction(db, async (tx) => {
      tries += 1;
      await sql`update lines set count = count + 1 where id = ${first}`.execute(tx);
      if (++holding === 2) both.resolve();
      await both.promise;
      await sql`update lines set count = count + 1 where id = ${second}`.execute(tx);
    });

  await Promise.all([addToBoth(1, 2), addToBoth(2, 1)]);
  const { rows } = await sql<{ count: number }>`select count from lines`.execute(db);
  await database.close();

  expect(tries).toBe(3);
  expect(rows).toEqual([{ count: 2 }, { count: 2 }]);
});

test('fault 167: a migration that fails half-way leaves whole steps only, and the next start ends it', async () => {
  const reference = await openDatabase({ kind: 'postgres', url: await server.createDatabase() }, noFault);
  const wanted = await schemaOf(reference.db);
  await reference.close();
  const url = await server.createDatabase();

  for (const failing of [3, 12, 30, 55, 80]) {
    await expect(openFailingAt(url, failing)).rejects.toThrow('injected');
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(`select count(*)::int as count from pg_stat_activity
      where datname = current_database() and state like 'idle in transaction%'`);
    await client.end();
    expect(rows[0]?.count).toBe(0);
  }
  const database = await openDatabase({ kind: 'postgres', url }, noFault);
  const again = await openDatabase({ kind: 'postgres', url }, noFault);

  expect(await schemaOf(database.db)).toEqual(wanted);
  await again.close();
  await database.close();
});

async function openFailingAt(url: string, nth: number): Promise<void> {
  let passed = 0;
  const listener = (message: unknown) => {
    passed += 1;
    if (passed === nth) (message as StepMessage).fail(new Error('injected'));
  };
  subscribe(`${channelPrefix}database.statement`, listener);
  try {
    const opened = await openDatabase({ kind: 'postgres', url }, noFault);
    await opened.close();
  } finally {
    unsubscribe(`${channelPrefix}database.statement`, listener);
  }
}

async function schemaOf(db: Awaited<ReturnType<typeof openDatabase>>['db']): Promise<unknown> {
  const { rows } = await sql`
    select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
    where table_schema = 'public' union all
    select tablename, indexname, indexdef, null, null from pg_indexes where schemaname = 'public' order by 1, 2
  `.execute(db);
  return rows;
}
