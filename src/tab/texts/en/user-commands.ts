import type { UserCommandRun } from '../../../contract/user-commands.ts';
import type { UserCommandOutcome } from '../../../domain/users/user-command.ts';
import type { Amounts } from './amounts.ts';

interface OutcomeWords {
  readonly title: string;
  /** What the admin can do about it; empty where there is nothing to do. */
  readonly remedy: string;
}

export function userCommands({ n, people }: Amounts) {
  return {
    title: 'Command for users',
    state: {
      queued: 'Waiting for its turn',
      running: 'Running',
      pausing: 'Pausing',
      paused: 'Paused',
      cancelling: 'Being cancelled',
      completed: 'Completed',
      cancelled: 'Cancelled',
      failed: 'Failed',
    } satisfies Record<UserCommandRun['state'], string>,
    doneOf: (done: number, total: number) => `${n(done)} of ${people(total)} done`,
    progress: (reached: number, total: number) => `${n(reached)} of ${people(total)}`,
    notReached: (count: number) => `${people(count)} left as ${count === 1 ? 'it was' : 'they were'}.`,
    failedText: 'The service failed again and again. Who has a result keeps it; start the command again for the rest.',
    asked: 'Asked for',
    ended: 'Ended',
    whom: 'For whom',
    named: 'Users chosen one by one',
    everybody: 'Everybody',
    matching: (filter: string) => `All who matched when it started: ${filter}`,
    target: 'Moved to',
    results: 'Results',
    resultsOf: (outcome: string) => `Users: ${outcome}`,
    noResults: 'No result yet.',
    forgotten: 'Who had which result is not kept any more; the numbers are.',
    more: 'Show more',
    gone: 'Not here any more',
    joined: 'This was running already; here is how it stands.',
    checksStarted: 'The checks that were started are on the Connectivity page.',
    openResults: 'Show results',
    selectedAll: 'Every user of this filter, when the command starts.',
    outcome: {
      done: { title: 'Done', remedy: '' },
      unchanged: { title: 'It was like that before', remedy: '' },
      not_found: { title: 'Not here any more', remedy: 'Add the user again, if that was not meant.' },
      not_connected: {
        title: 'Not connected over Microsoft Graph',
        remedy: 'Run Check Mailbox Connectivity first; it switches the connection.',
      },
      switched_off: {
        title: 'Synchronization is disabled',
        remedy: 'Enable the synchronization of the user and of the organization, then run the command again.',
      },
      too_soon: {
        title: 'Synchronized less than a minute ago',
        remedy: 'Nothing to do: the mailbox is up to date, or will be in a moment.',
      },
      nothing_to_reset: {
        title: 'The mailbox is not initialized',
        remedy: 'Nothing to do: there is nothing to forget.',
      },
      kept_initialized: {
        title: 'Kept: the mailbox is initialized',
        remedy: 'Use Force remove, if the user shall leave all the same.',
      },
      organization_gone: {
        title: 'The organization to move to was deleted',
        remedy: 'Choose another organization.',
      },
      organization_not_graph: {
        title: 'The organization does not use Microsoft Graph',
        remedy: 'Convert the organization, or move the user to one that uses Microsoft Graph.',
      },
      blocked_by_excess: {
        title: 'The application holds more than it needs',
        remedy: 'Remove the excess permissions on the Connectivity page; the operator lets no check run before.',
      },
    } satisfies Record<UserCommandOutcome, OutcomeWords>,
  };
}
