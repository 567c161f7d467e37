import { runStateWords } from '../../../contract/report-words.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import type { RunState } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { Amounts } from './amounts.ts';

interface AccessShare {
  readonly working: number;
  readonly of: number;
}

export function check({ n, people, mailboxes }: Amounts) {
  return {
    section: 'Check',
    button: 'Check Users Exchange Impersonated Access',
    otherChecks: 'More ways to check',
    everybody: (organization: string) => `Everybody in ${organization}`,
    ofGroup: 'Members of a group…',
    noDirectory: 'The directory cannot be read from here. Open the tab in the browser.',
    checkOnly: 'Check only, change nothing',
    willChangeNothing: 'Check only: nothing will be changed.',
    checkOnlyHint: 'Without this, a successful check switches the user to this organization’s connection.',
    title: {
      queued: 'The check will start in a moment',
      running: 'Checking mailboxes',
      pausing: 'Pausing the check',
      paused: 'Paused',
      cancelling: 'Stopping the check',
      completed: 'The check has ended',
      cancelled: 'The check was cancelled',
      failed: 'The check could not finish',
    } satisfies Record<RunState, string>,
    /** In a list of checks. */
    state: runStateWords,
    covers: {
      organization: (name: string) => `Everybody in ${name}`,
      tenant: 'Everybody in every organization',
      selection: (total: number) => `${n(total)} chosen ${total === 1 ? 'mailbox' : 'mailboxes'}`,
      group: (name: string) => `Members of ${name}`,
      ring: (name: string) => `A ring of ${name}, leaving EWS`,
      retry: (total: number) => `Again: ${mailboxes(total)} that could not be told`,
    },
    unknownOrganization: 'a deleted organization',
    unknownGroup: 'a group',
    progress: (done: number, total: number) => `${n(done)} of ${mailboxes(total)}`,
    rate: (perSecond: string) => `${perSecond} mailboxes per second`,
    left: (duration: string) => `about ${duration} left`,
    askedFor: 'asked for',
    throttled: (seconds: string) => `Microsoft asked us to wait ${seconds}.`,
    rescheduled: 'Microsoft put mailboxes off for long. They are asked again by themselves, from',
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel',
    paused: (left: number) => `What was found stays. ${mailboxes(left)} ${left === 1 ? 'waits' : 'wait'} for Resume.`,
    consentPaused: {
      title: 'Paused: consent was withdrawn while the check was running',
      stays: (left: number) => `What was found so far stays, and ${mailboxes(left)} ${left === 1 ? 'waits' : 'wait'}.`,
      next: 'Verify the consent, or grant it again. Then resume the check.',
      granted: 'Consent is there again: resume the check.',
      toConsent: 'Go to consent',
    },
    cancelled: 'Stopped. What was found so far stays.',
    failed: 'Start a new check. What was found so far stays.',
    never: 'No check has run for this organization yet.',
    nobody: 'Add users first.',
    success: 'Status: Success',
    results: 'Check Results',
    connected: 'Check Results: connected successfully',
    resultOf: (working: number, total: number) => `${n(working)} of ${mailboxes(total)} connected successfully`,
    switched: (count: number) => `${people(count)} switched to Microsoft Graph`,
    kept: (count: number) => `${people(count)} left on EWS, because their ring went back`,
    changedNothing: 'Check only: nothing was changed',
    by: (name: string) => `Started by ${name}`,
    took: (duration: string) => `took ${duration}`,
    joined: 'A check was already running here; this is its progress.',
    causes: 'Why mailboxes are not working',
    causesSoFar: 'Why mailboxes are not working, so far',
    announce: (done: number, total: number) => `${n(done)} of ${mailboxes(total)} checked`,
    ended: 'The check has ended',
    showAll: 'Show all users',
    report: 'Report',
    reporting: 'Writing the report…',
    reported: (fileName: string) => `Saved as ${fileName}`,
    retry: (count: number) =>
      count === 1 ? 'Check again the one that could not be told' : `Check again the ${n(count)} that could not be told`,
    change: {
      label: 'Changes since the check before',
      since: 'Since the check',
      nothing: 'Nothing has changed since the check',
      newly: {
        exposed: (count: number) => `${n(count)} newly exposed`,
        blocked: (count: number) => `${n(count)} newly blocked`,
        limited: (count: number) => `${n(count)} newly limited`,
        could_not_tell: (count: number) => `${n(count)} could be told before`,
        waiting: (count: number) => `${n(count)} newly waiting for Microsoft`,
        not_checked: (count: number) => `${n(count)} no longer checked`,
        working: (count: number) => `${n(count)} newly working`,
      } satisfies Record<AccessStatus, (count: number) => string>,
      added: (count: number) => `${mailboxes(count)} ${count === 1 ? 'was' : 'were'} not part of it.`,
      gone: (count: number) => `${mailboxes(count)} ${count === 1 ? 'is' : 'are'} not part of it any more.`,
    },
    earlier: {
      title: 'Earlier checks',
      none: 'No other check has run for this organization.',
      columns: { when: 'When', covers: 'Mailboxes', found: 'Found', by: 'Started by', state: 'State' },
    },
    trend: {
      title: 'The last checks',
      /** A chart in one sentence, for who does not see it. */
      label: (checks: number, subject: string, first: AccessShare, last: AccessShare) =>
        `${subject}, the last ${n(checks)} checks: ${n(first.working)} of ${n(first.of)} working at first, ${n(last.working)} of ${n(last.of)} at last`,
      asTable: 'Show as a table',
      asChart: 'Show as a chart',
      when: 'When',
    },
    group: {
      title: 'Check the members of a group',
      text: (organization: string) => `Nested groups count. Members who are not in ${organization} are left out.`,
      members: (count: number) => `${n(count)} ${count === 1 ? 'member' : 'members'} with a user account`,
      reading: 'Reading the members…',
      empty: 'Nobody in this group has a user account.',
      tooMany: (most: number) =>
        `This group has more than ${n(most)} members. Choose a smaller group, or check everybody in the organization.`,
      start: 'Check the members',
      starting: 'Starting…',
    },
    selection: {
      paused: 'The check of the chosen users is paused',
      pausedText: 'Resume it on the Connectivity page.',
    },
  };
}
