import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { type ConnectivityCheck, connectivityCheck } from '../../src/contract/mailbox-connectivity.ts';
import type { CheckId, GroupId, UserId } from '../../src/domain/ids.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { addressOf, type Bench, type BenchOptions, mailboxPermissions, startBench } from '../support/bench.ts';

const grace = namedPeople.grace.id as UserId;
const marie = namedPeople.moving.id as UserId;
/** Some seconds for everybody; a slower pace would wait by moving the clock. */
const slowly = { service: { pace: { startRate: 200, ceiling: 200 } } } satisfies BenchOptions;

/** An organization of some people, and shorthands for its runs. */
async function arrange(options: BenchOptions & { readonly people?: number } = {}) {
  const { people = 150, ...more } = options;
  const bench = await startBench({ granted: mailboxPermissions, sandbox: { people }, ...more });
  const admin = bench.signIn('ada@contoso.example');
  const everybody = bench.sandbox.tenant.people;
  const organizationId = await bench.organizationWith(admin, everybody);
  const params = { organizationId };
  const start = async (body = {}) => (await admin.call(api.startConnectivityCheck, { params, body })).check;
  const get = (checkId: CheckId) => admin.call(api.getConnectivityCheck, { params: { checkId } });
  const until = (id: CheckId, is: (check: ConnectivityCheck) => boolean) =>
    expect.poll(async () => is(await get(id)), { interval: 20, timeout: 20_000 }).toBe(true);
  const activityTypes = async () => (await admin.call(api.listActivity)).activities.map(({ type }) => type);
  return { bench, admin, everybody, organizationId, start, get, until, activityTypes };
}

/** How often each mailbox was asked for its inbox, and not put off. */
function callsPerMailbox({ sandbox }: Bench): number[] {
  const asked = sandbox.requests.to(/mailFolders\/inbox$/).filter(({ status }) => status !== 429);
  return [...Map.groupBy(asked, ({ path }) => path).values()].map((calls) => calls.length);
}

describe('pause and resume', () => {
  test('a paused run keeps what it found, calls nobody, and goes on where it was', async () => {
    const { bench, admin, everybody, start, get, until, activityTypes } = await arrange(slowly);
    await using _ = bench;
    const { id } = await start();
    await until(id, ({ done }) => done > 0);
    const params = { checkId: id };

    const asked = await admin.call(api.pauseConnectivityCheck, { params, body: {} });
    await bench.queue.drain();
    const paused = await get(id);
    bench.sandbox.requests.clear();
    await bench.queue.drain();
    const callsWhilePaused = bench.sandbox.requests.to(/users/).length;
    const resumed = await admin.call(api.resumeConnectivityCheck, { params, body: {} });
    await bench.queue.drain();
    const ended = await get(id);

    expect(asked.state).toBe('pausing');
    expect(paused).toMatchObject({ state: 'paused', pausedBecause: 'admin' });
    expect(paused.done).toBeLessThan(everybody.length);
    expect(callsWhilePaused).toBe(0);
    expect(resumed).toMatchObject({ state: 'queued', pausedBecause: null });
    expect(ended).toMatchObject({ state: 'completed', done: everybody.length });
    // Nobody who had a result is asked again.
    expect(callsPerMailbox(bench).length).toBeLessThanOrEqual(everybody.length - paused.done);
    expect((await activityTypes()).slice(0, 4)).toEqual([
      'check.ended',
      'check.resumed',
      'check.paused',
      'check.started',
    ]);
  });

  test('nobody is asked twice: a mailbox that was begun is finished before the run pauses', async () => {
    const { bench, admin, everybody, start, get, until } = await arrange(slowly);
    await using _ = bench;
    bench.sandbox.faults.add({
      match: { path: /mailFolders|calendar|contacts/, probability: 0.2 },
      answer: { status: 429, headers: { 'Retry-After': '1' } },
    });
    const { id } = await start();
    const params = { checkId: id };

    await until(id, ({ done }) => done > 0);
    await admin.call(api.pauseConnectivityCheck, { params, body: {} });
    await bench.queue.drain();
    const paused = await get(id);
    await admin.call(api.resumeConnectivityCheck, { params, body: {} });
    await bench.queue.drain();

    expect(paused).toMatchObject({ state: 'paused' });
    expect(await get(id)).toMatchObject({ state: 'completed', done: everybody.length });
    expect(Math.max(...callsPerMailbox(bench))).toBe(1);
  });

  test('asking twice changes nothing and is told once; an ended run refuses', async () => {
    const { bench, admin, start, activityTypes } = await arrange(slowly);
    await using _ = bench;
    const { id } = await start();
    const params = { checkId: id };

    for (let time = 0; time < 3; time++) await admin.call(api.pauseConnectivityCheck, { params, body: {} });
    await bench.queue.drain();
    for (let time = 0; time < 3; time++) await admin.call(api.resumeConnectivityCheck, { params, body: {} });
    await bench.queue.drain();

    const types = await activityTypes();
    expect(types.filter((type) => type === 'check.paused')).toHaveLength(1);
    expect(types.filter((type) => type === 'check.resumed')).toHaveLength(1);
    expect(types.filter((type) => type === 'check.ended')).toHaveLength(1);
    await expect(admin.call(api.pauseConnectivityCheck, { params, body: {} })).rejects.toMatchObject({
      problem: { code: 'check.already_ended' },
    });
  });

  test('a paused run that is cancelled ends at once, and what it found stays', async () => {
    const { bench, admin, start, get, until } = await arrange(slowly);
    await using _ = bench;
    const { id } = await start();
    await until(id, ({ done }) => done > 0);
    const params = { checkId: id };
    await admin.call(api.pauseConnectivityCheck, { params, body: {} });
    await until(id, ({ state }) => state === 'paused');

    const cancelled = await admin.call(api.cancelConnectivityCheck, { params, body: {} });
    await bench.queue.drain();

    expect(cancelled).toMatchObject({ state: 'cancelled', finishedAt: expect.any(String) });
    expect((await get(id)).done).toBeGreaterThan(0);
  });

  test('fault 147: pause, resume and cancel by two admins at once always end in a last state', async () => {
    const { bench, admin, start, get, until } = await arrange(slowly);
    await using _ = bench;
    const margaret = bench.signIn('margaret@contoso.example');
    for (const order of [
      ['pauseConnectivityCheck', 'resumeConnectivityCheck', 'cancelConnectivityCheck'],
      ['pauseConnectivityCheck', 'cancelConnectivityCheck', 'resumeConnectivityCheck'],
      ['cancelConnectivityCheck', 'pauseConnectivityCheck', 'resumeConnectivityCheck'],
    ] as const) {
      const { id } = await start();
      await until(id, ({ state }) => state === 'running');
      const params = { checkId: id };
      await Promise.allSettled(
        order.flatMap((name) => [admin, margaret].map((one) => one.call(api[name], { params, body: {} }))),
      );
      await bench.queue.drain();

      const { state } = await get(id);
      expect(['cancelled', 'completed']).toContain(state);
    }
  });
});

describe('fault 41: the consent is withdrawn in the middle of a run', () => {
  const refused = { status: 401, body: { error: { code: 'InvalidAuthenticationToken', message: 'refused' } } };

  async function withdrawn() {
    const arranged = await arrange(slowly);
    const { bench, start, until } = arranged;
    const { id } = await start();
    await until(id, ({ done }) => done > 0);
    bench.sandbox.tenant.grants.deleteApplication();
    bench.sandbox.faults.add({ match: { path: /\/users\// }, answer: refused });
    await bench.queue.drain();
    return { ...arranged, id };
  }

  test('Exchange denies before the token ends: a denial counts only by a token that is younger', async () => {
    const { bench, start, get, until } = await arrange(slowly);
    await using _ = bench;
    const { id } = await start();
    await until(id, ({ done }) => done > 0);

    bench.sandbox.tenant.grants.revokeRoles(...mailboxPermissions);
    const denied = { status: 403, body: { error: { code: 'ErrorAccessDenied', message: 'Access is denied.' } } };
    bench.sandbox.faults.add({ match: { path: /\/users\// }, answer: denied });
    await bench.queue.drain();

    const paused = await get(id);
    expect(paused).toMatchObject({ state: 'paused', pausedBecause: 'consent_changed' });
    const reasons = paused.causes.map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason.startsWith('access.') || reason.startsWith('consent.'))).toEqual([]);
  });

  test('resumed before it is granted again, it pauses again and still calls nobody denied', async () => {
    const { bench, admin, get, id } = await withdrawn();
    await using _ = bench;
    const before = await get(id);

    await admin.call(api.resumeConnectivityCheck, { params: { checkId: id }, body: {} });
    await bench.queue.drain();

    expect(await get(id)).toMatchObject({ state: 'paused', pausedBecause: 'consent_changed', done: before.done });
  });

  test('resumed after it is granted again, it completes', async () => {
    const { bench, admin, everybody, get, id } = await withdrawn();
    await using _ = bench;
    bench.sandbox.faults.clear();
    bench.sandbox.tenant.grants.grant(...mailboxPermissions);

    await admin.call(api.resumeConnectivityCheck, { params: { checkId: id }, body: {} });
    await bench.queue.drain();

    expect(await get(id)).toMatchObject({ state: 'completed', done: everybody.length });
    const reasons = (await get(id)).causes.map(({ reason }) => reason);
    expect(reasons.filter((reason) => !reason.startsWith('mailbox.') && reason !== 'microsoft.mailbox_moving')).toEqual(
      [],
    );
  });
});

describe('whom a run covers', () => {
  test('the whole tenant: every organization on Graph with its own features; others are left out', async () => {
    const { bench, admin, everybody, organizationId, get } = await arrange({ people: 20 });
    await using _ = bench;
    const branch = await bench.organizationWith(admin, []);
    await admin.call(api.updateOrganization, {
      params: { organizationId: branch },
      body: { capabilities: ['contacts'] },
    });
    await admin.call(api.moveUsers, { params: { organizationId: branch }, body: { userIds: [grace] } });

    const { check, joined } = await admin.call(api.startTenantCheck, { body: {} });
    await bench.queue.drain();

    expect(joined).toBe(false);
    expect(await get(check.id)).toMatchObject({
      scope: 'tenant',
      organizationId: null,
      organizationName: null,
      state: 'completed',
      done: everybody.length,
      switched: expect.any(Number),
    });
    expect((await get(check.id)).switched).toBe((await get(check.id)).counts.working);
    const user = await admin.call(api.getUser, { params: { userId: grace } });
    expect(user.capabilities.map(({ capability }) => capability)).toEqual(['contacts']);
    const { organizations } = await admin.call(api.listOrganizations);
    expect(organizations.filter(({ lastCheckAt }) => lastCheckAt).map(({ id }) => id)).toEqual(
      expect.arrayContaining([organizationId, branch]),
    );
    const { checks } = await admin.call(api.listConnectivityChecks, { query: { organizationId: branch } });
    expect(checks.map(({ id }) => id)).toEqual([check.id]);
  });

  test('the members of a group: who is not in the organization is left out', async () => {
    const { bench, admin, organizationId, get } = await arrange({ people: 5 });
    await using _ = bench;
    const group = { id: '0d5f2c7a-3b1e-4c8d-9a6f-1e2d3c4b5a69' as GroupId, displayName: 'Sales' };
    const stranger = '0f9b2c1e-5f53-4a7e-9a55-2b7f3f1f0c11' as UserId;

    const { check } = await admin.call(api.startConnectivityCheck, {
      params: { organizationId },
      body: { userIds: [grace, marie, stranger], group },
    });
    await bench.queue.drain();

    expect(await get(check.id)).toMatchObject({ scope: 'group', groupName: 'Sales', total: 2, done: 2 });
  });

  test('only those of whom a run could not tell, and nobody when it could', async () => {
    const { bench, admin, start, get } = await arrange({ people: 5 });
    await using _ = bench;
    const { id } = await start();
    await bench.queue.drain();
    const before = await get(id);
    bench.sandbox.tenant.person(marie).mailbox.state = 'available';

    const { check } = await admin.call(api.retryConnectivityCheck, { params: { checkId: id }, body: {} });
    bench.sandbox.requests.clear();
    await bench.queue.drain();

    expect(before.counts.could_not_tell).toBe(1);
    expect(await get(check.id)).toMatchObject({ scope: 'retry', retryOf: id, total: 1, counts: { working: 1 } });
    expect(callsPerMailbox(bench)).toHaveLength(1);
    await expect(
      admin.call(api.retryConnectivityCheck, { params: { checkId: check.id }, body: {} }),
    ).rejects.toMatchObject({ problem: { code: 'check.nothing_to_retry' } });
  });

  test('a run that goes on cannot be retried', async () => {
    const { bench, admin, start } = await arrange(slowly);
    await using _ = bench;
    const { id } = await start();
    const retry = admin.call(api.retryConnectivityCheck, { params: { checkId: id }, body: {} });
    await expect(retry).rejects.toMatchObject({ problem: { code: 'check.not_ended' } });
    await admin.call(api.cancelConnectivityCheck, { params: { checkId: id }, body: {} });
  });

  test('fault 146: 50 starts at once are one run; one of other mailboxes is another', async () => {
    const { bench, admin, organizationId } = await arrange(slowly);
    await using _ = bench;
    const margaret = bench.signIn('margaret@contoso.example');
    const params = { organizationId };

    const starts = await Promise.all(
      Array.from({ length: 50 }, (_all, index) =>
        (index % 2 ? admin : margaret).call(api.startConnectivityCheck, { params, body: {} }),
      ),
    );
    const single = await admin.call(api.startConnectivityCheck, { params, body: { userIds: [grace] } });
    const same = await margaret.call(api.startConnectivityCheck, { params, body: { userIds: [grace, grace] } });
    await bench.queue.drain();

    expect(new Set(starts.map(({ check }) => check.id)).size).toBe(1);
    expect(starts.filter(({ joined }) => !joined)).toHaveLength(1);
    expect(single.joined).toBe(false);
    expect(single.check.id).not.toBe(starts[0]?.check.id);
    expect(same.check.id).toBe(single.check.id);
    const { activities } = await admin.call(api.listActivity);
    expect(activities.filter(({ type }) => type === 'check.started')).toHaveLength(2);
    expect(activities.filter(({ type }) => type === 'check.ended')).toHaveLength(2);
  });
});

test('a run is compared with the one of the same mailboxes before: who is newly what, who came, who went', async () => {
  const { bench, admin, everybody, organizationId, start } = await arrange({ people: 12 });
  await using _ = bench;
  const first = await start();
  await bench.queue.drain();
  const compare = (checkId: CheckId) => admin.call(api.compareConnectivityCheck, { params: { checkId } });
  const { tenant } = bench.sandbox;
  const [gone, blocked] = everybody.filter(({ mailbox }) => mailbox.state === 'available').slice(-2);
  tenant.person(blocked?.id ?? '').mailbox.state = 'notEnabled';
  await admin.call(api.removeUsers, { body: { userIds: [gone?.id as UserId], force: true } });
  await start({ userIds: [grace] });
  const second = await start();
  await bench.queue.drain();

  expect(await compare(first.id)).toEqual({ earlier: null, newly: [], added: 0, gone: 0 });
  expect(await compare(second.id)).toEqual({
    earlier: { id: first.id, finishedAt: expect.any(String) },
    newly: [{ status: 'blocked', count: 1 }],
    added: 0,
    gone: 1,
  });
  const { checks } = await admin.call(api.listConnectivityChecks, { query: { organizationId, covering: 'everybody' } });
  expect(checks.map(({ id }) => id)).toEqual([second.id, first.id]);
});

describe('progress is pushed', () => {
  async function* eventsOf(bench: Bench, token: string, checkId: CheckId, signal?: AbortSignal) {
    const response = await bench.fetch(addressOf(api.watchConnectivityCheck, { params: { checkId } }), {
      headers: { authorization: `Bearer ${token}` },
      ...(signal ? { signal } : {}),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let rest = '';
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      rest += text;
      const events = rest.split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        if (event.startsWith('data: ')) yield connectivityCheck.parse(JSON.parse(event.slice('data: '.length)));
      }
    }
  }

  test('from the whole state at the beginning to the last one, growing all the time, then it ends', async () => {
    const { bench, admin, everybody, start } = await arrange(slowly);
    await using _ = bench;
    const { id } = await start();

    const seen: ConnectivityCheck[] = [];
    for await (const check of eventsOf(bench, admin.token, id)) seen.push(check);

    const done = seen.map((check) => check.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toMatchObject({ state: 'completed', done: everybody.length });
  });

  test('who comes back after a broken connection begins with how it stands then', async () => {
    const { bench, admin, start, until } = await arrange(slowly);
    await using _ = bench;
    const { id } = await start();
    for await (const check of eventsOf(bench, admin.token, id)) {
      if (check.done > 0) break;
    }
    await admin.call(api.pauseConnectivityCheck, { params: { checkId: id }, body: {} });
    await until(id, ({ state }) => state === 'paused');

    for await (const check of eventsOf(bench, admin.token, id)) {
      expect(check.state).toBe('paused');
      break;
    }
  });
});

test('an answer of before does not take the place of a newer one of another run', async () => {
  const { bench, admin, start } = await arrange({ people: 5 });
  await using _ = bench;
  const { db } = bench.service.database;
  const later = new Date(bench.clock.now().getTime() + 60_000);
  await db
    .updateTable('mailbox_access')
    .set({ status: 'blocked', reason: 'mailbox.none', checked_at: later })
    .where('user_id', '=', grace)
    .execute();

  await start();
  await bench.queue.drain();

  const user = await admin.call(api.getUser, { params: { userId: grace } });
  expect(user.access).toMatchObject({ status: 'blocked', checkedAt: later.toISOString() });
});

test('of old runs the counts stay, and the results that still stand with a user; nothing is compared with a half', async () => {
  const { bench, admin, everybody, start, get } = await arrange({ people: 5 });
  await using _ = bench;
  const { db } = bench.service.database;
  const ids: CheckId[] = [];
  for (let run = 0; run < 12; run++) {
    ids.push((await start()).id);
    await bench.queue.drain();
    bench.clock.advance(1_000);
    // A newer verdict than any run to come: what the first run found stays with this user.
    if (run === 0)
      await db
        .updateTable('mailbox_access')
        .set({ checked_at: new Date('2100-01-01') })
        .where('user_id', '=', grace)
        .execute();
  }
  const [first, second, third] = ids as [CheckId, CheckId, CheckId];
  const resultsOf = async (id: CheckId) =>
    (await db.selectFrom('check_results').select('user_id').where('check_id', '=', id).execute()).length;

  expect(await Promise.all([first, second, third].map(resultsOf))).toEqual([1, 0, everybody.length]);
  expect(await get(first)).toMatchObject({ done: everybody.length });
  const compared = await admin.call(api.compareConnectivityCheck, { params: { checkId: third } });
  expect(compared.earlier).toBeNull();
  expect((await admin.call(api.getUser, { params: { userId: grace } })).capabilities).not.toEqual([]);
});

test('what an admin checks by hand overtakes a large run of the same tenant', async () => {
  const { bench, start, get, until } = await arrange(slowly);
  await using _ = bench;
  const large = await start();
  await until(large.id, ({ done }) => done > 0);

  const single = await start({ userIds: [grace] });
  await until(single.id, ({ state }) => state === 'completed');
  const meanwhile = await get(large.id);
  await bench.queue.drain();

  expect(meanwhile.state).toBe('running');
  expect(meanwhile.done).toBeLessThan(meanwhile.total);
  expect(await get(large.id)).toMatchObject({ state: 'completed' });
});
