import { screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import {
  advanceScopeChange,
  bringScopeResult,
  endScopeChange,
  getMailboxScope,
  getScopeProof,
  getScopeScript,
  type MailboxScope,
  runScopeStep,
  type ScopeChange,
  startScopeProof,
} from '../../../contract/mailbox-scope.ts';
import { aMailboxScope, aScopeChange, aScopeProof, salesOnly } from '../../testing/fixtures.ts';
import { findDialog, findToast, renderPart } from '../../testing/render-tab.tsx';
import { answer, refuse } from '../../testing/service.ts';
import { ScopeSection } from './ScopeSection.tsx';

const script = { fileName: 'limit-mailboxes.ps1', text: '\uFEFFNew-ManagementScope', sha256: '9f86d081' };
const button = (name: string) => screen.findByRole('button', { name });

/** Shows a change, and what it becomes when the service says so. */
function open(change: ScopeChange, some: Partial<MailboxScope> = {}, props: Parameters<typeof ScopeSection>[0] = {}) {
  answer(getScopeScript, script);
  answer(getMailboxScope, aMailboxScope({ intent: salesOnly, change, ...some }));
  return renderPart(<ScopeSection {...props} />);
}
const becomes = (change: ScopeChange) => {
  answer(getMailboxScope, aMailboxScope({ intent: salesOnly, change }));
  return change;
};
const stepsShown = async () => {
  const list = await screen.findByRole('list', { name: 'Steps of the change' });
  return within(list)
    .getAllByRole('listitem')
    .filter(({ parentElement }) => parentElement === list);
};

test('each step says its state, and only the one that is due has something to do', async () => {
  open(aScopeChange('remove_grants'));
  const steps = await stepsShown();
  const states = steps.map(({ textContent }) => textContent?.match(/(Done|Next|Later)/)?.[0]);
  expect(states).toEqual(['Done', 'Done', 'Done', 'Next', 'Later']);
  expect(steps.filter((step) => step.getAttribute('aria-current') === 'step')).toEqual([steps[3]]);
});

test('the script can be read, copied and downloaded with its byte order mark, and its check sum is shown', async () => {
  const saved: Blob[] = [];
  URL.createObjectURL = (blob: Blob) => `blob:${saved.push(blob)}`;
  URL.revokeObjectURL = () => {};
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
  const { user } = open(aScopeChange());
  expect(await screen.findByText('limit-mailboxes.ps1 · SHA-256 9f86d081')).toBeVisible();
  await user.click(await button('Show the script'));
  expect(screen.getByRole('textbox', { name: 'Script' })).toHaveValue('New-ManagementScope');
  expect(screen.getByRole('textbox', { name: 'Script' })).toHaveAttribute('readonly');

  await user.click(await button('Download the script'));
  await user.click(await button('Download the undo script'));
  await waitFor(() => expect(saved).toHaveLength(2));
  expect(saved[0]?.size).toBe('New-ManagementScope'.length + 3);
  click.mockRestore();
});

test('the result is brought, and the report says what was done, step by step', async () => {
  const { user } = open(aScopeChange());
  const report: ScopeChange['report'] = [
    { kind: 'ensure_role_assignment', subject: 'Application Mail.Read', outcome: 'changed', detail: '' },
    {
      kind: 'test_role_assignments',
      subject: 'bob@contoso.example',
      outcome: 'failed',
      detail: 'In scope, should not',
    },
  ];
  const calls = answer(bringScopeResult, () => becomes(aScopeChange('prove_roles', 'failed', { report })));
  await user.upload(await screen.findByLabelText('Result file (JSON)'), new File(['{}'], 'result.json'));
  const table = await screen.findByRole('table', { name: 'What the last run did' });
  expect(within(table).getByRole('row', { name: /Role: Application Mail\.Read Changed/ })).toBeVisible();
  expect(within(table).getByRole('row', { name: /bob@contoso\.example\s?In scope, should not Failed/ })).toBeVisible();
  expect(screen.getByText(/Exchange’s test did not say what it should/)).toBeVisible();
  expect(calls[0]?.body).toEqual({ text: '{}' });
});

test('a result of another plan is refused in words', async () => {
  refuse(bringScopeResult, 'scope.result_of_another_plan');
  const { user } = open(aScopeChange());
  await user.upload(await screen.findByLabelText('Result file (JSON)'), new File(['{}'], 'result.json'));
  expect(await screen.findByText('The result belongs to another plan or tenant')).toBeVisible();
});

test('the gateway is offered only where it is on, asks before it changes anything, and can only try', async () => {
  const { unmount } = open(aScopeChange());
  await button('Download the script');
  expect(screen.queryByRole('button', { name: 'Run now (experimental)' })).not.toBeInTheDocument();
  unmount();

  const calls = answer(runScopeStep, aScopeChange());
  const { user } = open(aScopeChange(), { gateway: 'delegated' });
  await user.click(await button('Try without changing (-WhatIf)'));
  await waitFor(() => expect(calls[0]?.body).toEqual({ purpose: 'make', whatIf: true }));
  await user.click(await button('Run now (experimental)'));
  const dialog = within(await findDialog());
  expect(dialog.getByRole('heading', { name: 'Change Exchange now?' })).toBeVisible();
  expect(dialog.getByText(/as you\. The undo script takes them back/)).toBeVisible();
  await user.click(dialog.getByRole('button', { name: 'Run now (experimental)' }));
  await waitFor(() => expect(calls[1]?.body).toEqual({ purpose: 'make', whatIf: false }));
});

test('waiting says until when, and that nothing is to do', async () => {
  const expectedBy = new Date(Date.now() + 72 * 60_000 - 5_000).toISOString();
  open(aScopeChange('wait', 'waiting', { expectedBy }));
  expect(await screen.findByText(/Waiting for Microsoft: expected by .+ \(in 1 hr 12 min/)).toBeVisible();
  expect(screen.getByText(/Nothing to do\./)).toBeVisible();
});

test('grants are removed by the page, and the change is looked at again', async () => {
  const onRemoveGrants = vi.fn(async () => {});
  const { user } = open(aScopeChange('remove_grants'), {}, { onRemoveGrants });
  const advances = answer(advanceScopeChange, () => becomes(aScopeChange('prove_access')));
  expect(await screen.findByText('Mail.Read')).toBeVisible();
  await user.click(await button('Remove tenant-wide grants'));
  expect(await button('Prove the limit')).toBeVisible();
  expect(onRemoveGrants).toHaveBeenCalledWith([{ permission: 'Mail.Read', resource: 'graph' }]);
  expect(advances).toHaveLength(1);
  await findToast('Grants removed');
});

test('grants that could not be removed say so, with Graph’s code, and can be tried again', async () => {
  const refused = Object.assign(new Error('no'), { statusCode: 403, code: 'Authorization_RequestDenied' });
  const { user } = open(
    aScopeChange('remove_grants'),
    {},
    {
      onRemoveGrants: () => Promise.reject(refused),
    },
  );
  answer(advanceScopeChange, aScopeChange('remove_grants'));
  await user.click(await button('Remove tenant-wide grants'));
  expect(await screen.findByText('The grants could not be removed')).toBeVisible();
  expect(screen.getByTitle('Copy technical details')).toBeVisible();
  expect(await button('Try again')).toBeVisible();
});

test('without a way to remove them, the page says how it is done by hand, and looks again', async () => {
  const { user } = open(aScopeChange('remove_grants'));
  const advances = answer(advanceScopeChange, () => becomes(aScopeChange('prove_access')));
  expect(await screen.findByText(/By hand: in Entra under Enterprise applications/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Remove tenant-wide grants' })).not.toBeInTheDocument();
  await user.click(await button('Look again'));
  expect(await button('Prove the limit')).toBeVisible();
  expect(advances).toHaveLength(1);
});

test('the last step is a proof; when it ends, the change is looked at again', async () => {
  const { user } = open(aScopeChange('prove_access'));
  answer(startScopeProof, aScopeProof({ state: 'running', verdict: 'running', finishedAt: null }));
  answer(getScopeProof, aScopeProof());
  const advances = answer(advanceScopeChange, () =>
    becomes(aScopeChange('remove_policies', 'due', { state: 'done', endedAt: '2026-11-23T10:00:00.000Z' })),
  );
  await user.click(await button('Prove the limit'));
  expect(await screen.findByText(/Last change done: only the mailboxes of Sales/)).toBeVisible();
  expect(advances).toHaveLength(1);
});

test('a migration ends with the removal of the policies', async () => {
  open(aScopeChange('remove_policies', 'due', { kind: 'migrate' }));
  const steps = await stepsShown();
  expect(steps).toHaveLength(6);
  expect(await screen.findByText(/no grant is left that the policies could confine/)).toBeVisible();
  expect(await button('Download the script')).toBeVisible();
});

test('giving up asks, says what stays, and offers the undo script', async () => {
  const { user } = open(aScopeChange('wait', 'waiting'));
  const calls = answer(endScopeChange, () => becomes(aScopeChange('wait', 'waiting', { state: 'undone' })));
  await user.click(await button('Give this change up'));
  const dialog = within(await findDialog());
  expect(dialog.getByRole('heading', { name: 'Give this change up?' })).toBeVisible();
  expect(dialog.getByText(/stays until you run the undo script/)).toBeVisible();
  expect(dialog.getByRole('button', { name: 'Download the undo script' })).toBeVisible();
  await user.click(dialog.getByRole('button', { name: 'Give this change up' }));
  expect(await screen.findByText(/Last change given up/)).toBeVisible();
  expect(calls).toHaveLength(1);
});
