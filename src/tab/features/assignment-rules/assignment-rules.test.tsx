import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { listActivity } from '../../../contract/activity.ts';
import {
  type AssignmentRule,
  type AssignmentRules,
  type AssignmentRun,
  createAssignmentRule,
  getScopeDifferences,
  listAssignedPeople,
  listAssignmentRules,
  previewAssignmentRule,
  updateAssignmentRule,
} from '../../../contract/assignment-rules.ts';
import type { Answer } from '../../../contract/endpoint.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import type { AssignmentRuleId, AssignmentRunId, GroupId } from '../../../domain/ids.ts';
import { anOrganization, organizationIdOf, userIdOf } from '../../testing/fixtures.ts';
import { findDialog, findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer, refuse } from '../../testing/service.ts';

const ruleIdOf = (n: number) => `1d4e6b8a-0000-4000-8000-00000000000${n}` as AssignmentRuleId;
const at = '2026-11-23T10:00:00.000Z';
const name = 'Address ends in @contoso.com';

function aRule(some: Partial<AssignmentRule> = {}): AssignmentRule {
  return {
    id: ruleIdOf(1),
    organizationId: organizationIdOf(1),
    organizationName: 'Head office',
    condition: { kind: 'domain', domain: 'contoso.com' },
    movesHandPlaced: false,
    isOn: false,
    problem: null,
    ...some,
  };
}

function aRun(some: Partial<AssignmentRun> = {}): AssignmentRun {
  return {
    id: '2e5f7c9b-0000-4000-8000-000000000001' as AssignmentRunId,
    kind: 'apply',
    state: 'completed',
    ruleId: null,
    problem: null,
    counts: [],
    conflicts: [],
    startedBy: null,
    createdAt: at,
    finishedAt: at,
    ...some,
  };
}

const nothing: AssignmentRules = { rules: [], lastRun: null, preview: null, everyMinutes: 60 };
const agreed: Answer<typeof getScopeDifferences> = {
  limit: { list: 'allow', groupName: 'Sales', readAt: at },
  outsideScope: { people: 0, examples: [] },
  notHere: { people: 0, examples: [] },
};

async function open(rules: Partial<AssignmentRules> = {}, differences: Partial<typeof agreed> = {}) {
  answer(listOrganizations, { organizations: [anOrganization()] });
  answer(listActivity, { activities: [], nextCursor: null });
  answer(listAssignmentRules, { ...nothing, ...rules });
  answer(getScopeDifferences, { ...agreed, ...differences });
  const view = renderTab(`/organizations/${organizationIdOf(1)}`);
  return { ...view, section: within(await screen.findByRole('region', { name: 'Rules' })) };
}

test('a rule is added by its domain, without the @', async () => {
  const { user, section } = await open();
  const calls = answer(createAssignmentRule, { ...nothing, rules: [aRule()] });
  expect(await section.findByText(/No rule leads here/)).toBeVisible();
  await user.click(section.getByRole('button', { name: 'Add rule' }));
  const dialog = within(await findDialog());
  await user.click(dialog.getByRole('button', { name: 'Save' }));
  expect(await dialog.findByText('Enter a domain such as contoso.com.')).toBeVisible();
  const domain = dialog.getByRole('textbox', { name: /E-mail domain/ });
  expect(domain).toHaveFocus();
  await user.type(domain, '@Contoso.com');
  await user.click(dialog.getByRole('button', { name: 'Save' }));

  await findToast(/The rule was added/);
  expect(calls.map(({ body }) => body)).toEqual([
    { condition: { kind: 'domain', domain: 'contoso.com' }, movesHandPlaced: false },
  ]);
  expect(await section.findByText(name)).toBeVisible();
});

test('a rule cannot be switched on before its preview, and says why', async () => {
  const { user, section } = await open({ rules: [aRule()] });
  const switchOn = await section.findByRole('button', { name: `Switch on: ${name}` });
  expect(switchOn).toHaveAttribute('aria-disabled', 'true');
  expect(switchOn).toHaveAccessibleDescription(/Preview the rule first/);

  const preview = aRun({
    kind: 'preview',
    ruleId: ruleIdOf(1),
    counts: [
      { organizationId: organizationIdOf(1), outcome: 'added', people: 12 },
      { organizationId: organizationIdOf(1), outcome: 'kept_by_hand', people: 1 },
    ],
  });
  answer(previewAssignmentRule, { ...nothing, rules: [aRule()], preview: { ...preview, isCurrent: true } });
  await user.click(section.getByRole('button', { name: `Preview: ${name}` }));
  expect(await section.findByText('12 users would be added')).toBeVisible();
  expect(section.getByText(/would stay where they are: placed by hand/)).toBeVisible();

  const calls = answer(updateAssignmentRule, { ...nothing, rules: [aRule({ isOn: true })] });
  await user.click(section.getByRole('button', { name: `Switch on: ${name}` }));
  await findToast(/The rule is on/);
  expect(calls.map(({ body }) => body)).toEqual([{ isOn: true }]);
});

test('the last run lists who should leave, with the reason and the way to each', async () => {
  const { user, section } = await open({
    rules: [aRule({ isOn: true })],
    lastRun: aRun({ counts: [{ organizationId: organizationIdOf(1), outcome: 'leaving', people: 1 }] }),
  });
  const calls = answer(listAssignedPeople, {
    people: [
      {
        userId: userIdOf(1),
        displayName: 'Grace Hopper',
        address: 'grace@contoso.com',
        outcome: 'leaving',
        reason: 'not_in_directory',
        organizationId: organizationIdOf(1),
        organizationName: 'Head office',
        fromOrganizationName: null,
        ruleId: null,
      },
    ],
    nextCursor: null,
  });
  await user.click(await section.findByRole('button', { name: 'Show: 1 user should leave' }));
  const link = await section.findByRole('link', { name: 'Grace Hopper' });
  expect(link).toHaveAttribute('href', expect.stringContaining(userIdOf(1)));
  expect(section.getByText(/not in the directory any more/)).toBeVisible();
  expect(section.getByText(/No rule removes anybody/)).toBeVisible();
  expect(calls[0]?.url.searchParams.get('organizationId')).toBe(organizationIdOf(1));
});

test('conflicts name both rules, and a group that is gone says what to do', async () => {
  const group = aRule({
    id: ruleIdOf(2),
    condition: { kind: 'group', groupId: '0d5f2c7a-0000-4000-8000-000000000001' as GroupId, groupName: 'Sales' },
    isOn: true,
    problem: 'group_gone',
  });
  const { section } = await open({
    rules: [aRule({ isOn: true, organizationId: organizationIdOf(2), organizationName: 'Branch' }), group],
    lastRun: aRun({
      conflicts: [{ ruleId: ruleIdOf(1), otherRuleId: ruleIdOf(2), people: 3, examples: ['Ada', 'Bob', 'Cy'] }],
    }),
  });
  const conflicts = within(await section.findByRole('list', { name: 'Conflicts' }));
  expect(
    conflicts.getByText(/“Address ends in @contoso.com → Branch” decides, “In the group Sales → Head office”/),
  ).toBeVisible();
  expect(conflicts.getByText('For example Ada, Bob, Cy.')).toBeVisible();
  expect(section.getByText(/The group is not in the directory any more/)).toBeVisible();
  expect(section.getByText('Rule 2 of 2')).toBeVisible();
});

test('a change by the menu switches the rule off and says so; a refusal shows its remedy', async () => {
  const { user, section } = await open({ rules: [aRule({ isOn: true })] });
  const calls = answer(updateAssignmentRule, { ...nothing, rules: [aRule({ movesHandPlaced: true })] });
  await user.click(await section.findByRole('button', { name: `Actions for the rule: ${name}` }));
  await user.click(await screen.findByRole('menuitem', { name: 'Move people placed by hand too' }));
  await findToast(/was changed and is off/);
  expect(calls.map(({ body }) => body)).toEqual([{ movesHandPlaced: true }]);

  refuse(previewAssignmentRule, 'assignment.rule_not_found');
  await user.click(section.getByRole('button', { name: `Preview: ${name}` }));
  expect(await section.findByText('The rule does not exist')).toBeVisible();
});

test('both differences are shown with people and remedies, and nothing to compare is said', async () => {
  const person = { userId: userIdOf(1), displayName: 'Ada Lovelace', address: 'ada@contoso.com' };
  await open(
    {},
    {
      outsideScope: { people: 1, examples: [person] },
      notHere: { people: 10_000, examples: [{ ...person, userId: userIdOf(2), displayName: 'Bob' }] },
    },
  );
  const section = within(await screen.findByRole('region', { name: 'Organization and Exchange scope' }));
  expect(await section.findByText('1 person is here and cannot be opened by the application.')).toBeVisible();
  expect(section.getByText(/Add them to Sales and read Exchange again/)).toBeVisible();
  expect(section.getByRole('link', { name: 'Ada Lovelace' })).toBeVisible();
  expect(section.getByText(/10,000 or more people can be opened/)).toBeVisible();
  expect(section.queryByRole('link', { name: 'Bob' })).not.toBeInTheDocument();
});

test('while a preview runs the section is busy and looks again until it has ended', async () => {
  const running = {
    ...aRun({ kind: 'preview', ruleId: ruleIdOf(1), state: 'running', finishedAt: null }),
    isCurrent: true,
  };
  const { section } = await open({ rules: [aRule()], preview: running });
  expect(await section.findByText(/Reading the directory/)).toBeVisible();
  answer(listAssignmentRules, {
    ...nothing,
    rules: [aRule()],
    preview: { ...running, state: 'completed', finishedAt: at },
  });
  await waitFor(() => expect(section.getByText('Nothing would change.')).toBeVisible(), { timeout: 10_000 });
});
