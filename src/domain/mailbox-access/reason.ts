/** What a check says about one mailbox and one capability. */
export type Outcome = 'connected' | 'denied' | 'ineligible' | 'inconclusive' | 'unproven';

/**
 * Why a check says it. Codes are stable; each has exactly one outcome, and its words (title, remedy, who can fix it)
 * stand in `contract/reasons.ts`.
 */
export const outcomeOfReason = {
  connected: 'connected',

  // denied: the mailbox exists, and Microsoft refuses this application
  'consent.permission_missing': 'denied',
  'consent.application_unknown': 'denied',
  'consent.application_disabled': 'denied',
  'policy.application_access_policy': 'denied',
  'access.denied_by_exchange': 'denied',
  'policy.conditional_access': 'denied',

  // of a whole mailbox, against the intended limit
  'access.open_outside_scope': 'connected',
  'access.outside_scope': 'denied',
  'microsoft.change_spreading': 'inconclusive',

  // ineligible: there is no mailbox here that Microsoft Graph could open
  'mailbox.not_in_directory': 'ineligible',
  'mailbox.none': 'ineligible',
  'mailbox.not_in_exchange_online': 'ineligible',
  'mailbox.type_not_supported': 'ineligible',

  // inconclusive: we could not tell, and will not guess
  'microsoft.throttled': 'inconclusive',
  'microsoft.unavailable': 'inconclusive',
  'microsoft.mailbox_moving': 'inconclusive',
  'microsoft.unexpected_answer': 'inconclusive',
  'microsoft.unreachable': 'inconclusive',
  'microsoft.token_unavailable': 'inconclusive',
  'consent.changed': 'inconclusive',
  'registration.not_configured': 'inconclusive',

  // unproven: nothing can be tried without changing something; what is known comes from the grants alone
  'consent.permission_granted': 'unproven',
  'access.not_probed': 'unproven',
  'access.may_send_outside_scope': 'unproven',
} as const satisfies Record<string, Outcome>;

export type ReasonCode = keyof typeof outcomeOfReason;

/** Reasons that only the verdict of a whole mailbox has, never the answer of one capability. */
export const reasonsAgainstIntent: readonly ReasonCode[] = [
  'access.open_outside_scope',
  'access.outside_scope',
  'access.may_send_outside_scope',
  'microsoft.change_spreading',
];

/** All reason codes, in the order in which an admin should read them. */
export const reasonCodes = Object.keys(outcomeOfReason) as readonly ReasonCode[];
