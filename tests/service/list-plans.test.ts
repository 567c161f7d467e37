import { type Kysely, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Schema } from '../../src/service/db/schema.ts';
import { readUsers } from '../../src/service/features/users/user-row.ts';
import { bothEngines } from '../support/both-engines.ts';
import { officeOf, people } from '../support/stores.ts';

const usersOnPage = 100;

/** Rows that a transaction read of each table, whatever led to them. */
async function rowsRead(tx: Kysely<Schema>): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string; count: number }>`
    select relname as name, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as count from pg_stat_xact_user_tables
    where relname in ('users', 'mailbox_access', 'mailbox_syncs')
  `.execute(tx);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

describe.each(bothEngines().all)('on %s', (_name, open) => {
  test('for a page no table is read twice, also when the plan could be one of the day when there was one user', async () => {
    const database = await open();
    const { admin, organization, members, users } = await officeOf(database, 1);
    const onlyOne = members.map(({ id }) => id);
    const many = people(2_000);
    const page = many.slice(0, usersOnPage).map(({ id }) => id);

    const [found, read] = await database.db.connection().execute(async (connection) => {
      await sql`analyze`.execute(connection);
      // A plan is kept per connection.
      for (let time = 0; time < 10; time++) await readUsers(connection, admin.tenantId, onlyOne);
      await users.add(admin, organization, many);
      return connection
        .transaction()
        .execute(async (tx) => [await readUsers(tx, admin.tenantId, page), await rowsRead(tx)] as const);
    });
    await database.close();

    expect(found.size).toBe(usersOnPage);
    for (const rows of Object.values(read)) expect(rows).toBeLessThan(2 * many.length);
    expect(Object.keys(read).toSorted()).toEqual(['mailbox_access', 'mailbox_syncs', 'users']);
  });
});
