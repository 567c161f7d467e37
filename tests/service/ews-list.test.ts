import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { planEwsListChange, planEwsReading } from '../../src/domain/exchange-plan/ews-plan.ts';
import { ewsAccessOf, type PlanResult } from '../../src/domain/exchange-plan/plan-result.ts';
import type { AppId, TenantId } from '../../src/domain/ids.ts';
import { type ExchangeExecutor, isRefusal } from '../../src/service/exchange/executor.ts';
import { type ExchangeBench, startExchangeBench } from '../support/exchange-bench.ts';
import { createScriptExecutor } from '../support/run-script.ts';

const ours = '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a002' as AppId;
const others = ['{0B1C8F7E-9A54-4D7A-8F52-61B1D7C9A0AA}', '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a0bb', 'not-an-id'];

let bench: ExchangeBench;
beforeAll(async () => {
  bench = await startExchangeBench({ people: 20 });
});
afterAll(() => bench?.[Symbol.asyncDispose]());
beforeEach(() => {
  const none = { enabled: null, allowedAppIds: '', applicationAccessPolicy: null, allowList: [], blockList: [] };
  Object.assign(ews(), none);
  bench.sandbox.settings.ewsAllowedAppIdsForm = 'text';
  bench.sandbox.faults.clear();
});

const ews = () => bench.sandbox.tenant.exchange.ews;
const tenantId = () => bench.sandbox.tenant.id as TenantId;
const adapters: [string, () => ExchangeExecutor][] = [
  ['the gateway', () => bench.onBehalfOf('margaret@contoso.example')],
  ['a script in PowerShell 7', () => createScriptExecutor(bench.sandbox)],
  ['a script in Windows PowerShell', () => createScriptExecutor(bench.sandbox, { shell: 'windows_powershell' })],
];

function done(outcome: Awaited<ReturnType<ExchangeExecutor['run']>>): PlanResult {
  if (isRefusal(outcome)) throw new Error(`${outcome.problem}: ${outcome.detail}`);
  return outcome;
}

describe.each(adapters)('%s', (_, executor) => {
  const change = async (
    ...wanted: Parameters<typeof planEwsListChange> extends [unknown, ...infer Rest] ? Rest : never
  ) => done(await executor().run(planEwsListChange(tenantId(), ...wanted), { planId: 'plan-1' }));

  test('reads a tenant that never touched it, and one that set all of it', async () => {
    const read = async () => ewsAccessOf(done(await executor().run(planEwsReading(tenantId()), { planId: 'plan-1' })));
    const untouched = await read();
    Object.assign(ews(), {
      enabled: false,
      allowedAppIds: others.join(','),
      applicationAccessPolicy: 'EnforceAllowList',
      allowList: ['Outlook*'],
    });

    expect(untouched).toEqual({
      enabled: null,
      allowedAppIds: [],
      userAgentPolicy: null,
      allowedUserAgents: [],
      blockedUserAgents: [],
    });
    expect(await read()).toEqual({
      enabled: false,
      allowedAppIds: others,
      userAgentPolicy: 'EnforceAllowList',
      allowedUserAgents: ['Outlook*'],
      blockedUserAgents: [],
    });
  });

  test.each(['text', 'list'] as const)('adds an entry to a %s and drops none, once', async (form) => {
    bench.sandbox.settings.ewsAllowedAppIdsForm = form;
    Object.assign(ews(), { enabled: true, allowedAppIds: others.join(',') });

    const first = await change(ours, 'add');
    const again = await change(ours, 'add');

    expect(ews().allowedAppIds).toBe([...others, ours].join(','));
    expect([first, again].map(({ results }) => results[0]?.outcome)).toEqual(['changed', 'already_there']);
    expect(ewsAccessOf(first)?.allowedAppIds).toEqual([...others, ours]);
  });

  test('leaves the switch alone unless it is asked for', async () => {
    await change(ours, 'add');
    const left = ews().enabled;
    await change(ours, 'add_and_switch_on');

    expect([left, ews().enabled]).toEqual([null, true]);
    expect(ews().allowedAppIds).toBe(ours);
  });

  test('takes the one entry out, and no other', async () => {
    Object.assign(ews(), { enabled: true, allowedAppIds: [...others, ours.toUpperCase()].join(',') });

    const first = await change(ours, 'remove');
    const again = await change(ours, 'remove');

    expect(ews()).toMatchObject({ enabled: true, allowedAppIds: others.join(',') });
    expect([first, again].map(({ results }) => results[0]?.outcome)).toEqual(['changed', 'already_there']);
  });

  test('writes nothing where Exchange does not show the list', async () => {
    bench.sandbox.settings.ewsAllowedAppIdsForm = 'absent';
    ews().allowedAppIds = others.join(',');

    const { results } = await change(ours, 'add');

    expect(results.map(({ outcome }) => outcome)).toEqual(['error', 'not_run']);
    expect(ews().allowedAppIds).toBe(others.join(','));
  });

  test('with what-if, says what it would write and writes nothing', async () => {
    ews().allowedAppIds = others.join(',');
    const plan = planEwsListChange(tenantId(), ours, 'add');
    const { results } = done(await executor().run(plan, { planId: 'plan-1', whatIf: true }));
    expect(results[0]?.outcome).toBe('would_change');
    expect(ews().allowedAppIds).toBe(others.join(','));
  });
});

test('what Exchange did not keep is an error: the list is looked at again', async () => {
  const gateway = bench.onBehalfOf('margaret@contoso.example');
  ews().allowedAppIds = others.join(',');
  // The third request is the write: it is answered and has no effect.
  bench.sandbox.faults.add({
    match: { path: /InvokeCommand$/, nth: 3, times: 1 },
    answer: { status: 200, body: { value: [] } },
  });
  const { results } = done(await gateway.run(planEwsListChange(tenantId(), ours, 'add'), { planId: 'plan-1' }));
  expect(results[0]).toMatchObject({ outcome: 'error', detail: expect.stringContaining(ours) });
});
