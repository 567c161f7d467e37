import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { OrganizationId, TenantId } from '../../src/domain/ids.ts';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';
import type { Person } from '../../src/sandbox/tenant/person.ts';
import type { Tenant } from '../../src/sandbox/tenant/tenant.ts';
import { askedCapabilities, askGraph } from '../support/ask-graph.ts';
import { type Bench, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';
import { changeMadeAt, intend } from '../support/intended-scope.ts';

// Every verdict of a whole tenant, against what Graph answers when somebody else asks it the same. The rule below reads
// statuses of HTTP alone; it knows nothing of the product's reasons.

const hour = 3_600_000;
const appId = (tenant: Tenant) => tenant.registration.clientId;
const sales = namedGroups.sales.id;
const europe = namedGroups.salesEurope.id;
const roles = ['Mail.Read', 'Calendars.Read', 'Contacts.Read', 'MailboxSettings.Read'];

const officeOf = (tenant: Tenant, city: string) =>
  [...tenant.groups.values()].find(({ displayName }) => displayName === `Office ${city}`)?.id ?? '';
const direct = (tenant: Tenant, groupId: string) =>
  tenant.groups.get(groupId)?.memberIds.filter((id) => tenant.find(id)) ?? [];
const transitive = (tenant: Tenant, groupId: string) =>
  tenant.transitiveMemberIds(groupId).filter((id) => tenant.find(id));

function policy(tenant: Tenant, groupId: string, accessRight: 'RestrictAccess' | 'DenyAccess' = 'RestrictAccess') {
  return tenant.exchange.addPolicy({ appId: appId(tenant), groupId, accessRight, description: '' });
}

/** Roles of Exchange over what a filter matches; over everybody without one. */
function assign(tenant: Tenant, recipientFilter?: string, of: readonly string[] = roles) {
  const { exchange, grants } = tenant;
  const { id: objectId } = grants.addApplication();
  const name = recipientFilter ?? 'everybody';
  if (recipientFilter) exchange.addScope({ name, recipientFilter });
  const scope = recipientFilter ? ({ kind: 'management_scope', name } as const) : ({ kind: 'organization' } as const);
  for (const permission of of) {
    const role = `Application ${permission}`;
    exchange.addAssignment({ name: `${role} ${name}`, objectId, role, scope });
  }
}

const memberOf = (tenant: Tenant, groupId: string) =>
  `MemberOfGroup -eq '${tenant.exchange.distinguishedNameOf(groupId)}'`;

interface Intent {
  readonly list?: 'allow' | 'block';
  readonly members: (tenant: Tenant) => string[];
}

interface Row {
  readonly granted: readonly string[];
  readonly configure: (tenant: Tenant) => void;
  readonly intent?: Intent;
}

const allowSales: Intent = { members: (tenant) => transitive(tenant, sales) };
const allowDirect: Intent = { members: (tenant) => direct(tenant, sales) };
const blockSales: Intent = { list: 'block', members: (tenant) => transitive(tenant, sales) };
const nothing = () => {};

const rows: Readonly<Record<string, Row>> = {
  'grants for the whole tenant, no limit intended': { granted: mailboxPermissions, configure: nothing },
  'grants for the whole tenant, although a limit is intended': {
    granted: mailboxPermissions,
    configure: nothing,
    intent: allowSales,
  },
  'nothing granted': { granted: [], configure: nothing, intent: allowSales },
  'two of four permissions': { granted: ['Mail.ReadWrite', 'Contacts.Read'], configure: nothing },
  'two of four permissions beside a limit': {
    granted: ['Mail.ReadWrite', 'Contacts.Read'],
    configure: (tenant) => policy(tenant, sales),
    intent: allowSales,
  },
  'a restricting policy with a nested group': {
    granted: mailboxPermissions,
    configure: (tenant) => policy(tenant, sales),
    intent: allowSales,
  },
  'a restricting policy whose nested members were not meant': {
    granted: mailboxPermissions,
    configure: (tenant) => policy(tenant, sales),
    intent: allowDirect,
  },
  'a restricting policy nobody intended': {
    granted: mailboxPermissions,
    configure: (tenant) => policy(tenant, sales),
  },
  'a denying policy as a block-list': {
    granted: mailboxPermissions,
    configure: (tenant) => policy(tenant, sales, 'DenyAccess'),
    intent: blockSales,
  },
  'a restricting and a denying policy over its nested group': {
    granted: mailboxPermissions,
    configure(tenant) {
      policy(tenant, sales);
      policy(tenant, europe, 'DenyAccess');
    },
    intent: allowSales,
  },
  'two restricting policies open both groups': {
    granted: mailboxPermissions,
    configure(tenant) {
      policy(tenant, sales);
      policy(tenant, officeOf(tenant, 'Lisbon'));
    },
    intent: allowSales,
  },
  'roles over direct members leave the nested group closed': {
    granted: [],
    configure: (tenant) => assign(tenant, memberOf(tenant, sales)),
    intent: allowSales,
  },
  'roles over a group and its nested group': {
    granted: [],
    configure(tenant) {
      assign(tenant, memberOf(tenant, sales));
      assign(tenant, memberOf(tenant, europe));
    },
    intent: allowSales,
  },
  'roles over everybody else as a block-list': {
    granted: [],
    configure: (tenant) => assign(tenant, `-not (${memberOf(tenant, sales)}) -and -not (${memberOf(tenant, europe)})`),
    intent: blockSales,
  },
  'a block-list by roles that forgets the nested group': {
    granted: [],
    configure: (tenant) => assign(tenant, `-not (${memberOf(tenant, sales)})`),
    intent: blockSales,
  },
  'roles by department': {
    granted: [],
    configure: (tenant) => assign(tenant, "Department -eq 'Sales'"),
    intent: allowSales,
  },
  'a role over everybody': { granted: [], configure: (tenant) => assign(tenant), intent: allowSales },
  'fault 139: scoped roles beside grants for the whole tenant': {
    granted: mailboxPermissions,
    configure: (tenant) => assign(tenant, memberOf(tenant, sales)),
    intent: allowDirect,
  },
  'a policy, and roles that it does not confine': {
    granted: mailboxPermissions,
    configure(tenant) {
      policy(tenant, sales);
      assign(tenant, memberOf(tenant, officeOf(tenant, 'Lyon')));
    },
    intent: allowSales,
  },
  'one role for one feature, one grant for another': {
    granted: ['Mail.Read'],
    configure(tenant) {
      policy(tenant, sales);
      assign(tenant, memberOf(tenant, europe), ['Calendars.Read']);
    },
    intent: allowSales,
  },
  'no group to speak of: nobody is inside': {
    granted: mailboxPermissions,
    configure: (tenant) => policy(tenant, namedGroups.empty.id),
    intent: { members: () => [] },
  },
};

type Side = 'inside' | 'outside' | 'not_limited';

/** The word for a mailbox by what Graph answered and what was meant, read from statuses alone. */
function wordFor(statuses: readonly number[], side: Side, isSpreading: boolean): string {
  const opened = statuses.filter((status) => status === 200).length;
  const isGone = statuses.includes(404);
  const isDenied = statuses.some((status) => status === 401 || status === 403);
  if (opened > 0 && side === 'outside') return isSpreading ? 'waiting' : 'exposed';
  if (opened === statuses.length) return 'working';
  if (opened > 0) return isGone || isDenied ? 'limited' : 'could_not_tell';
  if (isGone) return 'blocked';
  if (statuses.some((status) => status >= 500)) return 'could_not_tell';
  return isSpreading && side !== 'outside' ? 'waiting' : 'blocked';
}

const saysOpen = ['working', 'limited', 'exposed'];

function sideOf(intent: Intent | undefined, tenant: Tenant): (id: string) => Side {
  if (!intent) return () => 'not_limited';
  const members = new Set(intent.members(tenant));
  return (id) => (members.has(id) === (intent.list !== 'block') ? 'inside' : 'outside');
}

async function arrange(granted: readonly string[], exchangePropagationSeconds = 0) {
  const bench = await startBench({
    granted: ['User.Read.All', ...granted],
    sandbox: { people: 280, settings: { exchangePropagationSeconds } },
    service: { pace: { startRate: 5_000 } },
  });
  const admin = bench.signIn('ada@contoso.example');
  const people = bench.sandbox.tenant.everybody;
  const organizationId = await bench.organizationWith(admin, people);
  const params = { organizationId };
  await admin.call(api.updateOrganization, { params, body: { capabilities: [...askedCapabilities] } });
  return { bench, admin, organizationId, people };
}

async function check(bench: Bench, admin: TestAdmin, organizationId: OrganizationId) {
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  const rows = await bench.service.database.db
    .selectFrom('check_results as r')
    .innerJoin('checks as c', (join) => join.onRef('c.tenant_id', '=', 'r.tenant_id').onRef('c.id', '=', 'r.check_id'))
    .select(['r.user_id', 'r.status'])
    .where('r.tenant_id', '=', bench.tenantId as TenantId)
    .where('c.created_at', '=', (eb) => eb.selectFrom('checks').select((max) => max.fn.max('created_at').as('at')))
    .execute();
  return new Map<string, string>(rows.map(({ user_id, status }) => [user_id, status]));
}

/** The words of the product against the words by statuses, and how often it claimed more than Graph shows. */
async function compare(
  bench: Bench,
  people: readonly Person[],
  found: ReadonlyMap<string, string>,
  expectation: { readonly side: (id: string) => Side; readonly isSpreading: boolean },
) {
  const graph = await askGraph(
    bench.sandbox,
    people.map(({ id }) => id),
  );
  const differing: string[] = [];
  let falseReachable = 0;
  let falseBlocked = 0;
  for (const { id, displayName } of people) {
    const statuses = graph.get(id) ?? [];
    const said = found.get(id) ?? 'nothing';
    const word = wordFor(statuses, expectation.side(id), expectation.isSpreading);
    if (said !== word) differing.push(`${displayName}: ${said}, Graph ${statuses} is ${word}`);
    if (saysOpen.includes(said) && !statuses.includes(200)) falseReachable += 1;
    if (said === 'blocked' && statuses.includes(200)) falseBlocked += 1;
  }
  return { graph, differing, falseReachable, falseBlocked };
}

const none = { differing: [], falseReachable: 0, falseBlocked: 0 };

describe('a check and a sweep of everybody say what Graph says', () => {
  test.each(Object.entries(rows))('%s', async (_name, { granted, configure, intent }) => {
    const { bench, admin, organizationId, people } = await arrange(granted);
    await using _ = bench;
    const { tenant } = bench.sandbox;
    configure(tenant);
    if (intent) await intend(bench, { list: intent.list ?? 'allow', memberIds: intent.members(tenant) });
    const side = sideOf(intent, tenant);

    const found = await check(bench, admin, organizationId);
    const { graph, ...compared } = await compare(bench, people, found, { side, isSpreading: false });

    expect(found.size).toBe(people.length);
    expect(compared).toEqual(none);
    if (!intent) return;

    const { id: proofId } = await admin.call(api.startScopeProof, { body: { sweep: true } });
    await bench.queue.drain();
    const proof = await admin.call(api.getScopeProof, { params: { proofId } });
    const tried = tenant.people.filter(({ userType, mail }) => userType === 'Member' && mail !== null);
    const on = (wanted: Side, is: (statuses: readonly number[]) => boolean) =>
      tried.filter(({ id }) => side(id) === wanted && is(graph.get(id) ?? [])).length;
    const isOpen = (statuses: readonly number[]) => statuses.includes(200);
    const isClosed = (statuses: readonly number[]) => statuses.every((status) => status === 401 || status === 403);
    expect(proof.outside).toMatchObject({ reachable: on('outside', isOpen), closed: on('outside', isClosed) });
    expect(proof.inside).toMatchObject({ reachable: on('inside', isOpen), closed: on('inside', isClosed) });
    expect(proof.inside.total + proof.outside.total).toBe(tried.length);
  });
});

describe('while a change spreads', () => {
  const changes: Readonly<Record<string, Pick<Row, 'granted' | 'configure'>>> = {
    'a policy that comes': { granted: mailboxPermissions, configure: (tenant) => policy(tenant, sales) },
    'roles that come': {
      granted: [],
      configure(tenant) {
        assign(tenant, memberOf(tenant, sales));
        assign(tenant, memberOf(tenant, europe));
      },
    },
    'a policy for the wrong group': {
      granted: mailboxPermissions,
      configure: (tenant) => policy(tenant, officeOf(tenant, 'Graz')),
    },
  };

  test.each(Object.entries(changes))(
    '%s: waiting before the bound, and Graph’s word after it',
    async (_name, change) => {
      const { bench, admin, organizationId, people } = await arrange(change.granted, 3_600);
      await using _ = bench;
      const { tenant } = bench.sandbox;
      await intend(bench, { memberIds: allowSales.members(tenant) });
      change.configure(tenant);
      await changeMadeAt(bench, bench.clock.now());
      const side = sideOf(allowSales, tenant);

      for (const [minutes, isSpreading] of [
        [10, true], // Graph does not know it
        [70, true], // Graph knows it, and the bound has not passed
        [70, false],
      ] as const) {
        bench.clock.advance(minutes * 60_000);
        const found = await check(bench, admin, organizationId);
        const { graph: _graph, ...compared } = await compare(bench, people, found, { side, isSpreading });
        expect(compared).toEqual(none);
        const words = new Set(found.values());
        expect(words.has('exposed') && isSpreading).toBe(false);
        expect(words.has('waiting') && !isSpreading).toBe(false);
      }
    },
  );

  test('a change that is done no longer excuses anything', async () => {
    const { bench, admin, organizationId, people } = await arrange(mailboxPermissions);
    await using _ = bench;
    const { tenant } = bench.sandbox;
    await intend(bench, { memberIds: allowSales.members(tenant) });
    await changeMadeAt(bench, new Date(bench.clock.now().getTime() - hour), { state: 'done' });

    const found = await check(bench, admin, organizationId);
    const { graph: _graph, ...compared } = await compare(bench, people, found, {
      side: sideOf(allowSales, tenant),
      isSpreading: false,
    });

    expect(compared).toEqual(none);
    expect([...found.values()]).toContain('exposed');
  });
});
