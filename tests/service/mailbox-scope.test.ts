import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { MailboxScope, ScopeChange } from '../../src/contract/mailbox-scope.ts';
import type { GroupId, UserId } from '../../src/domain/ids.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { exchangeOnlineAppId, graphAppId } from '../../src/sandbox/tenant/permissions.ts';
import {
  type Bench,
  type BenchOptions,
  mailboxPermissions,
  ProblemAnswer,
  startBench,
  type TestAdmin,
} from '../support/bench.ts';
import { runScript } from '../support/run-script.ts';

const granted = [...mailboxPermissions, 'User.Read.All'];
const spreadMs = 2 * 3600_000 + 1000;

/** Everybody with a mailbox in one organization, and a gateway that acts as the admin. */
async function arrange(options: BenchOptions = {}) {
  const bench = await startBench({
    granted,
    environment: { EXCHANGE_GATEWAY: 'delegated' },
    ...options,
    sandbox: { people: 80, ...options.sandbox },
  });
  const { grants, registration } = bench.sandbox.tenant;
  grants.grantScopes(registration.clientId, graphAppId, ['GroupMember.Read.All'], null);
  grants.grantScopes(registration.clientId, exchangeOnlineAppId, ['Exchange.Manage'], null);
  const admin = bench.signIn('ada@contoso.example');
  const people = bench.sandbox.tenant.people.filter(({ mailbox }) => mailbox.state === 'available');
  const organizationId = await bench.organizationWith(admin, people);
  return { bench, admin, organizationId, people };
}

/** A mail-enabled security group with another one inside it. */
function nestedGroups({ sandbox }: Bench, outer: readonly string[], inner: readonly string[]) {
  const { tenant } = sandbox;
  const template = [...tenant.groups.values()].find((group) => group.displayName.startsWith('Office '));
  if (!template) throw new Error('there is no mail-enabled security group to copy');
  const add = (name: string, memberIds: readonly string[]) =>
    tenant.addGroup({
      ...template,
      id: crypto.randomUUID(),
      displayName: name,
      mail: `${name.toLowerCase().replaceAll(' ', '.')}@contoso.example`,
      mailNickname: name.toLowerCase().replaceAll(' ', '.'),
      memberIds: [...memberIds],
    });
  const nested = add('Limited inner', inner);
  return add('Limited outer', [...outer, nested.id]);
}

const wantedOf = (group: { id: string }, wanted: object = {}) => ({
  mechanism: 'role_assignments' as const,
  list: 'allow' as const,
  groupId: group.id as GroupId,
  ...wanted,
});

const stepsOf = ({ steps }: ScopeChange) => steps.map(({ step, state }) => `${step} ${state}`);
const run = (
  admin: TestAdmin,
  { id: changeId }: ScopeChange,
  purpose: 'make' | 'remove_assignments' | 'remove_policies' | 'undo',
) => admin.call(api.runScopeStep, { params: { changeId }, body: { purpose } });
const advance = (admin: TestAdmin, { id: changeId }: ScopeChange) =>
  admin.call(api.advanceScopeChange, { params: { changeId }, body: {} });

async function prove({ queue }: Bench, admin: TestAdmin, sweep = false): Promise<MailboxScope['proof']> {
  const { id: proofId } = await admin.call(api.startScopeProof, { body: { sweep } });
  await queue.drain();
  return admin.call(api.getScopeProof, { params: { proofId } });
}

const codeOf = async (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: unknown) => (error as ProblemAnswer).problem.code,
  );

describe('a limit by role assignments', () => {
  test('from the preview to the proof, in the one safe order', async () => {
    const { bench, admin, people } = await arrange();
    await using _ = bench;
    const [first, second, third] = people.map(({ id }) => id) as [string, string, string, ...string[]];
    const group = nestedGroups(bench, [first, second], [third]);

    const preview = await admin.call(api.previewMailboxScope, { body: wantedOf(group) });
    expect(preview.mayStart).toBe(true);
    expect(preview.problems.map(({ problem }) => problem)).toEqual(['union_trap', 'never_read']);
    expect(preview).toMatchObject({ directMembers: 2, nestedMembers: 1, now: { reachable: preview.now.mailboxes } });
    expect(preview.after.reachable).toBe(3);
    expect(preview.loses.count).toBe(preview.now.mailboxes - 3);

    const planned = await admin.call(api.startScopeChange, { body: wantedOf(group) });
    expect(stepsOf(planned)[0]).toBe('make due');
    expect(await codeOf(admin.call(api.startScopeChange, { body: wantedOf(group) }))).toBe('scope.change_open');
    expect(await codeOf(run(admin, planned, 'remove_policies'))).toBe('scope.step_not_due');

    const made = await run(admin, planned, 'make');
    expect(made.report.map(({ outcome }) => outcome)).not.toContain('failed');
    expect(stepsOf(made).slice(0, 4)).toEqual(['make done', 'prove_roles done', 'wait waiting', 'remove_grants todo']);

    bench.clock.advance(spreadMs);
    expect(stepsOf(await advance(admin, planned))[3]).toBe('remove_grants due');
    bench.sandbox.tenant.grants.revokeRoles(...mailboxPermissions);
    const cut = await advance(admin, planned);
    expect(stepsOf(cut).slice(3)).toEqual(['remove_grants done', 'prove_access due']);

    // Exchange and Graph still know the old grants: nothing is called wrong before the bound.
    bench.clock.advance(spreadMs);
    const proof = await prove(bench, admin, true);
    expect(proof).toMatchObject({ verdict: 'holds', inside: { reachable: 3, closed: 0 }, outside: { reachable: 0 } });
    expect((await advance(admin, planned)).state).toBe('done');
    const scope = await admin.call(api.getMailboxScope);
    expect(scope).toMatchObject({ reach: { reachable: 3, unknown: 0 }, intent: { mailboxes: 3 }, problems: [] });
  });

  test('fault 139: a grant beside the roles: the union is named, and who should not be open is exposed', async () => {
    const { bench, admin, organizationId, people } = await arrange();
    await using _ = bench;
    const inside = people.slice(0, 4).map(({ id }) => id);
    const group = nestedGroups(bench, inside, []);
    const planned = await admin.call(api.startScopeChange, { body: wantedOf(group) });
    await run(admin, planned, 'make');
    bench.clock.advance(spreadMs);
    bench.sandbox.tenant.grants.revokeRoles(...mailboxPermissions);
    await advance(admin, planned);
    bench.sandbox.tenant.grants.grant('Mail.ReadBasic.All', 'Calendars.Read', 'Contacts.Read');
    bench.clock.advance(spreadMs);

    const proof = await prove(bench, admin, true);
    const after = await advance(admin, planned);
    await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
    await bench.queue.drain();

    expect(proof?.verdict).toBe('leaks');
    expect(proof?.outside.reachable).toBe(people.length - inside.length);
    expect(stepsOf(after)).toContain('remove_grants due');
    const scope = await admin.call(api.getMailboxScope);
    expect(scope.problems).toEqual([{ problem: 'union_trap', names: expect.arrayContaining(['Mail.ReadBasic.All']) }]);
    const { counts } = await admin.call(api.listUsers, { query: { organizationId } });
    expect(counts?.exposed).toBe(people.length - inside.length);
  });

  test('a change that was made is taken back over the gateway, and what is intended goes with it', async () => {
    const { bench, admin, people } = await arrange();
    await using _ = bench;
    const { exchange, grants } = bench.sandbox.tenant;
    const group = nestedGroups(bench, [people[0]?.id ?? ''], []);
    const planned = await admin.call(api.startScopeChange, { body: wantedOf(group) });
    await run(admin, planned, 'make');
    bench.clock.advance(spreadMs);
    grants.revokeRoles(...mailboxPermissions);
    await advance(admin, planned);
    const before = await admin.call(api.getMailboxScope);

    const undone = await run(admin, planned, 'undo');

    expect(before.intent?.group.displayName).toBe('Limited outer');
    expect(undone.state).toBe('undone');
    expect([...exchange.current(exchange.assignments), ...exchange.current(exchange.scopes)]).toEqual([]);
    expect(await admin.call(api.getMailboxScope)).toMatchObject({ intent: null, reach: { reachable: 0, unknown: 0 } });
  });

  test('full access over Exchange Web Services opens every mailbox too: it must go before the limit is called set', async () => {
    const { bench, admin, people } = await arrange();
    await using _ = bench;
    const { grants } = bench.sandbox.tenant;
    grants.grantFor(exchangeOnlineAppId, 'full_access_as_app');
    const group = nestedGroups(bench, [people[0]?.id ?? ''], []);
    const planned = await admin.call(api.startScopeChange, { body: wantedOf(group) });
    await run(admin, planned, 'make');
    bench.clock.advance(spreadMs);
    grants.revokeRoles(...mailboxPermissions);

    const advanced = await advance(admin, planned);

    expect(advanced.grantsToRemove).toEqual([{ permission: 'full_access_as_app', resource: 'exchange' }]);
    expect(stepsOf(advanced)).toContain('remove_grants due');
    const { reach, tenantWideGrants } = await admin.call(api.getMailboxScope);
    expect(reach?.reachable).toBe(reach?.mailboxes);
    expect(tenantWideGrants).toEqual(advanced.grantsToRemove);
  });

  test('nested groups that are left out are said, and stay out', async () => {
    const { bench, admin, people } = await arrange();
    await using _ = bench;
    const [first, second] = people.map(({ id }) => id) as [string, string, ...string[]];
    const group = nestedGroups(bench, [first], [second]);
    const preview = await admin.call(api.previewMailboxScope, { body: wantedOf(group, { includeNested: false }) });
    expect(preview.problems).toContainEqual({ problem: 'nested_not_covered', names: ['Limited inner'] });
    expect(preview.after.reachable).toBe(1);
  });
});

describe('scripts', () => {
  test('a change made by script ends where one over the gateway does', async () => {
    const { bench, admin, people } = await arrange({ environment: { EXCHANGE_GATEWAY: 'off' } });
    await using _ = bench;
    const group = nestedGroups(
      bench,
      people.slice(0, 2).map(({ id }) => id),
      [],
    );
    const planned = await admin.call(api.startScopeChange, { body: wantedOf(group) });
    expect(await codeOf(run(admin, planned, 'make'))).toBe('exchange.gateway_off');

    const params = { changeId: planned.id };
    const script = await admin.call(api.getScopeScript, { params: { ...params, purpose: 'make' } });
    expect(script.text.startsWith('\uFEFF')).toBe(true);
    const text = await runScript(bench.sandbox, script.text);
    const made = await admin.call(api.bringScopeResult, { params, body: { text } });

    expect(stepsOf(made).slice(0, 3)).toEqual(['make done', 'prove_roles done', 'wait waiting']);
    const scope = await admin.call(api.getMailboxScope);
    expect(scope.enforced).toMatchObject({ source: 'script', servicePrincipal: 'present' });
    expect(scope.enforced?.assignments.length).toBeGreaterThan(0);
  });

  test('a result of another change, and a file that is none, change nothing', async () => {
    const { bench, admin, people } = await arrange({ environment: { EXCHANGE_GATEWAY: 'off' } });
    await using _ = bench;
    const group = nestedGroups(bench, [people[0]?.id ?? ''], []);
    const planned = await admin.call(api.startScopeChange, { body: wantedOf(group) });
    const params = { changeId: planned.id };
    const reading = await admin.call(api.getReadingScript);
    const foreign = await runScript(bench.sandbox, reading.text);
    const bring = (text: string) => codeOf(admin.call(api.bringScopeResult, { params, body: { text } }));

    expect(await bring(foreign)).toBe('scope.result_of_another_plan');
    expect(await bring('{}')).toBe('scope.result_unreadable');
    expect(await bring('<html>')).toBe('scope.result_unreadable');
    expect((await admin.call(api.getMailboxScope)).change?.steps[0]?.state).toBe('due');
  });
});

describe('a migration from policies', () => {
  async function withPolicy(accessRight: 'RestrictAccess' | 'DenyAccess') {
    const arranged = await arrange();
    const { bench, people } = arranged;
    const group = nestedGroups(bench, [people[0]?.id ?? ''], [people[1]?.id ?? '']);
    const { exchange, registration } = bench.sandbox.tenant;
    exchange.addPolicy({ appId: registration.clientId, groupId: group.id, accessRight, description: 'by hand' });
    bench.clock.advance(spreadMs);
    return arranged;
  }

  test('goes from the policy to roles without a moment in which more is open, and removes the policy last', async () => {
    const { bench, admin } = await withPolicy('RestrictAccess');
    await using _ = bench;
    const { exchange } = bench.sandbox.tenant;
    expect(await codeOf(admin.call(api.startPolicyMigration, { body: {} }))).toBe('scope.not_read');
    const read = await admin.call(api.readEnforcedScope, { body: {} });
    expect(read.enforced?.policies).toEqual([
      { accessRight: 'RestrictAccess', groupName: 'Limited outer', description: 'by hand' },
    ]);
    expect(read.reach).toMatchObject({ reachable: 2 });

    const planned = await admin.call(api.startPolicyMigration, { body: {} });
    const made = await run(admin, planned, 'make');
    expect(stepsOf(made)).toContain('wait waiting');
    bench.clock.advance(spreadMs);
    expect(await codeOf(run(admin, planned, 'remove_policies'))).toBe('scope.step_not_due');
    bench.sandbox.tenant.grants.revokeRoles(...mailboxPermissions);
    await advance(admin, planned);
    bench.clock.advance(spreadMs);
    expect((await prove(bench, admin, true))?.verdict).toBe('holds');
    expect(exchange.current(exchange.policies)).toHaveLength(1);
    const removed = await run(admin, planned, 'remove_policies');

    expect(removed.state).toBe('done');
    expect(exchange.current(exchange.policies)).toHaveLength(0);
    expect((await admin.call(api.getMailboxScope)).reach).toMatchObject({ reachable: 2 });
  });

  test('a grant that comes back keeps the policy where it is', async () => {
    const { bench, admin } = await withPolicy('RestrictAccess');
    await using _ = bench;
    await admin.call(api.readEnforcedScope, { body: {} });
    const planned = await admin.call(api.startPolicyMigration, { body: {} });
    await run(admin, planned, 'make');
    bench.clock.advance(spreadMs);
    bench.sandbox.tenant.grants.revokeRoles(...mailboxPermissions);
    await advance(admin, planned);
    bench.clock.advance(spreadMs);
    await prove(bench, admin, true);
    bench.sandbox.tenant.grants.grant('Mail.ReadBasic.All');

    expect(await codeOf(run(admin, planned, 'remove_policies'))).toBe('scope.step_not_due');
  });

  test('a policy that denies stops it, with an explanation', async () => {
    const { bench, admin } = await withPolicy('DenyAccess');
    await using _ = bench;
    await admin.call(api.readEnforcedScope, { body: {} });
    expect(await codeOf(admin.call(api.startPolicyMigration, { body: {} }))).toBe('scope.deny_policy');
  });
});

describe('the gateway', () => {
  test('asks the admin first when Microsoft has to', async () => {
    const { bench, admin, people } = await arrange();
    await using _ = bench;
    bench.sandbox.tenant.grants.revokeScopes();
    const group = nestedGroups(bench, [people[0]?.id ?? ''], []);
    const answer = await admin.call(api.previewMailboxScope, { body: wantedOf(group) }).catch((error) => error);
    expect(answer).toBeInstanceOf(ProblemAnswer);
    expect(answer.problem).toMatchObject({
      code: 'scope.sign_in_needed',
      details: { scopes: ['GroupMember.Read.All'] },
    });
  });

  test('an admin whom Exchange does not let is told so, and nothing is changed', async () => {
    const { bench } = await arrange();
    await using _ = bench;
    const admin = bench.signIn(namedPeople.appAdmin.userPrincipalName);
    expect(await codeOf(admin.call(api.readEnforcedScope, { body: {} }))).toBe('exchange.role_missing');
  });
});

test('the paths to a mailbox: by a grant, by a role, or closed, beside what the live call said', async () => {
  const { bench, admin, organizationId, people } = await arrange();
  await using _ = bench;
  const [inside, outside] = people.map(({ id }) => id as UserId) as [UserId, UserId, ...UserId[]];
  const pathsOf = (userId: UserId) => admin.call(api.getMailboxAccess, { params: { userId } });
  expect((await pathsOf(inside)).steps.map(({ mark }) => mark)).toEqual(['opens', 'unknown', 'unknown', 'unknown']);

  const group = nestedGroups(bench, [inside], []);
  const planned = await admin.call(api.startScopeChange, { body: wantedOf(group) });
  await run(admin, planned, 'make');
  bench.clock.advance(spreadMs);
  bench.sandbox.tenant.grants.revokeRoles(...mailboxPermissions);
  await advance(admin, planned);
  bench.clock.advance(spreadMs);
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();

  const open = await pathsOf(inside);
  const closed = await pathsOf(outside);
  expect(open).toMatchObject({ intended: 'inside', status: 'working' });
  expect(open.steps.map(({ mark }) => mark)).toEqual(['silent', 'silent', 'opens', 'opens']);
  expect(open.capabilities[0]).toMatchObject({ predicted: 'reachable', paths: [{ via: 'role_assignment' }] });
  expect(closed).toMatchObject({ intended: 'outside', status: 'blocked' });
  expect(closed.steps.map(({ mark }) => mark)).toEqual(['silent', 'silent', 'closes', 'closes']);
});
