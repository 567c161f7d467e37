import { z } from 'zod';
import { ewsStandings, returnRefusals } from '../domain/ews-migration/ews-access.ts';
import { migrantStates } from '../domain/ews-migration/migrant-state.ts';
import { holdReasons, migrationStates, ringNames, ringStates } from '../domain/ews-migration/migration-state.ts';
import { defaultCanarySize, defaultFailureLimit } from '../domain/ews-migration/ring-plan.ts';
import { ewsListChanges } from '../domain/exchange-plan/ews-plan.ts';
import { runStates } from '../domain/mailbox-connectivity/run-state.ts';
import { organizationConnectionTypes } from '../domain/mailbox-sync/mailbox-state.ts';
import { reasonCode } from './access-counts.ts';
import { endpoint } from './endpoint.ts';
import { appId, checkId, ewsMigrationId, instant, organizationId, userId } from './ids.ts';

/** Leaving Exchange Web Services before Microsoft switches them off. */

const count = z.int().min(0);
const admin = z.object({ userId, displayName: z.string() });

export const migrationRing = z.object({
  name: z.enum(ringNames),
  state: z.enum(ringStates),
  /** Set while it is held. */
  heldBecause: z.enum(holdReasons).nullable(),
  total: count,
  /** Where its users are; they add up to its total. */
  counts: z.record(z.enum(migrantStates), count),
  /** Its latest check, with how far it is. */
  check: z
    .object({
      id: checkId,
      state: z.enum(runStates),
      done: count,
      total: count,
      /** Mailboxes that could not be opened, or were open and should not be. */
      failed: count,
    })
    .nullable(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
});
export type MigrationRing = z.infer<typeof migrationRing>;

export const ewsMigration = z.object({
  id: ewsMigrationId,
  organizationId,
  organizationName: z.string(),
  state: z.enum(migrationStates),
  /** The application that reads over Exchange Web Services: users go back only while it may. */
  ewsAppId: appId,
  /** Per cent of a ring's mailboxes that may fail; above it the ring holds by itself. */
  failureLimit: z.int(),
  /** Whether a ring that holds because of failures goes back by itself, where it may. */
  returnsHeldRings: z.boolean(),
  total: count,
  rings: z.array(migrationRing),
  /** Why no ring can go back now; null when one can. */
  returnRefusal: z.enum(returnRefusals).nullable(),
  startedBy: admin,
  createdAt: instant,
  endedAt: instant.nullable(),
});
export type EwsMigration = z.infer<typeof ewsMigration>;

/** What the tenant's Exchange Online said of Exchange Web Services. */
export const ewsReading = z.object({
  readAt: instant,
  source: z.enum(['script', 'gateway']),
  enabled: z.boolean().nullable(),
  allowedAppIds: z.array(z.string()),
  userAgentPolicy: z.enum(['EnforceAllowList', 'EnforceBlockList']).nullable(),
  allowedUserAgents: z.array(z.string()),
  blockedUserAgents: z.array(z.string()),
});

export const ewsCockpit = z.object({
  disablementBegins: instant,
  shutdown: instant,
  /** Users of all organizations, and those whose connection ends with the shutdown. */
  users: count,
  onEws: count,
  organizations: z.array(
    z.object({
      id: organizationId,
      name: z.string(),
      connectionType: z.enum(organizationConnectionTypes),
      users: count,
      onEws: count,
      /** Over Exchange Server on-premises, which goes on. */
      onPremises: count,
    }),
  ),
  /** Null until Exchange was read. */
  reading: ewsReading.nullable(),
  /** The application that the list is about: that of the latest migration, or this one. */
  ewsAppId: appId,
  /** What the reading means for it now. */
  standing: z.enum(ewsStandings).nullable(),
  /** Whether it is in the list, and nobody needs it there any more. */
  isSafeToRemove: z.boolean(),
  gateway: z.enum(['off', 'delegated', 'application']),
});
export type EwsCockpit = z.infer<typeof ewsCockpit>;

export const getEwsCockpit = endpoint({
  method: 'GET',
  path: '/api/ews',
  summary: 'Who is still on Exchange Web Services, and how long the tenant may use them',
  response: ewsCockpit,
  errors: [],
});

const script = z.object({ fileName: z.string(), text: z.string(), sha256: z.string() });

export const readEwsAccess = endpoint({
  method: 'POST',
  path: '/api/ews/readings',
  summary: 'Read the switch and the allow-list over the experimental gateway; it has to be switched on',
  body: z.strictObject({}),
  response: ewsCockpit,
  errors: ['exchange.gateway_off', 'scope.sign_in_needed', 'exchange.role_missing', 'exchange.unavailable'],
});

export const getEwsReadingScript = endpoint({
  method: 'GET',
  path: '/api/ews/reading-script',
  summary: 'A script that reads the switch and the allow-list and writes a result file',
  response: script,
  errors: [],
});

export const getEwsListScript = endpoint({
  method: 'GET',
  path: '/api/ews/list-script',
  summary: 'A script that adds one application to the allow-list or takes it out, and keeps every other entry',
  query: z.strictObject({
    /** That of the cockpit unless given. */
    appId: appId.optional(),
    change: z.enum(ewsListChanges).default('add'),
  }),
  response: script,
  errors: ['migration.ews_still_needed'],
});

export const bringEwsResult = endpoint({
  method: 'POST',
  path: '/api/ews/results',
  summary: 'Bring back the result file of one of these scripts',
  body: z.strictObject({ text: z.string().max(1_000_000) }),
  bodyLimitBytes: 2 * 1024 * 1024,
  response: ewsCockpit,
  errors: ['scope.result_unreadable', 'scope.result_of_another_plan'],
});

export const listEwsMigrations = endpoint({
  method: 'GET',
  path: '/api/ews-migrations',
  summary: 'The latest migrations from Exchange Web Services, newest first',
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(50).default(10) }),
  response: z.object({ migrations: z.array(ewsMigration) }),
  errors: [],
});

const oneMigration = z.strictObject({ migrationId: ewsMigrationId });

export const getEwsMigration = endpoint({
  method: 'GET',
  path: '/api/ews-migrations/:migrationId',
  summary: 'One migration with its rings',
  params: oneMigration,
  response: ewsMigration,
  errors: ['migration.not_found'],
});

export const startEwsMigration = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/ews-migrations',
  summary: 'Move an organization’s users from Exchange Web Services to Microsoft Graph, ring by ring',
  params: z.strictObject({ organizationId }),
  body: z.strictObject({
    /** Users of the first ring. */
    canarySize: z.int().min(1).max(10_000).default(defaultCanarySize),
    failureLimit: z.int().min(0).max(100).default(defaultFailureLimit),
    returnsHeldRings: z.boolean().default(false),
    /** This application unless given. */
    ewsAppId: appId.optional(),
  }),
  response: ewsMigration,
  status: 202,
  errors: [
    'organization.not_found',
    'organization.not_graph',
    'migration.nobody',
    'migration.open',
    'check.blocked_by_excess',
  ],
});

export const migrationWishes = ['pause', 'resume', 'cancel'] as const;

export const steerEwsMigration = endpoint({
  method: 'POST',
  path: '/api/ews-migrations/:migrationId/steps',
  summary: 'Pause, resume or cancel a migration, and with it the check that runs for a ring',
  params: oneMigration,
  body: z.strictObject({ wish: z.enum(migrationWishes) }),
  response: ewsMigration,
  errors: ['migration.not_found', 'migration.ended'],
});

/** `again` for those of a held or returned ring who are not on Microsoft Graph, `accept` a held one as it is. */
export const ringWishes = ['again', 'accept', 'return'] as const;

export const steerEwsRing = endpoint({
  method: 'POST',
  path: '/api/ews-migrations/:migrationId/rings/:ring/steps',
  summary: 'Try a ring again, go on in spite of its hold, or put it back to Exchange Web Services',
  params: oneMigration.extend({ ring: z.enum(ringNames) }),
  body: z.strictObject({ wish: z.enum(ringWishes) }),
  response: ewsMigration,
  errors: [
    'migration.not_found',
    'migration.no_such_ring',
    'migration.ended',
    'migration.paused',
    'migration.another_ring_goes',
    'migration.not_its_turn',
    'migration.wrong_state',
    'migration.ews_shut_down',
    'migration.ews_not_read',
    'migration.ews_switched_off',
    'migration.ews_not_listed',
    'check.blocked_by_excess',
  ],
});

export const listEwsMigrants = endpoint({
  method: 'GET',
  path: '/api/ews-migrations/:migrationId/users',
  summary: 'Users of a migration with what became of each, by id',
  params: oneMigration,
  query: z.strictObject({
    ring: z.enum(ringNames).optional(),
    state: z.enum(migrantStates).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    /** The last user of the page before. */
    after: userId.optional(),
  }),
  response: z.object({
    users: z.array(
      z.object({
        id: userId,
        /** Null for somebody who was removed. */
        displayName: z.string().nullable(),
        address: z.string().nullable(),
        ring: z.enum(ringNames),
        state: z.enum(migrantStates),
        reason: reasonCode.nullable(),
        changedAt: instant,
      }),
    ),
    hasMore: z.boolean(),
  }),
  errors: ['migration.not_found'],
});
export type EwsMigrant = z.infer<NonNullable<typeof listEwsMigrants.response>>['users'][number];
