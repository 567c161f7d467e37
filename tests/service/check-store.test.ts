import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UserId } from '../../src/domain/ids.ts';
import { ownRegistration, type RegistrationName } from '../../src/domain/registration.ts';
import type { Database } from '../../src/service/db/database.ts';
import { bothEngines } from '../support/both-engines.ts';
import { failingAt, officeOf, people, progress, putOff, resultFor, runningCheck } from '../support/stores.ts';

// How check runs are stored, whatever happens to their workers.

describe.each(bothEngines().all)('fault 170: on %s', (_name, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database?.close());

  test('fault 153: results count once, however often a batch is stored', async () => {
    const { admin, checks, check, claimed, members, users } = await runningCheck(database, 700);
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

  test.each([
    ['switches', true],
    ['changes nothing', false],
  ])(
    'fault 143: a worker that lost a run that %s stores nothing any more, and a batch counts once',
    async (_what, changeConnection) => {
      const { admin, checks, check, claimed, members } = await runningCheck(database, 3, changeConnection);
      const [one] = members;
      const taken = await checks.claim(admin.tenantId, check.id);

      const late = await checks.saveResults(claimed, ownRegistration, [resultFor(one?.id as UserId)], progress);
      await checks.stop(claimed, 'failed');
      const owner = taken as NonNullable<typeof taken>;
      const current = await checks.saveResults(owner, ownRegistration, [resultFor(one?.id as UserId)], progress);
      const again = await checks.saveResults(owner, ownRegistration, [resultFor(one?.id as UserId)], progress);

      expect([late, current, again]).toEqual(['lost', 'go_on', 'go_on']);
      expect(await checks.find(admin.tenantId, check.id)).toMatchObject({ state: 'running', done: 1 });
    },
  );

  test('fault 147: whatever admins want at any moment, before and after deaths of workers, a run always ends', async () => {
    const moves = ['pause', 'resume', 'cancel', 'claim', 'save', 'stop', 'late save', 'late stop'] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...moves), { maxLength: 10 }), async (sequence) => {
        const { admin, checks, check, claimed, members, activities } = await runningCheck(database, 4);
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
    const { admin, checks, check, claimed, members, users, enqueued } = await runningCheck(database, 4);
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
    const cancelled = await runningCheck(database, 1);
    await cancelled.checks.saveResults(
      cancelled.claimed,
      ownRegistration,
      [putOff(cancelled.members[0], 1_000)],
      progress,
    );
    cancelled.enqueued.length = 0;
    await cancelled.checks.steer(cancelled.admin, cancelled.check.id, 'cancel');
    await cancelled.checks.stop(cancelled.claimed, 'asked');
    const blocked = await runningCheck(database, 1);
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
    const { admin, checks, check, claimed, members } = await runningCheck(database, 1);
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
      const { admin, organization, checks, claimed: first, members } = await runningCheck(database, 5);
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
    const { admin, checks, claimed, members, users, organization } = await runningCheck(database, 10);
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
    const { admin, checks, organization } = await officeOf(database, 3);

    const starts = await Promise.all(
      Array.from({ length: 10 }, () => checks.start(admin, organization, { changeConnection: true })),
    );

    expect(new Set(starts.map(({ check }) => check.id)).size).toBe(1);
    expect(starts.filter(({ joined }) => !joined)).toHaveLength(1);
  });

  test('what an application found is not stored once the organization uses another one', async () => {
    const { admin, checks, claimed, check, members, organizations, organization } = await runningCheck(database, 3);
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
});
