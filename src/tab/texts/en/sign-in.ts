import type { SignInFailureKind } from '../../auth/sign-in-failure.ts';

export const signIn = {
  signIn: 'Sign in',
  openInBrowser: 'Open in the browser',
  failures: {
    not_configured: {
      title: 'This page has no configuration',
      cause: 'It did not come from the service, so it does not know where to sign you in.',
      next: 'Open the tab through the address of the service.',
    },
    silent_host: {
      title: 'Microsoft Teams did not answer',
      cause: 'The page is shown inside another page that does not answer as Microsoft Teams does.',
      next: 'Open it in Microsoft Teams, or in a browser window of its own.',
    },
    interaction_required: {
      title: 'Microsoft needs you to sign in',
      cause: 'Your session has ended, or Microsoft asks for another proof that it is you.',
      next: 'Sign in. A window of Microsoft opens.',
    },
    consent_required: {
      title: 'You have not allowed Mailbox Access to sign you in',
      cause: 'Microsoft asks once for permission to tell this tab who you are.',
      next: 'Sign in and accept. A window of Microsoft opens.',
    },
    declined: {
      title: 'The sign-in was cancelled',
      cause: 'The window was closed, or the request was declined.',
      next: 'Sign in again when you are ready.',
    },
    popup_blocked: {
      title: 'The sign-in window was blocked',
      cause: 'The browser or Microsoft Teams did not allow the window to open.',
      next: 'Allow pop-up windows for this page, then sign in again.',
    },
    conditional_access: {
      title: 'A Conditional Access policy blocks this sign-in',
      cause: 'A policy of your tenant does not allow this device, place or app.',
      next: 'Use a device or network that your policy allows, or ask the administrator of the policy.',
    },
    misconfigured: {
      title: 'The sign-in is not set up correctly',
      cause: 'The application registration and the address of this tab do not belong together.',
      next: 'Give the technical details to the operator of this service.',
    },
    bridge_broken: {
      title: 'Microsoft Teams could not sign you in',
      cause: 'Teams offers a sign-in to this tab, and the sign-in does not work in this version of Teams.',
      next: 'Try again, or open the tab in the browser.',
    },
    timed_out: {
      title: 'The sign-in took too long',
      cause: 'Neither Microsoft Teams nor Microsoft Entra answered in time.',
      next: 'Check your connection and try again.',
    },
    offline: {
      title: 'You are offline',
      cause: 'The sign-in needs a connection to Microsoft.',
      next: 'Connect to the network and try again.',
    },
    not_an_admin: {
      title: 'You are not an admin of Mailbox Access',
      cause: 'You are signed in, and your account has none of the roles that may use this tab.',
      next: 'Ask a Global Administrator for the app role that the operator of this service names, or for a directory role that may use it.',
    },
    tenant_not_set_up: {
      title: 'Your tenant is not set up here',
      cause: 'This service does not know the tenant of your account.',
      next: 'Ask the operator of this service to add your tenant.',
    },
    service_refused: {
      title: 'The service does not accept the sign-in',
      cause: 'Microsoft signed you in, and the service refused the token.',
      next: 'Try again. If it stays, give the technical details to the operator of this service.',
    },
    service_unreachable: {
      title: 'The service cannot be reached',
      cause: 'You are signed in, and the service of Mailbox Access does not answer.',
      next: 'Check your connection and try again in a minute.',
    },
    unexpected: {
      title: 'The sign-in failed',
      cause: 'Microsoft gave a reason that this tab does not know.',
      next: 'Try again. If it stays, give the technical details to the operator of this service.',
    },
  } satisfies Record<SignInFailureKind, { title: string; cause: string; next: string }>,
};
