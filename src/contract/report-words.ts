import type { ConsentState } from '../domain/consent/consent-state.ts';
import type { RunState } from '../domain/mailbox-connectivity/run-state.ts';
import type { ActivityType } from './activity.ts';
import type { ScopeProof } from './mailbox-scope.ts';

// Words of the tab that a report says too.

export const runStateWords = {
  queued: 'Starting',
  running: 'Running',
  pausing: 'Pausing',
  paused: 'Paused',
  cancelling: 'Stopping',
  completed: 'Completed',
  cancelled: 'Cancelled',
  failed: 'Failed',
} satisfies Record<RunState, string>;

/** The guide's *Impersonation status*. */
export const consentStateWords = {
  not_requested: 'Not requested',
  authorized: 'Authorized',
  authorized_by_exchange: 'Authorized by Exchange roles only',
  partly_authorized: 'Partly authorized',
  waiting: 'Waiting for Microsoft',
  not_authorized: 'Not authorized',
  unknown: 'Could not tell',
} satisfies Record<ConsentState, string>;

export const proofVerdictWords = {
  holds: 'The limit holds on both sides.',
  leaks: 'The limit does not hold.',
  blocks: 'People who should be in reach are not.',
  waiting: 'Waiting for Microsoft: what was found may still change.',
  could_not_tell: 'It could not be told whether the limit holds. Prove it again.',
  running: 'Trying mailboxes on both sides',
} satisfies Record<ScopeProof['verdict'], string>;

export const activityWords = {
  'organization.created': 'Organization created',
  'organization.updated': 'Organization changed',
  'organization.deleted': 'Organization deleted',
  'organization.converted': 'Organization converted to Microsoft Graph',
  'users.added': 'Users added',
  'users.moved': 'Users moved',
  'users.removed': 'Users removed',
  'users.exported': 'Users exported',
  'assignment.rule_created': 'Rule created',
  'assignment.rule_changed': 'Rule changed',
  'assignment.rule_deleted': 'Rule deleted',
  'assignment.users_added': 'Users added by a rule',
  'assignment.users_moved': 'Users moved by a rule',
  'consent.started': 'Consent started',
  'consent.redeemed': 'Consent dialog ended',
  'consent.callback_rejected': 'Answer to a consent dialog refused',
  'consent.roles_changed': 'Permissions changed one by one',
  'consent.verified': 'Consent verified',
  'check.started': 'Check started',
  'check.paused': 'Check paused',
  'check.resumed': 'Check resumed',
  'check.cancelled': 'Check cancelled',
  'check.ended': 'Check ended',
  'check.reported': 'Report of a check saved',
  'sync.forced': 'Synchronization forced',
  'scope.proof_started': 'Proof of the limit started',
  'scope.leak_found': 'Limit without effect',
  'drift.found': 'Change found in Microsoft 365',
  'drift.dismissed': 'Finding dismissed',
  'scope.change_planned': 'Limit planned',
  'scope.step_done': 'Step of the limit carried out',
  'scope.change_done': 'Limit set and proved',
  'scope.change_given_up': 'Change of the limit given up',
  'migration.started': 'Migration from Exchange Web Services started',
  'migration.paused': 'Migration paused',
  'migration.resumed': 'Migration resumed',
  'migration.cancelled': 'Migration cancelled',
  'migration.completed': 'Migration completed',
  'migration.ring_started': 'Ring started',
  'migration.ring_proved': 'Ring proved on Microsoft Graph',
  'migration.ring_held': 'Ring held',
  'migration.ring_accepted': 'Ring accepted in spite of its hold',
  'migration.ring_returning': 'Return of a ring started',
  'migration.ring_returned': 'Ring returned to Exchange Web Services',
  'migration.ews_read': 'Switch and allow-list of Exchange Web Services read',
  'migration.reported': 'Report of a migration saved',
  'users.command_started': 'Command for users started',
  'users.command_cancelled': 'Command for users cancelled',
  'users.command_ended': 'Command for users ended',
  'rate.ceiling_changed': 'Ceiling of requests changed',
  'sync.enabled': 'Synchronization enabled',
  'sync.disabled': 'Synchronization disabled',
  'sync.reset': 'Mailboxes reset',
  'sync.reinitialized': 'Mailboxes re-initialized',
  'sync.disabled_due_to_error': 'Mailboxes disabled due to an error',
} satisfies Record<ActivityType, string>;
