import { expect, test } from 'vitest';
import { planEwsListChange, planEwsReading } from '../../src/domain/exchange-plan/ews-plan.ts';
import { type LimitRequest, planLimit } from '../../src/domain/exchange-plan/limit-plan.ts';
import type { ExchangePlan } from '../../src/domain/exchange-plan/step.ts';
import { planUndo } from '../../src/domain/exchange-plan/undo-plan.ts';
import type { AppId, GroupId, ServicePrincipalId, TenantId, UserId } from '../../src/domain/ids.ts';
import { renderScript } from '../../src/service/exchange/script.ts';
import {
  commandsIn,
  literalOf,
  nodesOf,
  parsePowershell,
  statementsOf,
  syntaxErrorsIn,
} from '../support/powershell.ts';

const request: LimitRequest = {
  tenantId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a001' as TenantId,
  appId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a002' as AppId,
  servicePrincipalId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a003' as ServicePrincipalId,
  applicationName: "O'Neil’s “app” $(rm) `n #> '; Remove-Mailbox; '",
  groupIds: ['0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a004' as GroupId, '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a007' as GroupId],
  list: 'allow',
  mechanism: 'role_assignments',
  permissions: ['Mail.Read'],
  mustReach: ['0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a005' as UserId],
  mustNotReach: [],
};
const treeOf = (plan: ExchangePlan) =>
  parsePowershell(renderScript({ planId: 'plan-1', plan, exchangeEnvironment: 'O365Default' }));

/** Cmdlets that change something in Exchange; the others of these verbs are PowerShell's and the script's own. */
const changing = /^(New|Remove|Set|Add|Enable|Disable)-(?!Object$|Outcome$|StrictMode$|Content$)/;

test.each([
  ['a limit', planLimit(request)],
  ['its undo', planUndo(planLimit(request))],
  ['a policy', planLimit({ ...request, mechanism: 'application_access_policy' })],
  ['the switch of Exchange Web Services', planEwsReading(request.tenantId)],
  ['an entry in its allow-list', planEwsListChange(request.tenantId, request.appId, 'add')],
  ['an entry that is taken out', planEwsListChange(request.tenantId, request.appId, 'remove')],
])('the literals of %s are the plan, and nothing else', async (_, plan) => {
  const root = await treeOf(plan);
  const asLiterals = plan.steps.map((step) =>
    Object.fromEntries(Object.entries(step).map(([key, value]) => [key[0]?.toUpperCase() + key.slice(1), value])),
  );
  expect(syntaxErrorsIn(root)).toEqual([]);
  expect(literalOf(root, 'Steps')).toEqual(asLiterals);
  expect([literalOf(root, 'PlanId'), literalOf(root, 'TenantId')]).toEqual(['plan-1', request.tenantId]);
});

test('fault 74: the tenant is compared before anything that changes could run', async () => {
  const root = await treeOf(planLimit(request));
  const functions = new Map(
    nodesOf(root, 'function_statement').map((each) => [nodesOf(each, 'function_name')[0]?.text ?? '', each]),
  );
  const reaches = (names: readonly string[], seen = new Set<string>()): boolean =>
    names.some((name) => {
      if (seen.has(name)) return false;
      seen.add(name);
      const body = functions.get(name);
      return body ? reaches(commandsIn(body), seen) : changing.test(name);
    });
  const statements = statementsOf(root).filter(({ type }) => type !== 'function_statement');
  const check = statements.findIndex(
    (each) =>
      each.type === 'if_statement' &&
      each.text.includes('$connectedTenantIds[0] -ne $TenantId') &&
      each.text.includes('throw'),
  );
  const first = statements.findIndex((each) => reaches(commandsIn(each)));

  expect(check).toBeGreaterThan(0);
  expect(first).toBeGreaterThan(check);
});

test('every change is asked for first: no function changes anything before Test-MayChange', async () => {
  const root = await treeOf(planLimit(request));
  const makers = nodesOf(root, 'function_statement').filter((each) =>
    commandsIn(each).some((name) => changing.test(name)),
  );
  expect(makers.length).toBeGreaterThan(5);
  for (const maker of makers) {
    const commands = commandsIn(maker);
    expect(commands.indexOf('Test-MayChange')).toBeGreaterThanOrEqual(0);
    expect(commands.indexOf('Test-MayChange')).toBeLessThan(commands.findIndex((name) => changing.test(name)));
  }
});

test('fault 77, 78: no secret, no scope without a limit, nothing but the cmdlets that plans need', async () => {
  const root = await treeOf(planLimit(request));
  const commands = new Set(nodesOf(root, 'command').map((command) => command.text));
  const assigned = [...commands].filter((command) => command.startsWith('New-ManagementRoleAssignment'));
  expect(assigned).toHaveLength(1);
  expect(assigned[0]).toContain('-CustomResourceScope $Step.ScopeName');
  expect(
    commandsIn(root)
      .filter((name) => changing.test(name))
      .sort(),
  ).toEqual([
    'New-ApplicationAccessPolicy',
    'New-ManagementRoleAssignment',
    'New-ManagementScope',
    'New-ServicePrincipal',
    'Remove-ApplicationAccessPolicy',
    'Remove-ManagementRoleAssignment',
    'Remove-ManagementScope',
    'Set-OrganizationConfig',
  ]);
  expect(root.text).not.toMatch(/secret|password|-AccessToken|-Certificate|Invoke-Expression|-EnableErrorReporting/i);
});

test('the allow-list of Exchange Web Services is written in one place: asked for, read again before, and read again after', async () => {
  const root = await treeOf(planEwsListChange(request.tenantId, request.appId, 'add_and_switch_on'));
  const writers = nodesOf(root, 'function_statement').filter((each) =>
    commandsIn(each).includes('Set-OrganizationConfig'),
  );
  expect(writers.map((each) => nodesOf(each, 'function_name')[0]?.text)).toEqual(['Write-EwsAppIds']);
  const order = commandsIn(writers[0] as (typeof writers)[number]).filter((name) =>
    ['Test-MayChange', 'Get-EwsAppIds', 'Set-OrganizationConfig'].includes(name),
  );
  expect(order).toEqual(['Test-MayChange', 'Get-EwsAppIds', 'Set-OrganizationConfig', 'Get-EwsAppIds']);
  // What the list is made of is what was read, and the one entry of the plan.
  const maker = nodesOf(root, 'function_statement').find((each) => each.text.includes('Invoke-AllowEwsApplication'));
  expect(maker?.text).toContain('$after = @($before)');
  expect(maker?.text).toContain('$after += $Step.AppId');
});
