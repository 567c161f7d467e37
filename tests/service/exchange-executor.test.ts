import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LimitRequest, planLimit } from '../../src/domain/exchange-plan/limit-plan.ts';
import { planMigration } from '../../src/domain/exchange-plan/migration-plan.ts';
import { configurationOf, hasFailed, isDone, type PlanResult } from '../../src/domain/exchange-plan/plan-result.ts';
import { planPolicyRemoval, planPolicyRestore } from '../../src/domain/exchange-plan/policy-plan.ts';
import type { ExchangePlan } from '../../src/domain/exchange-plan/step.ts';
import { planUndo } from '../../src/domain/exchange-plan/undo-plan.ts';
import type { AppId, GroupId, ServicePrincipalId, TenantId, UserId } from '../../src/domain/ids.ts';
import { accessConfigurationOf } from '../../src/domain/mailbox-access/configured-access.ts';
import { effectiveAccess } from '../../src/domain/mailbox-access/effective-access.ts';
import type { ExchangeConfiguration } from '../../src/domain/mailbox-access/exchange-configuration.ts';
import { indexMembership } from '../../src/domain/mailbox-access/membership-index.ts';
import { namedGroups, propertiesOfKind } from '../../src/sandbox/tenant/group.ts';
import { exchangeOnlineAppId } from '../../src/sandbox/tenant/permissions.ts';
import { type ExchangeExecutor, type ExchangeRefusal, isRefusal } from '../../src/service/exchange/executor.ts';
import { renderScript } from '../../src/service/exchange/script.ts';
import { type ExchangeBench, startExchangeBench } from '../support/exchange-bench.ts';
import { createScriptExecutor, runScript } from '../support/run-script.ts';

const sales = namedGroups.sales.id as GroupId;
const salesEurope = namedGroups.salesEurope.id as GroupId;
const planId = 'plan-1';

let bench: ExchangeBench;
beforeAll(async () => {
  bench = await startExchangeBench({ people: 200 });
});
afterAll(() => bench?.[Symbol.asyncDispose]());
beforeEach(() => {
  const { exchange } = bench.sandbox.tenant;
  for (const list of [exchange.policies, exchange.assignments, exchange.scopes, exchange.servicePrincipals])
    list.splice(0);
  bench.sandbox.faults.clear();
});

const adapters: [string, () => ExchangeExecutor][] = [
  ['the gateway on behalf of an admin', () => bench.onBehalfOf('margaret@contoso.example')],
  [
    'the gateway as the application',
    () => {
      const { grants } = bench.sandbox.tenant;
      grants.grantFor(exchangeOnlineAppId, 'Exchange.ManageAsApp');
      grants.addApplication().directoryRoles = ['exchangeAdministrator'];
      return bench.asApplication();
    },
  ],
  ['a script in PowerShell 7', () => createScriptExecutor(bench.sandbox)],
  ['a script in Windows PowerShell', () => createScriptExecutor(bench.sandbox, { shell: 'windows_powershell' })],
];
const gateway = () => bench.onBehalfOf('margaret@contoso.example');

function limit(changes: Partial<LimitRequest> = {}): LimitRequest {
  const { tenant, registration } = bench.sandbox;
  const memberOf = (group: string) => tenant.groups.get(group)?.memberIds.find((id) => hasMailbox(id)) as UserId;
  const outside = tenant.people.find(({ id }) => hasMailbox(id) && !tenant.transitiveMemberIds(sales).includes(id));
  return {
    tenantId: tenant.id as TenantId,
    appId: registration.clientId as AppId,
    servicePrincipalId: tenant.grants.addApplication().id as ServicePrincipalId,
    applicationName: 'Mailbox Access',
    groupIds: [sales, salesEurope],
    list: 'allow',
    mechanism: 'role_assignments',
    permissions: ['Mail.Read', 'Calendars.Read'],
    mustReach: [memberOf(sales), memberOf(salesEurope)],
    mustNotReach: [outside?.id as UserId],
    ...changes,
  };
}
const hasMailbox = (id: string) => bench.sandbox.tenant.find(id)?.mailbox.state === 'available';

async function run(executor: ExchangeExecutor, plan: ExchangePlan, whatIf = false): Promise<PlanResult> {
  const outcome = await executor.run(plan, { planId, whatIf });
  if (isRefusal(outcome)) throw new Error(`${outcome.problem}: ${outcome.detail}`);
  return outcome;
}
const outcomesOf = ({ results }: PlanResult) => results.map(({ outcome }) => outcome);

/** What is in the simulated Exchange, without identities that count up and instants. */
function objects() {
  const { exchange } = bench.sandbox.tenant;
  const withoutHistory = <T extends object>(list: readonly (T & { removedAt: Date | null })[]) =>
    exchange
      .current(list)
      .map(({ removedAt: _removed, ...each }) => ({ ...each, createdAt: undefined, identity: undefined }));
  return {
    servicePrincipals: withoutHistory(exchange.servicePrincipals),
    policies: withoutHistory(exchange.policies),
    scopes: withoutHistory(exchange.scopes),
    assignments: withoutHistory(exchange.assignments),
  };
}

const plans: [string, () => ExchangePlan][] = [
  ['an allow-list by roles', () => planLimit(limit())],
  ['a block-list by roles', () => planLimit(swapped(limit({ list: 'block' })))],
  ['an allow-list by a policy', () => planLimit(limit({ mechanism: 'application_access_policy' }))],
  [
    'a block-list by a policy',
    () => planLimit(swapped(limit({ mechanism: 'application_access_policy', list: 'block' }))),
  ],
];
function swapped(request: LimitRequest): LimitRequest {
  return { ...request, mustReach: request.mustNotReach, mustNotReach: request.mustReach };
}

/** Without the identities of policies, which Exchange makes up. */
function comparable(configuration: ExchangeConfiguration | undefined) {
  return { ...configuration, policies: configuration?.policies.map((policy) => ({ ...policy, identity: '' })) };
}

describe.each(plans)('%s', (_name, planOf) => {
  test('leaves the same objects and the same configuration, whoever carries it out', async () => {
    const left = [];
    for (const [name, adapter] of adapters) {
      const { exchange } = bench.sandbox.tenant;
      for (const list of [exchange.policies, exchange.assignments, exchange.scopes, exchange.servicePrincipals])
        list.splice(0);
      const result = await run(adapter(), planOf());
      expect({
        name,
        done: isDone(result),
        errors: result.results.filter(({ outcome }) => outcome === 'error'),
      }).toEqual({ name, done: true, errors: [] });
      left.push({
        objects: objects(),
        configuration: comparable(configurationOf(result)),
        outcomes: outcomesOf(result),
      });
    }
    for (const each of left) expect(each).toEqual(left[0]);
    expect(left[0]?.configuration.groups?.map(({ id }) => id).sort()).toEqual([sales, salesEurope].sort());
  });

  test.each(adapters)('fault 73: run twice by %s, everything is there already', async (_adapter, executor) => {
    const first = await run(executor(), planOf());
    const made = objects();

    const second = await run(executor(), planOf());

    expect(isDone(second)).toBe(true);
    expect(outcomesOf(second)).not.toContain('changed');
    expect(outcomesOf(second)).toContain('already_there');
    expect(objects()).toEqual(made);
    expect(configurationOf(second)).toEqual(configurationOf(first));
  });

  test.each(adapters)('-WhatIf by %s changes nothing and says what would be', async (_adapter, executor) => {
    const result = await run(executor(), planOf(), true);

    expect(outcomesOf(result)).toContain('would_change');
    expect(outcomesOf(result)).not.toContain('changed');
    expect(hasFailed(result)).toBe(false);
    expect(Object.values(objects()).flat()).toEqual([]);
  });

  test.each(adapters)('undo by %s takes back all but the pointer', async (_adapter, executor) => {
    const plan = planOf();
    await run(executor(), plan);

    const undone = await run(executor(), planUndo(plan));
    const again = await run(executor(), planUndo(plan));

    const { servicePrincipals: _pointer, ...rest } = objects();
    expect(Object.values(rest).flat()).toEqual([]);
    expect(isDone(undone)).toBe(true);
    expect(outcomesOf(again).filter((outcome) => outcome !== 'read')).toEqual(
      outcomesOf(undone)
        .filter((outcome) => outcome !== 'read')
        .map(() => 'already_there'),
    );
    expect(configurationOf(undone)).toMatchObject({ policies: [], assignments: [], scopes: [] });
  });

  test('what was read predicts who is reached as Exchange does', async () => {
    const request = limit();
    const configuration = configurationOf(await run(gateway(), planOf())) as ExchangeConfiguration;
    const { tenant } = bench.sandbox;
    const isPolicy = configuration.policies.length > 0;
    const given = accessConfigurationOf(configuration, {
      appId: request.appId,
      entraGrants: new Set(isPolicy ? ['Mail.Read'] : []),
      servicePrincipalId: request.servicePrincipalId,
    });
    const inside = new Set(tenant.transitiveMemberIds(sales));
    const isBlock = planOf().steps.some(
      (step) =>
        ('covers' in step && step.covers === 'everybody_else') ||
        ('accessRight' in step && step.accessRight === 'DenyAccess'),
    );
    const membership = indexMembership(configuration);
    for (const { id } of tenant.people) {
      const { access } = effectiveAccess('Mail.Read', membership(id as UserId), given);
      expect(access).toBe(inside.has(id) === isBlock ? 'closed' : 'reachable');
    }
  });
});

test.each(adapters)(
  'fault 71: quotes of all kinds in the name of a group reach Exchange as they are, by %s',
  async (_adapter, executor) => {
    const { tenant } = bench.sandbox;
    const group = tenant.groups.get(salesEurope);
    if (!group) throw new Error('There is no such group.');
    const displayName = group.displayName;
    group.displayName = `O'Neil’s ‘best’ ‚of‛ ''two'' * -or (x)`;
    try {
      const result = await run(
        executor(),
        planLimit(limit({ groupIds: [salesEurope], mustReach: [limit().mustReach[1] as UserId] })),
      );

      expect(isDone(result)).toBe(true);
      expect(configurationOf(result)?.groups.map(({ id }) => id)).toEqual([salesEurope]);
    } finally {
      group.displayName = displayName;
    }
  },
);

describe('fault 72: the wrong object', () => {
  test.each(adapters)('a pointer to another object stops %s before anything is made', async (_adapter, executor) => {
    const { exchange } = bench.sandbox.tenant;
    const { appId, ...request } = limit();
    exchange.addServicePrincipal({ appId, objectId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a0ff', displayName: 'old' });

    const result = await run(executor(), planLimit({ appId, ...request }));

    expect(outcomesOf(result)).toEqual(['error', ...Array(result.results.length - 1).fill('not_run')]);
    expect(result.results[0]?.detail).toContain('points to another object');
    expect(objects().scopes).toEqual([]);
  });

  test.each(adapters)('a scope of that name with another filter is not touched by %s', async (_adapter, executor) => {
    const plan = planLimit(limit());
    const scope = plan.steps.find((step) => step.kind === 'ensure_management_scope');
    const recipientFilter = "Department -eq 'Sales'";
    bench.sandbox.tenant.exchange.addScope({ name: scope?.name ?? '', recipientFilter });

    const result = await run(executor(), plan);

    expect(result.results[1]).toMatchObject({ outcome: 'error', detail: expect.stringContaining(recipientFilter) });
    expect(objects()).toMatchObject({ scopes: [{ recipientFilter }], assignments: [] });
  });

  test.each(adapters)(
    'an assignment of that name with another role is not touched by %s',
    async (_adapter, executor) => {
      const plan = planLimit(limit());
      const assignment = plan.steps.find((step) => step.kind === 'ensure_role_assignment');
      const { name = '', servicePrincipalId: objectId = '' } = assignment ?? {};
      bench.sandbox.tenant.exchange.addAssignment({
        name,
        objectId,
        role: 'Application Mail.Send',
        scope: { kind: 'organization' },
      });

      const result = await run(executor(), plan);

      expect(result.results[2]).toMatchObject({ outcome: 'error' });
      expect(objects().assignments).toMatchObject([{ role: 'Application Mail.Send' }]);
    },
  );

  test.each(adapters)(
    'a policy on another group of the same name is not taken for ours by %s',
    async (_adapter, executor) => {
      const { tenant, registration } = bench.sandbox;
      const twin = '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a0aa';
      const original = tenant.groups.get(sales);
      if (!original) throw new Error('There is no such group.');
      const mail = 'sales.twin@contoso.example';
      tenant.addGroup({ ...original, id: twin, mail, ...propertiesOfKind.mailEnabledSecurity, memberIds: [] });
      try {
        const appId = registration.clientId;
        tenant.exchange.addPolicy({ appId, groupId: twin, accessRight: 'RestrictAccess', description: '' });

        const result = await run(executor(), planLimit(limit({ mechanism: 'application_access_policy' })));

        expect(result.results[0]?.outcome).toBe('changed');
        expect(
          objects()
            .policies.map(({ groupId }) => groupId)
            .sort(),
        ).toEqual([twin, sales].sort());
        expect(
          configurationOf(result)
            ?.policies.map(({ groupId }) => groupId)
            .sort(),
        ).toEqual([twin, sales].sort());
      } finally {
        tenant.groups.delete(twin);
      }
    },
  );

  test.each(adapters)(
    'a mailbox that Exchange does not know tests nothing for %s, and stops nothing',
    async (_adapter, executor) => {
      const mailboxless = bench.sandbox.tenant.people.find(({ id, mail }) => mail !== null && !hasMailbox(id));
      const unknown = mailboxless?.id as UserId;
      const result = await run(executor(), planLimit({ ...limit(), mustNotReach: [unknown, ...limit().mustNotReach] }));
      const tests = result.results.filter(({ kind }) => kind === 'test_role_assignments');
      expect(tests.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'not_run', 'passed']);
      expect(tests[2]?.detail).not.toBe('');
      expect(result.results.at(-1)).toMatchObject({ kind: 'read_configuration', outcome: 'read' });
    },
  );

  test.each(adapters)('a group that Exchange does not know stops %s', async (_adapter, executor) => {
    const result = await run(executor(), planLimit(limit({ groupIds: [namedGroups.research.id as GroupId] })));
    expect(result.results[1]).toMatchObject({
      outcome: 'error',
      detail: expect.stringContaining(namedGroups.research.id),
    });
  });
});

describe('fault 74: the wrong tenant', () => {
  const elsewhere = '00000000-0000-0000-0000-000000000001' as TenantId;

  test('a plan of another tenant is refused by the gateway before a request', async () => {
    const before = bench.sandbox.requests.all.length;
    const outcome = await gateway().run({ ...planLimit(limit()), tenantId: elsewhere }, { planId });
    expect(outcome).toMatchObject({ problem: 'unexpected', detail: expect.stringContaining('another tenant') });
    expect(bench.sandbox.requests.all.length).toBe(before);
  });

  test('a script that is run in another tenant writes no result', async () => {
    const script = renderScript({ planId, plan: planLimit(limit()), exchangeEnvironment: 'O365Default' });
    await expect(runScript(bench.sandbox, script, { connectedTo: elsewhere })).rejects.toThrow('Nothing was changed');
  });
});

describe('migration', () => {
  test.each(adapters)('policies become role assignments, go, and come back, by %s', async (_adapter, executor) => {
    const { tenant, registration } = bench.sandbox;
    const appId = registration.clientId as AppId;
    const tenantId = tenant.id as TenantId;
    tenant.exchange.addPolicy({ appId, groupId: sales, accessRight: 'RestrictAccess', description: 'by hand' });
    const read: ExchangePlan = { tenantId, steps: [{ kind: 'read_configuration', appId }] };
    const before = configurationOf(await run(executor(), read)) as ExchangeConfiguration;
    const request = limit();
    const { policies, groups } = before;

    const migration = planMigration({ ...request, policies, groups });
    if ('refused' in migration) throw new Error(migration.refused);
    const migrated = await run(executor(), migration);
    const removal = planPolicyRemoval({ tenantId, appId, policies });
    if ('refused' in removal) throw new Error(removal.refused);
    const removed = await run(executor(), removal);
    const restore = planPolicyRestore({ tenantId, appId, policies });
    if ('refused' in restore) throw new Error(restore.refused);
    const restored = await run(executor(), restore);

    expect([migrated, removed, restored].map(isDone)).toEqual([true, true, true]);
    expect(migration.steps[1]).toMatchObject({ groupIds: [sales, salesEurope] });
    expect(configurationOf(migrated)).toMatchObject({ policies, assignments: [{}, {}] });
    expect(configurationOf(removed)?.policies).toEqual([]);
    expect(comparable(configurationOf(restored)).policies).toEqual(comparable(before).policies);
  });
});

test.each(adapters)(
  'a Microsoft 365 group is listed with its members, and what somebody else made is read, by %s',
  async (_adapter, executor) => {
    const { tenant } = bench.sandbox;
    const { exchange } = tenant;
    const request = limit();
    const engineering = namedGroups.engineering.id;
    exchange.addServicePrincipal({ appId: request.appId, objectId: request.servicePrincipalId, displayName: 'x' });
    exchange.addScope({ name: 'Other', recipientFilter: "Department -eq 'Sales'" });
    const shared = { objectId: request.servicePrincipalId, role: 'Application Mail.Read' };
    exchange.addAssignment({ ...shared, name: 'a', scope: { kind: 'group', groupId: engineering } });
    exchange.addAssignment({ ...shared, name: 'b', scope: { kind: 'management_scope', name: 'Other' } });
    exchange.addAssignment({ ...shared, name: 'c', scope: { kind: 'organization' } });

    const plan: ExchangePlan = {
      tenantId: request.tenantId,
      steps: [{ kind: 'read_configuration', appId: request.appId }],
    };
    const configuration = configurationOf(await run(executor(), plan));

    expect(configuration?.assignments.map(({ scope }) => scope)).toEqual([
      { kind: 'group', groupId: engineering },
      { kind: 'management_scope', name: 'Other' },
      { kind: 'organization' },
    ]);
    expect(configuration?.scopes).toEqual([{ name: 'Other', filter: "Department -eq 'Sales'" }]);
    const members = tenant.groups.get(engineering)?.memberIds ?? [];
    expect(members.length).toBeGreaterThan(1);
    expect(configuration?.groups).toMatchObject([
      { id: engineering, kind: 'microsoft_365', membersKnown: true, memberIds: [...members].sort() },
    ]);
  },
);

test('a group of more members than fit on a page is read whole, and a lost page is no answer at all', async () => {
  const { tenant } = bench.sandbox;
  const group = tenant.groups.get(salesEurope);
  if (!group) throw new Error('There is no such group.');
  const held = group.memberIds;
  const many = Array.from({ length: 2500 }, (_, index) => {
    const id = `0b1c8f7e-9a54-4d7a-8f52-${String(index).padStart(12, '0')}`;
    if (!tenant.find(id))
      tenant.add({ ...tenant.person('mary@contoso.example'), id, userPrincipalName: `${id}@contoso.example` });
    return id;
  });
  group.memberIds = many;
  tenant.exchange.addPolicy({
    appId: limit().appId,
    groupId: salesEurope,
    accessRight: 'RestrictAccess',
    description: '',
  });
  const plan: ExchangePlan = {
    tenantId: limit().tenantId,
    steps: [{ kind: 'read_configuration', appId: limit().appId }],
  };
  try {
    const whole = configurationOf(await run(gateway(), plan));
    expect(whole?.groups[0]?.memberIds).toHaveLength(2500);

    // Requests: pointers, policies, the group, scopes, and then the pages of members.
    bench.sandbox.faults.add({ match: { path: '/adminapi/', nth: 6 }, answer: { truncate: true } });
    expect(await gateway().run(plan, { planId })).toMatchObject({ problem: 'unreachable' });
  } finally {
    group.memberIds = held;
  }
});

describe('a run that is stopped', () => {
  test('before anything was changed, ends with the reason', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(gateway().run(planLimit(limit()), { planId, signal })).rejects.toThrow('enough');
  });

  test('later, says what was done until then', async () => {
    const stop = new AbortController();
    const { exchange } = bench.sandbox.tenant;
    const add = exchange.addScope.bind(exchange);
    exchange.addScope = (scope) => {
      stop.abort();
      return add(scope);
    };
    try {
      const result = await gateway().run(planLimit(limit()), { planId, signal: stop.signal });

      const [pointer, scope, ...others] = (result as PlanResult).results;
      expect(pointer?.outcome).toBe('changed');
      expect(scope).toMatchObject({ outcome: 'error', detail: 'The run was stopped.' });
      expect(others.map(({ outcome }) => outcome)).toEqual(others.map(() => 'not_run'));
    } finally {
      exchange.addScope = add;
    }
  });
});

describe('what the gateway may answer', () => {
  const read = (): ExchangePlan => ({
    tenantId: limit().tenantId,
    steps: [{ kind: 'read_configuration', appId: limit().appId }],
  });
  const refusalOf = async (executor = gateway()) => (await executor.run(read(), { planId })) as ExchangeRefusal;
  const answer = (given: object, match: object = {}) =>
    bench.sandbox.faults.add({ match: { path: '/adminapi/', ...match }, answer: given });

  test('401: the token is refused', async () => {
    answer({ status: 401, body: {} });
    expect(await refusalOf()).toMatchObject({ problem: 'token_refused' });
  });

  test('403 without a body: the role is missing, and the reason stands in a header', async () => {
    expect(await refusalOf(bench.onBehalfOf('mary@contoso.example'))).toMatchObject({
      problem: 'role_missing',
      detail: expect.stringContaining("isn't supported in this scenario"),
    });
    answer({ status: 403, body: '' });
    expect(await refusalOf()).toMatchObject({ problem: 'role_missing', detail: '' });
  });

  test('a reader may read and is told that the role is missing for more', async () => {
    const reader = bench.onBehalfOf('sophie@contoso.example');
    expect(await reader.run(read(), { planId })).toMatchObject({ results: [{ outcome: 'read' }] });
    expect(await reader.run(planLimit(limit()), { planId })).toMatchObject({ problem: 'role_missing' });
  });

  test('429: it waits as long as Exchange asks, and goes on', async () => {
    answer({ status: 429, headers: { 'retry-after': '17' }, body: {} }, { times: 2 });
    const before = bench.clock.now().getTime();
    expect(await gateway().run(read(), { planId })).toMatchObject({ results: [{ outcome: 'read' }] });
    expect(bench.clock.now().getTime() - before).toBeGreaterThanOrEqual(34_000);
  });

  test('429 for longer than anybody waits is told with the time', async () => {
    answer({ status: 429, headers: { 'retry-after': '900' }, body: {} });
    expect(await refusalOf()).toMatchObject({ problem: 'throttled', retryAfterSeconds: 900 });
  });

  test('5xx is tried again for questions', async () => {
    answer({ status: 503, html: '<h1>Service unavailable</h1>' }, { times: 2 });
    expect(await gateway().run(read(), { planId })).toMatchObject({ results: [{ outcome: 'read' }] });
    answer({ status: 500, html: '<h1>Sorry</h1>' });
    expect(await refusalOf()).toMatchObject({ problem: 'unreachable' });
  });

  test('a change whose fate is not known is not sent twice; the next run finds what was done', async () => {
    const plan = planLimit(limit());
    // The first request looks for the pointer, the second one makes it.
    answer({ reset: true }, { nth: 2, times: 1 });
    const result = await run(gateway(), plan);
    expect(result.results[0]).toMatchObject({ outcome: 'error', detail: expect.stringContaining('unreachable') });
    expect(isDone(await run(gateway(), plan))).toBe(true);
  });

  test.each([
    ['an HTML page', { status: 200, html: '<html>Sign in</html>' }],
    ['an empty answer to a question', { status: 200, body: '' }],
    ['a list of another shape', { status: 200, body: { value: 'x' } }],
    ['another status', { status: 302, headers: { location: 'https://evil.example/' }, body: '' }],
  ])('%s is unexpected', async (_, given) => {
    answer(given);
    expect(await refusalOf()).toMatchObject({ problem: 'unexpected' });
  });

  test.each([
    ['another host', 'https://evil.example/adminapi/beta/x/InvokeCommand?$skiptoken=1'],
    ['no TLS', 'http://localhost/adminapi/beta/x/InvokeCommand'],
    ['another service of the host', '/v1.0/users'],
  ])('a next link to %s is not followed', async (_, link) => {
    const here = bench.sandbox.url;
    answer({ body: { value: [], '@odata.nextLink': link.startsWith('/') ? here + link : link } }, { times: 1 });
    const before = bench.sandbox.requests.all.length;
    expect(await refusalOf()).toMatchObject({
      problem: 'unexpected',
      detail: expect.stringContaining('another address'),
    });
    expect(bench.sandbox.requests.all.slice(before).filter(({ path }) => path.includes('/users'))).toEqual([]);
  });

  test('a list that never ends is not followed for ever', async () => {
    const { url, tenant } = bench.sandbox;
    const link = `${url}/adminapi/beta/${tenant.id}/InvokeCommand?$skiptoken=again`;
    answer({ body: { value: [], '@odata.nextLink': link } });
    expect(await refusalOf()).toMatchObject({ problem: 'unexpected', detail: expect.stringContaining('does not end') });
  });

  test('no consent for Exchange, and no app role: consent is what is missing', async () => {
    const { grants } = bench.sandbox.tenant;
    grants.revokeScopes();
    const { registration } = bench.sandbox;
    grants.grantScopes(registration.clientId, registration.clientId, [registration.scope.value], null);
    bench.clock.advance(2 * 3600_000);
    expect(await refusalOf(bench.onBehalfOf('margaret@contoso.example'))).toMatchObject({
      problem: 'consent_required',
      detail: 'AADSTS65001',
    });
    grants.revokeRoles();
    expect(await refusalOf(bench.asApplication())).toMatchObject({ problem: 'consent_required' });
    grants.grantScopes(registration.clientId, exchangeOnlineAppId, ['Exchange.Manage'], null);
  });

  test('nothing that was asked or answered carries a token into the log', () => {
    expect(bench.log.filter((line) => /eyJ[A-Za-z0-9_-]{20,}/.test(line))).toEqual([]);
  });
});
