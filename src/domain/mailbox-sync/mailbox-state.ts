/** Words of the guide for *Mailbox Status*. */
export const mailboxStates = ['not_initialized', 'switching', 'initialized', 'disabled_due_to_error'] as const;
export type MailboxState = (typeof mailboxStates)[number];

/** How a user's mailbox is read. The EWS kinds are recorded origins: this product switches from them, never to them. */
export const connectionTypes = ['none', 'graph_app_only', 'ews_impersonation', 'ews_on_premises', 'hybrid'] as const;
export type ConnectionType = (typeof connectionTypes)[number];

export type MailboxEvent =
  /** A check that may change the connection succeeded over the organization's connection. */
  | { readonly type: 'check_succeeded'; readonly from: ConnectionType; readonly to: ConnectionType }
  | { readonly type: 'sync_succeeded' }
  | { readonly type: 'sync_failed_permanently' };

/**
 * The next state of a mailbox. A check that switches the connection makes it wait for the next successful sync session;
 * a check on the connection it already has changes nothing.
 * @see GUIDE, "Switching one existing user to Microsoft Graph"
 */
export function nextMailboxState(state: MailboxState, event: MailboxEvent): MailboxState {
  switch (event.type) {
    case 'check_succeeded':
      return event.from === event.to ? state : 'switching';
    case 'sync_succeeded':
      return 'initialized';
    case 'sync_failed_permanently':
      return 'disabled_due_to_error';
  }
}
