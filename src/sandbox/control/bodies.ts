import { z } from 'zod';
import { directoryRoles } from '../tenant/directory-roles.ts';
import { licences } from '../tenant/licences.ts';
import { mailboxStates } from '../tenant/person.ts';

const keysOf = <Key extends string>(record: Record<Key, unknown>) => Object.keys(record) as [Key, ...Key[]];

/** JSON has no expressions: `pathPattern` is the source of one. */
export const faultBody = z
  .strictObject({
    match: z.strictObject({
      method: z.string().optional(),
      path: z.string().optional(),
      pathPattern: z.string().optional(),
      mailbox: z.string().optional(),
      nth: z.int().min(1).optional(),
      times: z.int().min(1).optional(),
      probability: z.number().min(0).max(1).optional(),
    }),
    answer: z.strictObject({
      status: z.int().min(200).max(599).optional(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.unknown().optional(),
      html: z.string().optional(),
      delayMs: z.int().min(0).optional(),
      reset: z.literal(true).optional(),
      truncate: z.literal(true).optional(),
      hang: z.literal(true).optional(),
      inBatch: z.enum(['omit', 'repeat']).optional(),
    }),
  })
  .transform(({ match: { pathPattern, ...match }, answer }) => ({
    match: { ...match, ...(pathPattern && { path: new RegExp(pathPattern) }) },
    answer,
  }));

export const grantsBody = z.strictObject({
  /** The application that is meant; the product's own one unless given. What follows about scopes is of that one only. */
  clientId: z.guid().optional(),
  /** Values of Microsoft Graph application permissions. */
  grant: z.array(z.string()).optional(),
  revoke: z.array(z.string()).optional(),
  servicePrincipal: z.enum(['enabled', 'disabled', 'deleted']).optional(),
  delegatedScopes: z.enum(['revoked']).optional(),
  /** Application permissions of Office 365 Exchange Online. */
  grantExchange: z.array(z.string()).optional(),
  /** Delegated scopes of Office 365 Exchange Online, for everybody. */
  grantExchangeScopes: z.array(z.string()).optional(),
  /** Of the application's service principal; replaces what it has. */
  directoryRoles: z.array(z.enum(keysOf(directoryRoles))).optional(),
});

/** What somebody else changes in Exchange. Removals come first; names and identities as Exchange lists them. */
export const exchangeBody = z.strictObject({
  removeAssignments: z.array(z.string()).optional(),
  removeScopes: z.array(z.string()).optional(),
  removePolicies: z.array(z.string()).optional(),
  removeServicePrincipals: z.array(z.string()).optional(),
  addServicePrincipals: z
    .array(z.strictObject({ appId: z.string(), objectId: z.string(), displayName: z.string().default('') }))
    .optional(),
  addPolicies: z
    .array(
      z.strictObject({
        /** The product's application unless given. */
        appId: z.string().optional(),
        groupId: z.string(),
        accessRight: z.enum(['RestrictAccess', 'DenyAccess']),
        description: z.string().default(' '),
      }),
    )
    .optional(),
  ews: z
    .strictObject({
      enabled: z.boolean().nullable(),
      allowedAppIds: z.string(),
      applicationAccessPolicy: z.enum(['EnforceAllowList', 'EnforceBlockList']).nullable(),
      allowList: z.array(z.string()),
      blockList: z.array(z.string()),
    })
    .partial()
    .optional(),
  addScopes: z.array(z.strictObject({ name: z.string(), recipientFilter: z.string() })).optional(),
  addAssignments: z
    .array(
      z.strictObject({
        name: z.string(),
        /** The product's service principal unless given. */
        objectId: z.string().optional(),
        role: z.string(),
        /** Absent both: the whole organization. */
        scopeName: z.string().optional(),
        groupId: z.string().optional(),
      }),
    )
    .optional(),
});

export const personBody = z.strictObject({
  /** Object id or user principal name. */
  id: z.string(),
  displayName: z.string().optional(),
  userPrincipalName: z.string().optional(),
  mail: z.string().nullable().optional(),
  accountEnabled: z.boolean().optional(),
  directoryRoles: z.array(z.enum(keysOf(directoryRoles))).optional(),
  licences: z.array(z.enum(keysOf(licences))).optional(),
  mailboxState: z.enum(mailboxStates).optional(),
  /** To the directory's deleted items, or back. */
  deleted: z.boolean().optional(),
});

export const mailboxBody = z.strictObject({
  id: z.string(),
  deliver: z
    .array(
      z.strictObject({
        subject: z.string().optional(),
        bodyText: z.string().optional(),
        folder: z.string().optional(),
      }),
    )
    .optional(),
  forgetSyncStates: z.boolean().optional(),
});

export const settingsBody = z.strictObject({
  grantPropagationSeconds: z.number().min(0).optional(),
  exchangePropagationSeconds: z.number().min(0).optional(),
  graphLatencyMs: z.int().min(0).optional(),
  entraLatencyMs: z.int().min(0).optional(),
  throttle: z
    .strictObject({
      requestsPerSecond: z.number().positive(),
      burst: z.int().min(1),
      retryAfterSeconds: z.int().min(0),
      retryAfterForm: z.enum(['seconds', 'date']).optional(),
      wholeBatchShare: z.number().min(0).max(1).optional(),
    })
    .nullable()
    .optional(),
  mailboxConcurrency: z.int().min(1).optional(),
  mailboxRequestsPerTenMinutes: z.int().min(1).optional(),
  directoryUnitsPerTenSeconds: z.int().min(1).optional(),
  cancelledConsentError: z.enum(['consent_required', 'access_denied', 'permission_denied']).optional(),
  ewsAllowedAppIdsForm: z.enum(['text', 'list', 'absent']).optional(),
  graphHonoursUserAgentPolicy: z.boolean().optional(),
  accessTokenLifetimeSeconds: z.int().min(1).optional(),
});
