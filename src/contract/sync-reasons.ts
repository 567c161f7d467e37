import { z } from 'zod';
import { reasonCodes } from '../domain/mailbox-access/reason.ts';
import { type OwnSyncReason, ownSyncReasons, type SyncReason } from '../domain/mailbox-sync/sync-reason.ts';
import { type FixedBy, reasonWords } from './reasons.ts';

export const syncReason = z.enum([...ownSyncReasons, ...reasonCodes] as [SyncReason, ...SyncReason[]]);

interface Words {
  readonly title: string;
  readonly remedy: string;
  readonly fixedBy: FixedBy;
}

const ownWords: Readonly<Record<OwnSyncReason, Words>> = {
  'sync.licence_lost': {
    title: 'the mailbox was active and is not any more: it lost its licence, or left Exchange Online',
    remedy: 'Assign a licence that includes Exchange Online, or remove the user here; then re-initialize the mailbox.',
    fixedBy: 'licence_admin',
  },
  'sync.mailbox_moving': {
    title: 'Microsoft is moving the mailbox',
    remedy: 'Nothing to do: it is tried again every quarter of an hour until the move has ended.',
    fixedBy: 'nobody',
  },
  'sync.folder_gone': {
    title: 'a folder that was synchronized is gone',
    remedy: 'Nothing to do if the user deleted it: it is not read any more. Otherwise restore the folder in Outlook.',
    fixedBy: 'nobody',
  },
  'sync.service_fault': {
    title: 'this service failed while it read the mailbox',
    remedy: 'It is tried again by itself. If it stays, give the session’s id to the operator of this service.',
    fixedBy: 'operator',
  },
  'sync.reset': {
    title: 'the mailbox was reset while it was read',
    remedy: 'Nothing to do. The next session reads it from the beginning.',
    fixedBy: 'nobody',
  },
};

/** Reasons of checks say "check again"; a session is repeated by itself. */
const inASession: Partial<Readonly<Record<SyncReason, string>>> = {
  'microsoft.throttled': 'Nothing to do: it goes on when the time that Microsoft asked for is over.',
  'microsoft.unavailable': 'Nothing to do: it is tried again every five minutes, ten times.',
  'microsoft.unexpected_answer':
    'It is tried again every five minutes, ten times; if it stays, ask Microsoft support about this mailbox.',
};

/** The words for why a sync session failed or waits. */
export function wordsOfSyncReason(reason: SyncReason): Words {
  if (reason in ownWords) return ownWords[reason as OwnSyncReason];
  const words = reasonWords[reason as keyof typeof reasonWords];
  return { ...words, remedy: inASession[reason] ?? words.remedy };
}
