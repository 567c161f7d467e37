import { z } from 'zod';
import { accessCounts, cause } from './access-counts.ts';
import { endpoint } from './endpoint.ts';
import { checkId, instant, organizationId, userId } from './ids.ts';

export const checkStates = ['queued', 'running', 'cancelling', 'completed', 'cancelled', 'failed'] as const;
export type CheckState = (typeof checkStates)[number];

/** One run of checks over the mailboxes of an organization. */
export const connectivityCheck = z.object({
  id: checkId,
  organizationId,
  state: z.enum(checkStates),
  /** Whether a successful check switches its user to the organization’s connection. */
  changesConnection: z.boolean(),
  total: z.int(),
  done: z.int(),
  /** Of the mailboxes done so far. */
  counts: accessCounts,
  /** Why mailboxes are not working, most first. */
  causes: z.array(cause),
  switched: z.int(),
  mailboxesPerSecond: z.number().nullable(),
  /** Set while Microsoft makes us wait. */
  throttledUntil: instant.nullable(),
  startedBy: z.object({ userId, displayName: z.string() }),
  createdAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
});
export type ConnectivityCheck = z.infer<typeof connectivityCheck>;

export const startConnectivityCheck = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/connectivity-checks',
  summary: 'Check mailboxes of an organization; joins the check that is already running there',
  params: z.strictObject({ organizationId }),
  body: z.strictObject({
    /** Absent: everybody in the organization. */
    userIds: z.array(userId).min(1).max(1000).optional(),
    changeConnection: z.boolean().default(true),
  }),
  response: z.object({ check: connectivityCheck, joined: z.boolean() }),
  status: 202,
  errors: [
    'organization.not_found',
    'organization.not_graph',
    'check.nobody',
    'check.blocked_by_excess',
    'user.not_found',
  ],
});

export const listConnectivityChecks = endpoint({
  method: 'GET',
  path: '/api/connectivity-checks',
  summary: 'The latest checks, newest first',
  query: z.strictObject({
    organizationId: organizationId.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  response: z.object({ checks: z.array(connectivityCheck) }),
  errors: [],
});

export const getConnectivityCheck = endpoint({
  method: 'GET',
  path: '/api/connectivity-checks/:checkId',
  summary: 'Progress or result of one check',
  params: z.strictObject({ checkId }),
  response: connectivityCheck,
  errors: ['check.not_found'],
});

export const cancelConnectivityCheck = endpoint({
  method: 'POST',
  path: '/api/connectivity-checks/:checkId/cancellation',
  summary: 'Stop a check; what it found so far stays',
  params: z.strictObject({ checkId }),
  body: z.strictObject({}),
  response: connectivityCheck,
  errors: ['check.not_found', 'check.already_ended'],
});
