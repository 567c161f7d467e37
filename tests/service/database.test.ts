import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { foldText } from '../../src/domain/fold-text.ts';
import type { OrganizationId } from '../../src/domain/ids.ts';
import { ownRegistration } from '../../src/domain/registration.ts';
import type { Admin } from '../../src/service/auth/admin.ts';
import { type Database, openDatabase } from '../../src/service/db/database.ts';
import { migrateToLatest, NewerSchema } from '../../src/service/db/migrate.ts';
import { ChangedStep } from '../../src/service/db/migration-checksums.ts';
import { inTransaction, OuterQueryInTransaction } from '../../src/service/db/transaction.ts';
import { createLogger } from '../../src/service/log.ts';
import { defineJob } from '../../src/service/queue/job.ts';
import { createQueue } from '../../src/service/queue/queue.ts';
import { bothEngines } from '../support/both-engines.ts';
import { officeOf, people, progress, resultFor, runningCheck, storesOn } from '../support/stores.ts';

const engines = bothEngines();

describe.each(engines.all)('fault 170: on %s', (_name, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database?.close());

  test('numbers, times, lists and JSON come back as they went in', async () => {
    const { admin, organizations, activities } = storesOn(database);
    await organizations.ensureDefault(admin.tenantId);
    const [organization] = await organizations.list(admin.tenantId);
    const { rows } = await sql<Record<string, unknown>>`
      select count(*) as count, 9007199254740991::int8 as large, ${['mail', 'calendar']}::text[] as list,
        ${JSON.stringify({ a: [1, null] })}::jsonb as json, '2026-11-23T10:00:00.123Z'::timestamptz as time, true as bool
    `.execute(database.db);

    expect(organization).toMatchObject({
      userCount: 0,
      capabilities: ['mail', 'calendar', 'contacts'],
      isDefault: true,
    });
    expect(rows[0]).toEqual({
      count: 1,
      large: Number.MAX_SAFE_INTEGER,
      list: ['mail', 'calendar'],
      json: { a: [1, null] },
      time: new Date('2026-11-23T10:00:00.123Z'),
      bool: true,
    });
    expect((await activities.list(admin.tenantId, { limit: 10 })).activities).toMatchObject([
      { type: 'organization.created', details: {} },
    ]);
  });

  test('names sort and page the same', async () => {
    const { admin, users, organization } = await runningCheck(database, 23);
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await users.list(
        admin.tenantId,
        { organizationId: organization.id },
        { sorts: ['name'], limit: 5, cursor },
      );
      names.push(...page.users.map(({ displayName }) => displayName));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);

    expect(names).toHaveLength(23);
    expect(names.map((name) => name.split(' ')[0])).toEqual([
      ...Array(5).fill('Ångström'),
      ...Array(5).fill('apple'),
      ...Array(4).fill('Émile'),
      ...Array(4).fill('Müller'),
      ...Array(5).fill('Zoë'),
    ]);
  });

  /** What the database keeps, and what is found by counting. */
  async function tallied({ tenantId }: Admin) {
    const { rows } = await sql<{ what: string; kept: number; counted: number }>`
      select what, sum(kept)::int as kept, sum(counted)::int as counted from (
        select concat_ws(' ', organization_id, status, reason) as what, count as kept, 0 as counted
          from access_tallies where tenant_id = ${tenantId}
        union all select concat_ws(' ', u.organization_id, a.status, coalesce(a.reason, '')), 0, 1
          from mailbox_access a join users u on u.tenant_id = a.tenant_id and u.id = a.user_id
          where u.tenant_id = ${tenantId} and u.sort_name = a.sort_name and u.organization_id = a.organization_id
        union all select concat_ws(' ', organization_id, mailbox_state), count, 0
          from state_tallies where tenant_id = ${tenantId}
        union all select concat_ws(' ', organization_id, mailbox_state), 0, 1 from users where tenant_id = ${tenantId}
      ) n group by what order by what
    `.execute(database.db);
    return { rows, wrong: rows.filter(({ kept, counted }) => kept !== counted) };
  }

  test('fault 153: the numbers of lists are those of the rows, whatever happens to users', async () => {
    const { admin, checks, claimed, members, users, organizations } = await runningCheck(database, 60);
    const other = await organizations.create(admin, {
      name: 'Branch',
      externalId: 'branch',
      connectionType: 'graph_app_only',
    });
    const ids = members.map(({ id }) => id);
    const results = ids.map((id, index) =>
      resultFor(id, (['working', 'blocked', 'could_not_tell'] as const)[index % 3]),
    );

    await checks.saveResults(claimed, ownRegistration, results.slice(0, 40), progress);
    await users.move(
      admin,
      { id: other, name: 'Branch', connection_type: 'graph_app_only' as const },
      ids.slice(10, 30),
    );
    await users.remove(admin, ids.slice(25, 35), true);
    await checks.saveResults(claimed, ownRegistration, results, progress);
    await sql`update users set display_name = 'Aa', sort_name = 'aa' where tenant_id = ${admin.tenantId} and id = ${ids[0]}`.execute(
      database.db,
    );
    const { rows, wrong } = await tallied(admin);

    expect(wrong).toEqual([]);
    expect(rows.reduce((sum, { kept }) => sum + kept, 0)).toBe(2 * 50);
    expect((await organizations.list(admin.tenantId)).map(({ name, userCount }) => [name, userCount])).toEqual([
      ['Branch', 15],
      ['Office', 35],
    ]);
  });

  test('fault 153: the numbers of lists are those of the rows when many write at once', async () => {
    const { admin, members } = await runningCheck(database, 40);
    const statuses = ['working', 'blocked', 'limited'];

    await Promise.all(
      members.flatMap(({ id }, index) =>
        [0, 1].map((round) =>
          inTransaction(database.db, async (tx) => {
            await sql`update mailbox_access set status = ${statuses[(index + round) % 3]}
              where tenant_id = ${admin.tenantId} and user_id = ${id}`.execute(tx);
            await sql`update users set mailbox_state = ${round === 0 ? 'initialized' : 'switching'}
              where tenant_id = ${admin.tenantId} and id = ${id}`.execute(tx);
          }),
        ),
      ),
    );

    expect(await tallied(admin)).toMatchObject({ wrong: [] });
  });

  // Within the time of a test: with the plan of an empty table each page of these took seconds.
  test('a list that was read while nobody was there reads thousands page by page', async () => {
    const small = await runningCheck(database, 3);
    const sorts = ['name'] as const;
    for (let time = 0; time < 6; time++) await small.users.list(small.admin.tenantId, {}, { sorts, limit: 500 });
    const { admin, users, members } = await officeOf(database, 4_000);
    const found: string[] = [];
    for (let time = 0; time < 2; time++) {
      let cursor: string | undefined;
      do {
        const page = await users.list(admin.tenantId, {}, { sorts, limit: 500, cursor });
        found.push(...page.users.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
    }
    const ids = members.map(({ id }) => id as string);
    expect(found.sort()).toEqual([...ids, ...ids].sort());
  });

  test('a search answers the same way whether it finds few or many', async () => {
    const { admin, users, members, checks, claimed, organization } = await runningCheck(database, 2_700);
    await checks.saveResults(
      claimed,
      ownRegistration,
      members.filter((_, index) => index % 9 === 0).map(({ id }) => resultFor(id, 'blocked')),
      progress,
    );
    const rankAndName = (person: (typeof members)[number], index: number) =>
      `${index % 9 === 0 ? 'blocked' : 'not_checked'} ${foldText(person.displayName)}`;

    for (const search of ['ÉMILE', 'contoso.EXAMPLE', 'emile 3', 'nobody']) {
      const expected = members
        .map((person, index) => ({
          text: foldText(`${person.displayName} ${person.userPrincipalName}`),
          line: rankAndName(person, index),
        }))
        .filter(({ text }) => text.includes(foldText(search)))
        .map(({ line }) => line)
        .sort((a, b) => (a < b ? -1 : 1));
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const filter = { organizationId: organization.id, search };
        const page = await users.list(admin.tenantId, filter, { sorts: ['status'], limit: 500, cursor });
        found.push(...page.users.map(({ access, displayName }) => `${access.status} ${foldText(displayName)}`));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      const counts = await users.counts(admin.tenantId, { search });

      expect(found).toEqual(expected);
      expect(counts.blocked).toBe(expected.filter((line) => line.startsWith('blocked')).length);
      expect(counts.blocked + counts.not_checked).toBe(expected.length);
    }
  });

  test('an External Id conflict is told by the index, not by a look before', async () => {
    const { admin, organizations } = storesOn(database);
    const creating = Array.from({ length: 5 }, () =>
      organizations.create(admin, { name: 'x', externalId: 'same', connectionType: 'graph_app_only' }),
    );
    const settled = await Promise.allSettled(creating);

    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of settled) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'organization.external_id_taken' });
    }
  });

  test('people for an organization that was deleted a moment ago are refused by name', async () => {
    const { admin, users } = storesOn(database);
    const gone = {
      id: crypto.randomUUID() as OrganizationId,
      name: 'Gone',
      connection_type: 'graph_app_only' as const,
    };
    await expect(users.add(admin, gone, people(1))).rejects.toMatchObject({ code: 'organization.not_found' });
  });

  test('inside a transaction the database itself is refused, and nothing of it stays', async () => {
    const { admin, organizations } = storesOn(database);
    const attempt = inTransaction(database.db, async (tx) => {
      await tx.deleteFrom('organizations').where('tenant_id', '=', admin.tenantId).execute();
      await organizations.ensureDefault(admin.tenantId);
    });
    await expect(attempt).rejects.toThrow(OuterQueryInTransaction);
    await expect(
      inTransaction(database.db, () => database.db.selectFrom('users').selectAll().execute()),
    ).rejects.toThrow(OuterQueryInTransaction);
  });

  test('a failed transaction leaves nothing, and the next one works', async () => {
    const { admin, organizations } = storesOn(database);
    await organizations.ensureDefault(admin.tenantId);
    const failing = inTransaction(database.db, async (tx) => {
      await tx.deleteFrom('organizations').where('tenant_id', '=', admin.tenantId).execute();
      await sql`select 1 / 0`.execute(tx);
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await organizations.list(admin.tenantId)).toHaveLength(1);
  });

  test('concurrent transactions and queries do not see each other’s half', async () => {
    const { admin, organizations } = storesOn(database);
    const work = Array.from({ length: 30 }, async (_, index) => {
      if (index % 3 === 0) return void (await organizations.list(admin.tenantId));
      if (index % 3 === 1)
        return void (await organizations.create(admin, {
          name: 'x',
          externalId: `o${index}`,
          connectionType: 'graph_app_only',
        }));
      await inTransaction(database.db, async (tx) => {
        await tx.deleteFrom('organizations').where('tenant_id', '=', admin.tenantId).execute();
        throw new Error('rolled back');
      }).catch(() => {});
    });
    await Promise.all(work);
    expect(await organizations.list(admin.tenantId)).toHaveLength(10);
  });

  test('fault 148: a job exists exactly when its record does', async () => {
    const ran: string[] = [];
    const queue = createQueue({ database, logger: createLogger('silent'), works: true });
    const job = defineJob({
      name: 'test.job',
      payload: z.object({ id: z.string() }),
      async run({ id }: { id: string }) {
        ran.push(id);
      },
    });
    queue.register(job, {}, { concurrency: 2 });
    await queue.start();

    await inTransaction(database.db, (tx) => queue.enqueue(tx, job, { id: 'kept' }));
    await inTransaction(database.db, async (tx) => {
      await queue.enqueue(tx, job, { id: 'rolled back' });
      throw new Error('no');
    }).catch(() => {});
    await queue.drain();
    await queue.stop(1_000);

    expect(ran).toEqual(['kept']);
  });

  test('fault 150: behind 100,000 that are due later, a new job runs at once, and those done long ago are removed', async () => {
    const queue = createQueue({ database, logger: createLogger('silent'), works: true });
    const ran = Promise.withResolvers<void>();
    const job = defineJob({
      name: 'test.many',
      payload: z.object({}),
      async run() {
        ran.resolve();
      },
    });
    queue.register(job, {}, { concurrency: 2, oneAtATimePerKey: true });
    await queue.start();
    const add = (state: string, count: number, startAfter: string, completedOn: string | null) =>
      sql`
        insert into pgboss.job (id, name, data, state, policy, singleton_key, created_on, start_after, completed_on,
          deletion_seconds, keep_until)
        select gen_random_uuid(), ${job.name}, '{}', ${sql.lit(state)}, 'singleton', 'k' || n, now() - interval '2 days',
          now() + ${startAfter}::interval, now() + ${completedOn}::interval, 86400, now() + interval '14 days'
        from generate_series(1, ${sql.lit(count)}) n
      `.execute(database.db);
    await add('created', 100_000, '1 day', null);
    await add('completed', 100_000, '-2 days', '-2 days');
    // The queue is cleared once an hour, the first time soon after its start: by now, or while these came.
    await sql`update pgboss.queue set maintain_on = now() - interval '1 hour' where name = ${job.name}`.execute(
      database.db,
    );
    await inTransaction(database.db, (tx) => queue.enqueue(tx, job, {}, { key: 'new' }));
    await ran.promise;
    const left = async () => {
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from pgboss.job where completed_on < now() - interval '1 day'
      `.execute(database.db);
      return rows[0]?.count;
    };
    await expect.poll(left, { timeout: 60_000, interval: 200 }).toBe(0);
    await queue.stop(1_000);
    await sql`delete from pgboss.job where name = ${job.name}`.execute(database.db);
  }, 120_000);

  test('fault 152: a job of a newer release is left alone and told of, until a worker that knows it comes', async () => {
    const seen: string[] = [];
    const told = Promise.withResolvers<unknown>();
    const logger = Object.assign(createLogger('silent'), { warn: (line: unknown) => told.resolve(line) });
    const queueOf = async (release: string, payload: z.ZodType<{ id: string }>) => {
      const queue = createQueue({ database, logger, works: true });
      const job = defineJob({
        name: 'test.release',
        payload,
        async run({ id }: { id: string }) {
          seen.push(`${release}: ${id}`);
        },
      });
      queue.register(job, {}, { concurrency: 1, oneAtATimePerKey: true });
      await queue.start();
      return { queue, job };
    };
    const older = await queueOf('older', z.strictObject({ id: z.string() }));
    const newJob = { id: 'of both', onlyCalendars: true };
    await inTransaction(database.db, async (tx) => {
      await older.queue.enqueue(tx, older.job, newJob, { key: 'a' });
      await older.queue.enqueue(tx, older.job, { id: 'old' }, { key: 'b' });
    });
    expect(await told.promise).toMatchObject({ job: 'test.release' });
    await older.queue.drain();
    await older.queue.stop(1_000);
    expect(seen).toEqual(['older: old']);

    const newer = await queueOf('newer', z.strictObject({ id: z.string(), onlyCalendars: z.boolean().default(false) }));
    await newer.queue.drain(async () => {});
    await newer.queue.stop(1_000);

    expect(seen).toEqual(['older: old', 'newer: of both']);
  });

  test('fault 167: an older release refuses a database that a newer one migrated', async () => {
    await sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '2030-01-01')`.execute(
      database.db,
    );
    await expect(migrateToLatest(database.db)).rejects.toThrow(NewerSchema);
    await sql`delete from kysely_migration where name = '9999-from-the-future'`.execute(database.db);
    await migrateToLatest(database.db);
  });

  test('fault 167: a release with another step than the one that was applied refuses, and names it', async () => {
    await sql`update kysely_checksum set sha256 = 'of another' where name = '0003-mailbox-scope'`.execute(database.db);
    await expect(migrateToLatest(database.db)).rejects.toThrow(ChangedStep);
    await expect(migrateToLatest(database.db)).rejects.toThrow('0003-mailbox-scope');
    await sql`delete from kysely_checksum where name = '0003-mailbox-scope'`.execute(database.db);
    await migrateToLatest(database.db);
  });

  test('every table is keyed by tenant first', async () => {
    const { rows } = await sql<{ table: string; column: string }>`
      select c.relname as table, a.attname as column
      from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where i.indisprimary and n.nspname = 'public' and c.relname not like 'kysely_%'
        -- Of the operator's configuration, not of a tenant.
        and c.relname <> 'known_registrations'
    `.execute(database.db);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ column }) => column !== 'tenant_id')).toEqual([]);
  });
});

test('fault 167: three processes migrate one PostgreSQL database at the same time', async () => {
  const url = await engines.createPostgresDatabase();
  const opened = await Promise.all([1, 2, 3].map(() => openDatabase({ kind: 'postgres', url }, { onFault() {} })));
  const { rows } = await sql<{ count: number }>`select count(*) as count from kysely_migration`.execute(
    (opened[0] as Database).db,
  );
  await Promise.all(opened.map((one) => one.close()));
  expect(rows[0]?.count).toBeGreaterThan(0);
});
