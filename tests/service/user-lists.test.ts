import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { User, UserFacet, UserFilter } from '../../src/contract/users.ts';
import { foldText } from '../../src/domain/fold-text.ts';
import type { OrganizationId, UserId } from '../../src/domain/ids.ts';
import { accessStatuses } from '../../src/domain/mailbox-access/verdict.ts';
import { sortableUserColumns, type UserSort } from '../../src/domain/users/user-list.ts';
import { type Bench, type ProblemAnswer, startBench, type TestAdmin } from '../support/bench.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as UserId;
const people = 61;

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

/** What a column is sorted by, as the list shows it. */
const shownBy: Readonly<Record<(typeof sortableUserColumns)[number], (user: User) => string | number>> = {
  status: (user) => accessStatuses.indexOf(user.access.status),
  name: (user) => user.displayName.toLowerCase(),
  address: (user) => (user.mail ?? user.userPrincipalName).toLowerCase(),
  organization: (user) => user.organizationName.toLowerCase(),
  connection: (user) => user.connectionType,
  mailboxStatus: (user) => user.mailboxState,
  synchronization: (user) => Number(user.syncEnabled),
  issues: (user) => user.openIssues,
  lastCheck: (user) => Date.parse(user.access.checkedAt ?? '1970-01-01'),
  lastSync: (user) => Date.parse(user.lastSyncAt ?? '1970-01-01'),
  createdAt: (user) => Date.parse(user.createdAt),
  updatedAt: (user) => Date.parse(user.updatedAt),
};

describe.each(['embedded', 'postgres'] as const)('the list of users, %s', (kind) => {
  let bench: Bench;
  let admin: TestAdmin;
  let sales: OrganizationId;

  beforeAll(async () => {
    bench = await startBench({
      ...(kind === 'postgres' ? { database: { kind: 'postgres', url: await server.createDatabase() } } : {}),
      // Every page of every order comes from one address within seconds.
      service: { rateLimits: { client: { perSecond: 1000, burst: 5000 }, admin: { perSecond: 1000, burst: 5000 } } },
    });
    admin = bench.signIn('ada@contoso.example');
    const head = await bench.organizationWith(admin, [], 'head office');
    sales = await bench.organizationWith(admin, [], 'Sales');
    await admin.call(api.updateOrganization, { params: { organizationId: sales }, body: { syncEnabled: false } });
    for (let index = 0; index < people; index++) {
      const users = [
        {
          id: idOf(index),
          displayName: `${index % 2 ? 'Zoe' : 'adam'} ${index % 7}`,
          userPrincipalName: `P${index % 13}.${index}@contoso.example`,
          mail: index % 3 ? null : `${index % 5}.${index}@fabrikam.example`,
        },
      ];
      await admin.call(api.addUsers, { params: { organizationId: index % 4 ? head : sales }, body: { users } });
      if (index % 10 === 0) bench.clock.advance(60_000);
    }
    const { db } = bench.service.database;
    // Every third, every fourth … so that each column has ties of its own.
    const number = sql`(right(id::text, 4))::int`;
    await sql`update users set sync_enabled = ${number} % 5 > 0,
      connection_type = (array['none', 'graph_app_only', 'hybrid'])[1 + ${number} % 3],
      mailbox_state = (array['initialized', 'switching', 'disabled_due_to_error'])[1 + ${number} % 3]
    `.execute(db);
    await sql`update mailbox_syncs set last_sync_at = case when (right(user_id::text, 4))::int % 6 > 0
      then timestamptz '2026-11-01' + ((right(user_id::text, 4))::int % 9) * interval '1 hour' end`.execute(db);
    await sql`update mailbox_access set
      status = (array['blocked', 'working', 'limited'])[1 + (right(user_id::text, 4))::int % 3],
      checked_at = case when (right(user_id::text, 4))::int % 4 > 0 then timestamptz '2026-11-02'
        + ((right(user_id::text, 4))::int % 8) * interval '1 minute' end`.execute(db);
    for (const [rank, status] of accessStatuses.entries()) {
      await sql`update mailbox_access set status_rank = ${rank} where status = ${status}`.execute(db);
    }
    await sql`
      insert into sync_errors (tenant_id, user_id, kind, reason, title, detail, first_seen_at, last_seen_at)
      select tenant_id, id, 'mailbox', 'mailbox.none', 'x', 'x', now(), now() from users where ${number} % 3 = 2
    `.execute(db);
  }, 60_000);
  afterAll(() => bench[Symbol.asyncDispose]());

  async function listed(sorts: readonly UserSort[], filter: UserFilter = {}): Promise<User[]> {
    const found: User[] = [];
    let cursor: string | undefined;
    do {
      const query = { ...filter, sort: sorts.join(), limit: 7, ...(cursor ? { cursor } : {}) };
      const page = await admin.call(api.listUsers, { query });
      found.push(...page.users);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return found;
  }

  function compare(sorts: readonly UserSort[]) {
    return (a: User, b: User) => {
      for (const sort of sorts) {
        const value = shownBy[sort.replace('-', '') as keyof typeof shownBy];
        const [one, other] = [value(a), value(b)];
        if (one !== other) return (one < other ? -1 : 1) * (sort.startsWith('-') ? -1 : 1);
      }
      return 0;
    };
  }

  const single = sortableUserColumns.flatMap((column): UserSort[][] => [[column], [`-${column}`]]);
  const several: UserSort[][] = [
    ['connection', '-lastSync'],
    ['-issues', 'name'],
    ['mailboxStatus', '-createdAt', 'status'],
    ['-organization', '-synchronization', 'address'],
    ['status', '-lastCheck'],
  ];

  test.each([...single, ...several])('sorted by %s %s %s, page by page: everybody once and in order', async (...by) => {
    const sorts = by.filter((sort) => sort !== undefined);
    const filters: UserFilter[] = [
      {},
      { organizationId: sales },
      { status: 'blocked' },
      { search: 'zoe' },
      { connection: 'hybrid' },
      { sync: 'disabled' },
    ];
    for (const filter of filters) {
      const users = await listed(sorts, filter);
      const whole = await admin.call(api.listUsers, { query: { ...filter, sort: sorts.join(), limit: 500 } });

      expect(users.map(({ id }) => id)).toEqual(whole.users.map(({ id }) => id));
      expect(new Set(users.map(({ id }) => id)).size).toBe(whole.total);
      expect(users.map(({ id }) => id)).toEqual(users.toSorted(compare(sorts)).map(({ id }) => id));
    }
  });

  test('a file has everybody in the order of the list', async () => {
    const sorts: UserSort[] = ['-issues', 'connection'];
    const response = await admin.send(api.exportUsersAsJson, { query: { sort: sorts.join() } });
    const exported = (await response.json()) as { userPrincipalName: string }[];
    expect(exported.map((user) => user.userPrincipalName)).toEqual(
      (await listed(sorts)).map((user) => user.userPrincipalName),
    );
  });

  test('a sort that is none, and a cursor of another order, are refused', async () => {
    const { nextCursor } = await admin.call(api.listUsers, { query: { sort: 'name', limit: 5 } });
    const bad = [
      { sort: 'password' },
      { sort: 'name,-name' },
      { sort: 'name,status,issues,address' },
      { sort: 'createdAt', cursor: nextCursor },
      { sort: 'name', cursor: Buffer.from(JSON.stringify(['name', 'a', "' or 1=1"])).toString('base64url') },
      { sort: 'name', cursor: 'x'.repeat(50) },
    ];
    for (const query of bad) {
      const error = await admin.call(api.listUsers, { query: query as never }).catch((caught: ProblemAnswer) => caught);
      expect(error).toMatchObject({ status: 400, problem: { code: 'request.invalid' } });
    }
  });

  test('a search that finds many answers its page without numbers, and they are counted apart', async () => {
    const { db } = bench.service.database;
    const many = 4_600;
    await sql`
      insert into users (tenant_id, id, organization_id, organization_since, display_name, user_principal_name, search,
        sort_name, connection_type, created_at)
      select ${bench.tenantId}, gen_random_uuid(), ${sales}, now(), 'Crowd ' || n, n || '@crowd.example',
        'crowd ' || n || '@crowd.example', 'crowd ' || n, 'none', now() from generate_series(1, ${many}) n
    `.execute(db);
    await sql`
      insert into mailbox_access (tenant_id, user_id, organization_id, sort_name, status, status_rank)
      select tenant_id, id, organization_id, sort_name, s.status, s.rank
      from users join (values (0, 'blocked', ${accessStatuses.indexOf('blocked')}::int),
        (1, 'working', ${accessStatuses.indexOf('working')}::int)) s (rest, status, rank)
        on s.rest = (right(sort_name, 1) = '7')::int where sort_name like 'crowd%'
    `.execute(db);

    const page = await admin.call(api.listUsers, { query: { search: 'crowd', organizationId: sales } });
    const { counts } = await admin.call(api.countUsers, { query: { search: 'crowd', organizationId: sales } });
    const few = await admin.call(api.listUsers, { query: { search: 'crowd 77' } });
    const everybody = await admin.call(api.countUsers, {});

    expect(page).toMatchObject({ counts: null, total: null });
    expect(page.users).toHaveLength(100);
    expect(page.nextCursor).not.toBeNull();
    expect(counts).toMatchObject({ blocked: 4_140, working: 460, not_checked: 0 });
    expect(few).toMatchObject({ total: 11, counts: { working: 2, blocked: 9 } });
    expect(Object.values(everybody.counts).reduce((sum, count) => sum + count, 0)).toBe(many + people);
    await sql`delete from users where sort_name like 'crowd%'`.execute(db);
  });

  test('a search of one or two letters, or of letters with signs between, finds who has it and nobody else', async () => {
    const names = ['王小明', "O'Bx", 'Zoë Ångström', 'a b_c%d', '明 x|y'];
    const users = names.map((displayName, index) => ({
      id: idOf(900 + index),
      displayName,
      userPrincipalName: `s${index}@contoso.example`,
      mail: `s${index}@contoso.example`,
    }));
    await admin.call(api.addUsers, { params: { organizationId: sales }, body: { users } });
    const everybody = await listed(['name']);
    const textOf = ({ displayName, userPrincipalName, mail }: User) =>
      [displayName, userPrincipalName, mail ?? ''].map(foldText).join('\n');

    const searches = [
      '明',
      '小明',
      '王小明',
      'x',
      "o'",
      "'b",
      'o ',
      'bx',
      'ö',
      'ë ',
      'z',
      'å',
      'oe',
      'q',
      'a b',
      'b_',
      '_c',
      '%',
    ];
    for (const search of [...searches, 'c%d', 'b c', 'x|', '|y', '1@', '@c', '13', 'qq', 'p1.1', '1 2']) {
      const { users: found, total } = await admin.call(api.listUsers, { query: { search, limit: 500 } });
      const expected = everybody.filter((user) => textOf(user).includes(foldText(search)));
      expect([search, ...found.map(({ id }) => id).toSorted()]).toEqual([
        search,
        ...expected.map(({ id }) => id).toSorted(),
      ]);
      expect(total).toBe(expected.length);
    }
    await sql`delete from users where id = any(${users.map(({ id }) => id)}::uuid[])`.execute(
      bench.service.database.db,
    );
  });

  test('each choice of a filter tells how many it would leave, the other filters standing', async () => {
    const everybody = await listed(['name']);
    const filters: UserFilter[] = [
      {},
      { connection: 'hybrid' },
      { sync: 'disabled', status: 'blocked' },
      { connection: 'none', sync: 'enabled', organizationId: sales },
      { search: 'zoe', sync: 'enabled', connection: 'graph_app_only' },
      { mailboxState: 'initialized' },
      { mailboxState: 'not_initialized', status: 'blocked', sync: 'enabled' },
    ];
    const isOn = ({ syncEnabled }: User) => (syncEnabled ? 'enabled' : 'disabled');
    const chosenOf: Record<UserFacet, (user: User) => string> = {
      connection: (user) => user.connectionType,
      sync: isOn,
      mailboxState: (user) => user.mailboxState,
    };
    const matches =
      ({ organizationId, status, search, connection, sync, mailboxState }: UserFilter) =>
      (user: User) =>
        (!organizationId || user.organizationId === organizationId) &&
        (!status || user.access.status === status) &&
        (!search || user.displayName.toLowerCase().includes(search)) &&
        (!connection || user.connectionType === connection) &&
        (!mailboxState || user.mailboxState === mailboxState) &&
        (!sync || isOn(user) === sync);

    for (const filter of filters) {
      const { users, total, counts } = await admin.call(api.listUsers, { query: { ...filter, limit: 500 } });
      expect(new Set(users.map(({ id }) => id))).toEqual(
        new Set(everybody.filter(matches(filter)).map(({ id }) => id)),
      );
      expect(total).toBe(users.length);
      const { status: _, ...scope } = filter;
      expect((await admin.call(api.countUsers, { query: scope })).counts).toEqual(counts);
      for (const facet of ['connection', 'sync', 'mailboxState'] as const) {
        const answer = await admin.call(api.countUserFacet, { query: { facet, ...filter } });
        const others = everybody.filter(matches({ ...filter, [facet]: undefined })).map(chosenOf[facet]);
        const occurring = Object.entries(answer.counts).filter(([, count]) => count > 0);
        expect(Object.fromEntries(occurring)).toEqual(
          Object.fromEntries(
            [...new Set(others)].map((value) => [value, others.filter((one) => one === value).length]),
          ),
        );
      }
    }
  });

  test('what was changed last is said of the user; a sync session is no change', async () => {
    const { db } = bench.service.database;
    const before = await admin.call(api.getUser, { params: { userId: idOf(1) } });
    await sql`update mailbox_syncs set last_sync_at = now() where user_id = ${idOf(1)}`.execute(db);
    const synchronized = await admin.call(api.getUser, { params: { userId: idOf(1) } });
    await sql`update users set mail = 'new@contoso.example' where id = ${idOf(1)}`.execute(db);
    const changed = await admin.call(api.getUser, { params: { userId: idOf(1) } });

    expect(synchronized.updatedAt).toBe(before.updatedAt);
    expect(Date.parse(changed.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
  });

  test('a disabled mailbox says why; the directory says who is licensed, may sign in and is shared', async () => {
    const { db } = bench.service.database;
    await sql`
      insert into directory_mailboxes (tenant_id, user_id, display_name, is_shared, account_enabled, is_licensed, seen_at)
      values (${bench.tenantId}, ${idOf(2)}, 'x', true, false, false, now())
    `.execute(db);

    const disabled = await admin.call(api.getUser, { params: { userId: idOf(2) } });
    const other = await admin.call(api.getUser, { params: { userId: idOf(1) } });

    expect(disabled).toMatchObject({
      mailboxState: 'disabled_due_to_error',
      disabledDueTo: 'mailbox.none',
      directory: { isLicensed: false, accountEnabled: false, mailboxType: 'shared' },
    });
    expect(other).toMatchObject({
      disabledDueTo: null,
      directory: { isLicensed: null, accountEnabled: null, mailboxType: null },
    });
  });
});
