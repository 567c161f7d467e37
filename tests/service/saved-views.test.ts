import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { type ListView, mostSavedViews } from '../../src/contract/saved-views.ts';
import * as step from '../../src/service/db/migrations/0017-lists.ts';
import { inTransaction } from '../../src/service/db/transaction.ts';
import { type Bench, startBench, type TestAdmin } from '../support/bench.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

const users: ListView = { list: 'users', filter: { status: 'blocked' }, sort: 'name,-lastSync', columns: ['name'] };
const organizations: ListView = {
  list: 'organizations',
  filter: { connection: 'hybrid', sync: 'not_synchronized' },
  sort: '-users',
  columns: ['name', 'users'],
};

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

describe.each(['embedded', 'postgres'] as const)('saved views, %s', (kind) => {
  let bench: Bench;
  let admin: TestAdmin;
  beforeAll(async () => {
    bench = await startBench({
      ...(kind === 'postgres' ? { database: { kind: 'postgres', url: await server.createDatabase() } } : {}),
    });
    admin = bench.signIn('ada@contoso.example');
  }, 300_000);
  afterAll(() => bench?.[Symbol.asyncDispose]());
  const shown = async (by = admin) =>
    (await by.call(api.listSavedViews)).views.map(({ name, isDefault, view }) => [name, view.list, isDefault]);

  test('views are an admin’s own: one of the same list and name is replaced, one at most opens a list', async () => {
    const first = await admin.call(api.saveView, { body: { name: 'To fix', view: users, isDefault: true } });
    const second = await admin.call(api.saveView, { body: { name: 'All', view: { ...users, filter: {} } } });
    const again = await admin.call(api.saveView, { body: { name: 'TO FIX', view: { ...users, sort: 'status' } } });
    const other = await admin.call(api.saveView, { body: { name: 'to fix', view: organizations, isDefault: true } });
    await admin.call(api.changeSavedView, { params: { viewId: second.id }, body: { isDefault: true } });

    expect(again.id).toBe(first.id);
    expect(other).toMatchObject({ name: 'to fix', view: organizations, isDefault: true });
    expect(await shown()).toEqual([
      ['All', 'users', true],
      ['to fix', 'organizations', true],
      ['TO FIX', 'users', false],
    ]);
    const foreign = bench.signIn('margaret@contoso.example');
    expect((await foreign.send(api.deleteSavedView, { params: { viewId: first.id } })).status).toBe(404);
    expect(await shown(foreign)).toEqual([]);
    await admin.call(api.deleteSavedView, { params: { viewId: first.id } });
    expect(await shown()).toEqual([
      ['All', 'users', true],
      ['to fix', 'organizations', true],
    ]);
  });

  test('one list may be full of views while the other takes more', async () => {
    const { db } = bench.service.database;
    await sql`
      insert into saved_views (tenant_id, id, owner_id, name, view, is_default, created_at)
      select tenant_id, gen_random_uuid(), owner_id, 'v' || n, view, false, created_at
      from saved_views, generate_series(2, ${mostSavedViews}) as n where list = 'users'
    `.execute(db);

    const refused = await admin.send(api.saveView, { body: { name: 'One more', view: users } });
    const taken = await admin.send(api.saveView, { body: { name: 'One more', view: organizations } });

    expect([refused.status, taken.status]).toEqual([409, 200]);
  });

  test('a view of an earlier release is one of the list of users', async () => {
    const { db } = bench.service.database;
    const { list: _, ...earlier } = users;
    const names = await inTransaction(db, async (tx) => {
      for (const statement of [
        'drop index users_switched_off',
        'drop index ews_migration_users_returned',
        'alter table checks drop column switches_returned, drop column kept',
        'alter table saved_views drop column list',
        'alter index saved_views_pkey rename to user_views_pkey',
        'create unique index user_views_of_owner on saved_views (tenant_id, owner_id, id)',
        'create unique index user_views_default on saved_views (tenant_id, id)',
        'alter table saved_views rename to user_views',
      ])
        await sql.raw(statement).execute(tx);
      await sql`delete from user_views`.execute(tx);
      await sql`
        insert into user_views (tenant_id, id, owner_id, name, view, is_default, created_at)
        values (${bench.tenantId}, gen_random_uuid(), gen_random_uuid(), 'Kept', ${JSON.stringify(earlier)}::jsonb, true, now())
      `.execute(tx);
      await step.up(tx as unknown as Kysely<unknown>);
      return tx.selectFrom('saved_views').select(['name', 'list', 'view', 'is_default']).execute();
    });

    expect(names).toEqual([{ name: 'Kept', list: 'users', view: users, is_default: true }]);
  });
});
