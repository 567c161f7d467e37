import type { ConsentProblem, ConsentState, GrantState } from '../../../domain/consent/consent-state.ts';
import type { TierZeroPower } from '../../../domain/consent/permission-set.ts';
import type { grantProblems } from '../../graph/app-role-grants.ts';
import type { Amounts } from './amounts.ts';

export function consent({ n, people }: Amounts) {
  return {
    section: 'Consent',
    impersonationStatus: 'Impersonation status',
    statusLine: (state: string) => `Impersonation status: ${state}`,
    button: 'Microsoft 365 OAuth (Graph API)',
    grantedBy: (name: string) => `Granted by ${name}`,
    verified: 'Verified',
    neverVerified: 'Not verified yet',
    verify: 'Verify now',
    verifying: 'Asking Microsoft…',
    state: {
      not_requested: 'Consent was not asked for here yet.',
      authorized: 'The application holds every permission it needs.',
      authorized_by_exchange:
        'Entra grants nothing, and the mailboxes that were tried open: roles in Exchange let the application in.',
      partly_authorized: 'Some permissions are missing. The features that need them are off.',
      waiting: 'A change is known, and Microsoft does not show it everywhere yet.',
      not_authorized: 'The application holds none of the permissions it needs.',
      unknown: 'It could not be told what the application holds.',
    } satisfies Record<ConsentState, string>,
    problem: {
      application_unknown: 'The application is not known in this tenant. Granting consent adds it.',
      application_disabled:
        'The application is disabled in this tenant. Enable it in Entra under Enterprise applications, Properties.',
      credential_rejected: 'Microsoft rejects the application’s credential. The operator of this service replaces it.',
      registration_not_configured:
        'The service is not configured for this application registration any more. The operator adds it to REGISTRATIONS again, or choose another one under General.',
      credential_expired: 'The application’s credential has expired. The operator of this service renews it.',
      conditional_access:
        'A Conditional Access policy blocks the application. Exclude it from the workload identity policy in Entra.',
      throttled: 'Microsoft limits the number of calls. Check again in a few minutes.',
      entra_unavailable: 'Microsoft Entra does not answer. Check again in a few minutes.',
      roles_unreadable: 'The permissions in the application’s token could not be read. Check again in a few minutes.',
      probes_inconclusive:
        'Entra does not grant everything, and Microsoft did not answer whether the mailboxes open. Verify again.',
    } satisfies Record<ConsentProblem, string>,
    evidence: {
      assignments: 'from the directory’s list of grants',
      token: 'from a new token',
      probes: 'from calls to a few mailboxes',
    },
    change: {
      kind: {
        consent_accepted: 'Consent accepted',
        roles_granted: 'Permissions granted',
        roles_revoked: 'Permissions removed',
      },
      waiting: (kind: string) => `${kind}; waiting for Microsoft`,
      since: 'since',
      expected: (time: string) => `expected by ${time} at the latest. It is looked at again by itself.`,
      converged: (kind: string, duration: string) => `${kind}: it took ${duration} until Microsoft showed it.`,
      notEffective: (kind: string, time: string) =>
        `${kind}, and by ${time} Microsoft did not show everything. Compare the permissions of the registration, then start again.`,
    },
    table: 'Permissions',
    columns: {
      permission: 'Permission',
      feature: 'Feature',
      reads: 'What it can read',
      users: 'Users',
      state: 'State',
      action: 'Action',
    },
    permissionState: {
      granted: 'Granted',
      by_exchange: 'By a role in Exchange',
      waiting: 'Waiting for Microsoft',
      missing: 'Missing',
      unknown: 'Could not tell',
      excess: 'Not needed',
    } satisfies Record<GrantState, string>,
    reads: {
      'Mail.ReadBasic.All': 'Sender, recipients and subject of mail; no bodies and no attachments',
      'Mail.Read': 'All mail, with bodies and attachments',
      'Mail.ReadWrite': 'All mail, and may change it',
      'Mail.Send': 'Nothing; it sends mail in the name of any user',
      'Calendars.Read': 'All calendar events',
      'Calendars.ReadWrite': 'All calendar events, and may change them',
      'Contacts.Read': 'All contacts',
      'Contacts.ReadWrite': 'All contacts, and may change them',
      'MailboxSettings.Read': 'Time zone, working hours, automatic replies',
      'MailboxSettings.ReadWrite': 'Mailbox settings, and may change them',
      'User.Read.All': 'Profiles of all users of the directory',
      'GroupMember.Read.All': 'Who is in the groups of the directory',
      'Application.Read.All': 'Applications of the directory and what is granted to them',
      full_access_as_app: 'Every mailbox as a whole over Exchange Web Services, and may change and send',
      'Exchange.ManageAsApp': 'Nothing by itself; it runs Exchange commands as far as its directory roles allow',
    } as Record<string, string>,
    readsUnknown: 'See Microsoft’s permissions reference',
    featureDirectory: 'Directory',
    featureNone: 'No feature',
    excess: {
      title: 'The application holds more than it needs',
      intro: (names: string) => `No feature needs ${names}.`,
      tierZero: (permission: string, power: string) => `${permission} is tier 0. ${power}.`,
      howHere: 'Choose Remove in the table below.',
      howInEntra: 'Remove it in Entra under Enterprise applications, this application, Permissions.',
    },
    tierZeroMark: 'Tier 0',
    tierZeroPower: {
      grants_permissions: 'With it an application can grant itself and others every permission of the tenant',
      takes_over_applications:
        'With it an application can add credentials to other applications and act with their permissions',
      assigns_directory_roles: 'With it an application can make itself or anybody a Global Administrator',
      changes_directory: 'With it an application can change users and groups, also those that hold admin rights',
      changes_sign_in: 'With it an application can change how people sign in, and sign in as them',
    } satisfies Record<TierZeroPower, string>,
    roles: {
      grant: 'Grant',
      remove: 'Remove',
      grantName: (permission: string) => `Grant ${permission}`,
      removeName: (permission: string) => `Remove ${permission}`,
      grantTitle: (permission: string) => `Grant ${permission}?`,
      removeTitle: (permission: string) => `Remove ${permission}?`,
      changes: 'What changes',
      granting: 'The application gets this permission for the whole tenant.',
      can: (reads: string) => `What it can read: ${reads}.`,
      removing: 'The application loses this permission in the whole tenant.',
      could: (reads: string) => `What it could read: ${reads}.`,
      sentence: (words: string) => `${words}.`,
      features: 'Features',
      starts: (feature: string, count: number) => `${feature} starts working for ${people(count)}.`,
      stops: (feature: string, count: number) => `${feature} stops working for ${people(count)}.`,
      directoryOn: 'It serves the directory, not a feature. No user is touched.',
      directoryOff: 'It serves the directory, not a feature. Every feature goes on. No user is touched.',
      unused: 'No feature needs it: every feature goes on, and no user is touched.',
      microsoft: 'What Microsoft asks',
      microsoftText:
        'Microsoft asks you once for a permission of your own (AppRoleAssignment.ReadWrite.All). This page uses it for this call only; it never reaches the service of Mailbox Access.',
      pending: 'Asking Microsoft…',
      granted: (permission: string) => `${permission} was granted`,
      removed: (permission: string) => `${permission} was removed`,
      unchanged: (permission: string) => `Nothing to do: Microsoft has already changed ${permission}`,
      grantedNames: (names: string) => `Granted ${names}`,
      removedNames: (names: string) => `Removed ${names}`,
      notOffered:
        'This version of Microsoft Teams gives no access to Microsoft Graph. Grant and remove single permissions in Entra under Enterprise applications, this application, Permissions, or open the tab in the browser.',
      listIntro:
        'The service sees the permissions of Microsoft Graph. Your account can list those of other services too, such as full access over Exchange Web Services.',
      list: 'List all permissions',
      listing: 'Asking Microsoft…',
      listed: (count: number) =>
        count === 0
          ? 'The application holds no permission beside those above.'
          : `${n(count)} more ${count === 1 ? 'permission' : 'permissions'} found.`,
      of: (resource: string) => `of ${resource}`,
      failure: {
        account_not_allowed: {
          title: 'Your account may not change this',
          next: 'Ask a Global Administrator or a Privileged Role Administrator to do this step.',
        },
        application_unknown: {
          title: 'The application is not known in this tenant',
          next: 'Grant consent with Microsoft 365 OAuth (Graph API) first; it adds the application.',
        },
        role_unknown: {
          title: 'Microsoft does not know this permission here',
          next: 'Reload the page and verify again. If it stays, give the technical details to the operator.',
        },
        tier_zero: {
          title: 'This permission is never granted from here',
          next: 'It would let the application take over the tenant.',
        },
        throttled: { title: 'Microsoft limits the number of calls', next: 'Wait a minute, then try again.' },
        token_refused: {
          title: 'Microsoft did not accept your sign-in',
          next: 'Try again. A window of Microsoft may open.',
        },
        unavailable: { title: 'Microsoft Graph is not available', next: 'Try again in a few minutes.' },
        unreachable: {
          title: 'Microsoft Graph cannot be reached',
          next: 'Check your connection and try again.',
        },
        unexpected: {
          title: 'Microsoft Graph gave an unexpected answer',
          next: 'Verify again before you repeat it: the change may have been made.',
        },
      } satisfies Record<(typeof grantProblems)[number], { title: string; next: string }>,
      refused: {
        title: 'Microsoft’s window was closed without allowing it',
        next: 'Nothing has changed. Try again when you are ready.',
      },
      consentNeeded: {
        title: 'Microsoft did not let your account allow it',
        next: 'Ask a Global Administrator or a Privileged Role Administrator to do this step.',
      },
    },
    missingWarning: (features: string) => `Off because of a missing permission: ${features}.`,
    before: {
      title: 'Before Microsoft’s window opens',
      opens: 'What opens',
      opensText: (host: string) =>
        `A window of Microsoft (${host}). Sign in or choose your account there; the sign-in is used for nothing but this consent.`,
      who: 'Who may accept',
      whoText: 'A Global Administrator or a Privileged Role Administrator of your tenant.',
      whoNot: 'Microsoft will probably not let your account accept: it has neither of these roles.',
      changes: 'What changes',
      changesText:
        'The application may open the mailboxes of this tenant without a signed-in user, with these permissions and no others:',
      scopeText: 'Until you limit it in Exchange, this holds for every mailbox of the tenant.',
      scopeCount: (count: number) =>
        `Until you limit it in Exchange, the application can then open ${count === 1 ? 'the one mailbox' : `all ${n(count)} mailboxes`} of the tenant.`,
      undoesLimit: (group: string) =>
        `The application is limited by roles in Exchange (${group}). This consent grants the same for the whole tenant, and the limit is then without effect.`,
      promise: 'Our checks read ids and counts. They never read subjects, bodies or addresses.',
      application: 'Application id to compare in Microsoft’s window',
      go: 'Continue to Microsoft',
    },
    waitingForWindow: 'Microsoft’s window is open. Finish there.',
    closedMaybe: 'Microsoft’s window may be closed. If you have finished there, check again.',
    signedIn: 'Signed in successfully',
    outcome: {
      accepted: {
        title: 'Microsoft accepted, and the permissions are not there yet',
        next: 'It can take a few minutes until Microsoft shows them. Check again.',
      },
      declined: { title: 'The consent was cancelled', next: 'Nothing has changed. Start again when you are ready.' },
      not_an_admin: {
        title: 'Your account may not grant this',
        next: 'Ask a Global Administrator or a Privileged Role Administrator to do this step.',
      },
      wrong_tenant: {
        title: 'The consent was given in a different directory',
        next: 'Start again, and choose an account of this tenant in Microsoft’s window.',
      },
      misconfigured: {
        title: 'Microsoft refuses the request of this application',
        next: 'Give the code to the operator of this service: the registration does not fit.',
      },
      failed: { title: 'Microsoft could not finish the consent', next: 'Start again in a few minutes.' },
      no_answer: {
        title: 'Microsoft’s window was closed before it finished',
        next: 'Start again, or check again if you have accepted.',
      },
    },
    popupBlocked: {
      title: 'The window was blocked',
      next: 'Allow pop-up windows for this page, then start again.',
    },
    startAgain: 'Start again',
    code: (code: string) => `Code ${code}`,
  };
}
