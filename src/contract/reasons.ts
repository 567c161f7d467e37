import type { ReasonCode } from '../domain/mailbox-access/reason.ts';

/** Who can act on a reason. `nobody` where waiting is all there is. */
export type FixedBy = 'exchange_admin' | 'consent_admin' | 'licence_admin' | 'operator' | 'microsoft' | 'nobody';

interface ReasonWords {
  /** Completes "12 mailboxes: …". */
  readonly title: string;
  readonly remedy: string;
  readonly fixedBy: FixedBy;
}

/** The words for each reason, the same in tab, API and reports. */
export const reasonWords: Readonly<Record<ReasonCode, ReasonWords>> = {
  connected: { title: 'connected successfully', remedy: 'Nothing to do.', fixedBy: 'nobody' },

  'consent.permission_missing': {
    title: 'a permission is not granted',
    remedy: 'Grant admin consent with Microsoft 365 OAuth (Graph API) on the Connectivity page.',
    fixedBy: 'consent_admin',
  },
  'consent.application_unknown': {
    title: 'the application is not known in this tenant',
    remedy: 'Grant admin consent with Microsoft 365 OAuth (Graph API); it adds the application to the tenant.',
    fixedBy: 'consent_admin',
  },
  'consent.application_disabled': {
    title: 'the application is disabled in this tenant',
    remedy: 'Enable it in Entra under Enterprise applications, Properties, Enabled for users to sign in.',
    fixedBy: 'consent_admin',
  },
  'policy.application_access_policy': {
    title: 'an application access policy keeps the mailbox closed',
    remedy: 'Add the user to the group of the application access policy, or take the user out of this organization.',
    fixedBy: 'exchange_admin',
  },
  'access.denied_by_exchange': {
    title: 'Exchange refuses the application, although the permission is granted',
    remedy: 'Compare the application access policies and role assignments in Exchange with the intended scope.',
    fixedBy: 'exchange_admin',
  },
  'policy.conditional_access': {
    title: 'a Conditional Access policy blocks the application',
    remedy: 'Exclude the application from the workload identity policy in Entra, or allow this service’s address.',
    fixedBy: 'consent_admin',
  },

  'access.open_outside_scope': {
    title: 'it opens, although it is outside the limit of the application',
    remedy:
      'Look on the Connectivity page for the grant, policy or role assignment that opens it, and remove it; if it should open, add the user to the group of the limit.',
    fixedBy: 'exchange_admin',
  },
  'access.outside_scope': {
    title: 'it is outside the limit of the application, as intended',
    remedy: 'Add the user to the group of the limit, or take the user out of this organization.',
    fixedBy: 'exchange_admin',
  },
  'microsoft.change_spreading': {
    title: 'Microsoft does not show it everywhere yet',
    remedy: 'Check the mailbox again after the time that the Connectivity page names for the change.',
    fixedBy: 'nobody',
  },

  'mailbox.not_in_directory': {
    title: 'the user is no longer in the directory',
    remedy: 'Restore the user in Entra, or remove the user here.',
    fixedBy: 'licence_admin',
  },
  'mailbox.none': {
    title: 'the user has no mailbox',
    remedy: 'Assign a licence that includes Exchange Online, or remove the user here.',
    fixedBy: 'licence_admin',
  },
  'mailbox.not_in_exchange_online': {
    title: 'the mailbox is not active in Exchange Online',
    remedy: 'It is on-premises, inactive or without a licence: migrate it or assign a licence, then check again.',
    fixedBy: 'exchange_admin',
  },
  'mailbox.type_not_supported': {
    title: 'Microsoft Graph does not support this kind of mailbox',
    remedy: 'Remove the user here.',
    fixedBy: 'nobody',
  },

  'consent.changed': {
    title: 'the consent was withdrawn while the check was running',
    remedy: 'Verify the consent on the Connectivity page, then check the mailbox again.',
    fixedBy: 'consent_admin',
  },
  'consent.permission_granted': {
    title: 'the permission is granted; only sending mail would prove it, so it was not tried',
    remedy: 'Nothing to do. A feature that reads the mailbox, such as Mail, shows whether it opens.',
    fixedBy: 'nobody',
  },
  'access.not_probed': {
    title: 'the permission is not in the application’s token, and a role in Exchange may grant it',
    remedy: 'Compare the role assignments of the application in Exchange; sending cannot be tried without a mail.',
    fixedBy: 'exchange_admin',
  },
  'access.may_send_outside_scope': {
    title: 'it does not open, but the application may send mail in its name: Mail.Send is granted for every mailbox',
    remedy:
      'On the Connectivity page, remove Mail.Send from what Entra grants; the limit gives it back for the mailboxes that are meant.',
    fixedBy: 'exchange_admin',
  },

  'microsoft.throttled': {
    title: 'Microsoft limited the number of calls',
    remedy: 'Check the mailbox again later; nothing is known to be wrong with it.',
    fixedBy: 'nobody',
  },
  'microsoft.unavailable': {
    title: 'Microsoft Graph was not available',
    remedy: 'Check the mailbox again in a few minutes.',
    fixedBy: 'microsoft',
  },
  'microsoft.mailbox_moving': {
    title: 'Microsoft is moving the mailbox',
    remedy: 'Check the mailbox again in an hour; a move can take that long.',
    fixedBy: 'microsoft',
  },
  'microsoft.unexpected_answer': {
    title: 'Microsoft Graph gave an answer that proves nothing',
    remedy: 'Check the mailbox again; if it stays, give the technical details to Microsoft support.',
    fixedBy: 'microsoft',
  },
  'microsoft.unreachable': {
    title: 'Microsoft Graph could not be reached',
    remedy: 'Check the network between this service and Microsoft Graph.',
    fixedBy: 'operator',
  },
  'registration.not_configured': {
    title: 'the service is not configured for the application registration of the organization',
    remedy:
      'Have the operator of this service add the registration to REGISTRATIONS again, or choose another one for the organization.',
    fixedBy: 'operator',
  },
  'microsoft.token_unavailable': {
    title: 'the application could not sign in',
    remedy: 'Check the application’s credential on the Connectivity page.',
    fixedBy: 'operator',
  },
};
