import { z } from 'zod';
import { accessStatuses } from '../domain/mailbox-access/verdict.ts';
import { pauseReasons, runStates } from '../domain/mailbox-connectivity/run-state.ts';
import { accessCounts, cause } from './access-counts.ts';
import { endpoint } from './endpoint.ts';
import { checkId, groupId, instant, organizationId, userId } from './ids.ts';

/** Whom a run covers: everybody of an organization or of the tenant, some of an organization, or a ring of a migration. */
export const checkScopes = ['organization', 'tenant', 'selection', 'group', 'retry', 'ring'] as const;
export type CheckScope = (typeof checkScopes)[number];

/** One run of checks over mailboxes. */
export const connectivityCheck = z.object({
  id: checkId,
  /** Null for a run over the whole tenant. */
  organizationId: organizationId.nullable(),
  organizationName: z.string().nullable(),
  scope: z.enum(checkScopes),
  /** Of a run over the members of a group of the directory. */
  groupName: z.string().nullable(),
  /** The run whose mailboxes that could not be told this one tries again. */
  retryOf: checkId.nullable(),
  state: z.enum(runStates),
  /** Set while it is paused. */
  pausedBecause: z.enum(pauseReasons).nullable(),
  /** Whether a successful check switches its user to the organization’s connection. */
  changesConnection: z.boolean(),
  total: z.int(),
  done: z.int(),
  /** Of the mailboxes done so far. */
  counts: accessCounts,
  /** Why mailboxes are not working, most first. */
  causes: z.array(cause),
  switched: z.int(),
  /** Whom it opened and did not switch, because their ring went back to Exchange Web Services. */
  kept: z.int(),
  mailboxesPerSecond: z.number().nullable(),
  /** Set while Microsoft makes us wait. */
  throttledUntil: instant.nullable(),
  /** When the first of the mailboxes that Microsoft put off for long is asked again, by itself. */
  rescheduledUntil: instant.nullable(),
  startedBy: z.object({ userId, displayName: z.string() }),
  createdAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
});
export type ConnectivityCheck = z.infer<typeof connectivityCheck>;

const started = z.object({ check: connectivityCheck, joined: z.boolean() });
const changeConnection = z.boolean().default(true);
const oneCheck = z.strictObject({ checkId });

/** Most mailboxes that can be named one by one. */
export const mostNamedUsers = 20_000;

export const startConnectivityCheck = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/connectivity-checks',
  summary: 'Check mailboxes of an organization; joins a check of the same mailboxes that has not ended',
  params: z.strictObject({ organizationId }),
  body: z
    .strictObject({
      /** Absent: everybody in the organization. */
      userIds: z.array(userId).min(1).max(mostNamedUsers).optional(),
      /** The group whose members `userIds` are: those of them who are not in the organization are left out. */
      group: z.strictObject({ id: groupId, displayName: z.string().min(1).max(256) }).optional(),
      changeConnection,
    })
    .refine(({ group, userIds }) => !group || userIds, { path: ['userIds'], error: 'needed with group' }),
  response: started,
  status: 202,
  errors: [
    'organization.not_found',
    'organization.not_graph',
    'check.nobody',
    'check.blocked_by_excess',
    'user.not_found',
  ],
});

export const startTenantCheck = endpoint({
  method: 'POST',
  path: '/api/connectivity-checks',
  summary: 'Check everybody in every organization that uses Microsoft Graph; joins the one that has not ended',
  body: z.strictObject({ changeConnection }),
  response: started,
  status: 202,
  errors: ['check.nobody', 'check.blocked_by_excess'],
});

export const listConnectivityChecks = endpoint({
  method: 'GET',
  path: '/api/connectivity-checks',
  summary: 'The latest checks, newest first',
  query: z.strictObject({
    /** Those that cover the organization, alone or with the whole tenant. */
    organizationId: organizationId.optional(),
    /** `everybody` leaves out checks of some mailboxes only. */
    covering: z.enum(['anybody', 'everybody']).default('anybody'),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  response: z.object({ checks: z.array(connectivityCheck) }),
  errors: [],
});

export const getConnectivityCheck = endpoint({
  method: 'GET',
  path: '/api/connectivity-checks/:checkId',
  summary: 'Progress or result of one check',
  params: oneCheck,
  response: connectivityCheck,
  errors: ['check.not_found'],
});

export const watchConnectivityCheck = endpoint({
  method: 'GET',
  path: '/api/connectivity-checks/:checkId/events',
  summary: 'The check whenever it changes, at most once a second, until it has ended',
  params: oneCheck,
  response: connectivityCheck,
  streams: true,
  errors: ['check.not_found', 'request.too_many'],
});

export const pauseConnectivityCheck = endpoint({
  method: 'POST',
  path: '/api/connectivity-checks/:checkId/pause',
  summary: 'Stop a check for now; what it found so far stays',
  params: oneCheck,
  body: z.strictObject({}),
  response: connectivityCheck,
  errors: ['check.not_found', 'check.already_ended', 'check.ending'],
});

export const resumeConnectivityCheck = endpoint({
  method: 'POST',
  path: '/api/connectivity-checks/:checkId/resumption',
  summary: 'Go on with a paused check; only mailboxes without a result are tried',
  params: oneCheck,
  body: z.strictObject({}),
  response: connectivityCheck,
  errors: ['check.not_found', 'check.already_ended', 'check.ending'],
});

export const cancelConnectivityCheck = endpoint({
  method: 'POST',
  path: '/api/connectivity-checks/:checkId/cancellation',
  summary: 'End a check; what it found so far stays',
  params: oneCheck,
  body: z.strictObject({}),
  response: connectivityCheck,
  errors: ['check.not_found', 'check.already_ended'],
});

export const retryConnectivityCheck = endpoint({
  method: 'POST',
  path: '/api/connectivity-checks/:checkId/retries',
  summary: 'A new check of the mailboxes of which an ended one could not tell',
  params: oneCheck,
  body: z.strictObject({}),
  response: started,
  status: 202,
  errors: ['check.not_found', 'check.not_ended', 'check.nothing_to_retry', 'check.blocked_by_excess'],
});

const status = z.enum(accessStatuses);

/** What a check found against the last check of the same mailboxes before it. */
export const checkComparison = z.object({
  /** Null when there is none to compare with. */
  earlier: z.object({ id: checkId, finishedAt: instant }).nullable(),
  /** Mailboxes that were something else before, loudest status first. */
  newly: z.array(z.object({ status, count: z.int() })),
  /** Mailboxes that only one of the two covers. */
  added: z.int(),
  gone: z.int(),
});
export type CheckComparison = z.infer<typeof checkComparison>;

export const compareConnectivityCheck = endpoint({
  method: 'GET',
  path: '/api/connectivity-checks/:checkId/comparison',
  summary: 'What changed since the last check of the same mailboxes',
  params: oneCheck,
  response: checkComparison,
  errors: ['check.not_found', 'check.not_ended'],
});
