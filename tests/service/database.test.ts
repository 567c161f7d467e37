import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { foldText } from '../../src/domain/fold-text.ts';
import type { AppId, OrganizationId, TenantId, UserId } from '../../src/domain/ids.ts';
import { ownRegistration, type RegistrationName } from '../../src/domain/registration.ts';
import { createRecordActivity } from '../../src/service/audit.ts';
import { AccessToken } from '../../src/service/auth/access-token.ts';
import type { Admin } from '../../src/service/auth/admin.ts';
import { systemClock } from '../../src/service/clock.ts';
import { type Database, openDatabase } from '../../src/service/db/database.ts';
import { migrateToLatest, NewerSchema } from '../../src/service/db/migrate.ts';
import { ChangedStep } from '../../src/service/db/migration-checksums.ts';
import { inTransaction, OuterQueryInTransaction } from '../../src/service/db/transaction.ts';
import { createActivityStore } from '../../src/service/features/activity/activity.store.ts';
import { createCheckStore } from '../../src/service/features/mailbox-connectivity/checks.store.ts';
import { createOrganizationStore } from '../../src/service/features/organizations/organizations.store.ts';
import { createUserStore } from '../../src/service/features/users/users.store.ts';
import { createLogger } from '../../src/service/log.ts';
import type { MailboxResult } from '../../src/service/mailbox-probes/mailbox-result.ts';
import { defineJob } from '../../src/service/queue/job.ts';
import { createQueue } from '../../src/service/queue/queue.ts';
import { channelPrefix, type Step, type StepMessage } from '../../src/service/steps.ts';
import { databaseDump } from '../support/database-dump.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

const noFault = { onFault() {} };
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

const engines = {
  PGlite: async () => openDatabase({ kind: 'memory', dump: await databaseDump() }, noFault),
  PostgreSQL: async () => openDatabase({ kind: 'postgres', url: await server.createDatabase() }, noFault),
};

describe.each(Object.entries(engines))('fault 170: on %s', (_name, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database?.close());

  function stores() {
    const { db } = database;
    const recordActivity = createRecordActivity(systemClock);
    const shared = { db, clock: systemClock, recordActivity };
    const enqueued: { name: string; startAfterSeconds: number | undefined }[] = [];
    const admin: Admin = {
      tenantId: crypto.randomUUID() as TenantId,
      userId: crypto.randomUUID() as UserId,
      username: 'ada@contoso.example',
      displayName: 'Ada',
      directoryRoleIds: undefined,
      accessToken: new AccessToken(''),
    };
    return {
      admin,
      enqueued,
      organizations: createOrganizationStore({
        ...shared,
        onNeedsChanged: async () => {},
        onApplicationChanged: async () => {},
        applications: { find: () => ({ appId: crypto.randomUUID() as AppId }) },
      }),
      users: createUserStore(shared),
      checks: createCheckStore({
        ...shared,
        exchangeBoundMinutes: 120,
        queue: {
          async enqueue(_tx, { name }, _payload, options) {
            enqueued.push({ name, startAfterSeconds: options?.startAfterSeconds });
          },
        },
        onRingCheckEnded: async () => {},
        isRingToHold: async () => false,
      }),
      activities: createActivityStore(db),
    };
  }

  function people(count: number) {
    return Array.from({ length: count }, (_, index) => ({
      id: crypto.randomUUID() as UserId,
      displayName: `${['Zoë', 'Ångström', 'apple', 'Émile', 'Müller'][index % 5]} ${index}`,
      userPrincipalName: `p${index}@contoso.example`,
      mail: null,
    }));
  }

  async function runningCheck(count: number) {
    const all = stores();
    const id = await all.organizations.create(all.admin, {
      name: 'Office',
      externalId: 'office',
      connectionType: 'graph_app_only',
    });
    const organization = { id, name: 'Office', connection_type: 'graph_app_only' as const };
    const members = people(count);
    await all.users.add(all.admin, organization, members);
    const { check } = await all.checks.start(all.admin, organization, { changeConnection: true });
    const claimed = await all.checks.claim(all.admin.tenantId, check.id);
    if (!claimed) throw new Error('not claimed');
    return { ...all, organization, members, check, claimed };
  }

  function resultFor(userId: UserId, status: MailboxResult['verdict']['status'] = 'working'): MailboxResult {
    const reason = status === 'working' ? 'connected' : status === 'blocked' ? 'mailbox.none' : 'microsoft.throttled';
    const outcome = status === 'working' ? 'connected' : status === 'blocked' ? 'ineligible' : 'inconclusive';
    const capabilities = [
      { capability: 'mail' as const, reason, httpStatus: 200, errorCode: null, requestId: null } as const,
    ];
    return { userId, verdict: { status, reason, outcome }, capabilities, checkedAt: new Date() };
  }

  const putOff = (person: { readonly id: UserId } | undefined, ms: number): MailboxResult => ({
    ...resultFor(person?.id as UserId, 'could_not_tell'),
    rescheduledUntil: new Date(Date.now() + ms),
  });

  const progress = { throttledUntil: undefined, mailboxesPerSecond: 10 };

  /** Lets the n-th passing of a step fail while something runs. */
  async function failingAt<T>(step: Step, nth: number, run: () => Promise<T>): Promise<PromiseSettledResult<T>> {
    let passed = 0;
    const listen = (message: unknown) => {
      passed += 1;
      if (passed === nth) (message as StepMessage).fail(new Error('the worker broke'));
    };
    subscribe(channelPrefix + step, listen);
    const [outcome] = await Promise.allSettled([run()]);
    unsubscribe(channelPrefix + step, listen);
    return outcome;
  }

  test('numbers, times, lists and JSON come back as they went in', async () => {
    const { admin, organizations, activities } = stores();
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
    const { admin, users, organization } = await runningCheck(23);
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
    const { admin, checks, claimed, members, users, organizations } = await runningCheck(60);
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
    const { admin, members } = await runningCheck(40);
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

  test('a search answers the same way whether it finds few or many', async () => {
    const { admin, users, members, checks, claimed, organization } = await runningCheck(2_700);
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

  test('fault 153: results count once, however often a batch is stored', async () => {
    const { admin, checks, check, claimed, members, users } = await runningCheck(700);
    const results = members.map(({ id }, index) =>
      resultFor(id, (['working', 'blocked', 'could_not_tell'] as const)[index % 3]),
    );

    await checks.saveResults(claimed, ownRegistration, results.slice(0, 400), progress);
    await checks.saveResults(claimed, ownRegistration, results, progress);
    await checks.saveResults(claimed, ownRegistration, results, progress);
    await checks.stop(claimed, 'all_done');
    await checks.stop(claimed, 'all_done');

    const stored = await checks.find(admin.tenantId, check.id);
    expect(stored).toMatchObject({ state: 'completed', total: 700, done: 700, switched: 234 });
    expect(stored?.counts).toMatchObject({ working: 234, blocked: 233, could_not_tell: 233 });
    const first = await users.get(admin.tenantId, members[0]?.id as UserId);
    expect(first).toMatchObject({ connectionType: 'graph_app_only', mailboxState: 'switching', openIssues: 1 });
  });

  test('fault 143: a worker that lost the run stores nothing any more', async () => {
    const { admin, checks, check, claimed, members } = await runningCheck(3);
    const [one] = members;
    const taken = await checks.claim(admin.tenantId, check.id);

    const late = await checks.saveResults(claimed, ownRegistration, [resultFor(one?.id as UserId)], progress);
    await checks.stop(claimed, 'failed');
    const current = await checks.saveResults(
      taken as NonNullable<typeof taken>,
      ownRegistration,
      [resultFor(one?.id as UserId)],
      progress,
    );

    expect([late, current]).toEqual(['lost', 'go_on']);
    expect(await checks.find(admin.tenantId, check.id)).toMatchObject({ state: 'running', done: 1 });
  });

  test('fault 147: whatever admins want at any moment, before and after deaths of workers, a run always ends', async () => {
    const moves = ['pause', 'resume', 'cancel', 'claim', 'save', 'stop', 'late save', 'late stop'] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...moves), { maxLength: 10 }), async (sequence) => {
        const { admin, checks, check, claimed, members, activities } = await runningCheck(4);
        const owners = [claimed];
        let saved = 0;
        for (const move of sequence) {
          const owner = move.startsWith('late') ? owners[0] : owners.at(-1);
          if (!owner) continue;
          if (move === 'pause' || move === 'resume' || move === 'cancel') {
            await checks.steer(admin, check.id, move).catch(() => {});
          }
          if (move === 'claim') {
            const taken = await checks.claim(admin.tenantId, check.id);
            if (taken) owners.push(taken);
          }
          if (move.endsWith('save')) {
            const one = members[saved++ % members.length];
            await checks.saveResults(owner, ownRegistration, [resultFor(one?.id as UserId)], progress);
          }
          if (move.endsWith('stop')) await checks.stop(owner, 'asked');
        }
        // What a worker does with the run, if it still has an end to come to.
        await checks.steer(admin, check.id, 'resume').catch(() => {});
        const last = await checks.claim(admin.tenantId, check.id);
        if (last) await checks.stop(last, 'all_done');

        const ended = await checks.find(admin.tenantId, check.id);
        expect(['cancelled', 'completed']).toContain(ended?.state);
        expect(ended?.finishedAt).not.toBeNull();
        const { rows } = await sql<{ count: number }>`
          select count(*) as count from check_results where check_id = ${check.id}`.execute(database.db);
        expect(rows[0]?.count).toBe(ended?.done);
        const { activities: trail } = await activities.list(admin.tenantId, { limit: 50 });
        expect(trail.filter(({ type }) => type === 'check.ended')).toHaveLength(1);
      }),
      { numRuns: 25, seed: 147 },
    );
  });

  test('fault 119: whom Microsoft put off is asked again once, whatever breaks in between', async () => {
    const { admin, checks, check, claimed, members, users, enqueued } = await runningCheck(4);
    const accessOf = async (index: number) =>
      (await users.get(admin.tenantId, members[index]?.id as UserId))?.access.rescheduledUntil;
    const results = [
      putOff(members[0], -1_000),
      putOff(members[1], 86_400_000),
      putOff(members[2], -2_000),
      resultFor(members[3]?.id as UserId),
    ];
    await checks.saveResults(claimed, ownRegistration, results, progress);
    enqueued.length = 0;

    await checks.stop(claimed, 'all_done');
    const ended = await checks.find(admin.tenantId, check.id);
    await users.remove(admin, [members[2]?.id as UserId], true);
    const again = () => checks.startRescheduled(admin.tenantId, check.id, true);
    const broken = await failingAt('check.starting', 1, again);
    const afterwards = await accessOf(0);
    const jobs = [...enqueued];
    await Promise.all([again(), again()]);
    const runs = await checks.list(admin.tenantId, { covering: 'anybody', limit: 10 });

    expect(ended).toMatchObject({ state: 'completed', rescheduledUntil: results[2]?.rescheduledUntil?.toISOString() });
    expect(jobs[0]).toEqual({ name: 'mailbox-connectivity.ask-rescheduled', startAfterSeconds: 1 });
    expect(broken.status).toBe('rejected');
    expect(afterwards).toBe(results[0]?.rescheduledUntil?.toISOString());
    expect(runs.map(({ scope, total, retryOf }) => ({ scope, total, retryOf }))).toEqual([
      { scope: 'retry', total: 1, retryOf: check.id },
      { scope: 'organization', total: 4, retryOf: null },
    ]);
    expect(await accessOf(0)).toBeNull();
    // Who was put off for longer has a job of the time.
    expect(await accessOf(1)).toBe(results[1]?.rescheduledUntil?.toISOString());
    const later = enqueued.findLast(({ name }) => name === 'mailbox-connectivity.ask-rescheduled');
    expect(later?.startAfterSeconds).toBeGreaterThan(86_300);
  });

  test('fault 119: of a run that was cancelled, and where no check may run, nobody is asked again', async () => {
    const cancelled = await runningCheck(1);
    await cancelled.checks.saveResults(
      cancelled.claimed,
      ownRegistration,
      [putOff(cancelled.members[0], 1_000)],
      progress,
    );
    cancelled.enqueued.length = 0;
    await cancelled.checks.steer(cancelled.admin, cancelled.check.id, 'cancel');
    await cancelled.checks.stop(cancelled.claimed, 'asked');
    const blocked = await runningCheck(1);
    await blocked.checks.saveResults(blocked.claimed, ownRegistration, [putOff(blocked.members[0], 1_000)], progress);
    await blocked.checks.stop(blocked.claimed, 'all_done');
    await blocked.checks.startRescheduled(blocked.admin.tenantId, blocked.check.id, false);

    expect(cancelled.enqueued).toEqual([]);
    for (const { admin, checks, users, members } of [cancelled, blocked]) {
      const user = await users.get(admin.tenantId, members[0]?.id as UserId);
      expect(user?.access).toMatchObject({ status: 'could_not_tell', rescheduledUntil: null });
      expect(await checks.list(admin.tenantId, { covering: 'anybody', limit: 10 })).toHaveLength(1);
    }
  });

  test('fault 119: a mailbox that is put off every time is asked seven times more, and no oftener', async () => {
    const { admin, checks, check, claimed, members } = await runningCheck(1);
    let run = { ...check, claimed };
    for (let round = 0; round < 10; round++) {
      await checks.saveResults(run.claimed, ownRegistration, [putOff(members[0], -1_000)], progress);
      await checks.stop(run.claimed, 'all_done');
      await checks.startRescheduled(admin.tenantId, run.id, true);
      const [newest] = await checks.list(admin.tenantId, { covering: 'anybody', limit: 1 });
      const next = newest && (await checks.claim(admin.tenantId, newest.id));
      if (!newest || !next) break;
      run = { ...newest, claimed: next };
    }

    const runs = await checks.list(admin.tenantId, { covering: 'anybody', limit: 20 });
    expect(runs).toHaveLength(1 + 7);
    expect(runs.every(({ state, counts }) => state === 'completed' && counts.could_not_tell === 1)).toBe(true);
  });

  test.each([2, 3, 4])(
    'results of an old run whose deletion broke at its statement %d are deleted by the next one',
    async (nth) => {
      const { admin, organization, checks, claimed: first, members } = await runningCheck(5);
      let claimed = first;
      for (let run = 0; run < 12; run++) {
        const results = members.map(({ id }) => resultFor(id));
        await checks.saveResults(claimed, ownRegistration, results, progress);
        await checks.stop(claimed, 'all_done');
        if (run === 11) break;
        const { check } = await checks.start(admin, organization, { changeConnection: true });
        const next = await checks.claim(admin.tenantId, check.id);
        if (!next) throw new Error('not claimed');
        claimed = next;
      }

      const broken = await failingAt('database.statement', nth, () => checks.forgetOld(claimed.check));
      await checks.forgetOld(claimed.check);
      const { rows } = await sql<{ runs: number; results: number; forgotten: number }>`
      select count(distinct check_id) as runs, count(*) as results,
        (select count(*) from checks where tenant_id = ${admin.tenantId} and forgotten_at is not null) as forgotten
      from check_results where tenant_id = ${admin.tenantId}
    `.execute(database.db);

      expect(broken.status).toBe('rejected');
      expect(rows).toEqual([{ runs: 10, results: 50, forgotten: 2 }]);
    },
  );

  test('what is pending is who has no result and was there at the start', async () => {
    const { admin, checks, claimed, members, users, organization } = await runningCheck(10);
    await checks.saveResults(
      claimed,
      ownRegistration,
      members.slice(0, 4).map(({ id }) => resultFor(id)),
      progress,
    );
    await users.add(admin, organization, people(2));
    await users.remove(admin, [members[9]?.id as UserId], true);

    const pending = await checks.pending(claimed, ownRegistration, undefined, 100);

    expect(new Set(pending.map(({ userId }) => userId))).toEqual(new Set(members.slice(4, 9).map(({ id }) => id)));
  });

  test('fault 146: ten starts at once are one run', async () => {
    const all = stores();
    const id = await all.organizations.create(all.admin, {
      name: 'Office',
      externalId: 'office',
      connectionType: 'graph_app_only',
    });
    const organization = { id, name: 'Office', connection_type: 'graph_app_only' as const };
    await all.users.add(all.admin, organization, people(3));

    const starts = await Promise.all(
      Array.from({ length: 10 }, () => all.checks.start(all.admin, organization, { changeConnection: true })),
    );

    expect(new Set(starts.map(({ check }) => check.id)).size).toBe(1);
    expect(starts.filter(({ joined }) => !joined)).toHaveLength(1);
  });

  test('an External Id conflict is told by the index, not by a look before', async () => {
    const { admin, organizations } = stores();
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
    const { admin, users } = stores();
    const gone = {
      id: crypto.randomUUID() as OrganizationId,
      name: 'Gone',
      connection_type: 'graph_app_only' as const,
    };
    await expect(users.add(admin, gone, people(1))).rejects.toMatchObject({ code: 'organization.not_found' });
  });

  test('inside a transaction the database itself is refused, and nothing of it stays', async () => {
    const { admin, organizations } = stores();
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
    const { admin, organizations } = stores();
    await organizations.ensureDefault(admin.tenantId);
    const failing = inTransaction(database.db, async (tx) => {
      await tx.deleteFrom('organizations').where('tenant_id', '=', admin.tenantId).execute();
      await sql`select 1 / 0`.execute(tx);
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await organizations.list(admin.tenantId)).toHaveLength(1);
  });

  test('concurrent transactions and queries do not see each other’s half', async () => {
    const { admin, organizations } = stores();
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

  test('what an application found is not stored once the organization uses another one', async () => {
    const { admin, checks, claimed, check, members, organizations, organization } = await runningCheck(3);
    const results = members.map(({ id }) => resultFor(id));
    const other = 'other' as RegistrationName;
    await checks.saveResults(claimed, ownRegistration, results.slice(0, 1), progress);
    const stored = await organizations.find(admin.tenantId, organization.id);
    await organizations.update(admin, stored as NonNullable<typeof stored>, { registration: other });

    const wanted = await checks.saveResults(claimed, ownRegistration, results.slice(1), progress);

    expect(wanted).toBe('go_on');
    expect(await checks.find(admin.tenantId, check.id)).toMatchObject({ done: 1 });
    expect(await organizations.list(admin.tenantId, organization.id)).toMatchObject([
      { registration: other, accessCounts: { not_checked: 3, working: 0 } },
    ]);
    expect(await checks.waitingFor(claimed)).toEqual([other]);
    expect(await checks.pending(claimed, ownRegistration, undefined, 10)).toEqual([]);
    expect(await checks.pending(claimed, other, undefined, 10)).toHaveLength(2);
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
  const url = await server.createDatabase();
  const opened = await Promise.all([1, 2, 3].map(() => openDatabase({ kind: 'postgres', url }, noFault)));
  const { rows } = await sql<{ count: number }>`select count(*) as count from kysely_migration`.execute(
    (opened[0] as Database).db,
  );
  await Promise.all(opened.map((one) => one.close()));
  expect(rows[0]?.count).toBeGreaterThan(0);
});
