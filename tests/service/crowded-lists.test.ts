import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { User, UserFilter } from '../../src/contract/users.ts';
import type { OrganizationId } from '../../src/domain/ids.ts';
import { accessStatuses } from '../../src/domain/mailbox-access/verdict.ts';
import type { UserSort } from '../../src/domain/users/user-list.ts';
import { type Bench, startBench, type TestAdmin } from '../support/bench.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

// More than are read and sorted: lists of them are walks along an index, and what such a walk does not meet is sorted.
const crowd = 7_100;

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

describe.each(['embedded', 'postgres'] as const)('lists of a crowd, %s', (kind) => {
  let bench: Bench;
  let admin: TestAdmin;
  let early: OrganizationId;
  let late: OrganizationId;
  let everybody: User[];

  beforeAll(async () => {
    bench = await startBench({
      ...(kind === 'postgres' ? { database: { kind: 'postgres', url: await server.createDatabase() } } : {}),
      service: { rateLimits: { client: { perSecond: 1000, burst: 5000 }, admin: { perSecond: 1000, burst: 5000 } } },
    });
    admin = bench.signIn('ada@contoso.example');
    early = await bench.organizationWith(admin, [], 'Early');
    late = await bench.organizationWith(admin, [], 'late');
    await bench.organizationWith(admin, [], 'Empty');
    // Synchronized and checked before everybody in the other organization, and every hundredth is switched off.
    const { db } = bench.service.database;
    for (const [name, organizationId, day] of [
      ['early', early, '2026-11-01'],
      ['late', late, '2026-11-02'],
    ] as const) {
      await sql`
        insert into users (tenant_id, id, organization_id, organization_since, display_name, user_principal_name, search,
          sort_name, connection_type, sync_enabled, created_at)
        select ${bench.tenantId}, gen_random_uuid(), ${organizationId}, now(), ${name} || ' ' || lpad(n::text, 5, '0'),
          ${name} || n || '@crowd.example', ${name} || ' ' || n || '@crowd.example', ${name} || ' ' || lpad(n::text, 5, '0'),
          'graph_app_only', n % 100 > 0, now() from generate_series(1, ${crowd}) n
      `.execute(db);
      await sql`
        insert into mailbox_access (tenant_id, user_id, organization_id, sort_name, status, status_rank, checked_at)
        select tenant_id, id, organization_id, sort_name, 'working', ${accessStatuses.indexOf('working')}::int,
          ${day}::timestamptz + right(sort_name, 5)::int % 50 * interval '1 minute'
        from users where organization_id = ${organizationId}
      `.execute(db);
      await sql`
        update mailbox_syncs s set last_sync_at = a.checked_at from mailbox_access a
        where a.user_id = s.user_id and a.organization_id = ${organizationId}
      `.execute(db);
    }
    // Few of one organization do not work, and few of the other one do.
    for (const [status, of] of [
      ['blocked', sql`organization_id = ${early} and right(sort_name, 5)::int % 40 = 0`],
      ['exposed', sql`organization_id = ${early} and right(sort_name, 5)::int % 700 = 3`],
      ['could_not_tell', sql`organization_id = ${late} and right(sort_name, 5)::int % 400 > 0`],
    ] as const) {
      await sql`
        update mailbox_access set status = ${status}, status_rank = ${accessStatuses.indexOf(status)}::int where ${of}
      `.execute(db);
    }
    await sql`
      insert into sync_errors (tenant_id, user_id, kind, title, detail, first_seen_at, last_seen_at)
      select tenant_id, id, 'mailbox', 'x', 'x', now(), now() from users where right(sort_name, 5)::int % 30 = 0
    `.execute(db);
    everybody = await pages('name', {}, 500, Number.POSITIVE_INFINITY);
    expect(new Set(everybody.map(({ id }) => id)).size).toBe(2 * crowd);
  }, 60_000);
  afterAll(() => bench[Symbol.asyncDispose]());

  async function pages(sort: string, filter: UserFilter, limit: number, most: number): Promise<User[]> {
    const found: User[] = [];
    let cursor: string | undefined;
    do {
      const query = { ...filter, sort, limit, ...(cursor ? { cursor } : {}) };
      const page = await admin.call(api.listUsers, { query });
      found.push(...page.users);
      cursor = page.nextCursor ?? undefined;
    } while (cursor && found.length < most);
    return found;
  }

  const keyOf = {
    status: (user: User) => accessStatuses.indexOf(user.access.status),
    organization: (user: User) => user.organizationName.toLowerCase(),
    lastCheck: (user: User) => user.access.checkedAt ?? '',
    lastSync: (user: User) => user.lastSyncAt ?? '',
    issues: (user: User) => user.openIssues,
    synchronization: (user: User) => Number(user.syncEnabled),
  };
  type Column = keyof typeof keyOf;
  const sorts = (Object.keys(keyOf) as Column[]).flatMap((column): UserSort[] => [column, `-${column}`]);

  /** The list as it has to be; names are different. What the filter fixes orders nothing. */
  function expected(sorts: readonly UserSort[], filter: UserFilter): string[] {
    const wanted = sorts
      .map((sort) => ({ column: sort.replace('-', '') as Column, sign: sort.startsWith('-') ? -1 : 1 }))
      .filter(({ column }) => !(column === 'status' && filter.status))
      .filter(({ column }) => !(column === 'organization' && filter.organizationId))
      .filter(({ column }) => !(column === 'synchronization' && filter.sync));
    return everybody
      .filter(
        (user) =>
          (!filter.organizationId || user.organizationId === filter.organizationId) &&
          (!filter.search || `${user.displayName}@crowd.example`.includes(filter.search)) &&
          (!filter.status || user.access.status === filter.status) &&
          (!filter.sync || user.syncEnabled === (filter.sync === 'enabled')),
      )
      .map((user) => ({ id: user.id, keys: [...wanted.map(({ column }) => keyOf[column](user)), user.displayName] }))
      .toSorted((a, b) => {
        const at = a.keys.findIndex((key, index) => key !== b.keys[index]);
        return ((a.keys[at] ?? '') < (b.keys[at] ?? '') ? -1 : 1) * ((wanted[at] ?? wanted.at(-1))?.sign ?? 1);
      })
      .map(({ id }) => id);
  }

  test.each(sorts)('sorted by %s: everybody once and in order', async (sort) => {
    const users = await pages(sort, {}, 500, Number.POSITIVE_INFINITY);
    expect(users.map(({ id }) => id)).toEqual(expected([sort], {}));
  });

  const several: UserSort[][] = [
    ['issues', '-lastSync'],
    ['-issues', 'synchronization', 'lastCheck'],
    ['organization', '-lastCheck'],
    ['-synchronization', '-organization'],
    ['-lastSync', 'issues'],
    ['status', '-lastCheck'],
  ];

  test.each(several)('sorted by %s, then by %s: everybody once and in order', async (...by) => {
    const sorts = by.filter((sort) => sort !== undefined);
    const users = await pages(sorts.join(), {}, 500, Number.POSITIVE_INFINITY);
    expect(users.map(({ id }) => id)).toEqual(expected(sorts, {}));
  });

  test.each(sorts)('sorted by %s with a filter whose users may stand behind all others', async (sort) => {
    const filters: UserFilter[] = [
      { organizationId: early },
      { organizationId: late },
      { search: 'late' },
      { search: 'early', status: 'working' },
      { search: 'ly' },
      { search: 'y', status: 'blocked' },
      { search: 'a', sync: 'enabled' },
      { search: 'crowd' },
      { search: 'm', organizationId: late },
      { status: 'working' },
      { status: 'working', organizationId: late },
      { status: 'could_not_tell' },
      { search: 'late', status: 'working' },
      { sync: 'disabled' },
      { sync: 'enabled', organizationId: early },
    ];
    for (const filter of filters) {
      const wanted = expected([sort], filter).slice(0, 60);
      const users = await pages(sort, filter, 20, 60);
      const whole = await pages(sort, filter, 60, 60);
      expect([filter, users.map(({ id }) => id)]).toEqual([filter, wanted]);
      expect([filter, whole.map(({ id }) => id)]).toEqual([filter, wanted]);
    }
  });

  test('a page after one whose last value nobody has any more goes on with the next value', async () => {
    const { db } = bench.service.database;
    const sort = '-issues,-lastSync';
    const { nextCursor } = await admin.call(api.listUsers, { query: { sort, limit: 100 } });
    await sql`update mailbox_syncs set open_issues = open_issues + 10 where open_issues > 0`.execute(db);
    const next = await admin.call(api.listUsers, { query: { sort, limit: 100, cursor: nextCursor ?? '' } });
    await sql`update mailbox_syncs set open_issues = open_issues - 10 where open_issues > 0`.execute(db);
    expect(next.users.map(({ openIssues }) => openIssues)).toEqual(Array(100).fill(0));
  });

  test('the number of open issues follows the errors, whoever opens, resolves or deletes them', async () => {
    const { db } = bench.service.database;
    const differing = sql<{ count: number }>`
      select count(*)::int as count from mailbox_syncs s where s.open_issues <> (
        select count(*) from sync_errors e
        where e.tenant_id = s.tenant_id and e.user_id = s.user_id and e.resolved_at is null
      )`;
    const total = sql<{ count: number }>`select sum(open_issues)::int as count from mailbox_syncs`;
    const numbers = async () => [
      (await differing.execute(db)).rows[0]?.count,
      (await total.execute(db)).rows[0]?.count,
    ];
    const some = sql`select user_id from mailbox_syncs order by user_id limit 100`;
    const before = (await numbers())[1] ?? 0;
    await sql`
      insert into sync_errors (tenant_id, user_id, kind, reason, title, detail, first_seen_at, last_seen_at, resolved_at)
      select ${bench.tenantId}, user_id, kind, '', 'x', 'x', now(), now(), case when kind = 'other' then now() end
      from (${some}) u cross join unnest(array['throttling', 'authorization', 'other']) k (kind)
    `.execute(db);
    const opened = await numbers();
    await sql`
      insert into sync_errors (tenant_id, user_id, kind, reason, title, detail, first_seen_at, last_seen_at)
      select ${bench.tenantId}, user_id, 'throttling', '', 'x', 'x', now(), now() from (${some}) u
      on conflict (tenant_id, user_id, kind, reason) where resolved_at is null do update set count = sync_errors.count + 1
    `.execute(db);
    const seenAgain = await numbers();
    await sql`update sync_errors set resolved_at = now() where kind = 'authorization'`.execute(db);
    const resolved = await numbers();
    await sql`delete from sync_errors where kind = 'throttling'`.execute(db);
    const deleted = await numbers();

    expect(opened).toEqual([0, before + 200]);
    expect(seenAgain).toEqual([0, before + 200]);
    expect(resolved).toEqual([0, before + 100]);
    expect(deleted).toEqual([0, before]);
  });

  test('a new name is the one that lists are sorted by', async () => {
    const { db } = bench.service.database;
    await sql`update users set display_name = 'Aaron', sort_name = 'aaron' where sort_name = 'late 00042'`.execute(db);
    const users = await pages('issues', {}, 1, 1);
    await sql`update users set display_name = 'late 00042', sort_name = 'late 00042' where sort_name = 'aaron'`.execute(
      db,
    );
    expect(users.map(({ displayName }) => displayName)).toEqual(['Aaron']);
  });
});
