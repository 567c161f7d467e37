import { z } from 'zod';
import { capabilities } from '../domain/mailbox-access/capability.ts';
import { connectionTypes, mailboxStates } from '../domain/mailbox-sync/mailbox-state.ts';
import { syncErrorCategories, syncResources } from '../domain/mailbox-sync/sync-reason.ts';
import { userCommandOutcomes, userCommands } from '../domain/users/user-command.ts';
import { initialUserSorts, parseUserSorts, type UserSort, userSyncStatuses } from '../domain/users/user-list.ts';
import { accessCounts, accessStatus, reasonCode } from './access-counts.ts';
import { activityTypes } from './activity.ts';
import { endpoint } from './endpoint.ts';
import { checkId, commandRunId, instant, organizationId, syncSessionId, userId } from './ids.ts';
import { syncReason } from './sync-reasons.ts';

/** `shared`: a shared mailbox, a room or equipment, to which nobody signs in or which has no licence. */
export const mailboxTypes = ['user', 'shared'] as const;
export type MailboxType = (typeof mailboxTypes)[number];

/** One user in a list. */
export const user = z.object({
  id: userId,
  displayName: z.string(),
  userPrincipalName: z.string(),
  mail: z.string().nullable(),
  organizationId,
  organizationName: z.string(),
  connectionType: z.enum(connectionTypes),
  mailboxState: z.enum(mailboxStates),
  /** The organization's switch and the user's own switch. */
  syncEnabled: z.boolean(),
  /** The two switches behind it. */
  syncSwitches: z.object({ user: z.boolean(), organization: z.boolean() }),
  /** Sync errors that are not resolved. */
  openIssues: z.int(),
  access: z.object({
    status: accessStatus,
    /** Absent until the first check. */
    reason: reasonCode.nullable(),
    checkedAt: instant.nullable(),
    /** The latest check, when it could not tell and the verdict before it stands. */
    lastAttempt: z.object({ reason: reasonCode, at: instant }).nullable().optional(),
    /** When the mailbox is asked again by itself, after Microsoft put it off for long. */
    rescheduledUntil: instant.nullable().optional(),
  }),
  lastSyncAt: instant.nullable(),
  createdAt: instant,
  /** When name, address, organization, connection, mailbox status or switch changed last. */
  updatedAt: instant,
  /** Why the mailbox was disabled; absent while it is not. */
  disabledDueTo: syncReason.nullable(),
  /** What the directory said when it was read last; null where it has not been read, or does not know. */
  directory: z.object({
    isLicensed: z.boolean().nullable(),
    accountEnabled: z.boolean().nullable(),
    mailboxType: z.enum(mailboxTypes).nullable(),
  }),
});
export type User = z.infer<typeof user>;

/** What a list of users is filtered by. */
export const userFilter = z.strictObject({
  organizationId: organizationId.optional(),
  status: accessStatus.optional(),
  /** Part of name or address; case and accents do not matter. */
  search: z.string().trim().max(120).optional(),
  connection: z.enum(connectionTypes).optional(),
  sync: z.enum(userSyncStatuses).optional(),
  mailboxState: z.enum(mailboxStates).optional(),
});
export type UserFilter = z.infer<typeof userFilter>;

/** Columns that order the list, each after the one before; a minus turns it round. */
const userSorts = z
  .string()
  .max(120)
  .default(initialUserSorts.join())
  .transform((text, context): readonly UserSort[] => {
    const sorts = parseUserSorts(text);
    if (sorts) return sorts;
    context.addIssue({ code: 'custom', message: 'columns of the list, at most three, each once' });
    return z.NEVER;
  })
  .meta({ example: 'connection,-lastSync' });

export const listUsers = endpoint({
  method: 'GET',
  path: '/api/users',
  summary: 'Users of the tenant, filtered, one page at a time',
  query: z.strictObject({
    ...userFilter.shape,
    sort: userSorts,
    limit: z.coerce.number().int().min(1).max(500).default(100),
    /** From the page before; opaque. */
    cursor: z.string().max(6000).optional(),
  }),
  response: z.object({
    users: z.array(user),
    nextCursor: z.string().nullable(),
    /**
     * Of the filter, whatever its status: the numbers on the filter pills. Null where search, connection or
     * synchronization match so many that counting would keep the page waiting: {@link countUsers} counts them.
     */
    counts: accessCounts.nullable(),
    /** How many users the whole filter matches; null with the counts. */
    total: z.int().nullable(),
  }),
  errors: [],
});

export const countUsers = endpoint({
  method: 'GET',
  path: '/api/users/counts',
  summary: 'How many users a filter matches, by verdict',
  query: userFilter.omit({ status: true }),
  response: z.object({ counts: accessCounts }),
  errors: [],
});

const count = z.int().min(0);

export const countUserFacet = endpoint({
  method: 'GET',
  path: '/api/users/facet-counts',
  summary: 'How many users each choice of a filter would leave, the other filters standing',
  query: z.strictObject({
    facet: z.enum(['connection', 'sync', 'mailboxState']).default('connection'),
    ...userFilter.shape,
  }),
  response: z.discriminatedUnion('facet', [
    z.object({ facet: z.literal('connection'), counts: z.record(z.enum(connectionTypes), count) }),
    z.object({ facet: z.literal('sync'), counts: z.record(z.enum(userSyncStatuses), count) }),
    z.object({ facet: z.literal('mailboxState'), counts: z.record(z.enum(mailboxStates), count) }),
  ]),
  errors: [],
});
export type UserFacetCounts = z.infer<NonNullable<typeof countUserFacet.response>>;
export type UserFacet = UserFacetCounts['facet'];

const exported = z.strictObject({ ...userFilter.shape, sort: userSorts });

export const exportUsers = endpoint({
  method: 'GET',
  path: '/api/users/export',
  summary: 'All users of a filter as a CSV file, in the order of the list',
  query: exported,
  download: 'text/csv',
  errors: ['organization.not_found'],
});

export const exportUsersAsJson = endpoint({
  method: 'GET',
  path: '/api/users/export.json',
  summary: 'The same users with the same columns as one JSON array',
  query: exported,
  download: 'application/json',
  errors: ['organization.not_found'],
});

export const syncErrorKinds = ['connection_switching', 'connection_kept', ...syncErrorCategories] as const;

/** What was read when something went wrong; `sign_in` and `service` come before any reading. */
export const syncErrorSource = z.object({
  capability: z.enum(capabilities).nullable(),
  resource: z.enum(syncResources),
});
export type SyncErrorSource = z.infer<typeof syncErrorSource>;

/** A line under a user's details that stays until it is resolved. */
export const syncError = z.object({
  kind: z.enum(syncErrorKinds),
  /** `Cancelled` while the connection type is being switched, as the guide has it. */
  title: z.string(),
  detail: z.string(),
  /** Its words: `contract/sync-reasons.ts`. Absent where it is about the connection type. */
  reason: syncReason.nullable(),
  source: syncErrorSource.nullable(),
  firstSeenAt: instant,
  lastSeenAt: instant,
  count: z.int(),
  resolvedAt: instant.nullable(),
});
export type SyncError = z.infer<typeof syncError>;

/** `postponed`: Microsoft asked to wait, which is no failure. */
export const syncSessionStates = ['queued', 'running', 'succeeded', 'failed', 'postponed'] as const;

export const syncSession = z.object({
  id: syncSessionId,
  state: z.enum(syncSessionStates),
  startedBy: z.enum(['schedule', 'admin']),
  requestedAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** Items that Microsoft reported as changed: a number, never their content. */
  changes: z.int(),
  /** Sync errors that it met. */
  issues: z.int(),
  reason: syncReason.nullable(),
  errorCategory: z.enum(syncErrorCategories).nullable(),
  errorSource: syncErrorSource.nullable(),
  /** What was read from scratch, because Microsoft had forgotten how far it was read. */
  restarted: z.array(z.enum(syncResources)),
  /** When the mailbox is tried again, after a session that did not end well. */
  retryAt: instant.nullable(),
});
export type SyncSession = z.infer<typeof syncSession>;

export const getUser = endpoint({
  method: 'GET',
  path: '/api/users/:userId',
  summary: 'Everything known about one user',
  params: z.strictObject({ userId }),
  response: user.extend({
    capabilities: z.array(
      z.object({
        capability: z.enum(capabilities),
        reason: reasonCode,
        /** HTTP status of the answer; absent when none came. */
        httpStatus: z.int().nullable(),
        /** Microsoft's `error.code`. */
        errorCode: z.string().nullable(),
        /** What Microsoft's support asks for. */
        requestId: z.string().nullable(),
      }),
    ),
    /** Absent while the mailbox is not synchronized by schedule. */
    nextSyncAt: instant.nullable(),
    syncErrors: z.array(syncError),
    syncSessions: z.array(syncSession),
  }),
  errors: ['user.not_found'],
});
export type UserDetails = z.infer<NonNullable<typeof getUser.response>>;

export const getUserHistory = endpoint({
  method: 'GET',
  path: '/api/users/:userId/history',
  summary: 'What checks found about one user so far, and what admins did to that user, newest first',
  params: z.strictObject({ userId }),
  response: z.object({
    /** As long as the single results of a check are kept. */
    verdicts: z.array(z.object({ checkId, status: accessStatus, reason: reasonCode, at: instant })),
    audit: z.array(
      z.object({
        at: instant,
        /** Null for the service itself. */
        by: z.string().nullable(),
        what: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('activity'), type: z.enum(activityTypes) }),
          z.object({
            kind: z.literal('command'),
            runId: commandRunId,
            command: z.enum(userCommands),
            outcome: z.enum(userCommandOutcomes),
            /** Where to, of a move. */
            target: z.string().nullable(),
          }),
        ]),
      }),
    ),
  }),
  errors: ['user.not_found'],
});

export const addUsers = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/users',
  summary: 'Add people of the directory to an organization; who is in another one stays there',
  params: z.strictObject({ organizationId }),
  body: z.strictObject({
    users: z
      .array(
        z.strictObject({
          id: userId,
          displayName: z.string().max(256),
          userPrincipalName: z.string().min(1).max(1024),
          mail: z.string().max(1024).nullable(),
        }),
      )
      .min(1)
      .max(1000),
  }),
  response: z.object({
    added: z.array(userId),
    alreadyHere: z.array(userId),
    inAnotherOrganization: z.array(z.object({ userId, organizationName: z.string() })),
  }),
  errors: ['organization.not_found'],
});

export const moveUsers = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/moved-users',
  summary: 'Move users of the tenant into this organization',
  params: z.strictObject({ organizationId }),
  body: z.strictObject({ userIds: z.array(userId).min(1).max(1000) }),
  response: z.object({ moved: z.int(), notFound: z.array(userId) }),
  errors: ['organization.not_found'],
});

export const removeUsers = endpoint({
  method: 'POST',
  path: '/api/removed-users',
  summary: 'Remove users from the product; their mailboxes are not touched. Initialized ones stay unless forced',
  body: z.strictObject({ userIds: z.array(userId).min(1).max(1000), force: z.boolean().default(false) }),
  response: z.object({ removed: z.int(), keptInitialized: z.array(userId) }),
  errors: [],
});
