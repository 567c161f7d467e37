/** Words of the guide for *Mailbox Status*. */
export const mailboxStates = ['not_initialized', 'switching', 'initialized', 'disabled_due_to_error'] as const;
export type MailboxState = (typeof mailboxStates)[number];

/** How a user's mailbox is read. The EWS kinds are recorded origins: this product switches from them, never to them. */
export const connectionTypes = ['none', 'graph_app_only', 'ews_impersonation', 'ews_on_premises', 'hybrid'] as const;
export type ConnectionType = (typeof connectionTypes)[number];

/** What an organization can be created as: the one that is synchronized, and the origins that are only recorded. */
export const organizationConnectionTypes = [
  'graph_app_only',
  'ews_impersonation',
  'ews_on_premises',
  'hybrid',
] as const;
export type OrganizationConnectionType = (typeof organizationConnectionTypes)[number];

export type MailboxEvent =
  /** A check that may change the connection succeeded over the organization's connection. */
  | { readonly type: 'check_succeeded'; readonly from: ConnectionType; readonly to: ConnectionType }
  /** A sync session begins, because its time has come or because an admin forced it. */
  | { readonly type: 'session_started'; readonly by: 'schedule' | 'admin'; readonly connection: ConnectionType }
  | { readonly type: 'sync_succeeded' }
  /** For a reason that stays, or after the last try. */
  | { readonly type: 'sync_failed_for_good' }
  /** Everything known of the mailbox's contents is forgotten. */
  | { readonly type: 'reset' }
  /** Forgotten, and read again at once. */
  | { readonly type: 'reinitialized'; readonly connection: ConnectionType };

/** Why a step is not possible. */
export type StepRefusal =
  | 'not_connected'
  | 'not_a_target'
  | 'nothing_to_reset'
  | 'disabled_due_to_error'
  /** No session is under way that could end: the mailbox was reset meanwhile. */
  | 'no_session';

export type MailboxStep =
  | { readonly ok: true; readonly state: MailboxState }
  | { readonly ok: false; readonly refusal: StepRefusal };

/**
 * The next state of a mailbox, or why there is none. A mailbox that is switched, re-initialized or tried again waits as
 * `switching` for its next successful sync session. A mailbox that was disabled is tried again after a successful check,
 * a forced synchronization, a reset or a re-initialization, never by schedule. Never throws.
 * @see GUIDE, "Switching one existing user to Microsoft Graph"
 */
export function nextMailboxState(state: MailboxState, event: MailboxEvent): MailboxStep {
  switch (event.type) {
    case 'check_succeeded':
      if (event.to !== 'graph_app_only') return refused('not_a_target');
      if (event.from !== event.to || state === 'disabled_due_to_error') return to('switching');
      return to(state);
    case 'session_started':
      if (event.connection !== 'graph_app_only') return refused('not_connected');
      if (state === 'disabled_due_to_error' && event.by === 'schedule') return refused('disabled_due_to_error');
      return to(state === 'initialized' ? 'initialized' : 'switching');
    case 'sync_succeeded':
      return isRead(state) ? to('initialized') : refused('no_session');
    case 'sync_failed_for_good':
      return isRead(state) ? to('disabled_due_to_error') : refused('no_session');
    case 'reset':
      return state === 'not_initialized' ? refused('nothing_to_reset') : to('not_initialized');
    case 'reinitialized':
      return event.connection === 'graph_app_only' ? to('switching') : refused('not_connected');
  }
}

/** Whether sessions read the mailbox in this state. */
function isRead(state: MailboxState): boolean {
  return state === 'switching' || state === 'initialized';
}

const to = (state: MailboxState): MailboxStep => ({ ok: true, state });
const refused = (refusal: StepRefusal): MailboxStep => ({ ok: false, refusal });
