import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { tenantId, userId } from './ids.ts';

export const getSession = endpoint({
  method: 'GET',
  path: '/api/session',
  summary: 'Who is signed in, and for which tenant',
  response: z.object({
    tenant: z.object({ tenantId }),
    admin: z.object({
      userId,
      /** From the token, for display only. */
      username: z.string(),
      displayName: z.string(),
      /** Whether Microsoft lets this admin consent to application permissions; unknown when the token has no roles. */
      mayConsent: z.enum(['yes', 'no', 'unknown']),
    }),
    application: z.object({ clientId: z.string() }),
    version: z.string(),
  }),
  errors: [],
});
