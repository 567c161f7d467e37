import type { AccessStatus } from '../domain/mailbox-access/verdict.ts';
import type { ConnectionType, MailboxState } from '../domain/mailbox-sync/mailbox-state.ts';

// The words of the Users list: the tab shows them, and an exported file says the same.

export const statusWords = {
  exposed: 'Exposed',
  blocked: 'Blocked',
  limited: 'Limited',
  could_not_tell: 'Could not tell',
  waiting: 'Waiting for Microsoft',
  not_checked: 'Not checked',
  working: 'Working',
} satisfies Record<AccessStatus, string>;

export const connectionWords = {
  none: 'Not connected',
  graph_app_only: 'Microsoft Graph',
  ews_impersonation: 'EWS impersonation',
  ews_on_premises: 'EWS on-premises',
  hybrid: 'Hybrid',
} satisfies Record<ConnectionType, string>;

export const mailboxStatusWords = {
  not_initialized: 'Not initialized',
  switching: 'Switching…',
  initialized: 'Initialized',
  disabled_due_to_error: 'Disabled due to an error',
} satisfies Record<MailboxState, string>;
