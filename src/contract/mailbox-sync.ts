import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { userId } from './ids.ts';
import { syncSession } from './users.ts';

export const forceSynchronization = endpoint({
  method: 'POST',
  path: '/api/users/:userId/sync-sessions',
  summary: 'Force Synchronization: start a sync session now, at most once a minute',
  params: z.strictObject({ userId }),
  body: z.strictObject({}),
  response: syncSession,
  status: 202,
  errors: ['user.not_found', 'sync.too_soon', 'sync.not_connected', 'sync.switched_off'],
});

const userIds = z.array(userId).min(1).max(1000);

/** What became of a command for one user. */
export const syncCommandOutcomes = [
  'done',
  /** It was like that before. */
  'unchanged',
  'not_found',
  /** Not connected over Microsoft Graph. */
  'not_connected',
  /** Its synchronization, or that of its organization, is disabled. */
  'switched_off',
  /** Reset of a mailbox that is not initialized. */
  'nothing_to_reset',
] as const;
export type SyncCommandOutcome = (typeof syncCommandOutcomes)[number];

const results = z.object({ results: z.array(z.object({ userId, outcome: z.enum(syncCommandOutcomes) })) });

export const switchSynchronization = endpoint({
  method: 'POST',
  path: '/api/synchronization-switches',
  summary: 'Enable or disable the synchronization of users; the organization has a switch of its own',
  body: z.strictObject({ userIds, enabled: z.boolean() }),
  response: results,
  errors: [],
});

export const resetMailboxes = endpoint({
  method: 'POST',
  path: '/api/mailbox-resets',
  summary: 'Reset mailboxes: forget how far they were read, so that the next session reads them from the beginning',
  body: z.strictObject({ userIds }),
  response: results,
  errors: [],
});

export const reinitializeMailboxes = endpoint({
  method: 'POST',
  path: '/api/mailbox-reinitializations',
  summary: 'Re-initialize mailboxes: forget how far they were read, and read them again now',
  body: z.strictObject({ userIds }),
  response: results,
  errors: [],
});
