import type { Capability } from '../mailbox-access/capability.ts';
import { type MailboxAnswer, reasonOfAnswer } from '../mailbox-access/mailbox-answer.ts';
import { outcomeOfReason, type ReasonCode } from '../mailbox-access/reason.ts';

/** Reasons that only a sync session has; the words stand in `contract/sync-reasons.ts`. */
export const ownSyncReasons = [
  /** It opened before, and Exchange Online no longer has it active. */
  'sync.licence_lost',
  'sync.mailbox_moving',
  'sync.folder_gone',
  /** A fault of ours. */
  'sync.service_fault',
  /** An admin reset the mailbox while it was read. */
  'sync.reset',
] as const;
export type OwnSyncReason = (typeof ownSyncReasons)[number];

/** Why a sync session failed, waits, or met something that an admin should know. */
export type SyncReason = ReasonCode | OwnSyncReason;

export const syncErrorCategories = ['authorization', 'throttling', 'mailbox', 'other'] as const;
export type SyncErrorCategory = (typeof syncErrorCategories)[number];

/** What a session reads, or what it needs before it can read. */
export const syncResources = [
  'inbox',
  'sent_items',
  'calendar',
  'contact_folders',
  'contacts',
  'contact_folder',
  'sign_in',
  'service',
] as const;
export type SyncResource = (typeof syncResources)[number];

/** @param wasOpen whether a session has read the mailbox before */
export function syncReasonOfAnswer(
  answer: MailboxAnswer,
  capability: Capability,
  roles: readonly string[] | undefined,
  wasOpen: boolean,
): SyncReason {
  if (answer.kind === 'mailbox_moving') return 'sync.mailbox_moving';
  if (answer.kind === 'not_in_exchange_online' && wasOpen) return 'sync.licence_lost';
  return reasonOfAnswer(answer, capability, roles);
}

export function categoryOf(reason: SyncReason): SyncErrorCategory {
  if (reason === 'microsoft.throttled') return 'throttling';
  if (/^(consent|policy|access|registration)\./.test(reason) || reason === 'microsoft.token_unavailable')
    return 'authorization';
  if (reason.startsWith('mailbox.') || reason === 'microsoft.mailbox_moving') return 'mailbox';
  if (reason === 'sync.licence_lost' || reason === 'sync.mailbox_moving' || reason === 'sync.folder_gone') {
    return 'mailbox';
  }
  return 'other';
}

/** Whether trying again can help, and whether it is a try at all: who is asked to wait has not failed. */
export function lastingOf(reason: SyncReason): 'permanent' | 'transient' | 'waits' {
  switch (reason) {
    case 'microsoft.throttled':
    case 'microsoft.mailbox_moving':
    case 'sync.mailbox_moving':
      return 'waits';
    case 'sync.licence_lost':
      return 'permanent';
    case 'sync.folder_gone':
    case 'sync.service_fault':
    case 'sync.reset':
      return 'transient';
    default: {
      const outcome = outcomeOfReason[reason];
      return outcome === 'denied' || outcome === 'ineligible' ? 'permanent' : 'transient';
    }
  }
}
