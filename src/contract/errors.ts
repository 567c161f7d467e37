import { z } from 'zod';

interface ErrorEntry {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500 | 502 | 503;
  readonly title: string;
  /** What the reader can do about it, in one sentence. */
  readonly remedy: string;
}

/** Every error the service answers. Codes are stable; all code branches on them and on nothing else. */
export const errorCatalogue = {
  'request.invalid': {
    status: 400,
    title: 'The request is not valid',
    remedy: 'Correct the fields named in the details.',
  },
  'request.malformed': {
    status: 400,
    title: 'The request could not be read',
    remedy: 'Send a JSON body that can be parsed.',
  },
  'request.too_large': { status: 413, title: 'The request is too large', remedy: 'Send fewer items at once.' },
  'request.wrong_content_type': {
    status: 415,
    title: 'The content type is not accepted',
    remedy: 'Send application/json.',
  },
  'request.method_not_allowed': {
    status: 405,
    title: 'The method is not allowed here',
    remedy: 'Use a method of the Allow header.',
  },
  'request.too_many': {
    status: 429,
    title: 'Too many requests',
    remedy: 'Wait as long as the Retry-After header says.',
  },
  'route.not_found': {
    status: 404,
    title: 'There is nothing at this address',
    remedy: 'Check the address against /api/openapi.json.',
  },

  'token.invalid': { status: 401, title: 'The sign-in is not valid', remedy: 'Sign in again.' },
  'token.wrong_scope': {
    status: 403,
    title: 'The sign-in does not allow this',
    remedy: 'Sign in through the Mailbox Access tab.',
  },
  'tenant.not_onboarded': {
    status: 403,
    title: 'This tenant is not set up here',
    remedy: 'Ask the operator of this service to add your tenant.',
  },
  'admin.role_missing': {
    status: 403,
    title: 'You are not an admin of this application',
    remedy:
      'Ask a Global Administrator for the app role that the operator of this service names, or for one of the directory roles that may use it.',
  },

  'organization.not_found': {
    status: 404,
    title: 'The organization does not exist',
    remedy: 'Reload the list of organizations.',
  },
  'organization.external_id_taken': {
    status: 409,
    title: 'The External Id is in use',
    remedy: 'Choose an External Id that no other organization has.',
  },
  'organization.is_default': {
    status: 409,
    title: 'The default organization stays',
    remedy: 'Delete another organization, or rename this one.',
  },
  'organization.has_users': {
    status: 409,
    title: 'The organization still has users',
    remedy: 'Move or remove its users first.',
  },
  'organization.has_initialized_users': {
    status: 409,
    title: 'The organization has users with an initialized mailbox',
    remedy: 'Move or remove them first, or force the deletion.',
  },
  'organization.name_differs': {
    status: 409,
    title: 'That is not the name of this organization',
    remedy: 'Type the name exactly as it stands on the organization’s page.',
  },
  'organization.not_graph': {
    status: 409,
    title: 'This organization does not use Microsoft Graph',
    remedy: 'Convert it to Microsoft Graph app-only, or move its users to an organization that uses it.',
  },
  'registration.not_configured': {
    status: 409,
    title: 'The service is not configured for this application registration',
    remedy: 'Have the operator add it to REGISTRATIONS, or choose another registration for the organization.',
  },
  'user.not_found': { status: 404, title: 'The user does not exist here', remedy: 'Reload the list of users.' },
  'provisioning.not_found': {
    status: 404,
    title: 'This adding of users does not exist',
    remedy: 'Start again with Add users; what is older than 30 days is forgotten.',
  },
  'provisioning.wrong_state': {
    status: 409,
    title: 'This cannot be done now',
    remedy: 'Reload the page: somebody went on with it, or it has ended.',
  },
  'provisioning.wrong_offset': {
    status: 409,
    title: 'This is not the next part of the file',
    remedy: 'Send the file from the byte that the details name.',
  },
  'provisioning.nobody': {
    status: 409,
    title: 'Nobody can be added',
    remedy: 'Mend what the pre-flight names, or choose other people.',
  },
  'check.not_found': { status: 404, title: 'The check does not exist', remedy: 'Start a new check.' },
  'check.nobody': { status: 409, title: 'There is nobody to check', remedy: 'Add users to the organization first.' },
  'check.blocked_by_excess': {
    status: 409,
    title: 'The application holds more than it needs',
    remedy: 'Remove the excess permissions on the Connectivity page; the operator lets no check run before.',
  },
  'check.already_ended': { status: 409, title: 'The check has ended', remedy: 'Start a new check.' },
  'check.ending': {
    status: 409,
    title: 'The check is being cancelled',
    remedy: 'Wait until it has ended, then start a new check.',
  },
  'check.not_ended': {
    status: 409,
    title: 'The check has not ended',
    remedy: 'Wait until it has ended, or cancel it.',
  },
  'check.nothing_to_retry': {
    status: 409,
    title: 'Nobody is left to try again',
    remedy: 'The check could tell of every mailbox, or those of which it could not are gone; start a new check.',
  },
  'command.not_found': {
    status: 404,
    title: 'This run of a command does not exist',
    remedy: 'Look for it on the Activity page.',
  },
  'command.nobody': {
    status: 409,
    title: 'The filter matches nobody any more',
    remedy: 'Reload the list of users.',
  },
  'command.already_ended': {
    status: 409,
    title: 'The command has ended',
    remedy: 'Nothing to do: what was done for each user stands in its results.',
  },
  'view.not_found': { status: 404, title: 'The view does not exist', remedy: 'Reload the page.' },
  'view.too_many': {
    status: 409,
    title: 'There are too many views',
    remedy: 'Delete one that is not needed any more.',
  },
  'sync.too_soon': {
    status: 429,
    title: 'Synchronized less than a minute ago',
    remedy: 'Force a synchronization at most once a minute.',
  },
  'sync.not_connected': {
    status: 409,
    title: 'The user is not connected over Microsoft Graph',
    remedy: 'Run Check Mailbox Connectivity first; it switches the connection.',
  },
  'sync.switched_off': {
    status: 409,
    title: 'Synchronization is disabled for this user',
    remedy:
      'Enable the synchronization that the details name, of the user or of the organization, then force it again.',
  },
  'consent.attempt_not_found': {
    status: 404,
    title: 'This consent was not started here',
    remedy: 'Start again with Microsoft 365 OAuth (Graph API).',
  },
  'consent.attempt_expired': {
    status: 409,
    title: 'The consent took too long',
    remedy: 'Start again with Microsoft 365 OAuth (Graph API).',
  },

  'scope.group_not_found': {
    status: 404,
    title: 'The group does not exist in the directory',
    remedy: 'Choose the group again.',
  },
  'scope.directory_unreadable': {
    status: 409,
    title: 'The list of people could not be read',
    remedy: 'Grant the application permission User.Read.All, or try again in a few minutes if it is granted.',
  },
  'scope.sign_in_needed': {
    status: 409,
    title: 'Microsoft has to ask you first',
    remedy: 'Allow it in Microsoft’s window; the permission is used as you, for this request only.',
  },
  'scope.change_open': {
    status: 409,
    title: 'A change of the limit is under way',
    remedy: 'Finish it, or give it up.',
  },
  'scope.change_not_found': {
    status: 404,
    title: 'The change does not exist',
    remedy: 'Reload the Connectivity page.',
  },
  'scope.not_possible': {
    status: 409,
    title: 'The limit cannot be set with this group',
    remedy: 'Read the preview: it names what stands in the way.',
  },
  'scope.step_not_due': {
    status: 409,
    title: 'This step is not due',
    remedy: 'Finish the steps before it first; their order keeps mailboxes closed.',
  },
  'scope.not_read': {
    status: 409,
    title: 'Nothing is known of Exchange yet',
    remedy: 'Read what Exchange enforces first.',
  },
  'scope.not_set': {
    status: 409,
    title: 'No limit is intended',
    remedy: 'Choose the mailboxes that the application may open first.',
  },
  'scope.nothing_to_migrate': {
    status: 409,
    title: 'The application has no application access policy',
    remedy: 'Nothing has to be migrated.',
  },
  'scope.deny_policy': {
    status: 409,
    title: 'A policy denies access, and that cannot be translated',
    remedy: 'Express it by hand as a scope over everybody else, or choose the mailboxes anew as an allow-list.',
  },
  'scope.result_unreadable': {
    status: 400,
    title: 'The file is not a result of the script',
    remedy: 'Choose the JSON file that the script wrote.',
  },
  'scope.result_of_another_plan': {
    status: 409,
    title: 'The result belongs to another plan or tenant',
    remedy: 'Run the script that is offered here, and bring its result.',
  },
  'scope.proof_not_found': { status: 404, title: 'The proof does not exist', remedy: 'Start a new proof.' },
  'scope.drift_not_found': { status: 404, title: 'The finding does not exist', remedy: 'Reload the page.' },
  'exchange.gateway_off': {
    status: 409,
    title: 'The gateway to Exchange is switched off',
    remedy: 'Use the script, or ask the operator of this service to switch the experimental gateway on.',
  },
  'exchange.role_missing': {
    status: 403,
    title: 'Exchange does not let you do this',
    remedy: 'Sign in as Exchange Administrator or as a member of Organization Management.',
  },
  'exchange.unavailable': {
    status: 502,
    title: 'Exchange did not answer as expected',
    remedy: 'Try again in a few minutes, or use the script.',
  },

  'assignment.rule_not_found': {
    status: 404,
    title: 'The rule does not exist',
    remedy: 'Reload the page of the organization.',
  },
  'assignment.rule_exists': {
    status: 409,
    title: 'There is a rule for this domain or group',
    remedy: 'Change that rule, or delete it first: a second one would never decide.',
  },
  'assignment.too_many_rules': {
    status: 409,
    title: 'There are too many rules',
    remedy: 'Delete rules, or put people into one group and use that.',
  },
  'assignment.preview_needed': {
    status: 409,
    title: 'The rule has no current preview',
    remedy: 'Preview the rule and read what would change, then switch it on.',
  },
  'assignment.group_unread': {
    status: 409,
    title: 'The group of the rule could not be read',
    remedy: 'Grant the application GroupMember.Read.All, or choose a group that exists, and preview the rule again.',
  },
  'assignment.no_rule_on': {
    status: 409,
    title: 'No rule is on',
    remedy: 'Preview a rule and switch it on first.',
  },
  'assignment.run_not_found': {
    status: 404,
    title: 'This run is not kept any more',
    remedy: 'Reload the page; only the last run and the last preview are kept.',
  },
  'migration.not_found': {
    status: 404,
    title: 'The migration does not exist',
    remedy: 'Reload the list of migrations.',
  },
  'migration.no_such_ring': {
    status: 404,
    title: 'The migration has no such ring',
    remedy: 'Reload the migration; with few users it has fewer rings.',
  },
  'migration.nobody': {
    status: 409,
    title: 'Nobody in this organization is on Exchange Web Services',
    remedy: 'Move the users who are on Exchange Web Services here first; who has another connection is done.',
  },
  'migration.open': {
    status: 409,
    title: 'A migration of this organization is under way',
    remedy: 'Wait until it has ended, or cancel it.',
  },
  'migration.ended': { status: 409, title: 'The migration has ended', remedy: 'Start a new migration.' },
  'migration.paused': { status: 409, title: 'The migration is paused', remedy: 'Resume it first.' },
  'migration.another_ring_goes': {
    status: 409,
    title: 'Another ring is under way',
    remedy: 'Wait until it has ended: two at once would hide which of them fails.',
  },
  'migration.not_its_turn': {
    status: 409,
    title: 'A ring before this one is not through',
    remedy: 'Try that ring again, or go on in spite of its hold.',
  },
  'migration.wrong_state': {
    status: 409,
    title: 'The ring is not in a state for this',
    remedy: 'Reload the migration: the ring has changed.',
  },
  'migration.ews_shut_down': {
    status: 409,
    title: 'Exchange Web Services are shut down',
    remedy: 'Stay on Microsoft Graph, and remove what stands in the way of the mailboxes that failed.',
  },
  'migration.ews_not_read': {
    status: 409,
    title: 'What Exchange allows is not known, or was read more than a day ago',
    remedy: 'Read the switch and the allow-list on the page Leaving EWS, then put the ring back.',
  },
  'migration.ews_switched_off': {
    status: 409,
    title: 'Exchange Web Services are switched off in this tenant',
    remedy: 'Stay on Microsoft Graph, or have an Exchange admin switch them on, and read Exchange again.',
  },
  'migration.ews_not_listed': {
    status: 409,
    title: 'The application is not in the allow-list of Exchange Web Services',
    remedy: 'Add it with the script on the page Leaving EWS, and read Exchange again.',
  },
  'migration.ews_still_needed': {
    status: 409,
    title: 'Users are still on Exchange Web Services',
    remedy: 'Move everybody to Microsoft Graph first; then the entry can be taken out of the list.',
  },

  'microsoft.unavailable': {
    status: 502,
    title: 'Microsoft did not answer as expected',
    remedy: 'Try again in a few minutes.',
  },
  'auth.unavailable': {
    status: 503,
    title: 'Sign-ins cannot be verified right now',
    remedy: 'Try again in a minute; Microsoft Entra does not answer.',
  },
  'service.unavailable': { status: 503, title: 'The service is not ready', remedy: 'Try again in a minute.' },
  internal: {
    status: 500,
    title: 'Something went wrong here',
    remedy: 'Try again; if it stays, give the request id to the operator of this service.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** Errors that every endpoint can answer. */
export const commonErrors: readonly ErrorCode[] = [
  'request.invalid',
  'request.malformed',
  'request.too_large',
  'request.wrong_content_type',
  'request.too_many',
  'token.invalid',
  'token.wrong_scope',
  'tenant.not_onboarded',
  'admin.role_missing',
  'auth.unavailable',
  'service.unavailable',
  'internal',
];

/** A problem document (RFC 9457) as every error of the service looks on the wire. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]),
  remedy: z.string(),
  /** Which fields, which limit: never tokens, never mail. */
  details: z.record(z.string(), z.unknown()).optional(),
  /** For the reader to quote; the service's log has the same. */
  requestId: z.string(),
});
export type Problem = z.infer<typeof problem>;
