import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { ConsentChangeId, OrganizationId, TenantId, UserId } from '../../src/domain/ids.ts';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, type BenchOptions, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';
import { changeMadeAt, intend } from '../support/intended-scope.ts';

const grace = namedPeople.grace.id as UserId;
const ada = namedPeople.ada.id as UserId;
const hour = 3_600_000;

async function arrange(bench: Bench) {
  const admin = bench.signIn('ada@contoso.example');
  const people = [grace, ada].map((id) => bench.sandbox.tenant.person(id));
  return { admin, organizationId: await bench.organizationWith(admin, people) };
}

async function check(bench: Bench, admin: TestAdmin, organizationId: OrganizationId) {
  const { check: started } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  return admin.call(api.getConnectivityCheck, { params: { checkId: started.id } });
}

const graceOf = async (admin: TestAdmin) => admin.call(api.getUser, { params: { userId: grace } });

const start = (options: BenchOptions = {}) => startBench({ granted: mailboxPermissions, ...options });

describe('a mailbox outside the limit that opens', () => {
  test('is exposed, comes first among the causes, and its connection is not switched', async () => {
    await using bench = await start();
    const { admin, organizationId } = await arrange(bench);
    await intend(bench, { memberIds: [ada] });

    const done = await check(bench, admin, organizationId);

    expect(done).toMatchObject({ counts: { exposed: 1, working: 1 }, switched: 1 });
    expect(await graceOf(admin)).toMatchObject({
      access: { status: 'exposed', reason: 'access.open_outside_scope' },
      connectionType: 'none',
    });
    const overview = await admin.call(api.getOverview);
    expect(overview.counts.exposed).toBe(1);
    expect(overview.causes[0]).toEqual({ status: 'exposed', reason: 'access.open_outside_scope', count: 1 });
  });

  test('of a block-list is exposed too', async () => {
    await using bench = await start();
    const { admin, organizationId } = await arrange(bench);
    await intend(bench, { list: 'block', memberIds: [grace] });

    expect(await check(bench, admin, organizationId)).toMatchObject({ counts: { exposed: 1, working: 1 } });
  });

  test('stays exposed when a later check could not tell', async () => {
    await using bench = await start();
    const { admin, organizationId } = await arrange(bench);
    await intend(bench, { memberIds: [ada] });
    await check(bench, admin, organizationId);
    bench.sandbox.faults.add({ match: { path: /\/users\// }, answer: { status: 500, body: {} } });

    await check(bench, admin, organizationId);

    expect((await graceOf(admin)).access).toMatchObject({ status: 'exposed', reason: 'access.open_outside_scope' });
  });

  test('waits while a change of the limit spreads, and is exposed after the bound', async () => {
    await using bench = await start();
    const { admin, organizationId } = await arrange(bench);
    await intend(bench, { memberIds: [ada] });
    await changeMadeAt(bench, bench.clock.now());

    const before = await check(bench, admin, organizationId);
    bench.clock.advance(2 * hour + 60_000);
    const after = await check(bench, admin, organizationId);

    expect(before.counts).toMatchObject({ waiting: 1, working: 1, exposed: 0 });
    expect(before.causes).toEqual([{ status: 'waiting', reason: 'microsoft.change_spreading', count: 1 }]);
    expect(after.counts).toMatchObject({ waiting: 0, working: 1, exposed: 1 });
  });

  test('waits as long as the operator says, counted from the last step', async () => {
    await using bench = await start({ environment: { EXCHANGE_PROPAGATION_MINUTES: '10' } });
    const { admin, organizationId } = await arrange(bench);
    await intend(bench, { memberIds: [ada] });
    const now = bench.clock.now();
    await changeMadeAt(bench, new Date(now.getTime() - hour), { grantsGoneAt: now });

    const before = await check(bench, admin, organizationId);
    bench.clock.advance(11 * 60_000);
    const after = await check(bench, admin, organizationId);

    expect([before.counts.waiting, after.counts.exposed]).toEqual([1, 1]);
  });
});

describe('a mailbox that stays closed', () => {
  const closedToAll = async (bench: Bench) => {
    bench.sandbox.tenant.exchange.addPolicy({
      appId: bench.sandbox.registration.clientId,
      groupId: namedGroups.empty.id,
      accessRight: 'RestrictAccess',
      description: '',
    });
  };
  const settled = { sandbox: { settings: { exchangePropagationSeconds: 0 } } };

  test('outside is blocked as intended; inside it is blocked by the policy', async () => {
    await using bench = await start(settled);
    const { admin, organizationId } = await arrange(bench);
    await intend(bench, { memberIds: [ada] });
    await closedToAll(bench);

    const done = await check(bench, admin, organizationId);

    expect(done.causes).toEqual([
      { status: 'blocked', reason: 'access.outside_scope', count: 1 },
      { status: 'blocked', reason: 'policy.application_access_policy', count: 1 },
    ]);
  });

  test('inside waits while a change spreads, and after the bound nobody calls it waiting any more', async () => {
    await using bench = await start(settled);
    const { admin, organizationId } = await arrange(bench);
    await intend(bench, { memberIds: [ada, grace] });
    await closedToAll(bench);
    await changeMadeAt(bench, bench.clock.now());

    const before = await check(bench, admin, organizationId);
    bench.clock.advance(3 * hour);
    bench.sandbox.faults.add({ match: { path: /\/users\// }, answer: { status: 500, body: {} } });
    await check(bench, admin, organizationId);

    expect(before.counts).toMatchObject({ waiting: 2 });
    expect((await graceOf(admin)).access).toMatchObject({ status: 'could_not_tell', reason: 'microsoft.unavailable' });
  });

  test('for want of a permission waits while a consent spreads', async () => {
    await using bench = await startBench({ granted: [] });
    const { admin, organizationId } = await arrange(bench);
    const now = bench.clock.now();
    await bench.service.database.db
      .insertInto('consent_changes')
      .values({
        tenant_id: bench.tenantId as TenantId,
        id: crypto.randomUUID() as ConsentChangeId,
        organization_id: organizationId,
        kind: 'roles_granted',
        changed_at: now,
        expected_by: new Date(now.getTime() + hour / 2),
        ended_at: null,
        outcome: null,
      })
      .execute();

    const before = await check(bench, admin, organizationId);
    bench.clock.advance(hour);
    const after = await check(bench, admin, organizationId);

    expect([before.counts.waiting, before.counts.blocked]).toEqual([2, 0]);
    expect([after.counts.waiting, after.counts.blocked]).toEqual([0, 2]);
  });
});
