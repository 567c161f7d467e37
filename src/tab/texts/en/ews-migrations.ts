import type { EwsCockpit, EwsMigration, MigrationRing } from '../../../contract/ews-migrations.ts';
import {
  holdWords,
  migrantStateWords,
  migrationStateWords,
  returnRefusalWords,
  ringStateWords,
  ringWords,
} from '../../../contract/migration-words.ts';
import type { EwsListChange } from '../../../domain/exchange-plan/ews-plan.ts';
import type { Amounts } from './amounts.ts';

type Standing = NonNullable<EwsCockpit['standing']>;

export function ews({ n, people }: Amounts) {
  const days = (count: number) => `${n(count)} ${count === 1 ? 'day' : 'days'}`;
  return {
    title: 'Leaving EWS',
    ring: ringWords,
    ringState: ringStateWords,
    migrationState: migrationStateWords,
    migrantState: migrantStateWords,
    countdown: {
      title: 'Time left',
      left: (onEws: number, users: number, daysLeft: number) =>
        `${n(onEws)} of ${people(users)} ${onEws === 1 ? 'is' : 'are'} still on Exchange Web Services. ${days(daysLeft)} ${daysLeft === 1 ? 'is' : 'are'} left.`,
      nobody: 'Nobody is on Exchange Web Services any more.',
      over: (onEws: number) =>
        `Exchange Web Services are shut down, and ${people(onEws)} ${onEws === 1 ? 'is' : 'are'} recorded there.`,
      disablement: 'Microsoft switches tenants off from',
      disablementHint: 'Tenants that chose nothing lose it step by step, and the allow-list is enforced.',
      shutdown: 'Shut down for everybody on',
      shutdownHint: 'Permanently, without exceptions. Exchange Server on-premises is not affected.',
    },
    organizations: {
      title: 'Users still on EWS',
      name: 'Organization',
      users: 'Users',
      onEws: 'On EWS',
      onPremises: 'On-premises',
      action: 'Migration',
      share: (onEws: number, percent: number) => `${n(onEws)} (${percent} %)`,
      start: 'Start',
      startFor: (name: string) => `Start a migration of ${name}`,
      running: 'Under way',
      done: 'Nobody left',
      convertFirst: 'Convert it to Microsoft Graph first',
      emptyTitle: 'There is no organization',
      emptyText: 'Users on Exchange Web Services are counted per organization.',
    },
    start: {
      title: (name: string) => `Migrate ${name} to Microsoft Graph`,
      text: (users: number) =>
        `${people(users)} on Exchange Web Services go in three rings: a canary, a tenth of all, and everybody else. A user is on Microsoft Graph when the check of the mailbox succeeds. The next ring starts by itself when the one before is proved.`,
      canary: 'Users in the canary',
      limit: 'Failures at most, in per cent of a ring',
      limitHint: 'Above it the ring holds by itself, and nothing starts until you decide.',
      invalid: (min: number, max: number) => `Enter a whole number from ${n(min)} to ${n(max)}.`,
      returns: 'A ring that holds because of failures goes back to EWS by itself, while that is allowed',
      ewsApp: 'Application (client) id that reads over EWS',
      ewsAppHint: 'Users can go back only while this application may use EWS.',
      invalidId: 'Enter the id of an application.',
      action: 'Start the canary',
      started: 'The migration was started.',
    },
    migration: {
      title: (name: string) => `Migration of ${name}`,
      facts: (migration: EwsMigration) =>
        `Holds above ${migration.failureLimit} % failures. Started by ${migration.startedBy.displayName}`,
      none: 'No migration was started yet.',
      rings: 'Rings',
      pause: 'Pause',
      resume: 'Resume',
      cancel: 'Cancel migration',
      report: 'Save evidence report',
      reporting: 'Preparing the report…',
      reported: (fileName: string) => `Saved as ${fileName}.`,
      cancelTitle: 'Cancel this migration?',
      cancelText: 'Nobody else is switched. Who is on Microsoft Graph stays there, and can still be put back.',
    },
    ringLine: {
      total: people,
      progress: ({ done, total, failed }: NonNullable<MigrationRing['check']>) =>
        `${n(done)} of ${n(total)} checked, ${n(failed)} failed`,
      waits: 'The check waits for its turn',
      paused: 'The check is paused',
      held: (because: keyof typeof holdWords) => `Held: ${holdWords[because]}. No other ring starts.`,
      returned: 'These users are on Exchange Web Services again. No other ring starts.',
      again: 'Try again',
      accept: 'Go on in spite of it',
      back: 'Return to EWS',
      results: 'Users',
      forRing: (action: string, ring: string) => `${action}: ${ring}`,
      announce: (ring: string, state: string) => `${ring}: ${state}`,
      returnTitle: (ring: string) => `Return the ring “${ring}” to EWS?`,
      returnText: (users: number) =>
        `${people(users)} on Microsoft Graph ${users === 1 ? 'goes' : 'go'} back to the connection they came from. Their mailboxes are not synchronized until they are switched again.`,
      noReturn: returnRefusalWords,
    },
    users: {
      title: (ring: string) => `Users of the ring “${ring}”`,
      name: 'User',
      state: 'State',
      cause: 'Cause',
      all: 'All states',
      filter: 'State',
      removed: 'Removed user',
      more: 'Show more',
      empty: 'Nobody in this state.',
    },
    exchange: {
      title: 'What Exchange allows',
      notRead: 'Exchange was not read yet. Without that, no ring can go back to EWS.',
      read: 'Read',
      reading: 'Reading Exchange…',
      readScript: 'Read with a script',
      scriptText: 'Run the script as Exchange administrator, then bring the file that it writes.',
      done: 'What Exchange allows was read.',
      readAt: 'Read',
      switch: 'Switch (EwsEnabled)',
      switchState: { on: 'On, for listed applications', off: 'Off', notSet: 'Not set' },
      list: 'Allow-list (EwsAllowedAppIDs)',
      emptyList: 'Empty',
      thisOne: 'this application',
      userAgents: 'User agents (EwsApplicationAccessPolicy)',
      noUserAgents: 'No policy',
      userAgentPolicy: {
        EnforceAllowList: (agents: readonly string[]) => `Only these: ${agents.join(', ') || 'none'}`,
        EnforceBlockList: (agents: readonly string[]) => `All but these: ${agents.join(', ') || 'none'}`,
      },
      userAgentTitle: 'A policy of user agents is in force',
      userAgentText:
        'It is documented for EWS and REST, so it can also refuse Microsoft Graph. If every mailbox of a check is refused, look at it first: this application calls itself MailboxAccess.',
      standing: {
        allowed: 'The application may use EWS.',
        not_set: 'The application may use EWS until Microsoft switches the tenant off.',
        not_listed: 'The application is not in the list: EWS refuses it.',
        list_empty: 'The list is empty: EWS refuses every application.',
        switched_off: 'EWS is switched off for the tenant.',
        shut_down: 'EWS is shut down.',
      } satisfies Record<Standing, string>,
      app: 'Application (client) id',
      change: {
        add: 'Script to add it to the list',
        add_and_switch_on: 'Script to add it and switch EWS on',
        remove: 'Script to remove it from the list',
      } satisfies Record<EwsListChange, string>,
      changeText:
        'Exchange replaces the whole list. The script reads it, changes this one entry, writes all the others back and reads it again.',
      switchOnText: 'From then on EWS refuses every application that is not in the list.',
      safeTitle: 'Safe to remove from the list',
      safeText: 'Nobody is on Exchange Web Services any more, and the application is still in the allow-list.',
    },
  };
}
