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
  errors: ['user.not_found', 'sync.too_soon', 'sync.not_connected'],
});
