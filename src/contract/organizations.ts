import { z } from 'zod';
import { consentStates } from '../domain/consent/consent-state.ts';
import { capabilities } from '../domain/mailbox-access/capability.ts';
import { connectionTypes, mailboxStates, organizationConnectionTypes } from '../domain/mailbox-sync/mailbox-state.ts';
import { organizationSyncStatuses } from '../domain/organizations/organization-list.ts';
import { accessCounts } from './access-counts.ts';
import { endpoint } from './endpoint.ts';
import { appId, instant, organizationId, registrationName } from './ids.ts';

const name = z.string().trim().min(1).max(120).meta({ example: 'Head office' });
const externalId = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dot, dash and underscore, at most 64')
  .meta({ example: 'head-office' });

export const organization = z.object({
  id: organizationId,
  name: z.string(),
  /** Read-only once saved; unique in the tenant. */
  externalId: z.string(),
  connectionType: z.enum(connectionTypes),
  /** The one that is always there; it cannot be deleted. */
  isDefault: z.boolean(),
  syncEnabled: z.boolean(),
  syncIntervalMinutes: z.int(),
  /** The application registration that reaches its mailboxes; null for the service's own one. */
  registration: registrationName.nullable(),
  /** Of that application; null when the service is not configured for it any more. */
  clientId: appId.nullable(),
  /** Product features that this organization uses. */
  capabilities: z.array(z.enum(capabilities)),
  userCount: z.int(),
  initializedCount: z.int(),
  /** How many users have each mailbox status; they add up to the number of users. */
  mailboxCounts: z.record(z.enum(mailboxStates), z.int().min(0)),
  accessCounts,
  consentState: z.enum(consentStates),
  lastCheckAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
});
export type Organization = z.infer<typeof organization>;

/** What the list of organizations is filtered by. */
export const organizationFilter = z.strictObject({
  /** Part of name or External Id; case and accents do not matter. */
  search: z.string().trim().max(120).optional(),
  connection: z.enum(organizationConnectionTypes).optional(),
  sync: z.enum(organizationSyncStatuses).optional(),
});
export type OrganizationFilter = z.infer<typeof organizationFilter>;

export const listRegistrations = endpoint({
  method: 'GET',
  path: '/api/registrations',
  summary:
    'Application registrations that organizations may use, by name and client id; the own one of the service first',
  response: z.object({
    registrations: z.array(
      z.object({
        /** Null for the service's own one. */
        name: registrationName.nullable(),
        clientId: appId,
      }),
    ),
  }),
  errors: [],
});

export const listOrganizations = endpoint({
  method: 'GET',
  path: '/api/organizations',
  summary: 'All organizations of the tenant, the default one first, then by name',
  response: z.object({ organizations: z.array(organization) }),
  errors: [],
});

export const getOrganization = endpoint({
  method: 'GET',
  path: '/api/organizations/:organizationId',
  summary: 'One organization',
  params: z.strictObject({ organizationId }),
  response: organization,
  errors: ['organization.not_found'],
});

export const createOrganization = endpoint({
  method: 'POST',
  path: '/api/organizations',
  summary: 'Create an organization, with Microsoft Graph app-only access unless it records another origin',
  body: z.strictObject({
    name,
    externalId,
    /** All but Microsoft Graph are origins: their users can be brought in and switched, not synchronized. */
    connectionType: z.enum(organizationConnectionTypes).default('graph_app_only'),
    registration: registrationName.nullable().default(null),
  }),
  response: organization,
  status: 201,
  errors: ['organization.external_id_taken', 'registration.not_configured'],
});

export const updateOrganization = endpoint({
  method: 'PATCH',
  path: '/api/organizations/:organizationId',
  summary: 'Rename an organization, switch or time its synchronization, choose its features or its application',
  params: z.strictObject({ organizationId }),
  body: z.strictObject({
    name: name.optional(),
    syncEnabled: z.boolean().optional(),
    /** How often each mailbox is read. */
    syncIntervalMinutes: z.int().min(5).max(1440).optional(),
    /** All features that shall be on; the permissions that the organization needs follow from them. */
    capabilities: z.array(z.enum(capabilities)).min(1).max(capabilities.length).optional(),
    /** Null for the service's own one. What was verified and checked by the one before is forgotten. */
    registration: registrationName.nullable().optional(),
  }),
  response: organization,
  errors: ['organization.not_found', 'registration.not_configured'],
});

export const deleteOrganization = endpoint({
  method: 'DELETE',
  path: '/api/organizations/:organizationId',
  summary: 'Delete an organization that has no users, or none with an initialized mailbox',
  params: z.strictObject({ organizationId }),
  query: z.strictObject({
    /** Which users may go with it: nobody, so that a caller has to know of them. */
    users: z.enum(['none', 'not_initialized']).default('none'),
  }),
  errors: [
    'organization.not_found',
    'organization.is_default',
    'organization.has_users',
    'organization.has_initialized_users',
  ],
});

export const forceDeleteOrganization = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/force-deletion',
  summary: 'Delete an organization with all its users, their results and their synchronization; no mailbox is touched',
  params: z.strictObject({ organizationId }),
  body: z.strictObject({
    /** The organization's name, as the admin typed it: deleting the wrong one cannot be taken back. */
    name: z.string().max(120),
  }),
  errors: ['organization.not_found', 'organization.is_default', 'organization.name_differs'],
});

export const convertOrganization = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/conversion',
  summary:
    'Change a recorded origin to Microsoft Graph app-only access; users keep their connection until a check opens them',
  params: z.strictObject({ organizationId }),
  body: z.strictObject({}),
  response: organization,
  errors: ['organization.not_found'],
});
