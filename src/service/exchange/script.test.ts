import { createRequire } from 'node:module';
import { Language, type Node, Parser } from '@vscode/tree-sitter-wasm';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { planEwsListChange } from '../../domain/exchange-plan/ews-plan.ts';
import { type LimitRequest, planLimit } from '../../domain/exchange-plan/limit-plan.ts';
import { planUndo } from '../../domain/exchange-plan/undo-plan.ts';
import type { AppId, GroupId, ServicePrincipalId, TenantId, UserId } from '../../domain/ids.ts';
import { fileHash } from './file-hash.ts';
import { renderScript } from './script.ts';

let parser: Parser;
beforeAll(async () => {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm');
  parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
});

const request: LimitRequest = {
  tenantId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a001' as TenantId,
  appId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a002' as AppId,
  servicePrincipalId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a003' as ServicePrincipalId,
  applicationName: "O'Neil’s “app” $(rm) `n #>",
  groupIds: ['0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a004' as GroupId, '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a007' as GroupId],
  list: 'allow',
  mechanism: 'role_assignments',
  permissions: ['Mail.Read'],
  mustReach: ['0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a005' as UserId],
  mustNotReach: ['0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a006' as UserId],
};

const scriptOf = (plan = planLimit(request)) =>
  renderScript({ planId: 'plan-1', plan, exchangeEnvironment: 'O365Default' });

/** String literals by the grammar. */
function literalsIn(lines: string): number {
  const visit = (node: Node): number =>
    node.children.reduce((count, child) => count + (child ? visit(child) : 0), node.type === 'string_literal' ? 1 : 0);
  const tree = parser.parse(lines.replaceAll('\r\n', '\n'));
  return tree ? visit(tree.rootNode) : 0;
}

function errorsIn(script: string): string[] {
  const tree = parser.parse(script.slice(1).replaceAll('\r\n', '\n'));
  const visit = (node: Node): string[] => [
    ...(node.isError || node.isMissing ? [`${node.startPosition.row + 1}: ${node.text.slice(0, 80)}`] : []),
    ...node.children.flatMap((child) => (child ? visit(child) : [])),
  ];
  return tree ? visit(tree.rootNode) : ['no tree'];
}

test('fault 67, 69: the script of a plan with a hostile name is valid PowerShell, with the name as one literal', () => {
  const script = scriptOf();
  expect(errorsIn(script)).toEqual([]);
  expect(script).toContain("DisplayName = 'O''Neil’’s “app” $(rm) `n #>'");
});

test('the undo script is valid PowerShell and removes only what the plan made', () => {
  const script = scriptOf(planUndo(planLimit(request)));
  expect(errorsIn(script)).toEqual([]);
  expect(script.match(/@\{ Kind = '[a-z_]+'/g)).toEqual([
    "@{ Kind = 'remove_role_assignment'",
    "@{ Kind = 'remove_management_scope'",
    "@{ Kind = 'read_configuration'",
  ]);
});

test.each(['add', 'add_and_switch_on', 'remove'] as const)(
  'the script that does "%s" to the allow-list is valid PowerShell',
  (change) => {
    const script = scriptOf(planEwsListChange(request.tenantId, request.appId, change));
    expect(errorsIn(script)).toEqual([]);
    expect(script.match(/@\{ Kind = '[a-z_]+'/g)?.at(-1)).toBe("@{ Kind = 'read_ews_access'");
  },
);

test('fault 75: a byte order mark comes first, and every line ends with CR LF', () => {
  const script = scriptOf();
  expect(script.charCodeAt(0)).toBe(0xfeff);
  expect(script.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

test('a value that a script must not carry is refused, not escaped', () => {
  const plan = planLimit({ ...request, applicationName: 'a\u202Eb' });
  expect(() => scriptOf(plan)).toThrow(RangeError);
});

test('fault 77: the script holds no secret and signs in interactively', () => {
  expect(scriptOf()).not.toMatch(/secret|password|-AccessToken|-Certificate/i);
});

test('fault 67, 68, 69, 70: whatever of 20,000 strings stands in a list of the plan, it is one literal per element', () => {
  const characters = fc.constantFrom(
    ...'\'\u2018\u2019\u201A\u201B"\u201C\u201D$`;|&(){}@,#-\u2013 %',
    "');",
    '#>',
    '$(',
    '-WhatIf',
  );
  const hostile = fc.array(characters, { maxLength: 10 }).map((parts) => parts.join(''));
  const plan = planLimit(request);
  const linesOf = (script: string) =>
    script.slice(script.indexOf('$PlanId'), script.indexOf('function Get-ConnectedTenantIds'));
  const ordinary = literalsIn(linesOf(scriptOf(plan)));
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 4, maxLength: 10 }), (values) => {
      const groupIds = values as unknown as [GroupId, ...GroupId[]];
      const steps = plan.steps.map((step) => (step.kind === 'ensure_management_scope' ? { ...step, groupIds } : step));
      // The plan's lines alone: parsing the code that never changes would take all the time.
      const lines = linesOf(scriptOf({ ...plan, steps }));
      expect(errorsIn(`\uFEFF${lines}`)).toEqual([]);
      expect(literalsIn(lines)).toBe(ordinary + values.length - request.groupIds.length);
    }),
    { numRuns: 3_000, seed: 7 },
  );
});

test('a group that is not named leaves no filter: the script of such a plan stops', () => {
  expect(scriptOf()).toContain("throw 'The plan names no group for the management scope.'");
});

test('the hash that is shown is the one of the bytes that are saved', () => {
  const script = scriptOf();
  const bytes = new TextEncoder().encode(script);
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(fileHash(script)).toBe(fileHash(bytes));
  // The empty file, as Get-FileHash prints it.
  expect(fileHash('')).toBe('E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855');
});
