import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { AssignmentRules, AssignmentRun } from '../../src/contract/assignment-rules.ts';
import type { AssignmentOutcome } from '../../src/domain/assignment-rules/decide.ts';
import type { AssignmentRuleId, GroupId, OrganizationId, UserId } from '../../src/domain/ids.ts';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import type { DatabaseSource } from '../../src/service/db/database.ts';
import { asNewUser, type Bench, type BenchOptions, startBench, type TestAdmin } from '../support/bench.ts';
import { intend } from '../support/intended-scope.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

const research = namedGroups.research.id as GroupId;
const sales = namedGroups.sales.id as GroupId;
const ofDomain = (domain: string) => ({ kind: 'domain', domain }) as const;
const ofGroup = (groupId: GroupId) => ({ kind: 'group', groupId, groupName: 'A group' }) as const;

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server[Symbol.asyncDispose]());

interface Place {
  readonly bench: Bench;
  readonly admin: TestAdmin;
  readonly here: OrganizationId;
  readonly there: OrganizationId;
}

async function arrange(options: BenchOptions = {}): Promise<Place> {
  const bench = await startBench({ granted: ['User.Read.All', 'GroupMember.Read.All'], ...options });
  const admin = bench.signIn('ada@contoso.example');
  return {
    bench,
    admin,
    here: await bench.organizationWith(admin, [], 'Here'),
    there: await bench.organizationWith(admin, [], 'There'),
  };
}

async function addRule(
  { admin }: Place,
  organizationId: OrganizationId,
  body: { condition: ReturnType<typeof ofDomain> | ReturnType<typeof ofGroup>; movesHandPlaced?: boolean },
): Promise<AssignmentRuleId> {
  const { rules } = await admin.call(api.createAssignmentRule, { params: { organizationId }, body });
  return rules.at(-1)?.id as AssignmentRuleId;
}

async function preview({ admin, bench }: Place, ruleId: AssignmentRuleId) {
  await admin.call(api.previewAssignmentRule, { params: { ruleId }, body: {} });
  await bench.queue.drain();
  return (await admin.call(api.listAssignmentRules)).preview as NonNullable<AssignmentRules['preview']>;
}

async function switchOn(place: Place, ruleId: AssignmentRuleId) {
  await preview(place, ruleId);
  await place.admin.call(api.updateAssignmentRule, { params: { ruleId }, body: { isOn: true } });
  return lastRun(place);
}

async function applyAgain(place: Place) {
  await place.admin.call(api.startAssignmentRun, { body: {} });
  return lastRun(place);
}

async function lastRun({ admin, bench }: Place): Promise<AssignmentRun> {
  await bench.queue.drain();
  return (await admin.call(api.listAssignmentRules)).lastRun as AssignmentRun;
}

const countsOf = (run: AssignmentRun, organizationId?: OrganizationId) =>
  Object.fromEntries(
    run.counts
      .filter((each) => !organizationId || each.organizationId === organizationId)
      .map(({ outcome, people }) => [outcome, people]),
  );

async function namesOf({ admin }: Place, run: AssignmentRun, outcome: AssignmentOutcome): Promise<string[]> {
  const { people } = await admin.call(api.listAssignedPeople, {
    params: { runId: run.id },
    query: { outcome, limit: 200 },
  });
  return people.map((person) => [person.displayName, person.reason].filter(Boolean).join(': '));
}

async function whereIs({ admin }: Place, userId: string): Promise<string | undefined> {
  const response = await admin.send(api.getUser, { params: { userId } });
  return response.ok ? ((await response.json()) as { organizationName: string }).organizationName : undefined;
}

/** Those whom rules may bring in: members with an address. */
const placeable = ({ bench }: Place, domain = 'contoso.example') =>
  bench.sandbox.tenant.people.filter(({ mail, userType }) => userType === 'Member' && mail?.endsWith(`@${domain}`));

const databases: readonly [string, () => Promise<DatabaseSource | undefined>][] = [
  ['embedded', async () => undefined],
  ['PostgreSQL', async () => ({ kind: 'postgres', url: await server.createDatabase() })],
];

describe.each(databases)('on the %s database', (_name, database) => {
  const arrangeOn = async (options: BenchOptions = {}) => {
    const source = await database();
    return arrange({ ...options, ...(source ? { database: source } : {}) });
  };

  test('a rule is previewed, switched on, applied, and keeps in step with what changes in the directory', async () => {
    const place = await arrangeOn({ sandbox: { people: 250 } });
    await using bench = place.bench;
    const { admin, here } = place;
    const { tenant } = bench.sandbox;
    const ruleId = await addRule(place, here, { condition: ofDomain('Contoso.example') });

    const unseen = admin.call(api.updateAssignmentRule, { params: { ruleId }, body: { isOn: true } });
    await expect(unseen).rejects.toMatchObject({ problem: { code: 'assignment.preview_needed' } });
    const seen = await preview(place, ruleId);
    const beforehand = await admin.call(api.listUsers, { query: { organizationId: here } });
    expect(seen).toMatchObject({ state: 'completed', kind: 'preview', isCurrent: true, problem: null });
    expect(countsOf(seen)).toEqual({ added: placeable(place).length });
    expect(beforehand.total).toBe(0);

    const first = await switchOn(place, ruleId);
    expect(countsOf(first)).toEqual({ added: placeable(place).length });
    expect((await admin.call(api.listUsers, { query: { organizationId: here } })).total).toBe(placeable(place).length);

    tenant.change(namedPeople.linus.id, { mail: 'linus@contoso.example' });
    tenant.change(namedPeople.grace.id, { mail: 'grace@fabrikam.example', displayName: 'Grace Murray' });
    tenant.softDelete(namedPeople.ada.id);
    bench.sandbox.requests.clear();
    const second = await applyAgain(place);
    expect(countsOf(second)).toEqual({ added: 1, leaving: 2 });
    expect(await namesOf(place, second, 'added')).toEqual(['Linus Pauling']);
    expect(await namesOf(place, second, 'leaving')).toEqual([
      'Ada Lovelace: not_in_directory',
      'Grace Murray: no_rule',
    ]);
    const renamed = await admin.call(api.getUser, { params: { userId: namedPeople.grace.id as UserId } });
    expect(renamed).toMatchObject({ displayName: 'Grace Murray', mail: 'grace@fabrikam.example' });
    // A rule removes nobody.
    expect(await whereIs(place, namedPeople.grace.id)).toBe('Here');
    // Changes only, from the stored link.
    const asked = bench.sandbox.requests.all.filter(({ service }) => service === 'graph');
    expect(asked.map(({ path, query }) => [path.split('/').at(-1), '$deltatoken' in query])).toEqual([['delta', true]]);

    const third = await applyAgain(place);
    expect(countsOf(third)).toEqual({ leaving: 2 });
    const { activities } = await admin.call(api.listActivity, { query: { limit: 100 } });
    const ofRules = activities
      .filter(({ type }) => type.startsWith('assignment.'))
      .map(({ type, by, details }) => ({
        type,
        by,
        ...details,
      }));
    expect(ofRules).toEqual([
      { type: 'assignment.users_added', by: null, users: 1 },
      { type: 'assignment.users_added', by: null, users: placeable(place).length + 1 },
      { type: 'assignment.rule_changed', by: 'Ada Lovelace', rule: '@contoso.example', isOn: true },
      { type: 'assignment.rule_created', by: 'Ada Lovelace', rule: '@contoso.example' },
    ]);
  });

  test('the order of rules decides, conflicts are named, and what hands have done stays unless a rule may', async () => {
    const place = await arrangeOn();
    await using bench = place.bench;
    const { admin, here, there } = place;
    const { tenant } = bench.sandbox;
    const mary = tenant.person(namedPeople.member.id);
    const { organizations } = await admin.call(api.listOrganizations);
    const hand = organizations.find(({ isDefault }) => isDefault)?.id as OrganizationId;
    await admin.call(api.addUsers, { params: { organizationId: hand }, body: { users: [asNewUser(mary)] } });
    const groupRule = await addRule(place, here, { condition: ofGroup(sales) });
    const domainRule = await addRule(place, there, { condition: ofDomain('contoso.example') });

    await switchOn(place, groupRule);
    const conflict = await preview(place, domainRule);
    const both = tenant
      .transitiveMemberIds(sales)
      .map((id) => tenant.find(id))
      .filter((person) => person?.mail);
    expect(conflict.conflicts).toMatchObject([
      {
        ruleId: groupRule,
        otherRuleId: domainRule,
        people: both.length,
        examples: expect.arrayContaining(["Siobhán O'Brien"]),
      },
    ]);
    const applied = await switchOn(place, domainRule);
    expect(await namesOf(place, applied, 'kept_by_hand')).toEqual(['Mary Somerville']);
    expect(await whereIs(place, namedPeople.apostrophe.id)).toBe('Here');
    expect(await whereIs(place, namedPeople.grace.id)).toBe('There');

    // Out of the group by the directory: the next rule takes over. Removed by hand: stays out.
    for (const group of tenant.groups.values()) {
      group.memberIds = group.memberIds.filter((id) => id !== namedPeople.apostrophe.id);
    }
    await admin.call(api.removeUsers, { body: { userIds: [namedPeople.grace.id as UserId], force: true } });
    const second = await applyAgain(place);
    expect(await namesOf(place, second, 'moved')).toEqual(["Siobhán O'Brien"]);
    expect(await namesOf(place, second, 'kept_out')).toEqual(['Grace Hopper']);
    expect(await whereIs(place, namedPeople.grace.id)).toBeUndefined();

    // The admin says so, and sees it before.
    await admin.call(api.updateAssignmentRule, { params: { ruleId: groupRule }, body: { movesHandPlaced: true } });
    const changed = await admin.call(api.listAssignmentRules);
    expect(changed.rules.map(({ isOn }) => isOn)).toEqual([false, true]);
    const moving = await preview(place, groupRule);
    expect(await namesOf(place, moving, 'moved')).toContain('Mary Somerville');
    expect(await whereIs(place, mary.id)).toBe('Default organization');
    await switchOn(place, groupRule);
    expect(await whereIs(place, mary.id)).toBe('Here');

    // Back by hand after all: from then on it is the hand's.
    await admin.call(api.moveUsers, {
      params: { organizationId: there },
      body: { userIds: [namedPeople.teamsAdmin.id as UserId] },
    });
    await admin.call(api.moveUsers, {
      params: { organizationId: hand },
      body: { userIds: [namedPeople.teamsAdmin.id as UserId] },
    });
    expect(await namesOf(place, await applyAgain(place), 'kept_by_hand')).toEqual(['Karen Spärck Jones']);
  });

  test('both differences between an organization and the limit, each with its people', async () => {
    const place = await arrangeOn();
    await using bench = place.bench;
    const { admin, here } = place;
    const { tenant } = bench.sandbox;
    const differences = () => admin.call(api.getScopeDifferences, { params: { organizationId: here } });
    const [ada, grace, mary] = [namedPeople.ada, namedPeople.grace, namedPeople.member].map(({ id }) =>
      tenant.person(id),
    );
    if (!ada || !grace || !mary) throw new Error('nobody there');
    await admin.call(api.addUsers, {
      params: { organizationId: here },
      body: { users: [asNewUser(ada), asNewUser(grace)] },
    });
    expect(await differences()).toMatchObject({ limit: null, outsideScope: { people: 0 }, notHere: { people: 0 } });

    await intend(bench, { memberIds: [ada.id, mary.id] });
    expect(await differences()).toMatchObject({
      limit: { list: 'allow', groupName: 'Sales', readAt: null },
      outsideScope: { people: 1, examples: [{ userId: grace.id, displayName: 'Grace Hopper' }] },
      notHere: { people: 1, examples: [{ userId: mary.id }] },
    });

    await intend(bench, { list: 'block', memberIds: [ada.id, mary.id] });
    expect(await differences()).toMatchObject({
      limit: { list: 'block' },
      outsideScope: { people: 1, examples: [{ userId: ada.id }] },
    });
  });
});

test.each<[string, (bench: Bench) => unknown]>([
  [
    'of another Microsoft Graph gave',
    ({ service: { database }, sandbox }) => {
      const link = sql<string>`replace(link, ${sandbox.origins.graph}, 'https://graph.microsoft.us')`;
      return database.db.updateTable('assignment_directories').set({ link }).execute();
    },
  ],
  ['has forgotten', ({ clock }) => clock.advance(8 * 24 * 3600_000)],
  [
    'does not take',
    ({ sandbox }) =>
      sandbox.faults.add({
        match: { path: '/v1.0/users/delta', times: 1 },
        answer: { status: 400, body: { error: { code: 'Request_BadRequest', message: 'The token is not valid.' } } },
      }),
  ],
])(
  'a link that the directory %s is followed by a reading from the beginning, and nobody is lost',
  async (_name, spoil) => {
    const place = await arrange({ sandbox: { people: 150 } });
    await using bench = place.bench;
    const ruleId = await addRule(place, place.here, { condition: ofDomain('contoso.example') });
    await switchOn(place, ruleId);
    bench.sandbox.tenant.purge(namedPeople.grace.id);
    await spoil(bench);

    const run = await applyAgain(place);

    expect(run).toMatchObject({ state: 'completed', problem: null });
    // The new reading does not tell of her at all.
    expect(await namesOf(place, run, 'leaving')).toEqual(['Grace Hopper: not_in_directory']);
  },
);

test('what a page of changes does not say has not changed; null is empty', async () => {
  const place = await arrange();
  await using bench = place.bench;
  const ruleId = await addRule(place, place.here, { condition: ofDomain('contoso.example') });
  await switchOn(place, ruleId);
  const lean = (value: object[]) =>
    bench.sandbox.faults.add({
      match: { path: '/v1.0/users/delta', times: 1 },
      answer: {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: { value, '@odata.deltaLink': `${bench.sandbox.origins.graph}/v1.0/users/delta?$deltatoken=later` },
      },
    });

  lean([
    { id: namedPeople.grace.id, displayName: 'Grace Murray Hopper' },
    { id: namedPeople.ada.id, mail: 'ada@elsewhere.example' },
    { id: namedPeople.ada.id, displayName: 'Ada' },
    { id: namedPeople.member.id, mail: null },
  ]);
  const run = await applyAgain(place);

  expect(await namesOf(place, run, 'leaving')).toEqual(['Ada: no_rule', 'Mary Somerville: no_rule']);
});

test.each([
  ['is not in the directory any more', 'group_gone'],
  ['may not be read any more', 'group_not_permitted'],
] as const)('a group that %s is a named problem of its rule; whom it placed stays', async (_name, problem) => {
  const place = await arrange();
  await using bench = place.bench;
  const { admin, here } = place;
  const ruleId = await addRule(place, here, { condition: ofGroup(research) });
  const first = await switchOn(place, ruleId);
  if (problem === 'group_gone') bench.sandbox.tenant.groups.delete(research);
  else bench.sandbox.tenant.grants.revokeRoles('GroupMember.Read.All');
  bench.clock.advance(2 * 3600_000);

  const run = await applyAgain(place);
  const { rules } = await admin.call(api.listAssignmentRules);

  expect(countsOf(first).added).toBeGreaterThan(0);
  expect(run.state).toBe('completed');
  expect(countsOf(run).leaving).toBeUndefined();
  expect(rules).toMatchObject([{ problem, isOn: true }]);
  await admin.call(api.updateAssignmentRule, { params: { ruleId }, body: { isOn: false } });
  await preview(place, ruleId);
  const again = admin.call(api.updateAssignmentRule, { params: { ruleId }, body: { isOn: true } });
  await expect(again).rejects.toMatchObject({ problem: { code: 'assignment.group_unread' } });
});

test('a run that fails again and again with something half done ends with everybody placed and told of once', async () => {
  const place = await arrange({ sandbox: { people: 2_300 } });
  await using bench = place.bench;
  const { admin, here } = place;
  const { db } = bench.service.database;
  const ruleId = await addRule(place, here, { condition: ofDomain('contoso.example') });
  await preview(place, ruleId);
  // The first placement and the first note of outcomes: each fails once, after its statement was carried out.
  await sql`create function fail_once() returns trigger language plpgsql as $$ begin
    if nextval(tg_argv[0]::regclass) = 1 then raise exception 'failed on purpose'; end if; return null;
  end $$`.execute(db);
  const tables = ['assignment_placements', 'assignment_outcomes'] as const;
  for (const table of tables) {
    await sql.raw(`create sequence fail_${table}`).execute(db);
    await sql
      .raw(
        `create trigger fail_once after insert on ${table} for each statement execute function fail_once('fail_${table}')`,
      )
      .execute(db);
  }
  try {
    await admin.call(api.updateAssignmentRule, { params: { ruleId }, body: { isOn: true } });
    const run = await lastRun(place);

    expect(run).toMatchObject({ state: 'completed', problem: null });
    expect(countsOf(run)).toEqual({ added: placeable(place).length });
    expect((await admin.call(api.listUsers, { query: { organizationId: here } })).total).toBe(placeable(place).length);
    const { activities } = await admin.call(api.listActivity, { query: { limit: 200 } });
    const told = activities.filter(({ type }) => type === 'assignment.users_added');
    expect(told.reduce((sum, { details }) => sum + Number(details.users), 0)).toBe(placeable(place).length);
    expect(bench.log.join()).toContain('failed on purpose');
  } finally {
    for (const table of tables) {
      await sql.raw(`drop trigger fail_once on ${table}`).execute(db);
      await sql.raw(`drop sequence fail_${table}`).execute(db);
    }
    await sql`drop function fail_once()`.execute(db);
  }
});

test('what newer runs have taken the place of is deleted, and a page of it is not found', async () => {
  const place = await arrange();
  await using bench = place.bench;
  const ruleId = await addRule(place, place.here, { condition: ofGroup(research) });
  const first = await preview(place, ruleId);
  const second = await preview(place, ruleId);
  const gone = place.admin.call(api.listAssignedPeople, { params: { runId: first.id }, query: { outcome: 'added' } });
  await expect(gone).rejects.toMatchObject({ problem: { code: 'assignment.run_not_found' } });
  const kept = await bench.service.database.db.selectFrom('assignment_outcomes').select('run_id').distinct().execute();
  expect(kept).toEqual([{ run_id: second.id }]);
});

test('a directory that may not be read changes nothing and names the permission', async () => {
  const place = await arrange({ granted: [] });
  await using _bench = place.bench;
  const ruleId = await addRule(place, place.here, { condition: ofDomain('contoso.example') });
  const seen = await preview(place, ruleId);
  expect(seen).toMatchObject({ state: 'failed', problem: 'directory_not_permitted', counts: [] });
});

test('rules are applied by the service itself when it is time, once for all processes, and not while none is on', async () => {
  const place = await arrange({ environment: { RECHECK_MINUTES: '60' } });
  await using bench = place.bench;
  const ruleId = await addRule(place, place.here, { condition: ofGroup(research) });
  bench.clock.advance(61 * 60_000);
  await bench.service.applyRules();
  await bench.queue.drain();
  expect((await place.admin.call(api.listAssignmentRules)).lastRun).toBeNull();

  const first = await switchOn(place, ruleId);
  await bench.service.applyRules();
  expect((await lastRun(place)).id).toBe(first.id);
  bench.clock.advance(61 * 60_000);
  await Promise.all([bench.service.applyRules(), bench.service.applyRules()]);
  const due = await lastRun(place);
  expect(due).toMatchObject({ state: 'completed', startedBy: null });
  expect(due.id).not.toBe(first.id);
});

test('rules: one per domain or group, moved in their order, deleted with what they placed left alone', async () => {
  const place = await arrange();
  await using _bench = place.bench;
  const { admin, here, there } = place;
  const first = await addRule(place, here, { condition: ofDomain('contoso.example') });
  const second = await addRule(place, there, { condition: ofGroup(research) });
  const again = admin.call(api.createAssignmentRule, {
    params: { organizationId: there },
    body: { condition: ofDomain('CONTOSO.example') },
  });
  await expect(again).rejects.toMatchObject({ problem: { code: 'assignment.rule_exists' } });
  const none = admin.call(api.startAssignmentRun, { body: {} });
  await expect(none).rejects.toMatchObject({ problem: { code: 'assignment.no_rule_on' } });

  await switchOn(place, first);
  const moved = await admin.call(api.updateAssignmentRule, { params: { ruleId: second }, body: { move: 'earlier' } });
  expect(moved.rules.map(({ id, isOn }) => [id, isOn])).toEqual([
    [second, false],
    [first, true],
  ]);
  const after = await admin.call(api.deleteAssignmentRule, { params: { ruleId: first } });
  expect(after.rules.map(({ id }) => id)).toEqual([second]);
  expect(await whereIs(place, namedPeople.grace.id)).toBe('Here');
});

test('reading groups is a permission that is needed while a rule is about one, and excess otherwise', async () => {
  const place = await arrange({
    granted: ['Mail.ReadBasic.All', 'Calendars.Read', 'Contacts.Read', 'GroupMember.Read.All'],
  });
  await using _bench = place.bench;
  const { admin, here } = place;
  const params = { organizationId: here };
  const stateOf = async () => {
    const { permissions, state } = await admin.call(api.getConsent, { params });
    return [state, permissions.find(({ permission }) => permission === 'GroupMember.Read.All')?.state];
  };
  await admin.call(api.verifyConsent, { params, body: {} });
  const before = await stateOf();
  const ruleId = await addRule(place, here, { condition: ofGroup(research) });
  const during = await stateOf();
  await admin.call(api.deleteAssignmentRule, { params: { ruleId } });

  expect([before, during, await stateOf()]).toEqual([
    ['authorized', 'excess'],
    ['authorized', 'granted'],
    ['authorized', 'excess'],
  ]);
});
