import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { TenantId } from '../../src/domain/ids.ts';
import { createRecordActivity } from '../../src/service/audit.ts';
import { systemClock } from '../../src/service/clock.ts';
import { type Database, openDatabase } from '../../src/service/db/database.ts';
import { DirectoryInUse, lockDirectory } from '../../src/service/db/directory-lock.ts';
import { EmbeddedDatabase } from '../../src/service/db/pglite-proxy.ts';
import { inBulkStatement, inBulkTransaction, inTransaction } from '../../src/service/db/transaction.ts';
import { channelPrefix, type StepMessage } from '../../src/service/steps.ts';
import { databaseDump } from '../support/database-dump.ts';
import { temporaryFolder } from '../support/service-process.ts';

// What only the embedded database has: one connection, a thread and a directory of its own.

const noFault = { onFault() {} };

test('syncs to disk what it commits', async () => {
  using folder = temporaryFolder();
  const database = await openDatabase({ kind: 'embedded', directory: folder.path }, noFault);
  const before = (await database.embedded?.fsyncs()) ?? 0;
  for (let index = 0; index < 20; index++) {
    await inTransaction(database.db, (tx) =>
      createRecordActivity(systemClock)(tx, { tenantId: crypto.randomUUID() as TenantId, type: 'check.ended' }),
    );
  }
  const after = (await database.embedded?.fsyncs()) ?? 0;
  await database.close();
  expect(after - before).toBeGreaterThanOrEqual(20);
});

test('asks the system once how long a table is, not with each row', async () => {
  using folder = temporaryFolder();
  const database = await openDatabase({ kind: 'embedded', directory: folder.path }, noFault);
  await sql`create table lines (id int primary key, line text)`.execute(database.db);
  const before = (await database.embedded?.sizeReads()) ?? 0;
  await sql`insert into lines select n, repeat('x', 500) from generate_series(1, 5000) n`.execute(database.db);
  const after = (await database.embedded?.sizeReads()) ?? 0;
  await database.close();
  expect(before).toBeGreaterThan(0);
  expect(after - before).toBeLessThan(30);
});

test('knows how long its files are after tables grow, shrink, vanish and come again', async () => {
  using folder = temporaryFolder();
  const sizes = async ({ db }: Database) => {
    const { rows } = await sql<{ pages: number; count: number }>`
      select pg_relation_size('lines') / 8192 as pages, (select count(*) from lines) as count
    `.execute(db);
    return rows[0];
  };
  const database = await openDatabase({ kind: 'embedded', directory: folder.path }, noFault);
  const { db } = database;
  await sql`create table lines (id int primary key, line text)`.execute(db);
  await sql`insert into lines select n, repeat('x', 500) from generate_series(1, 5000) n`.execute(db);
  const grown = await sizes(database);
  await sql`delete from lines where id > 500`.execute(db);
  await database.embedded?.exec('VACUUM lines');
  const shrunk = await sizes(database);
  await sql`insert into lines select n, repeat('y', 500) from generate_series(501, 3000) n`.execute(db);
  const grownAgain = await sizes(database);
  await sql`truncate lines`.execute(db);
  await sql`insert into lines select n, repeat('z', 500) from generate_series(1, 700) n`.execute(db);
  await database.embedded?.exec('CHECKPOINT');
  await database.close();
  const opened = await openDatabase({ kind: 'embedded', directory: folder.path }, noFault);
  const afterwards = await sizes(opened);
  await opened.close();

  expect(grown).toMatchObject({ count: 5000, pages: expect.toSatisfy((pages: number) => pages > 300) });
  expect(shrunk).toMatchObject({ count: 500, pages: expect.toSatisfy((pages: number) => pages < 50) });
  expect(grownAgain).toMatchObject({ count: 3000, pages: expect.toSatisfy((pages: number) => pages > 150) });
  expect(afterwards).toMatchObject({ count: 700, pages: expect.toSatisfy((pages: number) => pages < 70) });
});

test('fault 156: is opened by one owner at a time, and is free again afterwards', async () => {
  using folder = temporaryFolder();
  const first = await lockDirectory(folder.path);
  await expect(lockDirectory(folder.path)).rejects.toThrow(DirectoryInUse);
  await expect(lockDirectory(folder.path)).rejects.toThrow(`in use by process ${process.pid}`);
  expect(readFileSync(`${folder.path}/service.pid`, 'utf8')).toContain(String(process.pid));
  await first.release();
  const second = await lockDirectory(folder.path);
  await second.release();
});

test('fault 158: that does not answer in time is reported once, and refuses from then on', async () => {
  const faults: Error[] = [];
  const engine = new EmbeddedDatabase({
    dump: await databaseDump(),
    queryDeadlineMs: 300,
    onFault: (error) => faults.push(error),
  });
  await engine.waitReady;
  await expect(engine.query(`select count(*) from generate_series(1, 30000000)`)).rejects.toThrow(
    'did not answer within 300 ms',
  );
  await expect(engine.query('select 1')).rejects.toThrow('did not answer');
  await engine.close();
  expect(faults).toHaveLength(1);
});

test.each(['begin', 'statement', 'commit'])(
  'a transaction whose %s fails is over, and the next one works',
  async (what) => {
    const database = await openDatabase({ kind: 'memory', dump: await databaseDump() }, noFault);
    const note = (tx: typeof database.db) => sql`insert into lines values (1)`.execute(tx);
    await sql`create table lines (id int primary key)`.execute(database.db);
    let left = ['begin', 'statement', 'commit'].indexOf(what);
    const fail = (message: unknown) => {
      if (left-- === 0) (message as StepMessage).fail(new Error('the disk is away'));
    };
    subscribe(`${channelPrefix}database.statement`, fail);
    await expect(inTransaction(database.db, note)).rejects.toThrow('the disk is away');
    unsubscribe(`${channelPrefix}database.statement`, fail);

    await inTransaction(database.db, note);
    const { rows } = await sql`select id from lines`.execute(database.db);
    await database.close();

    expect(rows).toEqual([{ id: 1 }]);
  },
);

test('who asks several questions, one after the other, waits for one bulk transaction at most', async () => {
  const database = await openDatabase({ kind: 'memory', dump: await databaseDump() }, noFault);
  const ask = () => sql`select 1`.execute(database.db);
  let begun = 0;
  let isOver = false;
  const bulk = (async () => {
    while (!isOver) {
      await inBulkTransaction(database.db, async (tx) => {
        begun += 1;
        await sql`select 1`.execute(tx);
      });
    }
  })();
  const askUntilBegun = async () => {
    const before = begun;
    while (begun === before) await ask();
  };
  const meanwhile: number[] = [];
  // Where the machine is so slow that five questions take longer than bulk work waits, it goes in between.
  for (let time = 0; time < 20; time++) {
    // Questions without end do not keep it waiting for ever either.
    await askUntilBegun();
    const before = begun;
    for (let question = 0; question < 5; question++) await ask();
    meanwhile.push(begun - before);
  }
  isOver = true;
  await bulk;
  await database.close();

  expect(Math.min(...meanwhile)).toBeLessThanOrEqual(1);
});

test('bulk work goes first come, first served, however often somebody else comes', async () => {
  const database = await openDatabase({ kind: 'memory', dump: await databaseDump() }, noFault);
  const statement = sql`select 1`.compile(database.db);
  let served = 0;
  let isOver = false;
  const oftenAsking = (async () => {
    while (!isOver) {
      await inBulkStatement(database.db, statement);
      served += 1;
    }
  })();
  const before: number[] = [];
  for (let time = 0; time < 20; time++) {
    const servedUntilNow = served;
    await inBulkStatement(database.db, statement);
    before.push(served - servedUntilNow);
  }
  isOver = true;
  await oftenAsking;
  await database.close();

  expect(Math.max(...before)).toBeLessThanOrEqual(1);
});

test('the next statement does not wait until this process has read the answer to the one before', async () => {
  const database = await openDatabase({ kind: 'memory', dump: await databaseDump() }, noFault);
  const ask = async () => {
    const { rows } = await sql<{ at: number }>`select extract(epoch from clock_timestamp()) * 1000 as at`.execute(
      database.db,
    );
    return Number(rows[0]?.at);
  };
  await ask();
  const asked = Promise.all([ask(), ask(), ask()]);
  await new Promise(setImmediate);
  // Nothing is read meanwhile.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  const readFrom = Date.now();
  const at = await asked;
  await database.close();
  expect(Math.max(...at)).toBeLessThan(readFrom);
});

test('a transaction has the database to itself, whoever asks meanwhile', async () => {
  const database = await openDatabase({ kind: 'memory', dump: await databaseDump() }, noFault);
  const { db } = database;
  await sql`create table lines (id int)`.execute(db);
  const count = async () => (await sql<{ count: number }>`select count(*) from lines`.execute(db)).rows[0]?.count;
  const counts: Promise<number | undefined>[] = [];
  const begun = Promise.withResolvers<void>();
  const add = (ids: readonly number[]) =>
    inTransaction(db, async (tx) => {
      for (const id of ids) {
        await sql`insert into lines values (${id})`.execute(tx);
        begun.resolve();
      }
    });
  const added = Promise.all([add([1, 2, 3]), add([4, 5, 6])]);
  await begun.promise;
  for (let time = 0; time < 3; time++) counts.push(count());
  await added;
  const seen = await Promise.all(counts);
  await database.close();
  for (const number of seen) expect([3, 6]).toContain(number);
});

test('does not block the event loop while it works', async () => {
  const engine = new EmbeddedDatabase({ dump: await databaseDump() });
  await engine.waitReady;
  let longestMs = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 5);
  await engine.query('select count(*) from generate_series(1, 5000000)');
  clearInterval(timer);
  await engine.close();
  // A blocked loop would stand still for the whole query, which takes seconds.
  expect(longestMs).toBeLessThan(300);
});

test('who reads while the queue looks for jobs everywhere waits for one of its questions, not for all', async () => {
  const database = await openDatabase({ kind: 'memory', dump: await databaseDump() }, noFault);
  const answered: string[] = [];
  const queue = Array.from({ length: 20 }, async () => {
    await database.bossOptions.db?.executeSql('select 1', []);
    answered.push('queue');
  });
  const reader = sql`select 1`.execute(database.db).then(() => answered.push('reader'));

  await Promise.all([...queue, reader]);
  await database.close();

  expect(answered).toHaveLength(21);
  expect(answered.indexOf('reader')).toBeLessThanOrEqual(2);
});
