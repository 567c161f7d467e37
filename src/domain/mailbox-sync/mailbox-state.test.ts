import { expect, test } from 'vitest';
import { nextMailboxState } from './mailbox-state.ts';

test('a successful check over another connection starts the switch', () => {
  const event = { type: 'check_succeeded', from: 'ews_impersonation', to: 'graph_app_only' } as const;
  expect(nextMailboxState('not_initialized', event)).toBe('switching');
  expect(nextMailboxState('initialized', event)).toBe('switching');
});

test('a successful check over the same connection changes nothing', () => {
  const event = { type: 'check_succeeded', from: 'graph_app_only', to: 'graph_app_only' } as const;
  expect(nextMailboxState('initialized', event)).toBe('initialized');
  expect(nextMailboxState('switching', event)).toBe('switching');
});

test('the switch completes with the next successful sync session', () => {
  expect(nextMailboxState('switching', { type: 'sync_succeeded' })).toBe('initialized');
});

test('a permanent sync error disables the mailbox, and a later success brings it back', () => {
  const disabled = nextMailboxState('initialized', { type: 'sync_failed_permanently' });
  expect(disabled).toBe('disabled_due_to_error');
  expect(nextMailboxState(disabled, { type: 'sync_succeeded' })).toBe('initialized');
});
