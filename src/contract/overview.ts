import { z } from 'zod';
import { consentStates } from '../domain/consent/consent-state.ts';
import { accessCounts, cause } from './access-counts.ts';
import { endpoint } from './endpoint.ts';
import { instant, organizationId } from './ids.ts';

export const getOverview = endpoint({
  method: 'GET',
  path: '/api/overview',
  summary: 'Are we done, and what is next?',
  response: z.object({
    counts: accessCounts,
    total: z.int(),
    /** What needs attention: exposed mailboxes, then most people first. */
    causes: z.array(cause),
    lastCheckAt: instant.nullable(),
    /** The three stages, over all organizations with Microsoft Graph app-only access. */
    stages: z.object({
      organization: z.object({ isDone: z.boolean(), organizations: z.int(), users: z.int() }),
      consent: z.object({
        isDone: z.boolean(),
        organizations: z.array(z.object({ organizationId, name: z.string(), state: z.enum(consentStates) })),
        verifiedAt: instant.nullable(),
        grantedBy: z.string().nullable(),
      }),
      verification: z.object({ isDone: z.boolean(), isRunning: z.boolean() }),
    }),
  }),
  errors: [],
});
