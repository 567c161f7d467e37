import type { SyncCommandOutcome } from '../../../contract/mailbox-sync.ts';
import type { SyncSession } from '../../../contract/users.ts';
import type { SyncErrorCategory, SyncResource } from '../../../domain/mailbox-sync/sync-reason.ts';
import type { Amounts } from './amounts.ts';

export function sync({ n, people, mailboxes }: Amounts) {
  return {
    section: 'Synchronization',
    next: 'Next synchronization',
    notScheduled: 'Not synchronized by schedule',
    interval: 'Synchronize every (minutes)',
    intervalHint: 'From 5 to 1,440. Mailboxes are spread evenly over this time.',
    intervalInvalid: 'Enter whole minutes from 5 to 1,440.',
    table: 'Sync sessions',
    columns: {
      start: 'Start',
      end: 'End',
      status: 'Status',
      changes: 'Changes',
      category: 'Error category',
      source: 'Error source',
    },
    state: {
      queued: 'Waiting',
      running: 'Running',
      succeeded: 'Succeeded',
      failed: 'Failed',
      postponed: 'Postponed',
    } satisfies Record<SyncSession['state'], string>,
    startedBy: { schedule: 'By schedule', admin: 'Started by an admin' } satisfies Record<
      SyncSession['startedBy'],
      string
    >,
    category: {
      authorization: 'Authorization',
      throttling: 'Throttling',
      mailbox: 'Mailbox',
      other: 'Other',
    } satisfies Record<SyncErrorCategory, string>,
    connectionType: 'Connection type',
    resource: {
      inbox: 'Inbox',
      sent_items: 'Sent items',
      calendar: 'Calendar',
      contact_folders: 'List of contact folders',
      contacts: 'Contacts',
      contact_folder: 'A contact folder',
      sign_in: 'Sign-in of the application',
      service: 'This service',
    } satisfies Record<SyncResource, string>,
    source: (feature: string, resource: string) => (feature === resource ? resource : `${feature}: ${resource}`),
    startedOver: (resources: string) =>
      `Read from the beginning, because Microsoft had forgotten how far it was read: ${resources}.`,
    triedAgain: 'Tried again',
    firstSeen: 'First seen',
    lastSeen: 'Last seen',
    seen: (count: number) => (count === 1 ? 'Seen once' : `Seen ${n(count)} times`),
    whoFixes: 'Who can fix it',
    why: {
      enabled: 'Synchronization is enabled.',
      disabled: 'Synchronization is disabled.',
      userDisabled: 'The synchronization of the user is disabled.',
      organizationDisabled: 'The synchronization of the organization is disabled.',
      nothingToReset: 'The mailbox is not initialized.',
    },
    done: {
      enableSync: (count: number) => `Synchronization enabled for ${people(count)}`,
      disableSync: (count: number) => `Synchronization disabled for ${people(count)}`,
      reset: (count: number) => `${mailboxes(count)} reset; the next session reads from the beginning`,
      reinitialize: (count: number) => `Re-initializing ${mailboxes(count)}`,
    },
    refused: (count: number, why: string) => `Nothing was done for ${people(count)}: ${why}`,
    outcome: {
      unchanged: 'it was like that before.',
      not_found: 'not here any more.',
      not_connected: 'not connected over Microsoft Graph.',
      switched_off: 'the synchronization is disabled.',
      nothing_to_reset: 'the mailbox is not initialized.',
    } satisfies Record<Exclude<SyncCommandOutcome, 'done'>, string>,
  };
}
