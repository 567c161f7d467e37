import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { UserCommandRun } from '../../src/contract/user-commands.ts';
import type { CommandRunId, OrganizationId, UserId } from '../../src/domain/ids.ts';
import type { MailboxState } from '../../src/domain/mailbox-sync/mailbox-state.ts';
import type { UserCommand, UserCommandOutcome } from '../../src/domain/users/user-command.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { channelPrefix, type StepMessage } from '../../src/service/steps.ts';
import { type Bench, type ProblemAnswer, startBench, type TestAdmin } from '../support/bench.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { callAsAda, processEnvironment, startProcess, temporaryFolder } from '../support/service-process.ts';

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as UserId;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

describe.each(['embedded', 'postgres'] as const)('commands over users, %s', (kind) => {
  let bench: Bench;
  let admin: TestAdmin;
  let head: OrganizationId;
  let sales: OrganizationId;

  beforeEach(async () => {
    bench = await startBench(
      kind === 'postgres' ? { database: { kind: 'postgres', url: await server.createDatabase() } } : {},
    );
    admin = bench.signIn('ada@contoso.example');
    head = await bench.organizationWith(admin, [], 'Head');
    sales = await bench.organizationWith(admin, [], 'Sales');
    return () => bench[Symbol.asyncDispose]();
  }, 60_000);

  async function addUsers(count: number): Promise<void> {
    for (let start = 0; start < count; start += 1000) {
      const users = numbers(Math.min(1000, count - start)).map((index) => ({
        id: idOf(start + index),
        displayName: `Person ${start + index}`,
        userPrincipalName: `person${start + index}@contoso.example`,
        mail: null,
      }));
      await admin.call(api.addUsers, { params: { organizationId: head }, body: { users } });
    }
  }

  async function connect(state: MailboxState, ids: readonly UserId[]): Promise<void> {
    await bench.service.database.db
      .updateTable('users')
      .set({ connection_type: 'graph_app_only', mailbox_state: state })
      .where('id', 'in', [...ids])
      .execute();
  }

  async function runOf(command: UserCommand, whom: object, organizationId?: OrganizationId) {
    const body = { command, ...whom, ...(organizationId ? { organizationId } : {}) };
    const { run } = await admin.call(api.startUserCommand, { body });
    await bench.queue.drain();
    return admin.call(api.getUserCommand, { params: { commandRunId: run.id } });
  }

  const outcomesOf = ({ outcomes }: { outcomes: readonly { outcome: UserCommandOutcome; count: number }[] }) =>
    Object.fromEntries(outcomes.map(({ outcome, count }) => [outcome, count]));

  async function resultsOf(runId: CommandRunId, outcome: UserCommandOutcome) {
    const found = [];
    let after: UserId | undefined;
    do {
      const query = { outcome, limit: 200, ...(after ? { after } : {}) };
      const page = await admin.call(api.listUserCommandResults, { params: { commandRunId: runId }, query });
      found.push(...page.results);
      after = page.next ?? undefined;
    } while (after);
    return found;
  }

  test('everybody who matches when it starts is moved, each with a result; who is there already stays', async () => {
    await addUsers(650);
    await admin.call(api.moveUsers, { params: { organizationId: sales }, body: { userIds: [idOf(5)] } });

    const run = await runOf('move', { filter: { search: 'person 5' } }, sales);
    const again = await runOf('move', { filter: { organizationId: head, search: 'person 5' } }, sales).catch(
      ({ problem }: ProblemAnswer) => problem.code,
    );

    // 5, 50 to 59, 500 to 599.
    expect(run).toMatchObject({ state: 'completed', total: 111, done: 111, filter: { search: 'person 5' } });
    expect(outcomesOf(run)).toEqual({ done: 110, unchanged: 1 });
    expect((await resultsOf(run.id, 'done')).map(({ userId }) => userId)).not.toContain(idOf(5));
    expect(await resultsOf(run.id, 'unchanged')).toEqual([
      { userId: idOf(5), displayName: 'Person 5', outcome: 'unchanged' },
    ]);
    const { total } = await admin.call(api.listUsers, { query: { organizationId: sales } });
    expect(total).toBe(111);
    expect(again).toBe('command.nobody');
  });

  test('users in many states: each is refused for its own reason, the others are done', async () => {
    await addUsers(5);
    await connect('initialized', [idOf(0), idOf(1), idOf(2)]);
    await connect('switching', [idOf(3)]);
    const named = { userIds: numbers(6).map(idOf) };
    await admin.call(api.switchSynchronization, { body: { userIds: [idOf(1)], enabled: false } });

    const off = await runOf('disableSync', { userIds: [idOf(1), idOf(2), idOf(9)] });
    const on = await runOf('enableSync', { userIds: [idOf(2)] });
    const forced = await runOf('forceSync', named);
    const reset = await runOf('reset', named);
    const kept = await runOf('reinitialize', named);
    await connect('initialized', [idOf(0)]);
    const removed = await runOf('remove', named);
    const gone = await runOf('forceRemove', { userIds: [idOf(0)] });

    expect(outcomesOf(off)).toEqual({ done: 1, unchanged: 1, not_found: 1 });
    expect(outcomesOf(on)).toEqual({ done: 1 });
    expect(outcomesOf(forced)).toEqual({ done: 3, switched_off: 1, not_connected: 1, not_found: 1 });
    expect(outcomesOf(reset)).toMatchObject({ nothing_to_reset: expect.any(Number), not_found: 1 });
    expect(outcomesOf(kept)).toEqual({ done: 3, switched_off: 1, not_connected: 1, not_found: 1 });
    expect(outcomesOf(removed)).toEqual({ done: 4, kept_initialized: 1, not_found: 1 });
    expect(outcomesOf(gone)).toEqual({ done: 1 });
    // Who was removed keeps a name in the results.
    expect(await resultsOf(gone.id, 'done')).toMatchObject([{ displayName: 'Person 0' }]);
    expect(await resultsOf(removed.id, 'not_found')).toMatchObject([{ displayName: null }]);
  });

  test('a check of all that match is one check per organization that uses Graph', async () => {
    const { organizations } = await admin.call(api.listOrganizations);
    const onEws = organizations.find(({ isDefault }) => isDefault)?.id as OrganizationId;
    await addUsers(6);
    await admin.call(api.moveUsers, { params: { organizationId: sales }, body: { userIds: [idOf(1), idOf(2)] } });
    await admin.call(api.moveUsers, { params: { organizationId: onEws }, body: { userIds: [idOf(3)] } });

    const run = await runOf('check', { filter: {} });

    expect(outcomesOf(run)).toEqual({ done: 5, organization_not_graph: 1 });
    const { checks } = await admin.call(api.listConnectivityChecks, {});
    expect(checks.map(({ total, state, scope }) => ({ total, state, scope }))).toEqual(
      expect.arrayContaining([
        { total: 3, state: 'completed', scope: 'selection' },
        { total: 2, state: 'completed', scope: 'selection' },
      ]),
    );
  });

  test('two clicks are one run; another command waits behind it; activity tells each once', async () => {
    await addUsers(3);
    const body = { command: 'disableSync', filter: { organizationId: head } } as const;

    const started = await Promise.all([1, 2].map(() => admin.call(api.startUserCommand, { body })));
    const { run: back } = await admin.call(api.startUserCommand, { body: { ...body, command: 'enableSync' } });
    await bench.queue.drain();

    expect(new Set(started.map(({ run }) => run.id)).size).toBe(1);
    expect(started.filter(({ joined }) => joined)).toHaveLength(1);
    expect(outcomesOf(await admin.call(api.getUserCommand, { params: { commandRunId: back.id } }))).toEqual({
      done: 3,
    });
    const { activities } = await admin.call(api.listActivity, {});
    expect(activities.filter(({ type }) => type.startsWith('users.command')).map(({ type }) => type)).toHaveLength(4);
    expect(activities[0]).toMatchObject({
      type: 'users.command_ended',
      by: null,
      details: { command: 'enableSync', state: 'completed', users: 3, done: 3, run: back.id },
    });
  });

  test('what was done to a user stands with the user: alone, together with others, and what checks found', async () => {
    await addUsers(3);
    await admin.call(api.switchSynchronization, { body: { userIds: [idOf(1)], enabled: false } });
    bench.clock.advance(1_000);
    await admin.call(api.switchSynchronization, { body: { userIds: [idOf(0), idOf(2)], enabled: false } });
    const moved = await runOf('move', { filter: {} }, sales);
    bench.clock.advance(1_000);
    await runOf('check', { filter: {} });

    const { verdicts, audit } = await admin.call(api.getUserHistory, { params: { userId: idOf(1) } });

    expect(audit.map(({ what }) => (what.kind === 'activity' ? what.type : what.command))).toEqual([
      'check',
      'move',
      'sync.disabled',
    ]);
    expect(audit[1]).toMatchObject({ what: { runId: moved.id, outcome: 'done', target: 'Sales' } });
    expect(audit.every(({ by }) => by !== null)).toBe(true);
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]?.status).not.toBe('working');
  });

  test('a worker that fails in the middle repeats nothing: what it did and where it stood go together', async () => {
    await addUsers(1_000);
    const failAt = new Set([2, 4]);
    let passed = 0;
    const fail = (message: unknown) => {
      passed += 1;
      if (failAt.has(passed)) (message as StepMessage).fail(new Error('the worker broke'));
    };
    subscribe(`${channelPrefix}results.saving`, fail);
    try {
      const run = await runOf('move', { filter: {} }, sales);
      expect(run).toMatchObject({ state: 'completed', total: 1_000, done: 1_000 });
      expect(outcomesOf(run)).toEqual({ done: 1_000 });
      expect(await resultsOf(run.id, 'done')).toHaveLength(1_000);
    } finally {
      unsubscribe(`${channelPrefix}results.saving`, fail);
    }
  });

  test('a cancelled run stops between two parts: who has a result is done, the rest is as it was', async () => {
    await addUsers(900);
    let cancelling: Promise<unknown> | undefined;
    const { run } = await admin.call(api.startUserCommand, {
      body: { command: 'move', filter: {}, organizationId: sales },
    });
    // As another request: not from inside the transaction that stands at the step.
    const outside = AsyncLocalStorage.snapshot();
    const cancel = () => {
      cancelling ??= outside(() => admin.call(api.cancelUserCommand, { params: { commandRunId: run.id }, body: {} }));
    };
    subscribe(`${channelPrefix}results.saving`, cancel);
    try {
      await bench.queue.drain();
      await cancelling;
    } finally {
      unsubscribe(`${channelPrefix}results.saving`, cancel);
    }

    const ended = await admin.call(api.getUserCommand, { params: { commandRunId: run.id } });
    const { total } = await admin.call(api.listUsers, { query: { organizationId: sales } });
    expect(ended.state).toBe('cancelled');
    expect(total).toBeLessThan(900);
    expect(outcomesOf(ended)).toEqual({ done: total });
    expect(ended.done).toBe(total);
    const response = await admin.send(api.cancelUserCommand, { params: { commandRunId: run.id }, body: {} });
    expect(await response.json()).toMatchObject({ code: 'command.already_ended' });
  });
});

test.each(['embedded', 'postgres'] as const)(
  'a process killed inside a part, %s: the next one goes on where the last whole part ended, and repeats nothing',
  { timeout: 120_000 },
  async (kind) => {
    await using sandbox = await startSandbox();
    using folder = temporaryFolder();
    const environment = processEnvironment(
      sandbox,
      folder.path,
      kind === 'postgres' ? { DATABASE_URL: await server.createDatabase() } : {},
    );
    const call = async (url: string, method: 'GET' | 'POST', path: string, body?: unknown) =>
      (await callAsAda(sandbox, url, method, path, body)).body as unknown;
    let runId = '';
    {
      await using killed = startProcess({ ...environment, STOP_AT: 'results.saving:2' });
      const url = await killed.ready();
      const office = { name: 'Office', externalId: 'office' };
      const { id } = (await call(url, 'POST', '/api/organizations', office)) as { id: string };
      const users = numbers(1_000).map((index) => ({
        id: idOf(index),
        displayName: `Person ${index}`,
        userPrincipalName: `person${index}@contoso.example`,
        mail: null,
      }));
      await call(url, 'POST', `/api/organizations/${id}/users`, { users });
      const body = { command: 'disableSync', filter: { organizationId: id } };
      const started = (await call(url, 'POST', '/api/user-commands', body)) as { run: UserCommandRun };
      runId = started.run.id;
      expect(await killed.ended).toBe('SIGKILL');
    }

    await using next = startProcess(environment);
    const url = await next.ready();
    const runNow = () => call(url, 'GET', `/api/user-commands/${runId}`) as Promise<UserCommandRun>;
    // On a server, another worker finds a dead one by its missing heartbeat.
    await expect.poll(async () => (await runNow()).state, { timeout: 60_000, interval: 200 }).toBe('completed');

    // Nobody twice: a second time would have been 'unchanged'.
    expect(await runNow()).toMatchObject({ total: 1_000, done: 1_000, outcomes: [{ outcome: 'done', count: 1_000 }] });
  },
);
